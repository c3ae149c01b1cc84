//! How `up --headless` ends.

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use crate::project::Project;

const AGENTS: &str = "
on: { exit_code: next }
agents:
  good: { command: [sh, -c, 'echo at work; echo done > work.txt'] }
  bad: { command: [sh, -c, 'echo broken; exit 7'] }
  slow: { command: [sh, -c, 'touch $HOME/slow; exec sleep 1000'] }
";

#[test]
fn all_done_is_0_and_each_event_has_a_line() {
    let project = Project::new(&format!(
        "{AGENTS}
workstreams:
  - {{ id: one, prompt: do it, chain: [good] }}
  - {{ id: two, prompt: do it, chain: [bad, good] }}
"
    ));
    let said = project.headless();
    said.expect(0, &["attempt 1: good started (tier 1)", "done: the agent finished"]);
    said.expect(0, &["attempt 1: bad failed (exit_code): it exited with 7"]);
    said.expect(0, &["falling back from bad to good (exit_code)", "2 done"]);
    let lines: Vec<&str> = said.out.lines().filter(|line| line.contains(" two ")).collect();
    assert!(lines.len() >= 6, "{}", said.out);
    assert!(lines.iter().all(|line| line.as_bytes()[2] == b':'), "{}", said.out);
    let table = said.out.lines().skip_while(|line| !line.starts_with("WORKSTREAM"));
    let table: Vec<String> =
        table.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(table[0], "WORKSTREAM STATE CHAIN TRIES TIME CHANGE");
    assert!(table[1].starts_with("one done good ✔ 1 "), "{table:?}");
    assert!(table[1].ends_with(" 1 file +1 -0"), "{table:?}");
    assert!(table[2].starts_with("two done bad ✖ → good ✔ 2 "), "{table:?}");
    // Doing it again does nothing again.
    project.headless().expect(0, &["2 done"]);
    assert_eq!(project.replay("one").unwrap().attempts.len(), 1);
    // The work is where it is said to be.
    assert_eq!(project.git(&["show", "refs/heads/main:README.md"]), "a project");
    assert_eq!(project.read("repo/.worktrees/one/work.txt"), "done\n");
    assert!(!project.git(&["status", "--porcelain"]).contains("worktrees"));
}

#[test]
fn a_failure_is_1() {
    let project = Project::new(
        &format!(
            "{AGENTS}
on: {{ exit_code: next, chain_exhausted: fail }}
workstreams:
  - {{ id: one, prompt: do it, chain: [good] }}
  - {{ id: two, prompt: do it, chain: [bad] }}
"
        )
        .replacen("on: { exit_code: next }\n", "", 1),
    );
    project.headless().expect(1, &["failed: no agent is left in the chain", "1 done, 1 failed"]);
}

#[test]
fn an_escalation_is_3_whatever_failed() {
    let project = Project::new(&format!(
        "{AGENTS}
workstreams:
  - {{ id: one, prompt: do it, chain: [bad], on: {{ chain_exhausted: fail }} }}
  - {{ id: two, prompt: do it, chain: [bad] }}
  - {{ id: three, prompt: do it, chain: [good], after: [one] }}
"
    ));
    let said = project.headless();
    said.expect(3, &["waits for you: no agent is left in the chain", "1 escalated"]);
    let three = project.workstream("three");
    assert_eq!(three["phase"], "queued");
    assert!(three["explain"].as_str().unwrap().contains("one"), "{three}");
}

#[test]
fn an_interrupt_stops_everything() {
    let project = Project::new(&format!(
        "{AGENTS}
workstreams: [{{ id: one, prompt: do it, chain: [slow, good] }}]
"
    ));
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("one");
    up.signal(Signal::INT);
    up.join().expect(1, &["stopping slow: TERM", "stopped", "1 stopped"]);
    assert!(!crate::project::left::is_alive(agent.pid, agent.start));
    assert_eq!(project.replay("one").unwrap().phase.word(), PhaseWord::Stopped);
}
