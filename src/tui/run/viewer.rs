//! The log in the operator's pager or editor, on the terminal that the screen has left.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::ScreenError;
use super::program::{self, Use};
use super::screen::Screen;
use crate::core::Stream;
use crate::tui::input::{Bell, Rung};
use crate::tui::log::write_plain;
use crate::tui::state::Scroll;
use crate::tui::update::Viewer;

/// Programs that are told by `+7` to show the seventh line first.
const KNOW_LINES: &[&str] = &[
    "less",
    "more",
    "most",
    "vi",
    "vim",
    "nvim",
    "view",
    "nano",
    "emacs",
    "emacsclient",
    "micro",
    "kak",
    "joe",
    "ne",
];

/// What is opened.
struct Opened {
    log: PathBuf,
    stream: Option<Stream>,
    /// The line that is to be in sight, from 0.
    line: usize,
}

impl Screen<'_> {
    /// Leaves the terminal to the pager or the editor, with a copy of the log.
    pub(super) fn open_viewer(&mut self, viewer: Viewer) -> Result<(), ScreenError> {
        let Some((log, stream)) = self.log.source() else {
            self.ui.hint = Some("it has no log yet".to_owned());
            return Ok(());
        };
        let line = match self.ui.scroll {
            Scroll::Follow => usize::MAX,
            Scroll::At(_) | Scroll::Rows { .. } => self.seen.log.top.unwrap_or(0),
        };
        let opened = Opened { log, stream, line };
        let program = program::named(match viewer {
            Viewer::Pager => Use::Pager,
            Viewer::Editor => Use::Editor,
        });
        let program = program.to_string_lossy().into_owned();
        self.lend(&format!("The log is opened with {program}; leave that to come back."));
        if let Err(error) = start(opened, program, self.parts.bell.clone()) {
            self.ui.hint = Some(format!("the log cannot be opened: {error}"));
            self.come_back()?;
        }
        Ok(())
    }
}

/// Copies the log and runs the program; the bell is rung when it has ended.
fn start(opened: Opened, program: String, bell: Bell) -> io::Result<()> {
    let copy = tempfile::Builder::new().prefix("ostler-").suffix(".log").tempfile()?;
    std::thread::Builder::new().name("screen-viewer".to_owned()).spawn(move || {
        if let Err(error) = show(&opened, &program, copy.as_file(), copy.path()) {
            bell.tell(format!("{program}: {error}"));
        }
        bell.ring(Rung::SHELL);
    })?;
    Ok(())
}

fn show(opened: &Opened, program: &str, copy: &File, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(copy);
    let written = write_plain(&opened.log, opened.stream, opened.line, &mut out)?;
    let mut command = program::command(program.as_ref());
    let name = program.split_whitespace().next().unwrap_or_default();
    if KNOW_LINES.contains(&name.rsplit('/').next().unwrap_or_default()) {
        command.arg(format!("+{}", written.at + 1));
    }
    let status = command.arg(path).status()?;
    if program::is_missing(status) {
        return Err(io::Error::other("the program cannot be run"));
    }
    Ok(())
}
