//! The events of one workstream, written before they are acted on.
//!
//! One JSON object a line, `{"seq":…,"at":…,"event":…,"crc":"…"}`; the checksum covers all that stands before it. A last
//! line that is torn (it has no end, or blocks of it never reached the disk) is cut off and reported. Any other damage makes the workstream unreadable, and nothing is
//! overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::core::{Event, Timestamp, Workstream};
use crate::keeper::sealed;

/// The name of a journal in its workstream's directory.
pub const NAME: &str = "journal.jsonl";

/// Why a journal cannot be read or written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The journal.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line that is not the last one is damaged.
    #[error(
        "{path} is damaged in line {line} ({why}); it is left as it is, and the workstream is not run"
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// It does not begin with a definition.
    #[error(
        "{path} does not begin with a definition; it is left as it is, and the workstream is not run"
    )]
    Headless {
        /// The journal.
        path: PathBuf,
    },
}

impl JournalError {
    /// Says whether the disk, or the user's share of it, is full.
    pub fn is_for_want_of_space(&self) -> bool {
        match self {
            Self::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Damaged { .. } | Self::Headless { .. } => false,
        }
    }

    /// Says whether somebody else has a journal at that place.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }

    /// Says whether it may pass by itself.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Io { .. } => true,
            Self::Damaged { .. } | Self::Headless { .. } => false,
        }
    }
}

/// One event and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// Its time.
    pub at: Timestamp,
    /// The event.
    pub event: Event,
}

/// Whether an event must survive a loss of power before it is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It must.
    Synced,
    /// The next synced one is enough: what it says can be seen again.
    Lazy,
}

/// What has been read of a journal so far, and the state that it amounts to.
#[derive(Debug)]
pub struct Replay {
    path: PathBuf,
    offset: u64,
    lines: usize,
    seq: u64,
    last_at: Timestamp,
    /// The state; none before the first event.
    pub state: Option<Workstream>,
}

impl Replay {
    /// Begins to read the journal in this directory; it need not exist.
    pub fn new(workstream_dir: &Path) -> Self {
        Self {
            path: workstream_dir.join(NAME),
            offset: 0,
            lines: 0,
            seq: 0,
            last_at: Timestamp::default(),
            state: None,
        }
    }

    /// Takes in what was appended since, up to the last whole line; says whether there was anything.
    pub fn advance(&mut self) -> Result<Advance, JournalError> {
        if self.is_cut() {
            let path = std::mem::take(&mut self.path);
            *self = Self {
                path,
                offset: 0,
                lines: 0,
                seq: 0,
                last_at: Timestamp::default(),
                state: None,
            };
        }
        let bytes = self.unread()?;
        let mut rest = bytes.as_slice();
        let mut moved = false;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            match parse(line) {
                Ok(record) if record.seq == self.seq + 1 => self.take(&record)?,
                // A line that was written twice, by an owner that could not know whether the first had landed.
                Ok(record) if record.seq <= self.seq => {}
                Ok(record) => {
                    let why = format!("event {} follows event {}", record.seq, self.seq);
                    return Err(self.damaged(why));
                }
                Err(_) if after.is_empty() && line.contains(&0) => return Ok(Advance::Torn),
                Err(why) => return Err(self.damaged(why)),
            }
            self.offset += end as u64 + 1;
            self.lines += 1;
            rest = after;
            moved = true;
        }
        if rest.split_last().is_some_and(|(_, line)| parse(line).is_ok()) {
            return Err(self.damaged("its end is not the end of a line".to_owned()));
        }
        Ok(match (rest.is_empty(), moved) {
            (false, _) => Advance::Torn,
            (true, true) => Advance::Moved,
            (true, false) => Advance::Still,
        })
    }

    fn unread(&self) -> Result<Vec<u8>, JournalError> {
        let io = |source| JournalError::Io { path: self.path.clone(), source };
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(error)),
        };
        let length = file.metadata().map_err(io)?.len();
        let mut bytes = vec![0; usize::try_from(length.saturating_sub(self.offset)).unwrap_or(0)];
        let mut read = 0;
        // An owner that could not sync its last event takes it back, so it may become shorter meanwhile.
        while read < bytes.len() {
            match file.read_at(&mut bytes[read..], self.offset + read as u64) {
                Ok(0) => bytes.truncate(read),
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io(error)),
            }
        }
        Ok(bytes)
    }

    /// Says whether what was read is no longer there: an owner took back what it could not sync.
    fn is_cut(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|meta| meta.len() < self.offset)
    }

    fn take(&mut self, record: &Record) -> Result<(), JournalError> {
        self.seq = record.seq;
        self.last_at = record.at;
        match (&mut self.state, &record.event) {
            (Some(state), event) => {
                let _effects_were_run_by_the_owner = state.step(event, record.at);
            }
            (none, Event::Defined(definition)) => {
                *none = Some(Workstream::new((**definition).clone(), record.at));
            }
            (None, _) => return Err(JournalError::Headless { path: self.path.clone() }),
        }
        Ok(())
    }

    fn damaged(&self, why: String) -> JournalError {
        JournalError::Damaged { path: self.path.clone(), line: self.lines + 1, why }
    }
}

