//! Copying lines of the log to the operator's clipboard.

use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::thread;

use super::screen::Screen;
use crate::core::room::bytes;
use crate::tui::clipboard::{MOST, Program, programs, sequences};
use crate::tui::input::Bell;

/// No more is copied, in bytes.
const LIMIT: usize = 8 * 1024 * 1024;

impl Screen<'_> {
    /// Copies these lines as they are read, without colours.
    pub(super) fn copy(&mut self, lines: RangeInclusive<usize>) {
        let text = match self.log.plain(lines, LIMIT) {
            Ok(text) if text.len() > LIMIT => {
                let limit = bytes(LIMIT as u64);
                self.ui.hint =
                    Some(format!("that is more than {limit}; the whole log can be saved"));
                return;
            }
            Ok(text) => text,
            Err(error) => {
                self.ui.hint = Some(format!("the log cannot be read: {error}"));
                return;
            }
        };
        let environment = |name: &str| std::env::var(name).ok();
        let asked = sequences(&text, environment).is_some_and(|sequences| {
            self.parts.terminal.write(&sequences, self.parts.over).is_ok()
        });
        let count = match text.lines().count() {
            1 => "1 line".to_owned(),
            count => format!("{count} lines"),
        };
        let what = format!("{count}, {}", bytes(text.len() as u64));
        let programs = programs(environment);
        self.ui.hint = Some(told(&what, asked, programs.is_empty()));
        if !programs.is_empty() {
            let bell = self.parts.bell.clone();
            let filling = thread::Builder::new().name("screen-copy".to_owned());
            let filled = filling.spawn(move || fill(&programs, &text, (&what, asked), &bell));
            if let Err(error) = filled {
                self.ui.hint = Some(format!("no clipboard program can be started: {error}"));
            }
        }
    }
}

/// Says what is known at once: whether a terminal has done what it was asked to, nobody can tell.
fn told(what: &str, asked: bool, is_all: bool) -> String {
    match (asked, is_all) {
        (true, _) => format!("copied {what}: the terminal was asked to (OSC 52)"),
        (false, false) => format!("copying {what} …"),
        (false, true) => format!(
            "not copied: {what} are more than a terminal takes ({}) or it takes none, and no clipboard program is \
             of use here; the log can be saved",
            bytes(MOST as u64)
        ),
    }
}

/// Tries one program after the other, and tells how that went.
fn fill(programs: &[Program], text: &str, (what, asked): (&str, bool), bell: &Bell) {
    let mut failed = Vec::new();
    for program in programs {
        match program.fill(text) {
            Ok(()) => {
                bell.tell(format!("copied {what}, with {}", program.name));
                return;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => failed.push(format!("{}: {error}", program.name)),
        }
    }
    let failed = if failed.is_empty() {
        "no clipboard program is found".to_owned()
    } else {
        failed.join(", ")
    };
    match (asked, failed) {
        // That the terminal was asked is told already.
        (true, _) => {}
        (false, failed) => bell.tell(format!("not copied: {failed}; the log can be saved")),
    }
}
