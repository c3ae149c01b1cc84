//! Frames are few enough for a slow line, and a key does not wait behind a flood.

use std::time::{Duration, Instant};

use ostler::tui::pace::{Pace, Urgency};
use proptest::prelude::*;

/// The size of a usual frame, in bytes.
const FRAME: usize = 2_000;

/// Draws whatever is wanted as soon as it may be, and returns when it was, and how long each key waited.
fn draw(wanted: &[(u64, Urgency)]) -> (Vec<Instant>, Vec<Duration>) {
    let start = Instant::now();
    let mut pace = Pace::default();
    let (mut frames, mut waits): (Vec<Instant>, Vec<Duration>) = (Vec::new(), Vec::new());
    let mut now = start;
    for (milliseconds, urgency) in wanted {
        let asked = start + Duration::from_millis(*milliseconds);
        now = now.max(asked);
        // A frame that was drawn since shows it already.
        if frames.last().is_some_and(|last| *last > asked) {
            continue;
        }
        now = pace.due(*urgency, now).max(now);
        pace.drawn(now, FRAME);
        frames.push(now);
        if *urgency == Urgency::Input {
            waits.push(now.duration_since(asked));
        }
    }
    (frames, waits)
}

fn most_in_a_second(frames: &[Instant]) -> usize {
    let within = |first: &Instant| {
        let end = *first + Duration::from_secs(1);
        frames.iter().filter(|frame| *frame >= first && **frame < end).count()
    };
    frames.iter().map(within).max().unwrap_or(0)
}

#[test]
fn the_first_frame_and_the_first_key_wait_for_nothing() {
    let now = Instant::now();
    let mut pace = Pace::default();
    assert!(pace.due(Urgency::Output, now) <= now);
    pace.drawn(now, FRAME);
    assert!(pace.due(Urgency::Input, now) <= now);
    assert!(pace.due(Urgency::Output, now) >= now + Duration::from_millis(50));
}

#[test]
fn a_flood_of_output_leaves_room_for_keys() {
    let flood = (0..5_000).map(|at| (at, Urgency::Output));
    let keys = (0..40).map(|key| (key * 120 + 7, Urgency::Input));
    let mut wanted: Vec<_> = flood.chain(keys).collect();
    wanted.sort_unstable();
    let start = Instant::now();
    let mut pace = Pace::default();
    let mut pending: Option<(u64, Urgency)> = None;
    let mut longest = Duration::ZERO;
    // One round of the loop a millisecond, as the screen goes round.
    let mut next = wanted.into_iter().peekable();
    for at in 0..5_000 {
        while next.peek().is_some_and(|(when, _)| *when <= at) {
            let (when, urgency) = next.next().expect("one more");
            pending = match pending {
                Some((since, known)) if known >= urgency => Some((since, known)),
                _less => Some((when, urgency)),
            };
        }
        let now = start + Duration::from_millis(at);
        if let Some((since, urgency)) = pending
            && pace.due(urgency, now) <= now
        {
            pace.drawn(now, FRAME);
            pending = None;
            if urgency == Urgency::Input {
                longest = longest.max(Duration::from_millis(at - since));
            }
        }
    }
    assert!(longest <= Duration::from_millis(2), "{longest:?}");
}

#[test]
fn a_large_frame_of_output_keeps_its_distance_and_a_key_does_not_care() {
    let now = Instant::now();
    let mut pace = Pace::default();
    pace.drawn(now, 10 * 1024);
    assert!(pace.due(Urgency::Output, now) >= now + Duration::from_millis(150));
    assert!(pace.due(Urgency::Output, now) <= now + Duration::from_millis(200));
    assert!(pace.due(Urgency::Input, now) <= now);
}

proptest! {
    #[test]
    fn no_second_has_more_than_thirty_frames(
        gaps in prop::collection::vec((0_u64..60, prop::bool::weighted(0.7)), 0..300),
    ) {
        let mut at = 0;
        let wanted: Vec<_> = gaps
            .into_iter()
            .map(|(gap, is_key)| {
                at += gap;
                (at, if is_key { Urgency::Input } else { Urgency::Output })
            })
            .collect();
        let (frames, waits) = draw(&wanted);
        prop_assert!(most_in_a_second(&frames) <= 30);
        prop_assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(110)));
    }
}
