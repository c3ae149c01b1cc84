//! When the next frame may be drawn: at most thirty in any second, and a key never waits behind a flood of output.

use std::time::{Duration, Instant};

/// What a frame may cost on the average of a second: 28 of these and a burst of two make thirty.
const COST: Duration = Duration::from_micros(35_700);
/// Frames that only show new output keep this distance, so that the allowance of the keys is never used up by them.
const OUTPUT_GAP: Duration = Duration::from_millis(50);

/// Why a frame is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Something changed.
    Output,
    /// The operator did something.
    Input,
}

/// Decides when the next frame may be drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    last: Option<Instant>,
    /// When all that was drawn is paid for.
    paid: Option<Instant>,
}

impl Pace {
    /// Returns from when on a frame may be drawn; that may lie in the past.
    pub fn due(&self, urgency: Urgency, now: Instant) -> Instant {
        let (Some(last), Some(paid)) = (self.last, self.paid) else { return now };
        match urgency {
            Urgency::Input => paid.checked_sub(COST).unwrap_or(now),
            Urgency::Output => paid.max(last + OUTPUT_GAP),
        }
    }

    /// Takes note of a frame.
    pub fn drawn(&mut self, now: Instant) {
        self.paid = Some(self.paid.map_or(now, |paid| paid.max(now)) + COST);
        self.last = Some(now);
    }
}
