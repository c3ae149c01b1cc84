//! The terminal in other hands for a while: those of a shell in a worktree, or of the shell that started the program.

use std::path::Path;
use std::sync::Arc;

use rustix::process::{getpgrp, getsid};

use super::screen::Screen;
use super::{ScreenError, shell};
use crate::core::WorkstreamId;
use crate::tui::input::{End, Reader};
use crate::tui::pace::Urgency;
use crate::tui::terminal::PATIENCE;

/// Who has the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// The screen.
    Screen,
    /// The operator's shell in a worktree, or another program of the operator's.
    Shell,
    /// The shell that started the program, since it is stopped.
    Caller,
}

impl Screen<'_> {
    /// Leaves the terminal to a shell in a worktree.
    pub(super) fn open_shell(
        &mut self,
        workstream: &WorkstreamId,
        worktree: &Path,
    ) -> Result<(), ScreenError> {
        let place = worktree.display();
        self.lend(&format!("A shell for {workstream} in {place}; leave it to come back."));
        if let Err(error) = shell::open(workstream, worktree, self.parts.bell.clone()) {
            self.ui.hint = Some(format!("no shell could be started in {place}: {error}"));
            self.come_back()?;
        }
        Ok(())
    }

    /// Leaves the terminal to another program of the operator's, and says so in a line.
    pub(super) fn lend(&mut self, words: &str) {
        // Nobody else may read what is typed there.
        self.reader = None;
        self.parts.terminal.leave();
        self.holder = Holder::Shell;
        // Whether that can be read or not, the program is there.
        drop(self.parts.tty.write_within(format!("{words}\r\n").as_bytes(), PATIENCE));
    }

    /// Gives the terminal back to the shell that started the program, and stops the program.
    pub(super) fn suspend(&mut self) -> Result<(), ScreenError> {
        // Without a shell that could continue it, a stopped program would stay so for ever.
        if getsid(None).is_ok_and(|session| session == getpgrp()) {
            self.ui.hint = Some("there is no shell to go back to".to_owned());
            self.want(Urgency::Input);
            return Ok(());
        }
        self.parts.terminal.leave();
        self.holder = Holder::Caller;
        if self.host.stop().is_err() {
            self.come_back()?;
        }
        Ok(())
    }

    /// Takes the terminal over again and draws everything anew.
    pub(super) fn come_back(&mut self) -> Result<(), ScreenError> {
        if let Err(error) = self.parts.terminal.reenter() {
            if !error.is_hangup() {
                return Err(error.into());
            }
            // It went away with the shell.
            self.parts.bell.end(End::Hangup);
            return Ok(());
        }
        if self.reader.is_none() {
            let reader = Reader::start(Arc::clone(&self.parts.tty), self.parts.bell.clone());
            self.reader = Some(reader.map_err(ScreenError::Start)?);
        }
        self.holder = Holder::Screen;
        self.canvas.forget();
        self.stale_facts = true;
        self.turn_to_log();
        self.want(Urgency::Input);
        Ok(())
    }
}
