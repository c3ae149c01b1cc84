//! Who is left of a project: whatever has its directory in its environment, its arguments, or as its place.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use ostler::core::ProcessIdentity;
use ostler::keeper::identity;
use rustix::process::{Pid, Signal, kill_process};

use super::Project;

/// The processes that have to do with this directory, a line each.
pub fn of(home: &Path) -> Vec<String> {
    processes(home).into_iter().map(|(_, line)| line).collect()
}

/// Kills them all.
pub fn kill_all(home: &Path) {
    // What is killed may have started something just before.
    for _ in 0..100 {
        let found = processes(home);
        if found.is_empty() {
            return;
        }
        for (pid, _) in found {
            signal(pid, Signal::KILL);
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// Sends a signal to a process, which may end just now.
pub fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
        let _gone = kill_process(pid, signal);
    }
}

/// Says whether the very process that had this number and start time is alive.
pub fn is_alive(pid: u32, start: u64) -> bool {
    identity::is_alive(&ProcessIdentity { pid, start, boot: identity::boot() })
}

/// When a process started; none if there is none.
pub fn start(pid: u32) -> Option<u64> {
    identity::of(pid).map(|it| it.start)
}

/// The time that a process has had on the processor, in clock ticks.
pub fn ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn processes(home: &Path) -> Vec<(u32, String)> {
    let own = std::process::id();
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| *pid != own).filter_map(|pid| Some((pid, about(pid, home)?))).collect()
}

/// What a process is, if it has to do with the directory and is more than a name that waits to be reaped.
fn about(pid: u32, home: &Path) -> Option<String> {
    let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
    let stat = String::from_utf8_lossy(&read("stat")).into_owned();
    let fields = stat.rsplit_once(')')?.1;
    if matches!(fields.split_whitespace().next()?, "Z" | "X") {
        return None;
    }
    let needle = home.as_os_str().as_bytes();
    let place = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(home));
    let named = |name| memchr::memmem::find(&read(name), needle).is_some();
    (place || named("environ") || named("cmdline")).then(|| {
        let line = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        format!("{pid} {}: {line}", fields.trim().get(..1).unwrap_or_default())
    })
}

/// Makes sure that a project has the worktree and the branch of this workstream and no other.
pub fn assert_only(project: &Project, id: &str) {
    let entries = fs::read_dir(project.root.join(".worktrees")).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [id]);
    let branches = project.git(&["branch", "--list", "ostler/*", "--format=%(refname:short)"]);
    assert_eq!(branches, format!("ostler/{id}"));
    assert_eq!(project.git(&["worktree", "list"]).lines().count(), 2);
}
