//! The log in sight: which file it is, and how far it is read.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::LogSource;
use super::looking::Looking;
use crate::core::Stream;
use crate::tui::log::{Form, LogFile, LogPage, LogTimes, Refreshed, Top, Window};
use crate::tui::state::{Reading, Scroll, UiState};

/// So many files are kept open, so that going to and fro between workstreams does not count their lines anew.
const KEPT: usize = 8;
/// The lines of so many bytes are counted as soon as they are seen.
const AT_ONCE: u64 = 256 * 1024;
/// Counting lines that nobody asked for takes at most one part in so many of the time: a log that is flooded is shown by
/// its end, and need not be read for that.
const SHARE: u32 = 32;
/// And the time until it goes on is never longer than this: on a busy machine much of the time spent is not ours.
const LONGEST_REST: Duration = Duration::from_millis(200);

/// The log in sight. Reading is done a millisecond at a time, between two looks at the keys.
#[derive(Debug, Default)]
pub(super) struct LogPane {
    pub(super) path: Option<PathBuf>,
    /// What its lines are, if they are events.
    stream: Option<Stream>,
    /// What they are made readable as.
    pub(super) reads: Option<Stream>,
    /// The one in sight is the last, if it is there.
    files: Vec<LogFile>,
    /// Whether the file in sight was never looked into.
    fresh: bool,
    pub(super) looking: Looking,
    /// When its lines were written, as far as that was asked for.
    times: Option<LogTimes>,
    /// Whether the file may have changed.
    stale: bool,
    /// Whether there are lines that are not counted or searched.
    pub(super) more_to_do: bool,
    /// Lines that nobody asked for are not counted before this time.
    rests: Option<Instant>,
}

impl LogPane {
    /// Turns to this file; one that is not there yet is looked for again at every call.
    pub(super) fn show(&mut self, source: Option<LogSource>, reading: Reading) {
        let (path, stream) = source.map(|source| (source.path, source.stream)).unzip();
        let stream = stream.flatten();
        if self.path != path {
            *self = Self { path, files: std::mem::take(&mut self.files), ..Self::default() };
        }
        let reads = stream.filter(|_| reading == Reading::Readable);
        if self.reads != reads {
            // What is found depends on how it is read.
            self.looking = Looking::default();
        }
        (self.stream, self.reads) = (stream, reads);
        let Some(path) = &self.path else { return };
        if self.file().is_some() {
            return;
        }
        let known = self.files.iter().position(|file| file.path() == path);
        let file = match known {
            Some(place) => Some(self.files.remove(place)),
            None => LogFile::open(path).ok(),
        };
        if let Some(file) = file {
            self.files.push(file);
            self.files.drain(..self.files.len().saturating_sub(KEPT));
            (self.fresh, self.stale) = (true, true);
        }
    }

    pub(super) fn file(&self) -> Option<&LogFile> {
        self.files.last().filter(|file| Some(file.path()) == self.path.as_deref())
    }

    /// Returns the file that is open.
    pub(super) fn open_path(&self) -> Option<&Path> {
        self.file().map(LogFile::path)
    }

    /// Says whether a frame would show nothing of it yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Returns from when on there is more to read, which may be at once; none if there is not.
    pub(super) fn due(&self, ui: &UiState, now: Instant) -> Option<Instant> {
        if self.stale || (self.more_to_do && self.is_hurried(ui)) {
            return Some(now);
        }
        self.more_to_do.then(|| self.rests.unwrap_or(now))
    }

    /// Says whether the operator waits for lines to be counted or searched.
    fn is_hurried(&self, ui: &UiState) -> bool {
        self.looking.is_going() || ui.scroll != Scroll::Follow
    }

    /// Takes note that the file may have grown.
    pub(super) fn grown(&mut self) {
        self.stale = self.file().is_some();
    }

    /// Looks at the file, then counts its lines on, for about a millisecond.
    pub(super) fn step(&mut self, ui: &mut UiState) {
        let begun = Instant::now();
        let rested = self.rests.is_none_or(|until| until <= begun);
        // The first frame of a large file waits for nothing but its length.
        let counts = !std::mem::take(&mut self.fresh) && (rested || self.is_hurried(ui));
        self.stale = false;
        if ui.times {
            self.read_times();
        }
        self.more_to_do = false;
        if self.file().is_some()
            && let Some(file) = self.files.last_mut()
        {
            let refreshed = file.look().and_then(|_| {
                let at_once = counts || file.uncounted() <= AT_ONCE;
                if at_once { file.refresh() } else { Ok(Refreshed::MoreToDo) }
            });
            match refreshed {
                Ok(refreshed) => self.more_to_do = refreshed == Refreshed::MoreToDo,
                Err(error) => {
                    ui.hint = Some(format!("the log cannot be read: {error}"));
                    self.files.pop();
                }
            }
        }
        self.looking.grown();
        if counts {
            self.rests = Some(begun + (begun.elapsed() * SHARE).min(LONGEST_REST));
        }
    }

    /// Reads when its lines were written.
    pub(super) fn read_times(&mut self) -> Option<&LogTimes> {
        let path = self.path.as_ref()?;
        let times = self.times.get_or_insert_with(|| LogTimes::beside(path));
        if let Err(error) = times.refresh(path) {
            tracing::debug!(path = %path.display(), %error, "a log has no times");
        }
        Some(times)
    }

    /// Returns the file in sight, and what it is made readable as.
    pub(super) fn source(&self) -> Option<(PathBuf, Option<Stream>)> {
        self.file().map(|file| (file.path().to_owned(), self.reads))
    }

    /// Returns what these lines say, cut after so many bytes.
    pub(super) fn plain(
        &self,
        lines: RangeInclusive<usize>,
        limit: usize,
    ) -> std::io::Result<String> {
        self.file().map_or_else(|| Ok(String::new()), |file| file.plain(lines, self.reads, limit))
    }

    /// Returns the part that a pane of these rows and columns shows.
    pub(super) fn page(&self, ui: &UiState, (rows, width): (usize, usize)) -> Option<LogPage> {
        let top = match ui.scroll {
            Scroll::Follow => Top::End,
            Scroll::At(line) => Top::Line(line),
            Scroll::Rows { line, rows } => Top::Rows { line, rows },
        };
        let find = self.looking.finder().filter(|_| ui.search.is_some());
        let times = self.times.as_ref().filter(|_| ui.times);
        let window = Window { rows, width, fold: ui.fold, find, stream: self.reads, times };
        let mut page = self.file()?.page(top, &window).ok()?;
        if self.stream.is_some() && self.reads.is_none() {
            page.form = Form::Raw;
        }
        Some(page)
    }
}
