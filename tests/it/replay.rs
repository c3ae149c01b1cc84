//! Replaying the events is the state: those of a test, and those that a journal holds.

#![expect(clippy::panic, reason = "it is a test")]

use ostler::core::{Event, Timestamp, Workstream};
use serde::Deserialize;

use crate::world::{Agents, Mood, Owners, People, Things, run};

/// A line of a journal, as far as a replay needs it.
#[derive(Deserialize)]
struct Line {
    seq: u64,
    at: Timestamp,
    event: Event,
}

/// Returns the state that a journal's text leads to; for any journal that an end-to-end test has left.
///
/// # Panics
///
/// If a line cannot be read, the numbers have gaps, time goes backwards, or the first event defines nothing.
pub fn journal(text: &str) -> Workstream {
    let lines: Vec<Line> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for (expected, line) in (1..).zip(&lines) {
        assert_eq!(line.seq, expected, "the numbers of a journal have no gaps");
    }
    assert!(lines.is_sorted_by_key(|line| line.at), "time goes backwards in a journal");
    Workstream::replay(lines.iter().map(|line| (line.at, &line.event)))
        .unwrap_or_else(|| panic!("the first event defines nothing: {text}"))
}

/// Writes events as a journal does, but for the checksums.
fn written<'a>(events: impl IntoIterator<Item = (Timestamp, &'a Event)>) -> String {
    let line = |(seq, (at, event)): (u64, (Timestamp, &Event))| {
        serde_json::json!({ "seq": seq, "at": at, "event": event, "crc": "00000000" }).to_string()
    };
    (1..).zip(events).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_journal_replays_to_the_state_it_was_written_in() {
    let mood = Mood {
        people: People::Busy,
        agents: Agents::Mixed,
        owners: Owners::Die,
        things: Things::GoWrong,
    };
    for seed in 0..20 {
        let story = run(seed, mood, 200);
        let text = written(story.moments.iter().map(|moment| (moment.at, &moment.event)));
        let last = story.moments.last().map(|moment| moment.after.clone());
        assert_eq!(Some(journal(&text)), last, "seed {seed}");
    }
}

#[test]
fn events_that_do_not_begin_with_a_definition_lead_nowhere() {
    assert_eq!(Workstream::replay([(Timestamp(1), &Event::Admitted)]), None);
    assert_eq!(Workstream::replay([]), None);
}
