//! The death of a keeper, and of everything at once.

use ostler::core::phase::PhaseWord;

use super::agent::{kill, project};
use crate::project::{left, story};

#[test]
fn an_agent_without_its_keeper_is_ended_before_another_one_starts() {
    let project = project("  - { id: a, prompt: do it, chain: [counts, good] }\n");
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    kill(&project, agent.keeper);
    up.join().expect(0, &["keeper_lost"]);
    assert!(!left::is_alive(agent.pid, agent.start));
    assert_eq!(story(&project.replay("a").unwrap()), ["1 counts keeper_lost", "2 good succeeded"]);
}

#[test]
fn everything_of_ours_may_die_at_once() {
    let project = project("  - { id: a, prompt: do it, chain: [counts, good] }\n");
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    kill(&project, up.pid());
    kill(&project, agent.keeper);
    drop(up);
    // Nobody is left to notice, until somebody looks: then the agent is ended, and its work goes on.
    assert!(left::is_alive(agent.pid, agent.start));
    assert_eq!(project.workstream("a")["phase"], "running");
    let said = project.headless();
    said.expect(0, &["counts failed (keeper_lost)"]);
    assert!(!left::is_alive(agent.pid, agent.start));
    assert_eq!(project.replay("a").unwrap().phase.word(), PhaseWord::Done);
}
