//! The alert log of a project: what was told and acknowledged, so that no other process tells it again.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use super::appended::{Appended, append};
use crate::core::alert::record::{Record, What};
use crate::core::alert::{Board, Key, Weight};

/// Of a longer log only the end is read, in bytes: thousands of alerts.
const MOST: u64 = 2_000_000;

/// The alert log, as far as it was read.
#[derive(Debug)]
pub struct AlertLog {
    lines: Appended,
    /// What was told last of each alert that is not over.
    told: BTreeMap<Key, (u64, Weight)>,
}

impl AlertLog {
    /// Returns the log before anything of it was read.
    pub fn new(path: PathBuf) -> Self {
        Self { lines: Appended::new(path, MOST), told: BTreeMap::new() }
    }

    /// Returns a board that knows what the log tells.
    pub fn board(&mut self) -> Board {
        let mut board = Board::default();
        self.advance().iter().for_each(|record| board.know(record));
        board
    }

    /// Reads what was written since.
    pub fn advance(&mut self) -> Vec<Record> {
        let text = self.lines.unread();
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        // One that was torn says nothing of the others.
        let records: Vec<Record> =
            lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        for record in &records {
            match record.what {
                What::Rang => {
                    self.told.insert(record.key.clone(), (record.mark, record.weight));
                }
                What::Over => {
                    self.told.remove(&record.key);
                }
                What::Acknowledged | What::Recalled => {}
            }
        }
        records
    }

    /// Says whether somebody has told this, or worse of the same occurrence.
    pub fn was_told(&self, record: &Record) -> bool {
        let told = self.told.get(&record.key);
        told.is_some_and(|(mark, weight)| *mark == record.mark && !record.weight.exceeds(*weight))
    }

    /// Appends a record.
    pub fn append(&self, record: &Record) -> io::Result<()> {
        append(self.lines.path(), record)
    }
}
