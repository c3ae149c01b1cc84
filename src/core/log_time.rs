//! When a log had grown to which length: what stands in the file beside it, a line each.

use std::fmt;
use std::str::FromStr;

/// When a log had grown to which length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// By the wall clock, in milliseconds since 1970.
    pub at_ms: u64,
    /// How long it was, in bytes.
    pub length: u64,
    /// Whether somebody had looked shortly before; if not, what was added may be older.
    pub is_sure: bool,
}

/// Writes it as a line: the time, the length, and `~` if nobody had looked shortly before.
impl fmt::Display for Grown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_sure { "" } else { " ~" };
        writeln!(f, "{} {}{sign}", self.at_ms, self.length)
    }
}

/// Reads such a line.
impl FromStr for Grown {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split_ascii_whitespace();
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or(());
        let (at_ms, length) = (number()?, number()?);
        match (words.next(), words.next()) {
            (None, _) => Ok(Self { at_ms, length, is_sure: true }),
            (Some("~"), None) => Ok(Self { at_ms, length, is_sure: false }),
            _torn => Err(()),
        }
    }
}
