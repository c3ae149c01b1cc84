//! The bell and the notifications of the terminal: bytes behind a frame, once for each time that is told.

use std::collections::VecDeque;

use crate::core::alert::{Ring, Severity};
use crate::tui::clean::clean;

/// A notification is cut after so many characters.
const WORDS: usize = 200;
/// The begin and the end of what tmux passes through to the terminal that it runs in.
const PASSED: (&str, &str) = ("\x1bPtmux;", "\x1b\\");

/// From which severity on the terminal itself tells of an alert; none if it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// By its bell.
    pub bell: Option<Severity>,
    /// By a notification.
    pub osc: Option<Severity>,
    /// Asked for by these sequences.
    pub form: Form,
    /// In which terminal.
    pub terminal: Inside,
}

/// Which sequences ask for a notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Both.
    #[default]
    Both,
    /// OSC 9.
    Osc9,
    /// OSC 777.
    Osc777,
}

/// In what the screen is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inside {
    /// In a terminal.
    #[default]
    Terminal,
    /// In tmux, which keeps such sequences for itself unless it is told otherwise.
    Tmux,
    /// In GNU screen, which does so too.
    Screen,
}

/// What the terminal was told last, and what it is to be told.
#[derive(Debug, Default)]
pub(super) struct Ringing {
    last: u64,
    due: Vec<Ring>,
}

impl Ringing {
    /// Takes in what was told since; says whether the terminal is to be told something.
    pub(super) fn take(&mut self, rings: &VecDeque<Ring>, sound: Sound) -> bool {
        let wanted = |ring: &Ring| {
            let severity = ring.alert.weight.severity;
            [sound.bell, sound.osc].into_iter().flatten().any(|from| severity >= from)
        };
        let fresh = rings.iter().filter(|ring| ring.number > self.last);
        self.due.extend(fresh.filter(|ring| wanted(ring)).cloned());
        self.last = rings.back().map_or(self.last, |ring| ring.number.max(self.last));
        !self.due.is_empty()
    }

    /// Returns the bytes that tell it, once.
    pub(super) fn bytes(&mut self, project: &str, sound: Sound) -> Vec<u8> {
        let due = std::mem::take(&mut self.due);
        bytes(&due, project, sound).into_bytes()
    }
}

/// Returns the bytes that tell all of these at once: one bell, and one notification of the worst.
pub fn bytes(rings: &[Ring], project: &str, sound: Sound) -> String {
    let from = |from: Option<Severity>| {
        let wanted = rings
            .iter()
            .filter(move |ring| from.is_some_and(|from| ring.alert.weight.severity >= from));
        wanted.collect::<Vec<&Ring>>()
    };
    let mut bytes = String::new();
    if !from(sound.bell).is_empty() {
        bytes.push('\x07');
    }
    let told = from(sound.osc);
    let worst = told.iter().rev().max_by_key(|ring| ring.alert.weight.severity);
    if let Some(worst) = worst {
        let more: u32 = told.iter().map(|ring| ring.more).sum();
        let more = more.saturating_add(u32::try_from(told.len() - 1).unwrap_or(u32::MAX));
        bytes.push_str(&notification(worst, more, project, sound));
    }
    bytes
}

fn notification(ring: &Ring, more: u32, project: &str, sound: Sound) -> String {
    let more = if more > 0 { format!(" (+{more} more)") } else { String::new() };
    let title = words(&format!("ostler {project}"));
    let body = words(&format!("{}: {}", ring.alert.subject, ring.alert.text));
    let osc9 = format!("\x1b]9;{title}: {body}{more}\x1b\\");
    let osc777 = format!("\x1b]777;notify;{title};{body}{more}\x1b\\");
    let sequences = match sound.form {
        Form::Both => vec![osc9, osc777],
        Form::Osc9 => vec![osc9],
        Form::Osc777 => vec![osc777],
    };
    sequences
        .iter()
        .map(|sequence| match sound.terminal {
            Inside::Terminal => sequence.clone(),
            Inside::Tmux => {
                format!("{}{}{}", PASSED.0, sequence.replace('\x1b', "\x1b\x1b"), PASSED.1)
            }
            // It cannot pass on what ends its own string.
            Inside::Screen => format!("\x1bP{}\x07\x1b\\", sequence.trim_end_matches("\x1b\\")),
        })
        .collect()
}

/// Returns text that ends no sequence and is no part of one.
fn words(text: &str) -> String {
    let plain = clean(text);
    let shown = plain.chars().map(|c| if c == ';' { ',' } else { c });
    shown.filter(|c| !c.is_control()).take(WORDS).collect()
}
