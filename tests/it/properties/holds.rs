//! How a property is held against many worlds.

#![expect(clippy::panic, reason = "it is a test")]

use ostler::core::{Effect, Notice};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::world::story::{Moment, Story};
use crate::world::{Agents, Mood, Owners, People, Things, run};

pub type Verdicts = Result<(), String>;

/// Runs worlds of all moods and holds the property against each story.
///
/// The number of events shrinks when it fails, so the message shows the shortest beginning that breaks it.
pub fn holds(property: fn(&Story) -> Verdicts) {
    let people = prop_oneof![Just(People::Absent), Just(People::Busy)];
    runner(150)
        .run(&(any::<u64>(), people, moods(), 10..300_usize), |(seed, people, mood, events)| {
            let story = run(seed, Mood { people, ..mood }, events);
            judge(&story, property(&story))
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Returns worlds of all kinds without an operator.
pub fn moods() -> impl Strategy<Value = Mood> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(agents, owners, things)| Mood {
        people: People::Absent,
        agents: if agents { Agents::Failing } else { Agents::Mixed },
        owners: if owners { Owners::Die } else { Owners::Stay },
        things: if things { Things::GoWrong } else { Things::Work },
    })
}

/// Returns a runner for so many cases, or for as many as `PROPTEST_CASES` asks for.
pub fn runner(cases: u32) -> TestRunner {
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..Default::default() })
}

pub fn judge(story: &Story, verdict: Verdicts) -> Result<(), TestCaseError> {
    verdict.map_err(|what| TestCaseError::fail(format!("{what}\n{}", story.tail())))
}

/// Holds the property against each moment of each story.
pub fn always(story: &Story, property: impl Fn(&Moment) -> Verdicts) -> Verdicts {
    for moment in &story.moments {
        property(moment)?;
    }
    Ok(())
}

pub fn ensure(holds: bool, what: impl FnOnce() -> String) -> Verdicts {
    if holds { Ok(()) } else { Err(what()) }
}

pub fn asked(moment: &Moment) -> impl Iterator<Item = &Effect> {
    moment.effects.iter().chain(&moment.resumed)
}

pub fn is_refused(moment: &Moment) -> bool {
    moment.effects.iter().any(|effect| matches!(effect, Effect::Notice(Notice::Refused { .. })))
}

pub fn always_in_order(story: &Story, property: impl FnMut(&Moment) -> Verdicts) -> Verdicts {
    story.moments.iter().try_for_each(property)
}
