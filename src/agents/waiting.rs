//! Whether an agent waits for the operator: its own question is the last that it wrote before it fell silent.
//!
//! A question often ends no line, and a full-screen program draws it at its place. So the end of a line, a return and a
//! jump of the cursor all begin another row here, and the last rows of what was written in one go are looked at.

use std::collections::VecDeque;

use super::pattern::Line;
use super::plain::{self, Piece};
use super::progress::Scanner;
use crate::core::verdict::Evidence;

/// So many rows at the end may hold the question of an agent that writes lines.
const LINES: usize = 3;
/// And of one that draws on the whole screen, which often draws the rows around it last.
const ROWS: usize = 40;
/// No more is kept of a row, in bytes.
const ROW: usize = 4096;

/// What was written in one go.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Its last rows, the one that is being written last.
    rows: VecDeque<Vec<u8>>,
    kind: Kind,
    /// Whether there was text since that was asked last.
    is_fresh: bool,
}

/// How an agent writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// One line after the other.
    #[default]
    Lines,
    /// All over the screen.
    Screen,
}

impl Burst {
    pub(super) fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Text(bytes) => {
                if self.rows.is_empty() {
                    self.rows.push_back(Vec::new());
                }
                self.is_fresh |= !bytes.trim_ascii().is_empty();
                let Some(row) = self.rows.back_mut() else { return };
                let room = ROW.saturating_sub(row.len());
                row.extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
            Piece::LineEnd | Piece::Return => self.next_row(),
            Piece::Control(_, b'H' | b'f' | b'd' | b'A' | b'B' | b'E' | b'F') => {
                self.kind = Kind::Screen;
                self.next_row();
            }
            Piece::Control(_, b'C' | b'G') => self.take(&Piece::Text(b" ")),
            Piece::Back | Piece::Control(..) | Piece::Command(_) => {}
        }
    }

    fn next_row(&mut self) {
        if self.rows.back().is_some_and(|row| !row.is_empty()) {
            self.rows.push_back(Vec::new());
        }
        if self.rows.len() > ROWS + 1 {
            self.rows.pop_front();
        }
    }

    /// Returns the last rows that hold something, the last one first.
    fn last(&self) -> impl Iterator<Item = String> + '_ {
        let rows = self.rows.iter().rev().map(|row| plain::clean(row));
        let count = if self.kind == Kind::Screen { ROWS } else { LINES };
        rows.filter(|row| !row.trim().is_empty()).take(count)
    }
}

/// What an agent has written since it was silent last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing that can be read.
    Nothing,
    /// Its own question to the operator is at the end of it.
    Question(Evidence),
    /// Something else.
    Else,
}

impl Scanner {
    /// Returns what was written since the agent was silent last.
    pub fn said(&self) -> Said {
        let rules = self.rules();
        let mut said = Said::Nothing;
        for row in self.burst.last() {
            let text = row.trim();
            let parsed = rules.parse(text);
            let line = parsed.as_ref().map_or(Line::Text(text), Line::Json);
            if let Some(rule) = rules.waiting.iter().find(|rule| rule.matcher.is_match(line)) {
                let line = rules.words(text);
                return Said::Question(Evidence { rule: rule.name.clone(), line, offset: None });
            }
            said = Said::Else;
        }
        said
    }

    /// Says whether there was anything to read since this was asked last; titles that change are no words.
    pub fn has_spoken(&mut self) -> bool {
        std::mem::take(&mut self.burst.is_fresh)
    }

    /// Takes note that the agent is silent: what it writes from here on is looked at by itself.
    pub fn settle(&mut self) {
        self.burst = Burst::default();
    }

    /// Says whether it is known how the agent asks for the operator.
    pub fn knows_questions(&self) -> bool {
        !self.rules().waiting.is_empty()
    }
}
