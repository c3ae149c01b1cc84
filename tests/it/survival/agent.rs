//! An agent that counts, so that a gap in its log or a second life of it would show.

use rustix::process::Signal;

use crate::project::{Agent, Project, left};

/// `counts` writes numbered lines until it is told to go on, and then changes something.
pub const COUNTS: &str = "
on: { exit_code: next, keeper_lost: next }
agents:
  counts: { command: [sh, -c, 'n=0; while [ ! -e $HOME/go ]; do n=$((n+1)); echo $n; sleep 0.05; done; echo end; echo x > x'] }
  fails: { command: [sh, -c, 'n=0; while [ ! -e $HOME/go ]; do n=$((n+1)); echo $n; sleep 0.05; done; echo end; exit 1'] }
  good: { command: [sh, -c, 'echo x > x'] }
";

/// A project with these workstreams.
pub fn project(workstreams: &str) -> Project {
    Project::new(&format!("{COUNTS}workstreams:\n{workstreams}"))
}

/// Waits until the agent has written some more lines.
pub fn until_more(project: &Project, id: &str) {
    let lines = || project.log(id, 1).lines().count();
    let before = lines();
    project.until("more lines", || (lines() >= before + 3).then_some(()));
}

/// Checks that the very same agent is at work.
#[track_caller]
pub fn assert_untouched(project: &Project, id: &str, agent: Agent) {
    assert_eq!(project.agent(id), Some(agent));
    assert!(left::is_alive(agent.pid, agent.start));
}

/// Checks that the log of an agent that has ended has every line once.
#[track_caller]
pub fn assert_whole(project: &Project, id: &str) {
    let log = project.log(id, 1);
    let mut lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.pop(), Some("end"), "{log}");
    let counted: Vec<usize> = lines.iter().map(|line| line.parse().unwrap()).collect();
    assert!(counted.iter().copied().eq(1..=counted.len()), "{log}");
}

/// Waits until a process other than these owns a workstream, and returns it.
pub fn until_owned_by_another(project: &Project, id: &str, than: &[u32]) -> u32 {
    project.until("another owner", || {
        let owner = u32::try_from(project.workstream(id)["owner_pid"].as_u64()?).unwrap();
        (!than.contains(&owner)).then_some(owner)
    })
}

/// Kills a process and waits until it is gone.
pub fn kill(project: &Project, pid: u32) {
    let start = left::start(pid).unwrap();
    left::signal(pid, Signal::KILL);
    project.until("death", || (!left::is_alive(pid, start)).then_some(()));
}
