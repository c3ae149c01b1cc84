//! What the agents of a replica do, in the list and in the reasons.

use std::sync::Arc;
use std::time::Duration;

use ostler::core::account::{Inner, Usage};
use ostler::core::contest::Contending;
use ostler::core::progress::{Progress, Source};
use ostler::core::{AttemptOutcome, FailureClass, PhaseWord};
use ostler::ipc::facts::{Facts, LinkState, WorkstreamFacts};
use ostler::tui::state::{Modal, UiState};

use super::fixture::{ago, ahead, attempt, chain, facts, ui, workstream};
use super::picture::check;

fn inner() -> Vec<Inner> {
    let one = |number, agent: &str, outcome, reason: &str, took: Option<u64>| Inner {
        number,
        agent: agent.to_owned(),
        outcome,
        reason: reason.to_owned(),
        took: took.map(Duration::from_secs),
        contestant: None,
        reset: None,
        usage: Usage::default(),
        made: None,
    };
    let limit = AttemptOutcome::Failed(FailureClass::RateLimit);
    let said = "429 Too Many Requests: this organisation's limit of 30,000 input tokens per minute";
    vec![
        one(1, "aider", limit, said, Some(151)),
        one(2, "copilot", AttemptOutcome::Skipped, "not logged in", None),
        one(3, "claude-api", AttemptOutcome::Open, "", None),
    ]
}

fn replica(progress: Option<Progress>) -> Facts {
    use LinkState::{Failed, Running};
    let mut at_work = attempt(2, (3, "replica"), (200, None), AttemptOutcome::Open, "");
    at_work.account.inner = inner();
    let limit = AttemptOutcome::Failed(FailureClass::RateLimit);
    let replica = WorkstreamFacts {
        agent: Some("replica".to_owned()),
        tier: Some(1),
        chain: chain(&[("aider", Failed), ("replica", Running)]),
        attempt: Some(at_work.id),
        started: Some(ago(200)),
        begun: Some(ago(400)),
        next: Some(ostler::ipc::facts::Next { what: "hard timeout", at: ahead(14_200) }),
        progress,
        explain: "replica has been working for 3:20; attempt 2. It is ended in 3:56:40. In it: aider rate_limit → \
                  copilot skipped → claude-api works."
            .to_owned(),
        attempts: vec![attempt(1, (0, "aider"), (400, Some(249)), limit, "429 Too Many Requests"), at_work],
        ..workstream("ws-03", "Split the error module", PhaseWord::Running)
    };
    let mut facts = facts();
    for known in &mut facts.workstreams {
        if known.id == replica.id {
            *known = Arc::new(replica.clone());
        }
    }
    facts
}

#[test]
fn a_replica_shows_what_its_agents_do() {
    let text = "updating the tests".to_owned();
    let told = Progress { done: 6, total: 10, text, source: Source::Output };
    for size in [(80, 24), (160, 48)] {
        let (columns, rows) = size;
        check(&format!("inside_{columns}x{rows}"), &replica(None), &ui(), size);
        check(
            &format!("inside_progress_{columns}x{rows}"),
            &replica(Some(told.clone())),
            &ui(),
            size,
        );
        let why = UiState { modal: Some(Modal::Why { scroll: 0 }), ..ui() };
        check(&format!("inside_why_{columns}x{rows}"), &replica(None), &why, size);
    }
}

fn race() -> Facts {
    use LinkState::{Running, Untried};
    let mut at_work = attempt(1, (0, "race"), (200, None), AttemptOutcome::Open, "");
    at_work.contest = Some(Contending::Race);
    at_work.account.inner = inner();
    for (inner, number) in at_work.account.inner.iter_mut().zip(1..) {
        inner.contestant = Some(number);
    }
    let mut chain = chain(&[("race", Running), ("codex", Untried)]);
    chain[0].contestants = ["aider", "copilot", "claude-api"].map(str::to_owned).to_vec();
    let race = WorkstreamFacts {
        agent: Some("race".to_owned()),
        tier: Some(0),
        chain,
        attempt: Some(at_work.id),
        started: Some(ago(200)),
        begun: Some(ago(200)),
        explain: "race has been working for 3:20; attempt 1. In it: aider rate_limit | copilot skipped | claude-api works."
            .to_owned(),
        attempts: vec![at_work],
        ..workstream("ws-03", "Split the error module", PhaseWord::Running)
    };
    let mut facts = facts();
    for known in &mut facts.workstreams {
        if known.id == race.id {
            *known = Arc::new(race.clone());
        }
    }
    facts
}

#[test]
fn a_race_shows_what_its_contestants_do() {
    check("inside_race_160x48", &race(), &ui(), (160, 48));
    let why = UiState { modal: Some(Modal::Why { scroll: 0 }), ..ui() };
    check("inside_race_why_80x24", &race(), &why, (80, 24));
}
