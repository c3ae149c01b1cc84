//! When which part of a log was written.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};

use super::read::read_at;
use crate::core::log_time::Grown;

/// The columns of a time and the space after it.
pub(super) const COLUMNS: usize = 10;
/// What a line shows whose time nobody knows.
const UNKNOWN: &str = "       –  ";
/// So much of a file of times is read, in bytes: more than a week of an agent that never pauses.
const MOST: usize = 32 * 1024 * 1024;
/// Within this time after the last look, what was written is not called uncertain.
const SURE: u64 = 2000;

/// A point in time within a log, as the operator names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When the clock last showed this.
    Clock(civil::Time),
    /// So long before its end.
    BeforeEnd(Duration),
    /// So long after its beginning.
    AfterBegin(Duration),
}

/// When a line was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAt {
    /// When somebody saw it first.
    pub at: jiff::Zoned,
    /// Whether somebody had looked shortly before; if not, it may be older.
    pub is_sure: bool,
}

/// When which part of a log was written.
#[derive(Clone, Debug)]
pub struct LogTimes {
    path: PathBuf,
    read: u64,
    grown: Vec<Grown>,
    /// When and how long the log was when it was last looked at.
    end: Option<Grown>,
    zone: TimeZone,
}

impl LogTimes {
    /// Begins with the file beside a log; nothing is read yet.
    pub fn beside(log: &Path) -> Self {
        Self {
            path: log.with_extension("times"),
            read: 0,
            grown: Vec::new(),
            end: None,
            zone: TimeZone::system(),
        }
    }

    /// The same for clocks of another zone.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// Reads what was written since; `log` is the log itself.
    pub fn refresh(&mut self, log: &Path) -> io::Result<()> {
        let meta = std::fs::metadata(log)?;
        let at = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        self.end = Some(Grown { at_ms, length: meta.len(), is_sure: true });
        let Ok(file) = File::open(&self.path) else { return Ok(()) };
        let bytes = read_at(&file, self.read, MOST)?;
        // A line that is being written is read when it is whole.
        let whole = memchr::memrchr(b'\n', &bytes).map_or(0, |feed| feed + 1);
        self.read += whole as u64;
        for line in String::from_utf8_lossy(&bytes[..whole]).lines() {
            if let Ok(grown) = line.parse::<Grown>() {
                self.add(grown);
            }
        }
        Ok(())
    }

    /// Adds a look; one that saw a shorter log than those before is of a log that was begun anew.
    fn add(&mut self, grown: Grown) {
        if self.grown.last().is_some_and(|last| last.length > grown.length) {
            self.grown.clear();
        }
        self.grown.push(grown);
    }

    /// Says whether anything is known.
    pub fn is_empty(&self) -> bool {
        self.grown.is_empty()
    }

    /// Returns when the byte at an offset was written.
    fn at(&self, offset: u64) -> Option<Grown> {
        let place = self.grown.partition_point(|grown| grown.length <= offset);
        if let Some(grown) = self.grown.get(place) {
            return Some(*grown);
        }
        // After the last look there is only the time of the last write.
        let (last, end) = (self.grown.last()?, self.end?);
        let is_sure = end.at_ms.saturating_sub(last.at_ms) <= SURE;
        (end.length > offset).then_some(Grown { is_sure, ..end })
    }

    /// Returns the time at which what stands at an offset was written; none if it is not known.
    pub fn written(&self, offset: u64) -> Option<WrittenAt> {
        let grown = self.at(offset)?;
        Some(WrittenAt { at: self.zoned(grown.at_ms)?, is_sure: grown.is_sure })
    }

    /// Returns the same as it stands beside a line.
    pub(super) fn label(&self, offset: u64) -> String {
        let Some(WrittenAt { at, is_sure }) = self.written(offset) else {
            return UNKNOWN.to_owned();
        };
        let sign = if is_sure { ' ' } else { '~' };
        format!("{sign}{} ", at.strftime("%H:%M:%S"))
    }

    fn zoned(&self, at_ms: u64) -> Option<jiff::Zoned> {
        let at = Timestamp::from_millisecond(i64::try_from(at_ms).ok()?).ok()?;
        Some(at.to_zoned(self.zone.clone()))
    }

    /// Returns the offset of the first byte that was written at a moment or after it; none if nothing is known.
    pub fn offset(&self, moment: Moment) -> Option<u64> {
        let (first, last) = (self.grown.first()?, self.grown.last()?);
        let end = self.end.unwrap_or(*last);
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let at_ms = match moment {
            Moment::BeforeEnd(span) => end.at_ms.saturating_sub(millis(span)),
            Moment::AfterBegin(span) => first.at_ms.saturating_add(millis(span)),
            Moment::Clock(time) => {
                let end = self.zoned(end.at_ms)?;
                let day = end.date();
                let on = |day: civil::Date| day.to_datetime(time).to_zoned(self.zone.clone()).ok();
                let same = on(day)?;
                let at = if same > end { on(day.checked_sub(1.day()).ok()?)? } else { same };
                u64::try_from(at.timestamp().as_millisecond()).unwrap_or(0)
            }
        };
        self.offset_at(at_ms)
    }

    /// The same for a time of the wall clock, in milliseconds since 1970.
    pub fn offset_at(&self, at_ms: u64) -> Option<u64> {
        self.grown.first()?;
        // What was seen last before that moment had all been written by then.
        let place = self.grown.partition_point(|grown| grown.at_ms < at_ms);
        Some(place.checked_sub(1).and_then(|place| self.grown.get(place)).map_or(0, |it| it.length))
    }

    /// Returns what the clock showed at a time of the wall clock, in milliseconds since 1970.
    pub fn clock(&self, at_ms: u64) -> Option<String> {
        Some(self.zoned(at_ms)?.strftime("%H:%M:%S").to_string())
    }
}

impl Moment {
    /// Reads what people write: `12:30`, `12:30:15`, `-5m` before the end, `+90s` after the beginning.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let span = |text: &str| {
            let parser = jiff::fmt::friendly::SpanParser::new();
            parser.parse_unsigned_duration(text.trim()).ok()
        };
        if let Some(rest) = text.strip_prefix('-') {
            return span(rest).map(Self::BeforeEnd);
        }
        if let Some(rest) = text.strip_prefix('+') {
            return span(rest).map(Self::AfterBegin);
        }
        let mut parts = text.split(':').map(|part| part.parse::<i8>().ok());
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().map_or(Some(0), |second| second)?;
        if parts.next().is_some() {
            return None;
        }
        civil::Time::new(hour, minute, second, 0).ok().map(Self::Clock)
    }
}
