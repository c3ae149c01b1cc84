//! When the next frame may be drawn: at most thirty in any second, and a key never waits behind a flood of output.
//!
//! Frames that only show new output are rarer the more bytes they take: a progress bar moves twenty times a second, a
//! pane that changes as a whole eight times, and a slow line has room left for the answer to a key.

use std::time::{Duration, Instant};

/// What a frame may cost on the average of a second: 28 of these and a burst of two make thirty.
const COST: Duration = Duration::from_micros(35_700);
/// Frames that only show new output keep this distance, so that the allowance of the keys is never used up by them.
const OUTPUT_GAP: Duration = Duration::from_millis(50);
/// What they may send in a second on the average, in bytes …
const OUTPUT_RATE: u32 = 56 * 1024;
/// … but a frame is never late by more than this for its size.
const OUTPUT_LATEST: Duration = Duration::from_millis(200);

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
    /// From when on a frame may show new output.
    output: Option<Instant>,
    /// When all that was drawn is paid for.
    paid: Option<Instant>,
}

impl Pace {
    /// Returns from when on a frame may be drawn; that may lie in the past.
    pub fn due(&self, urgency: Urgency, now: Instant) -> Instant {
        let (Some(output), Some(paid)) = (self.output, self.paid) else { return now };
        match urgency {
            Urgency::Input => paid.checked_sub(COST).unwrap_or(now),
            Urgency::Output => paid.max(output),
        }
    }

    /// Takes note of a frame of so many bytes.
    pub fn drawn(&mut self, now: Instant, bytes: usize) {
        self.paid = Some(self.paid.map_or(now, |paid| paid.max(now)) + COST);
        let sending =
            Duration::from_secs(1) * u32::try_from(bytes).unwrap_or(u32::MAX) / OUTPUT_RATE;
        self.output = Some(now + sending.clamp(OUTPUT_GAP, OUTPUT_LATEST));
    }
}
