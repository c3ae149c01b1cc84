//! The longest that a workstream may go on without a person.

#![expect(clippy::panic, reason = "it is a test")]

use ostler::core::policy::{Response, RetryMode};
use ostler::core::verdict::Verdict;
use ostler::core::worst_case::{Path, WorstCase};
use ostler::core::{Event, FailureClass};

use crate::world::sample::{on, over, retry, secs, tier};
use crate::world::{Agents, Mood, Owners, People, Things, run};

fn bounded(case: WorstCase) -> Path {
    match case {
        WorstCase::Bounded(path) => path,
        WorstCase::Unbounded => panic!("it should be bounded"),
    }
}

#[test]
fn every_retry_is_used_up_and_every_deadline_too() {
    let mut first = tier("aider");
    first.responses = on(FailureClass::Network, &[retry(RetryMode::Plain)]);
    let mut definition = over(vec![first, tier("codex")]);
    let path = bounded(WorstCase::of(&definition));
    assert_eq!(path.agents, [("aider".into(), 3), ("codex".into(), 1)]);
    // Worktree 300 s, start 120 s, work 120 s, TERM 10 s, KILL 20 s, checkpoint 120 s; or, with a check, 60 s and 60 s
    // instead of 30 s. A breaker may have an agent that has a fallback probed for 30 s and 5 s.
    let (failed, checked, probed) = (690, 780, 35);
    let working = 2 * (failed + probed) + (checked + probed) + checked;
    assert_eq!((path.working, path.waiting), (secs(working), secs(5 + 10)));

    definition.max_attempts = 2;
    let path = bounded(WorstCase::of(&definition));
    // A check that fails takes longer than a network that does.
    assert_eq!(path.agents, [("aider".into(), 1), ("codex".into(), 1)]);
    assert_eq!(path.takes(), secs(checked + probed + checked));
}

#[test]
fn a_chain_that_leads_back_ends_with_its_attempts_alone() {
    let mut first = tier("aider");
    first.responses = on(FailureClass::CheckFailed, &[Response::Goto("aider".into())]);
    let mut definition = over(vec![first]);
    let path = bounded(WorstCase::of(&definition));
    assert_eq!(path.agents, [("aider".into(), 10)]);
    assert_eq!(path.takes(), secs(10 * 780));
    definition.max_attempts = 1_000_000;
    assert_eq!(WorstCase::of(&definition), WorstCase::Unbounded);
}

#[test]
fn no_story_takes_longer() {
    let mut closest = 0.0_f64;
    for seed in 0..400 {
        let mood = Mood {
            people: People::Absent,
            agents: Agents::Failing,
            owners: Owners::Stay,
            things: Things::Work,
        };
        let story = run(seed, mood, 2_000);
        let resets = story.moments.iter().any(|moment| match &moment.event {
            Event::Exited { ended, .. } => {
                matches!(ended.verdict, Verdict::Failure { reset: Some(_), .. })
            }
            _other => false,
        });
        let (first, last) = (story.moments.first().unwrap(), story.moments.last().unwrap());
        if resets || !story.rests {
            continue;
        }
        let took = last.at.since(first.at);
        let path = bounded(WorstCase::of(&last.after.definition));
        // A slot is free within five seconds there.
        let slots = secs(5) * u32::try_from(last.after.attempts.len() + 1).unwrap();
        assert!(took <= path.takes() + slots, "seed {seed}: {took:?}, at most {path:?}");
        closest = closest.max(took.as_secs_f64() / path.takes().as_secs_f64());
    }
    assert!(closest > 0.02, "the stories are too short to say anything: {closest}");
}
