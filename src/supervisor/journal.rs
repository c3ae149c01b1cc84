//! The events of one workstream, written before they are acted on.
//!
//! One JSON object a line, `{"seq":…,"at":…,"event":…,"crc":"…"}`; the checksum covers all that stands before it. A last
//! line that is torn is cut off and reported. Damage anywhere else makes the workstream unreadable, and nothing is
//! overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::core::{Event, Timestamp, Workstream};

/// The name of a journal in its workstream's directory.
pub const NAME: &str = "journal.jsonl";

/// The length of `,"crc":"01234567"}`.
const SEAL: usize = 18;

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
                Err(_) if after.is_empty() => return Ok(Advance::Torn),
                Err(why) => return Err(self.damaged(why)),
            }
            self.offset += end as u64 + 1;
            self.lines += 1;
            rest = after;
            moved = true;
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
        file.read_exact_at(&mut bytes, self.offset).map_err(io)?;
        Ok(bytes)
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
        Ok((Self { file, path, seq, last_at, length }, torn))
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
        let written = seal(&record).and_then(|line| {
            self.file.write_all(&line)?;
            if durability == Durability::Synced {
                self.file.sync_data()?;
            }
            Ok(line.len() as u64)
        });
        match written {
            Ok(bytes) => {
                self.seq += 1;
                self.last_at = at;
                self.length += bytes;
                Ok(at)
            }
            Err(source) => {
                drop(self.file.set_len(self.length));
                Err(JournalError::Io { path: self.path.clone(), source })
            }
        }
    }
}

fn seal(record: &Record) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record)?;
    line.pop();
    let crc = crc32fast::hash(&line);
    line.extend_from_slice(format!(",\"crc\":\"{crc:08x}\"}}\n").as_bytes());
    Ok(line)
}

fn parse(line: &[u8]) -> Result<Record, String> {
    let body = line.len().checked_sub(SEAL).ok_or("it is too short")?;
    let (body, seal) = line.split_at(body);
    let crc = format!(",\"crc\":\"{:08x}\"}}", crc32fast::hash(body));
    if seal != crc.as_bytes() {
        return Err("its checksum does not fit".to_owned());
    }
    let mut whole = body.to_vec();
    whole.push(b'}');
    serde_json::from_slice(&whole).map_err(|error| error.to_string())
}
