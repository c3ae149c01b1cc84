//! A supervisor's end of a keeper's socket.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fd::AsRawFd as _;
use rustix::fs::{Mode, OFlags};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::files::SOCKET;
use super::protocol::{LINE, Message, Request, Stat};
use super::record::ExitRecord;
use super::spec::FORMAT;

/// How long a keeper may take to greet, and to take a request.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most text in one request, in bytes: escaped it is six times as long at worst.
const PIECE: usize = 8 * 1024;

/// Why a keeper cannot be spoken with.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no keeper, or it does not take clients.
    #[error("the keeper in `{}` cannot be reached: {source}", run.display())]
    Connect {
        /// The run directory.
        run: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else's process is at the socket.
    #[error("the socket in `{}` belongs to another user; it is not used", run.display())]
    Stranger {
        /// The run directory.
        run: PathBuf,
    },
    /// The keeper does not answer: it may be stopped.
    #[error("the keeper in `{}` does not answer; it may be stopped (try: kill -CONT)", run.display())]
    Mute {
        /// The run directory.
        run: PathBuf,
    },
    /// The keeper did not greet as one.
    #[error("the keeper in `{}` does not want to talk: {reason}", run.display())]
    Unwilling {
        /// The run directory.
        run: PathBuf,
        /// Why.
        reason: String,
    },
    /// The connection was lost.
    #[error("the keeper in `{}` has hung up: {source}", run.display())]
    Lost {
        /// The run directory.
        run: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a keeper reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// All is over and recorded; comes again if the record had to be corrected.
    Exited(ExitRecord),
    /// Where things are, as was asked.
    Stat(Stat),
    /// A request was not carried out.
    Refused(String),
    /// The keeper has hung up; the files tell why. Nothing comes after it.
    Closed,
}

/// The requests to one keeper; they are answered by [`Events`], so that one task can ask while another listens.
#[derive(Debug)]
pub struct Keeper {
    /// The run directory.
    run: PathBuf,
    /// The name that the keeper gave.
    name: String,
    stream: OwnedWriteHalf,
}

/// The events of one keeper.
#[derive(Debug)]
pub struct Events {
    stream: OwnedReadHalf,
    /// The start of a line.
    partial: Vec<u8>,
    /// Lines that were read and not told yet.
    messages: VecDeque<Message>,
}

/// Connects to the keeper of a run directory and waits for its greeting, for five seconds at most.
pub async fn connect(run_directory: &Path) -> Result<(Keeper, Events), ClientError> {
    let run = run_directory.to_owned();
    let stream = match tokio::time::timeout(PATIENCE, reach(run_directory)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(source)) => return Err(ClientError::Connect { run, source }),
        Err(_) => return Err(ClientError::Mute { run }),
    };
    let own = rustix::process::geteuid().as_raw();
    if !stream.peer_cred().is_ok_and(|peer| peer.uid() == own) {
        return Err(ClientError::Stranger { run });
    }
    let (read, write) = stream.into_split();
    let mut events = Events { stream: read, partial: Vec::new(), messages: VecDeque::new() };
    match tokio::time::timeout(PATIENCE, events.message()).await {
        Err(_) => Err(ClientError::Mute { run }),
        Ok(Some(Message::Hello { version, name })) if version <= FORMAT => {
            Ok((Keeper { run, name, stream: write }, events))
        }
        Ok(Some(Message::Hello { version, .. })) => {
            let reason = format!("it speaks format {version}, this program up to {FORMAT}");
            Err(ClientError::Unwilling { run, reason })
        }
        Ok(Some(Message::Refused { reason })) => Err(ClientError::Unwilling { run, reason }),
        Ok(_) => {
            let reason = "it did not greet".to_owned();
            Err(ClientError::Unwilling { run, reason })
        }
    }
}

/// Connects by a short name, since the path of a socket may not be longer than 107 bytes.
async fn reach(run_directory: &Path) -> io::Result<UnixStream> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = rustix::fs::open(run_directory, flags, Mode::empty())?;
    UnixStream::connect(format!("/proc/self/fd/{}/{SOCKET}", directory.as_raw_fd())).await
}

impl Keeper {
    /// Returns what is kept, as the keeper calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Ends the whole process tree: TERM, after the grace KILL.
    pub async fn stop(&mut self, grace: Duration) -> Result<(), ClientError> {
        self.ask(&Request::Stop { grace_ms: milliseconds(grace) }).await
    }

    /// Ends the whole process tree by KILL, now.
    pub async fn kill(&mut self) -> Result<(), ClientError> {
        self.ask(&Request::Kill).await
    }

    /// Types into the agent's terminal; without one, the keeper refuses.
    pub async fn input(&mut self, text: &str) -> Result<(), ClientError> {
        let mut rest = text;
        while !rest.is_empty() {
            let mut end = rest.len().min(PIECE);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let (piece, after) = rest.split_at(end);
            self.ask(&Request::Input { text: piece.to_owned() }).await?;
            rest = after;
        }
        Ok(())
    }

    /// Changes the size of the agent's terminal; without one, the keeper refuses.
    pub async fn resize(&mut self, columns: u16, rows: u16) -> Result<(), ClientError> {
        self.ask(&Request::Resize { columns, rows }).await
    }

    /// Moves the hard deadline to so far from now.
    pub async fn deadline(&mut self, from_now: Duration) -> Result<(), ClientError> {
        self.ask(&Request::Deadline { in_ms: milliseconds(from_now) }).await
    }

    /// Lets the keeper leave once all is over; to be said when the successor runs or the next wake-up is stored.
    pub async fn release(&mut self) -> Result<(), ClientError> {
        self.ask(&Request::Release).await
    }

    /// Asks where things are; [`Event::Stat`] answers.
    pub async fn stat(&mut self) -> Result<(), ClientError> {
        self.ask(&Request::Stat).await
    }

    /// Sends a request; a keeper that does not take it in time is mute.
    async fn ask(&mut self, request: &Request) -> Result<(), ClientError> {
        let lost = |source| ClientError::Lost { run: self.run.clone(), source };
        let mut line = serde_json::to_vec(request).map_err(|error| lost(error.into()))?;
        line.push(b'\n');
        match tokio::time::timeout(PATIENCE, self.stream.write_all(&line)).await {
            Ok(written) => written.map_err(lost),
            Err(_) => Err(ClientError::Mute { run: self.run.clone() }),
        }
    }
}

impl Events {
    /// Waits for the next event. It may be dropped while it waits: nothing is lost.
    pub async fn next_event(&mut self) -> Event {
        loop {
            match self.message().await {
                Some(Message::Exited(record)) => return Event::Exited(record),
                Some(Message::Stat(stat)) => return Event::Stat(stat),
                Some(Message::Refused { reason }) => return Event::Refused(reason),
                Some(Message::Hello { .. } | Message::Done) => {}
                None => return Event::Closed,
            }
        }
    }

    /// Waits for the next line; none at the end, or if it is no line of a keeper.
    async fn message(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Some(message);
            }
            let mut chunk = [0; 4096];
            let read = self.stream.read(&mut chunk).await.ok()?;
            self.partial.extend_from_slice(&chunk[..read]);
            while let Some(end) = memchr::memchr(b'\n', &self.partial) {
                let line: Vec<u8> = self.partial.drain(..=end).collect();
                self.messages.push_back(serde_json::from_slice(&line).ok()?);
            }
            if read == 0 && self.messages.is_empty() || self.partial.len() > LINE {
                return None;
            }
        }
    }
}

/// Counts milliseconds; what is more than can be counted is as good as never.
fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
