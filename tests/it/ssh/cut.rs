//! The connection is cut, or nobody reads any more.

use std::time::{Duration, Instant};

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use super::server::Server;
use crate::project::{Agent, Project, left, story, wait};
use crate::pty::Terminal;

/// The first agent fails when it is told to, so that somebody has to go on.
const CONFIG: &str = "
on: { exit_code: next }
agents:
  fails: { command: [sh, -c, 'n=0; while [ ! -e $HOME/fail ]; do n=$((n+1)); echo line $n; sleep 0.05; done; exit 3'] }
  waits: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }
workstreams: [{ id: a, title: Mend the fence, prompt: do it, chain: [fails, waits] }]
";
/// A screen that is gone has not had more of the processor than this meanwhile, in ticks of 10 ms.
const MOST_TICKS: u64 = 200;

/// A screen without a terminal is gone after this on a loaded machine; it takes a second on an idle one.
const SOON: Duration = Duration::from_secs(20);

fn begin(project: &Project) -> Option<(Server, Terminal, Agent, u32)> {
    let server = Server::start()?;
    let terminal = server.screen(project, (100, 30));
    terminal.shows("Mend the fence");
    let agent = project.until_running("a");
    terminal.shows("line 5");
    let screen = u32::try_from(project.workstream("a")["owner_pid"].as_u64().unwrap()).unwrap();
    Some((server, terminal, agent, screen))
}

/// Waits for the end of a process, and checks that it did not spin until then.
fn assert_ends_quietly(project: &Project, pid: u32) {
    let start = left::start(pid).unwrap();
    let before = left::ticks(pid).unwrap();
    let mut last = before;
    let cut = Instant::now();
    project.until("end of the screen", || {
        last = left::ticks(pid).unwrap_or(last).max(last);
        (!left::is_alive(pid, start)).then_some(())
    });
    assert!(cut.elapsed() < SOON, "it took {:?}", cut.elapsed());
    assert!(last - before < MOST_TICKS, "it had {} ticks", last - before);
}

/// The agent goes on, and so does the policy, in a process that has no terminal.
fn assert_goes_on(project: &Project, agent: Agent, screen: u32) {
    let worker = project.until("worker", || {
        let owner = u32::try_from(project.workstream("a")["owner_pid"].as_u64()?).unwrap();
        (owner != screen).then_some(owner)
    });
    let line = std::fs::read(format!("/proc/{worker}/cmdline")).unwrap();
    assert!(String::from_utf8_lossy(&line).contains("worker"), "{line:?}");
    assert_eq!(project.agent("a"), Some(agent));
    assert!(left::is_alive(agent.pid, agent.start));
    project.touch("fail");
    project.until("second agent", || project.agent("a").filter(|it| it.attempt == 2));
    let status = project.ok(&["status"]);
    assert!(status.contains("fails ✖ → waits"), "{status}");
    assert!(status.contains("a: waits has been working for "), "{status}");
    project.touch("go");
    let done = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&done), ["1 fails exit_code", "2 waits succeeded"]);
    // No line of the agent is missing or there twice.
    let log = project.log("a", 1);
    assert!(log.lines().enumerate().all(|(at, line)| line == format!("line {}", at + 1)), "{log}");
}

#[test]
fn a_connection_that_is_cut_costs_nothing() {
    let project = Project::new(CONFIG);
    let Some((_server, terminal, agent, screen)) = begin(&project) else { return };
    terminal.signal(Signal::KILL);
    assert_ends_quietly(&project, screen);
    assert_goes_on(&project, agent, screen);
}

#[test]
fn a_connection_that_nobody_reads_holds_up_nothing() {
    let project = Project::new(CONFIG);
    let Some((_server, terminal, agent, screen)) = begin(&project) else { return };
    terminal.signal(Signal::STOP);
    // The screen is full of what nobody takes, and its supervisor decides all the same.
    project.touch("fail");
    project.until("second agent", || project.agent("a").filter(|it| it.attempt == 2));
    assert_eq!(project.workstream("a")["owner_pid"], screen);
    assert!(!left::is_alive(agent.pid, agent.start));
    terminal.signal(Signal::KILL);
    assert_ends_quietly(&project, screen);
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    assert!(wait(Duration::ZERO, || project.agent("a")).is_none());
}
