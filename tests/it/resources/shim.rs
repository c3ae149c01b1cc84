//! A library that is put before the system's, so that a call does what a machine in trouble does.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::project::Project;

/// Builds a library from C; none, and a line that says so, without a C compiler. `SWITCH` names the file `switch` of the
/// project's directory, which the test writes and removes.
pub fn build(project: &Project, source: &str) -> Option<PathBuf> {
    let (text, library) = (project.home.join("shim.c"), project.home.join("shim.so"));
    fs::write(&text, source).unwrap();
    let mut cc = Command::new("cc");
    cc.arg(format!("-DSWITCH=\"{}\"", project.home.join("switch").display()));
    cc.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&text).arg("-ldl");
    if cc.output().is_ok_and(|output| output.status.success()) {
        return Some(library);
    }
    eprintln!("skipped: there is no C compiler");
    None
}
