//! A worktree or the state folder is removed while it is in use.

use std::fs;

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use crate::project::{Project, left, story};

const CONFIG: &str = "
on: { exit_code: [{ backoff: 100ms }, next] }
agents:
  waits: { command: [sh, -c, ': > $HOME/begun; n=0; while [ ! -e $HOME/go ]; do n=$((n+1)); echo $n; sleep 0.05; done; echo x > x'] }
  ends: { command: [sh, -c, ': > $HOME/begun; while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x; exit 0'] }
  fails: { command: [sh, -c, 'echo $OSTLER_ATTEMPT >> $HOME/tries; [ $OSTLER_ATTEMPT = 1 ] && exit 3; echo x > x'] }
";

fn project(chain: &str) -> Project {
    let workstreams =
        format!("workstreams: [{{ id: a, title: Do A, prompt: do it, chain: [{chain}] }}]");
    Project::new(&format!("{CONFIG}{workstreams}\n"))
}

#[test]
fn a_worktree_removed_under_its_agent_is_told_and_made_again() {
    let project = project("ends");
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    // Before, its keeper has yet to enter the worktree.
    project.until_file("begun");
    fs::remove_dir_all(project.root.join(".worktrees/a")).unwrap();
    project.touch("go");
    up.join().expect(3, &["worktree_lost", "is lost (", "1 escalated"]);
    assert!(!left::is_alive(agent.pid, agent.start));
    let status = project.ok(&["status"]);
    assert!(status.contains("It waits for you: worktree_lost: "), "{status}");
    project.ok(&["answer", "a", "retry"]);
    project.until_phase("a", PhaseWord::Done);
    assert!(project.root.join(".worktrees/a/x").exists());
}

#[test]
fn a_worktree_removed_between_attempts_is_made_again() {
    let project = project("fails");
    project.configure_as(
        &format!("{CONFIG}workstreams: [{{ id: a, prompt: do it, chain: [fails] }}]\n")
            .replace("100ms", "3s"),
    );
    let up = project.start(&["up", "--headless"]);
    project.until_phase("a", PhaseWord::Backoff);
    fs::remove_dir_all(project.root.join(".worktrees/a")).unwrap();
    up.join().expect(0, &["1 done"]);
    assert_eq!(project.read("tries"), "1\n2\n");
}

#[test]
fn a_state_folder_removed_under_its_owner_is_written_again() {
    let project = project("waits");
    let mut screen = project.screen((140, 30));
    let agent = project.until_running("a");
    screen.shows("▶waits");
    // Before, it has yet to read what it is told.
    project.until_file("begun");
    let (state, before) = (project.state(), project.until_phase("a", PhaseWord::Running));
    let removed = fs::remove_dir_all(project.home.join("state/ostler"));
    // It may be put back while it is still being removed.
    let is_back = |error: &std::io::Error| error.kind() == std::io::ErrorKind::DirectoryNotEmpty;
    assert!(removed.as_ref().err().is_none_or(is_back), "{removed:?}");
    screen.shows("was removed while it was in use");
    project.until("journal", || project.replay("a"));
    assert_eq!(project.state(), state);
    assert_eq!(project.replay("a").unwrap().attempts, before.attempts);
    // The agent was not touched, and whoever comes finds it and its owner.
    assert_eq!(project.agent("a"), Some(agent));
    assert!(left::is_alive(agent.pid, agent.start));
    assert_eq!(project.workstream("a")["owner_pid"], screen.pid());
    project.ok(&["escalate", "a", "--to", "waits", "--note", "the owner hears it"]);
    project.until("second attempt", || project.agent("a").filter(|it| it.attempt == 2));
    assert!(!left::is_alive(agent.pid, agent.start));
    project.touch("go");
    let done = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&done), ["1 waits stopped", "2 waits succeeded"]);
    screen.type_in("q");
    assert!(screen.join().success());
}

#[test]
fn nothing_starts_beside_an_agent_that_is_forgotten() {
    let project = project("waits");
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    // Nobody is left who could put anything back: the keeper finds its folder gone, and raises nobody.
    up.signal(Signal::KILL);
    drop(up);
    fs::remove_dir_all(project.home.join("state/ostler")).unwrap();
    assert!(left::is_alive(agent.pid, agent.start));
    let words = "processes of an agent that is forgotten are at work in this worktree";
    project.headless().expect(3, &[words, &agent.pid.to_string(), "1 escalated"]);
    assert!(left::is_alive(agent.pid, agent.start));
    project.touch("go");
    project.until("end of the agent", || (!left::is_alive(agent.pid, agent.start)).then_some(()));
    project.ok(&["answer", "a", "retry"]);
    project.until_phase("a", PhaseWord::Done);
}
