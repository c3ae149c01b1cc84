//! When an attempt's output was last seen to change, by a clock that nobody sets.
//!
//! The times of files are of the wall clock, which may jump by a day between the write and the look. So what counts is that
//! a file is not as it was at the last look, and when that look was.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::core::{AttemptId, Timestamp, WorkstreamId};

/// How a file was when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    length: u64,
    written: SystemTime,
}

/// How the files were that tell of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traces(Vec<Option<Trace>>);

/// An attempt of a workstream.
type Of = (WorkstreamId, AttemptId);

/// What was seen of all attempts that are followed: how their files were, and when there was something new.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    seen: Arc<Mutex<HashMap<Of, (Traces, Timestamp)>>>,
}

impl Traces {
    /// Looks at files, which need not be there.
    pub(super) fn of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let trace = |path: &Path| {
            let meta = path.metadata().ok()?;
            Some(Trace { length: meta.len(), written: meta.modified().ok()? })
        };
        Self(paths.into_iter().map(trace).collect())
    }

    /// Returns when the last of them was written, by the wall clock of then.
    pub(super) fn written(&self) -> Option<SystemTime> {
        self.0.iter().flatten().map(|trace| trace.written).max()
    }
}

impl Pulse {
    /// Takes note of how the files of an attempt are now, and returns when there was last something new in them.
    ///
    /// `first` tells it of an attempt that was not looked at before.
    pub(super) fn note(
        &self,
        (id, attempt): (&WorkstreamId, AttemptId),
        traces: Traces,
        now: Timestamp,
        first: impl FnOnce(&Traces) -> Timestamp,
    ) -> Timestamp {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match seen.get(&(id.clone(), attempt)) {
            Some((before, at)) if *before == traces => *at,
            Some(_) => now,
            None => first(&traces),
        };
        seen.retain(|(other, of), _| other != id || *of >= attempt);
        seen.insert((id.clone(), attempt), (traces, at));
        at
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn traces(length: u64, written: SystemTime) -> Traces {
        Traces(vec![Some(Trace { length, written }), None])
    }

    /// Looks at minute 1 and 2 of the project's clock at files with these times, and returns when something was new.
    fn last(first: Traces, second: Traces) -> Timestamp {
        let (pulse, id) = (Pulse::default(), WorkstreamId::from("a"));
        let of = (&id, AttemptId(1));
        let begun = pulse.note(of, first, Timestamp(60_000), |_| Timestamp(50_000));
        assert_eq!(begun, Timestamp(50_000));
        pulse.note(of, second, Timestamp(120_000), |_| unreachable!("it was looked at"))
    }

    #[test]
    fn a_clock_that_jumps_makes_nobody_idle_and_nobody_busy() {
        let wall = SystemTime::now();
        // Silence is silence, whatever the wall clock says meanwhile: it is not even asked.
        assert_eq!(last(traces(5, wall), traces(5, wall)), Timestamp(50_000));
        // A write is a write, even if it is a day before the one before it.
        for jumped in [wall + DAY, wall - DAY, wall] {
            assert_eq!(last(traces(5, wall), traces(6, jumped)), Timestamp(120_000));
        }
        assert_eq!(last(traces(5, wall), traces(5, wall - DAY)), Timestamp(120_000));
    }

    #[test]
    fn only_the_last_attempt_is_remembered() {
        let (pulse, id) = (Pulse::default(), WorkstreamId::from("a"));
        for attempt in 1..4 {
            let traces = traces(1, SystemTime::now());
            pulse.note((&id, AttemptId(attempt)), traces, Timestamp(1), |_| Timestamp(1));
        }
        assert_eq!(pulse.seen.lock().expect("unharmed").len(), 1);
    }
}