/// What became of reading on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// Nothing new.
    Still,
    /// Something new.
    Moved,
    /// The last line is not whole: it is being written, or its writer died.
    Torn,
}

/// A journal that its owner appends to.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    seq: u64,
    last_at: Timestamp,
    length: u64,
    /// Half an event may stand behind `length`, and must be cut off before the next one is written.
    must_cut: bool,
}

impl Journal {
    /// Opens a journal for its owner at the place up to which it was read, and cuts off a torn last line.
    ///
    /// What is cut off is kept in `journal.torn`. Says how many bytes that were.
    pub fn open(replay: &Replay) -> Result<(Self, u64), JournalError> {
        let path = replay.path.clone();
        let io = |source| JournalError::Io { path: path.clone(), source };
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let torn = length.saturating_sub(replay.offset);
        if torn > 0 {
            let mut tail = vec![0; usize::try_from(torn).unwrap_or(0)];
            file.read_exact_at(&mut tail, replay.offset).map_err(io)?;
            fs::write(path.with_extension("torn"), &tail).map_err(io)?;
            file.set_len(replay.offset).map_err(io)?;
            file.sync_data().map_err(io)?;
        }
        let (seq, last_at, length) = (replay.seq, replay.last_at, replay.offset);
        Ok((Self { file, path, seq, last_at, length, must_cut: false }, torn))
    }

    /// Returns the time with which an event is recorded now: never before that of the event before it.
    pub fn time(&self, now: Timestamp) -> Timestamp {
        now.max(self.last_at)
    }

    /// Appends an event and returns the time it is recorded with: never before that of the event before it.
    ///
    /// # Errors
    ///
    /// If it could not be written, the journal is as it was before, and the event must not be acted on.
    pub fn append(
        &mut self,
        event: &Event,
        now: Timestamp,
        durability: Durability,
    ) -> Result<Timestamp, JournalError> {
        let at = self.time(now);
        let record = Record { seq: self.seq + 1, at, event: event.clone() };
        let written = self.cut().and_then(|()| seal(&record)).and_then(|line| {
            self.must_cut = true;
            self.file.write_all(&line)?;
            if durability == Durability::Synced {
                self.file.sync_data()?;
            }
            Ok(line.len() as u64)
        });
        match written {
            Ok(bytes) => {
                self.must_cut = false;
                self.seq += 1;
                self.last_at = at;
                self.length += bytes;
                Ok(at)
            }
            Err(source) => {
                // If that fails as well, it is done before the next event is written.
                drop(self.cut());
                Err(JournalError::Io { path: self.path.clone(), source })
            }
        }
    }

    /// Says whether the file is still where it was opened.
    pub fn is_in_place(&self) -> bool {
        is_in_place(&self.file, &self.path)
    }

    /// Writes all that was written again, after the file was removed.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or somebody else has begun another journal there.
    pub fn put_back(&mut self) -> Result<(), JournalError> {
        let io = |source| JournalError::Io { path: self.path.clone(), source };
        let mut bytes = vec![0; usize::try_from(self.length).unwrap_or(0)];
        self.file.read_exact_at(&mut bytes, 0).map_err(io)?;
        let dir = self.path.parent().unwrap_or(Path::new("."));
        let mut copy = tempfile::NamedTempFile::new_in(dir).map_err(io)?;
        copy.write_all(&bytes).and_then(|()| copy.as_file().sync_data()).map_err(io)?;
        copy.persist_noclobber(&self.path).map_err(|error| io(error.error))?;
        let file = OpenOptions::new().read(true).append(true).open(&self.path).map_err(io)?;
        (self.file, self.must_cut) = (file, false);
        Ok(())
    }

    fn cut(&mut self) -> io::Result<()> {
        if self.must_cut {
            self.file.set_len(self.length)?;
            self.must_cut = false;
        }
        Ok(())
    }
}

/// Says whether a path leads to an open file; where that cannot be seen, it does.
pub fn is_in_place(file: &File, path: &Path) -> bool {
    let key = |meta: fs::Metadata| (meta.dev(), meta.ino());
    match fs::symlink_metadata(path) {
        Ok(there) => file.metadata().map_or(true, |own| key(own) == key(there)),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn seal(record: &Record) -> io::Result<Vec<u8>> {
    let mut line = sealed::seal(record)?;
    line.push(b'\n');
    Ok(line)
}

fn parse(line: &[u8]) -> Result<Record, String> {
    serde_json::from_slice(&sealed::unseal(line)?).map_err(|error| error.to_string())
}
