//! Which change is shown, and which part of it.

use std::fmt;
use std::sync::Arc;

use crate::core::AttemptId;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::diff::Patch;

/// A state of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// What the workstream started from.
    Base,
    /// What an attempt found.
    Before(AttemptId),
    /// What an attempt left.
    After(AttemptId),
    /// What is there now.
    Now,
}

/// Says it as in a list to choose from.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("what it started from"),
            Self::Before(attempt) => write!(f, "what attempt {attempt} found"),
            Self::After(attempt) => write!(f, "what attempt {attempt} left"),
            Self::Now => f.write_str("what is there now"),
        }
    }
}

impl Point {
    /// Says it in the few words of a title.
    pub fn short(self) -> String {
        match self {
            Self::Base => "base".to_owned(),
            Self::Before(attempt) => format!("before attempt {attempt}"),
            Self::After(attempt) => format!("after attempt {attempt}"),
            Self::Now => "now".to_owned(),
        }
    }

    /// Returns the states that can be compared, the oldest first; the last is what is there now.
    pub fn all(ws: &WorkstreamFacts) -> Vec<Self> {
        let made = ws.attempts.iter().filter(|attempt| attempt.started.is_some());
        let of = made.flat_map(|attempt| {
            let left = attempt.ended.map(|_| Self::After(attempt.id));
            std::iter::once(Self::Before(attempt.id)).chain(left)
        });
        std::iter::once(Self::Base).chain(of).chain([Self::Now]).collect()
    }
}

/// What is compared with what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// The worktree as it is with what the workstream started from.
    #[default]
    Whole,
    /// What an attempt left with what it found; what it has made so far, while it is at work.
    Attempt(AttemptId),
    /// The second of these with the first.
    Between(Point, Point),
}

impl Compared {
    /// Returns what stands so many places after this one: the attempts, oldest first, then all of them together.
    pub fn beside(self, ws: &WorkstreamFacts, places: isize) -> Option<Self> {
        let made = ws.attempts.iter().filter(|attempt| attempt.started.is_some());
        let all: Vec<Self> =
            made.map(|attempt| Self::Attempt(attempt.id)).chain([Self::Whole]).collect();
        let place = all.iter().position(|one| *one == self).unwrap_or(all.len() - 1);
        all.get(place.checked_add_signed(places)?).copied()
    }
}

/// What a change is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Divided {
    /// Nothing: each file is there once.
    #[default]
    Not,
    /// The commits that were made, and what is in none.
    ByCommit,
    /// The attempts.
    ByAttempt,
    /// The tasks, as far as commits name them.
    ByTask,
}

impl Divided {
    /// Returns what comes after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Not => Self::ByCommit,
            Self::ByCommit => Self::ByAttempt,
            Self::ByAttempt => Self::ByTask,
            Self::ByTask => Self::Not,
        }
    }

    /// Says it in the words of a title; empty for what is not divided.
    pub fn word(self) -> &'static str {
        match self {
            Self::Not => "",
            Self::ByCommit => "by commit",
            Self::ByAttempt => "by attempt",
            Self::ByTask => "by task",
        }
    }

    /// Says what is shown from now on.
    pub fn told(self) -> &'static str {
        match self {
            Self::Not => "all changes of a file together",
            Self::ByCommit => "what each commit made, and what is in none",
            Self::ByAttempt => "what each attempt did",
            Self::ByTask => "what was made for each task, as far as commits name it",
        }
    }
}

/// What is looked for in a change, and how much of it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffSearch {
    /// What is looked for, as typed.
    pub pattern: String,
    /// How much was found, and in what: another patch has other lines.
    pub found: Option<DiffFound>,
}

/// How much was found in a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffFound {
    /// In what.
    pub patch: Arc<Patch>,
    /// The lines that match.
    pub count: usize,
    /// Which of them was gone to, from 1.
    pub place: usize,
    /// The row of that, and where the pane was put for it.
    pub row: (usize, usize),
}

/// Which change is shown, and which part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// What is compared with what.
    pub compared: Compared,
    /// What it is divided by.
    pub divided: Divided,
    /// The row at the top, one line standing below the other.
    pub top: usize,
    /// The columns that lie beside the left edge.
    pub left: usize,
    /// What is looked for in it.
    pub search: Option<DiffSearch>,
    /// Grows when it is to be read again.
    pub asked: u32,
}
