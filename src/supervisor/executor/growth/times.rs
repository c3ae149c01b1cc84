//! The file beside a log that says when it had grown to which length.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::core::log_time::Grown;

/// Looks are written down no more often than this, in milliseconds.
const EVERY: u64 = 1000;

/// Writes down when a log had grown to which length.
#[derive(Debug)]
pub(super) struct Times {
    path: PathBuf,
    written: Option<Grown>,
    /// What was seen since and is not written: it is as soon as it is known to be the last of its second.
    seen: Option<Grown>,
}

impl Times {
    /// Begins at a log that may have grown before anybody looked.
    pub(super) fn beside(log: &Path) -> Self {
        Self { path: log.with_extension("times"), written: None, seen: None }
    }

    /// Takes note that the log is so long now.
    pub(super) fn note(&mut self, length: u64) {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at_ms = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
        let lines = self.lines(at_ms, length);
        // Without it a log is shown without times, and nothing else is lost.
        if !lines.is_empty() && self.append(&lines).is_err() {
            self.written = None;
        }
    }

    /// Returns what is to be written down.
    fn lines(&mut self, at_ms: u64, length: u64) -> String {
        let Some(written) = self.written else {
            let first = Grown { at_ms, length, is_sure: length == 0 };
            self.written = Some(first);
            return first.to_string();
        };
        let last = self.seen.unwrap_or(written);
        if length == last.length {
            return String::new();
        }
        let now = Grown { at_ms, length, is_sure: true };
        if at_ms.saturating_sub(written.at_ms) < EVERY {
            self.seen = Some(now);
            return String::new();
        }
        let before = self.seen.take().map(|seen| seen.to_string()).unwrap_or_default();
        self.written = Some(now);
        format!("{before}{now}")
    }

    fn append(&self, lines: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.append(true).create(true).mode(0o600).open(&self.path)?;
        file.write_all(lines.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_one_line_and_what_came_before_a_silence_keeps_its_time() {
        let mut times = Times::beside(Path::new("/nowhere/out.log"));
        assert_eq!(times.lines(1000, 0), "1000 0\n");
        assert_eq!(times.lines(1200, 50), "");
        assert_eq!(times.lines(1400, 80), "");
        assert_eq!(times.lines(1500, 80), "");
        assert_eq!(times.lines(60_000, 90), "1400 80\n60000 90\n");
        assert_eq!(times.lines(61_000, 95), "61000 95\n");
    }

    #[test]
    fn what_nobody_saw_grow_is_said_to_be_older() {
        let mut times = Times::beside(Path::new("/nowhere/out.log"));
        assert_eq!(times.lines(5000, 700), "5000 700 ~\n");
        assert_eq!("5000 700 ~".parse(), Ok(Grown { at_ms: 5000, length: 700, is_sure: false }));
        assert_eq!("5000 7x".parse::<Grown>(), Err(()));
        assert_eq!("5000".parse::<Grown>(), Err(()));
    }
}
