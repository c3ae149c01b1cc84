//! Limits of a process that runs.

use crate::project::Project;

/// Leaves a process with what it has of `nofile` or `nproc`; it gets nothing more.
pub fn forbid(project: &Project, pid: u32, resource: &str) {
    project.system("prlimit", &["--pid", &pid.to_string(), &format!("--{resource}=3:")]);
}

/// Lets a process have as much as it may.
pub fn allow(project: &Project, pid: u32, resource: &str) {
    let (pid, option) = (pid.to_string(), format!("--{resource}"));
    let hard = ["--noheadings", "--output", "HARD", "--pid", &pid, &option];
    let hard = project.system("prlimit", &hard);
    project.system("prlimit", &["--pid", &pid, &format!("{option}={}:", hard.trim())]);
}
