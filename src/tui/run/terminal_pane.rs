//! The live terminal of an agent: its output is followed in the log and emulated, its answers and its size go to the agent.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crossterm::event::MouseEvent;

use crate::ipc::touch::Touch;
use crate::tui::emulator::paint::Picture;
use crate::tui::emulator::{Broken, Emulator, keys, mouse, paste, start};
use crate::tui::update::Gesture;

/// So much of the end of a long output is emulated anew.
const REPLAY: u64 = 1024 * 1024;
/// The modes that an agent asked for at its start are looked for in so much of its output.
const HEAD: usize = 64 * 1024;
/// So much is emulated at once, since a key may be waiting.
const STEP: usize = 64 * 1024;
/// An emulator that has taken so much is made anew, so that nothing an agent writes can fill the memory for good.
const FULL: u64 = 64 * 1024 * 1024;
/// What an agent's terminal measures before anybody looks at it; its keeper says the same.
const UNSEEN: (u16, u16) = (120, 40);

/// The live terminal of an agent.
#[derive(Debug)]
pub(super) struct TerminalPane {
    path: PathBuf,
    file: File,
    emulator: Emulator,
    /// Up to here the output has been emulated.
    offset: u64,
    /// What comes before this was there already, and whatever it asked is not answered any more.
    answered_from: u64,
    taken: u64,
    /// What the terminal measures, and what it should.
    size: (u16, u16),
    wanted: (u16, u16),
    stale: bool,
    picture: Picture,
    /// What is to be done at the agent's terminal.
    touches: Vec<Touch>,
}

impl TerminalPane {
    /// Opens the terminal whose output is in this file, and that has had this size.
    pub(super) fn open(path: &Path, known: Option<(u16, u16)>) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = known.unwrap_or(UNSEEN);
        let mut pane = Self {
            path: path.to_owned(),
            file,
            emulator: Emulator::new(size),
            offset: 0,
            answered_from: 0,
            taken: 0,
            size,
            wanted: size,
            stale: true,
            picture: Picture::default(),
            touches: Vec::new(),
        };
        pane.replay()?;
        Ok(pane)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn picture(&self) -> &Picture {
        &self.picture
    }

    pub(super) fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Takes what is to be done at the agent's terminal.
    pub(super) fn touches(&mut self) -> Vec<Touch> {
        std::mem::take(&mut self.touches)
    }

    /// Takes note that the output may have grown.
    pub(super) fn grown(&mut self) {
        self.stale = true;
    }

    /// Wants the terminal to have this size; it gets it when what is there has been emulated in the size that it had.
    pub(super) fn fit(&mut self, size: (u16, u16)) {
        if self.wanted != size {
            self.wanted = size;
            self.stale = true;
        }
    }

    /// Returns when there is something to do; none if that is when the output grows.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        if self.stale { Some(now) } else { self.emulator.held_until() }
    }

    /// Emulates on for about a millisecond. The error is a sentence for the operator.
    pub(super) fn step(&mut self, now: Instant) -> Result<(), String> {
        let emulated = match self.read() {
            Ok(bytes) => self.emulate(&bytes, now),
            Err(error) => return Err(format!("the agent's output cannot be read: {error}")),
        };
        emulated.map_err(|broken| {
            self.begin_anew();
            format!("{broken}; it goes on with what the agent draws now")
        })
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let length = self.file.metadata()?.len();
        if length < self.offset || length > self.offset + 2 * REPLAY || self.taken > FULL {
            self.emulator = Emulator::new(self.size);
            self.replay()?;
        }
        let left = usize::try_from(length.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        self.stale = left > STEP;
        let mut bytes = vec![0; left.min(STEP)];
        self.file.read_exact_at(&mut bytes, self.offset)?;
        Ok(bytes)
    }

    fn emulate(&mut self, bytes: &[u8], now: Instant) -> Result<(), Broken> {
        self.emulator.feed(bytes)?;
        self.offset += bytes.len() as u64;
        self.taken += bytes.len() as u64;
        if self.emulator.held_until().is_some_and(|until| until <= now) {
            self.emulator.release()?;
        }
        let replies = self.emulator.replies();
        if !replies.is_empty() && self.offset > self.answered_from {
            self.touches.push(Touch::Type(replies));
        }
        if !self.stale && self.size != self.wanted {
            self.size = self.wanted;
            self.emulator.resize(self.size)?;
            self.resize_agent(self.size);
        }
        self.picture = self.emulator.picture()?;
        Ok(())
    }

    /// Goes to where the emulation of the output's end begins.
    fn replay(&mut self) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        (self.offset, self.taken, self.answered_from) = (0, 0, length);
        if length <= REPLAY {
            return Ok(());
        }
        let mut head = vec![0; HEAD];
        self.file.read_exact_at(&mut head, 0)?;
        let mut tail = vec![0; usize::try_from(REPLAY).unwrap_or_default()];
        self.offset = length - REPLAY;
        self.file.read_exact_at(&mut tail, self.offset)?;
        self.offset += start::sane(&tail) as u64;
        // An emulator that fails at this fails at what follows, too, and is made anew there.
        let _broken = self.emulator.feed(&start::modes(&head));
        let _past = self.emulator.replies();
        Ok(())
    }

    /// Throws away an emulator that has failed, with all that it failed at, and has the agent draw everything again.
    fn begin_anew(&mut self) {
        self.emulator = Emulator::new(self.size);
        self.offset = self.file.metadata().map_or(self.offset, |meta| meta.len());
        (self.taken, self.answered_from) = (0, self.offset);
        self.picture = Picture::default();
        // Only a change of size tells it to.
        let (columns, rows) = self.size;
        self.resize_agent((columns, rows.saturating_add(1)));
        self.resize_agent(self.size);
    }

    fn resize_agent(&mut self, (columns, rows): (u16, u16)) {
        self.touches.push(Touch::Resize { columns, rows });
    }

    /// Sends what the operator did, in the form that the agent wants.
    pub(super) fn take(&mut self, gesture: &Gesture) {
        let modes = self.emulator.modes();
        let sent = match gesture {
            Gesture::Key(event) => keys::encode(event, modes),
            Gesture::Paste(text) => Some(paste::encode(text, modes)),
            Gesture::Mouse(event) => self.mouse(*event),
        };
        let Some(sent) = sent else { return };
        match self.touches.last_mut() {
            Some(Touch::Type(text)) => text.push_str(&sent),
            _other => self.touches.push(Touch::Type(sent)),
        }
    }

    fn mouse(&self, event: MouseEvent) -> Option<String> {
        let inside = event.column < self.size.0 && event.row < self.size.1;
        inside.then(|| mouse::encode(&event, self.emulator.modes())).flatten()
    }
}
