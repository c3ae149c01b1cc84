//! One channel into the screen's loop: input as it comes, everything else as a flag that is raised at most once.

use std::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::event::Event;

use super::End;

/// The reader reads no further while so many batches of input wait.
const MOST_WAITING: usize = 64;

/// What comes through the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// What was read at once.
    Input(Vec<Event>),
    /// The bell was rung; [`Bell::answer`] says for what.
    Rung,
}

/// What the bell was rung for; each may stand for any number of times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rung(u32);

impl Rung {
    /// There are new facts.
    pub const FACTS: Self = Self(1);
    /// The log that is shown has grown.
    pub const LOG: Self = Self(2);
    /// The terminal has another size.
    pub const RESIZED: Self = Self(4);
    /// The operator's shell, or another program that had the terminal, has ended.
    pub const SHELL: Self = Self(8);
    /// The program was stopped and goes on.
    pub const CONTINUED: Self = Self(16);
    /// The program is asked to stop until it is continued.
    pub const SUSPEND: Self = Self(32);
    /// The screen must end.
    pub const END: Self = Self(64);
    /// Something is to be told to the operator.
    pub const TOLD: Self = Self(128);
    /// A change was read.
    pub const CHANGE: Self = Self(256);
    /// A search in the log has come on.
    pub const FOUND: Self = Self(512);
    /// A search in all logs has come on.
    pub const FOUND_ANYWHERE: Self = Self(1024);
    /// What a new workstream can have was looked for.
    pub const SURVEYED: Self = Self(1 << 16);
    /// A new workstream was made, or could not be.
    pub const MADE: Self = Self(1 << 17);

    /// Says whether it was rung for this.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[derive(Debug)]
struct Shared {
    sender: Sender<Message>,
    flags: AtomicU32,
    waiting: AtomicUsize,
    end: AtomicI32,
    told: Mutex<Option<String>>,
}

/// Wakes the screen's loop, from any thread.
#[derive(Clone, Debug)]
pub struct Bell(Arc<Shared>);

impl Bell {
    /// Returns a bell for the loop at the other end of this channel.
    pub fn new(sender: Sender<Message>) -> Self {
        Self(Arc::new(Shared {
            sender,
            flags: AtomicU32::new(0),
            waiting: AtomicUsize::new(0),
            end: AtomicI32::new(-1),
            told: Mutex::new(None),
        }))
    }

    /// Wakes the loop, unless it was woken for this already.
    pub fn ring(&self, what: Rung) {
        if self.0.flags.fetch_or(what.0, Ordering::AcqRel) & what.0 != what.0 {
            // A loop that has ended needs no bell.
            drop(self.0.sender.send(Message::Rung));
        }
    }

    /// Returns what it was rung for since the last answer.
    pub fn answer(&self) -> Rung {
        Rung(self.0.flags.swap(0, Ordering::AcqRel))
    }

    /// Says that the screen must end; the first reason stays.
    pub fn end(&self, end: End) {
        let number = match end {
            End::Hangup => 0,
            End::Signal(number) => number,
        };
        // A reason that is there already stays.
        let _ = self.0.end.compare_exchange(-1, number, Ordering::AcqRel, Ordering::Acquire);
        self.ring(Rung::END);
    }

    /// Returns why the screen must end, if it must.
    pub fn ended(&self) -> Option<End> {
        match self.0.end.load(Ordering::Acquire) {
            ..0 => None,
            0 => Some(End::Hangup),
            number => Some(End::Signal(number)),
        }
    }

    /// Leaves a sentence for the operator; a later one takes its place.
    pub fn tell(&self, sentence: String) {
        *self.0.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(sentence);
        self.ring(Rung::TOLD);
    }

    /// Takes the sentence that was left.
    pub fn told(&self) -> Option<String> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Passes input on; says whether anybody is there to take it.
    pub(super) fn pass(&self, events: Vec<Event>) -> bool {
        self.0.waiting.fetch_add(1, Ordering::AcqRel);
        self.0.sender.send(Message::Input(events)).is_ok()
    }

    /// Takes note that one batch of input was taken.
    pub fn took(&self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }

    /// Says whether more input waits than is reasonable.
    pub(super) fn is_full(&self) -> bool {
        self.0.waiting.load(Ordering::Acquire) >= MOST_WAITING
    }
}
