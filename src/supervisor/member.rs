//! A workstream as its supervisor holds it.

use std::collections::VecDeque;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::journal::{Journal, JournalError, Replay};
use super::ownership::{OwnerCard, Ownership};
use super::slots::Slot;
use crate::core::lack::Lack;
use crate::core::{AgentName, AttemptId, Definition, Event, Timestamp, Workstream, WorkstreamId};

/// A workstream as its supervisor holds it.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub id: WorkstreamId,
    /// Its state: our own, or as its owner's journal tells.
    pub state: Workstream,
    /// Who runs its policy.
    pub hold: Hold,
    /// Its slots, while it is ours and needs any: as many as agents work.
    pub slots: Vec<Slot>,
    /// Its place with an agent that has few, or its trial of one, while that attempt is the current one.
    pub passes: Vec<(AttemptId, Slot)>,
    /// What is wrong with its files.
    pub trouble: Option<String>,
    /// Whether that is its journal, which does not mend itself.
    is_damaged: bool,
    /// Until when it is left to the worker that it was handed to.
    pub given_until: Option<Timestamp>,
    /// When it is tried again to become its owner, after that has failed.
    pub try_again: Option<Timestamp>,
    dir: PathBuf,
}

/// Who runs the policy of a workstream.
#[derive(Debug)]
pub enum Hold {
    /// This process.
    Own(Box<Own>),
    /// Another process, or nobody; the journal is read along.
    Other(Box<Replay>),
}

/// What an owner has.
#[derive(Debug)]
pub struct Own {
    /// The journal.
    pub journal: Journal,
    /// Events that could not be written yet, in their order.
    pub unwritten: VecDeque<Event>,
    ownership: Ownership,
}

/// What came of trying to own a workstream.
#[derive(Debug, PartialEq, Eq)]
pub enum Adoption {
    /// It is ours now; a torn line of so many bytes was cut off its journal.
    Adopted {
        /// The bytes that were cut off.
        torn: u64,
        /// Whether it has no history yet.
        is_new: bool,
    },
    /// It was ours already.
    Ours,
    /// Another process has it.
    Taken,
}

impl Member {
    /// Returns a workstream as far as its journal tells, read along with whoever owns it.
    pub fn follow(definition: Definition, dir: &Path, now: Timestamp) -> Self {
        let mut replay = Replay::new(dir);
        let error = replay.advance().err();
        let id = definition.id.clone();
        let state = replay.state.clone().unwrap_or_else(|| Workstream::new(definition, now));
        Self {
            id,
            state,
            hold: Hold::Other(Box::new(replay)),
            slots: Vec::new(),
            passes: Vec::new(),
            is_damaged: error.as_ref().is_some_and(|error| !error.may_pass()),
            trouble: error.map(|error| error.to_string()),
            given_until: None,
            try_again: None,
            dir: dir.to_owned(),
        }
    }

    /// Gives back what its phase or its attempt needs no more.
    pub fn drop_passes(&mut self) {
        self.slots.truncate(self.state.slots());
        if !self.state.phase.word().holds_slot() {
            self.passes.clear();
        }
        let current = self.state.phase.launch().map(|launch| launch.attempt);
        self.passes.retain(|(attempt, _)| Some(*attempt) == current);
    }

    /// Returns the agents that work when it is let go, each as often as it does.
    pub fn agents_due(&self) -> Vec<AgentName> {
        self.state.phase.launch().map_or_else(Vec::new, |launch| self.state.agents_at(launch))
    }

    /// Says whether this process runs its policy.
    pub fn is_ours(&self) -> bool {
        matches!(self.hold, Hold::Own(_))
    }

    /// Says whether its journal cannot be read, so that nobody can run it.
    pub fn is_unreadable(&self) -> bool {
        !self.is_ours() && self.is_damaged
    }

    /// Says whether it cannot be run, and not for want of something that may be there again later.
    pub fn is_hopeless(&self) -> bool {
        let passes = |trouble: &String| Lack::named_in(trouble).is_some();
        self.is_unreadable() && !self.trouble.as_ref().is_some_and(passes)
    }

    /// Tries to become the owner.
    pub fn adopt(&mut self, card: &OwnerCard) -> Result<Adoption, JournalError> {
        let adopted = self.try_adopt(card);
        if let Err(error) = &adopted {
            self.is_damaged = !error.may_pass();
        }
        adopted
    }

    fn try_adopt(&mut self, card: &OwnerCard) -> Result<Adoption, JournalError> {
        if self.is_ours() {
            return Ok(Adoption::Ours);
        }
        let io = |source| JournalError::Io { path: self.dir.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).map_err(io)?;
        let Some(ownership) = Ownership::acquire(&self.dir, card).map_err(io)? else {
            return Ok(Adoption::Taken);
        };
        // Read only now: the former owner may have written until it let go.
        let mut replay = Replay::new(&self.dir);
        replay.advance()?;
        let (journal, torn) = Journal::open(&replay)?;
        let is_new = replay.state.is_none();
        if let Some(state) = replay.state {
            self.state = state;
        }
        self.hold = Hold::Own(Box::new(Own { journal, unwritten: VecDeque::new(), ownership }));
        self.trouble = None;
        self.is_damaged = false;
        self.given_until = None;
        Ok(Adoption::Adopted { torn, is_new })
    }

    /// Says whether its files are where they were, if it is ours.
    pub fn is_in_place(&self) -> bool {
        match &self.hold {
            Hold::Own(own) => own.journal.is_in_place() && own.ownership.is_in_place(&self.dir),
            Hold::Other(_) => true,
        }
    }

    /// Writes its files again, after they were removed, unless somebody else has begun it anew.
    pub fn put_back(&mut self, card: &OwnerCard) -> Result<PutBack, JournalError> {
        let Hold::Own(own) = &mut self.hold else { return Ok(PutBack::Done) };
        let io = |source| JournalError::Io { path: self.dir.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).map_err(io)?;
        if !own.ownership.is_in_place(&self.dir) {
            match Ownership::acquire(&self.dir, card).map_err(io)? {
                Some(ownership) => own.ownership = ownership,
                None => return Ok(PutBack::Taken),
            }
        }
        if !own.journal.is_in_place() {
            match own.journal.put_back() {
                Err(error) if error.is_taken() => return Ok(PutBack::Taken),
                other => other?,
            }
        }
        Ok(PutBack::Done)
    }

    /// Lets another process become the owner.
    pub fn let_go(&mut self) {
        self.slots.clear();
        self.passes.clear();
        let mut replay = Replay::new(&self.dir);
        self.note_trouble(replay.advance().err());
        self.hold = Hold::Other(Box::new(replay));
    }

    /// Takes in what its owner has written since; says whether that changed anything.
    pub fn read_along(&mut self) -> Followed {
        let Hold::Other(replay) = &mut self.hold else { return Followed::Same };
        let error = replay.advance().err();
        let changed = replay.state.as_ref().is_some_and(|state| *state != self.state);
        if changed && let Some(state) = &replay.state {
            self.state = state.clone();
        }
        let before = self.trouble.take();
        self.note_trouble(error);
        if changed || before != self.trouble { Followed::Changed } else { Followed::Same }
    }

    fn note_trouble(&mut self, error: Option<JournalError>) {
        self.is_damaged = error.as_ref().is_some_and(|error| !error.may_pass());
        self.trouble = error.map(|error| error.to_string());
    }

    /// Returns the directory of its files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// What came of writing removed files again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutBack {
    /// They are there.
    Done,
    /// Somebody else has begun it anew.
    Taken,
}

/// What came of reading along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Nothing that matters.
    Same,
    /// Something that matters.
    Changed,
}
