//! What the machine was short of lately: an attempt that failed then may have failed because of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::core::Timestamp;

/// What was short so long before an end may have caused it.
const LATELY: Duration = Duration::from_secs(60);

/// What the machine was short of lately, for all tasks.
#[derive(Clone, Debug, Default)]
pub struct Shortage {
    last: Arc<Mutex<Option<(Timestamp, String)>>>,
}

impl Shortage {
    /// Takes note that the machine is short of something, in words.
    pub fn note(&self, at: Timestamp, words: String) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, words));
    }

    /// Returns what it was short of since something began and shortly before it ended.
    pub fn before(&self, begun: Timestamp, end: Timestamp) -> Option<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |seen: Timestamp| seen >= begun && end.since(seen) <= LATELY;
        last.as_ref().filter(|(seen, _)| counts(*seen)).map(|(_, words)| words.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_ago_or_was_before_explains_nothing() {
        let shortage = Shortage::default();
        let before = |begun, end| shortage.before(Timestamp(begun), Timestamp(end));
        assert_eq!(before(0, 5), None);
        shortage.note(Timestamp(1_000), "full".to_owned());
        assert_eq!(before(1_000, 61_000).as_deref(), Some("full"));
        assert_eq!(before(1_000, 61_001), None);
        assert_eq!(before(1_001, 2_000), None);
    }
}
