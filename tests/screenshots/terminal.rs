//! The program in a terminal of its own: keys go in, screens come out.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::Result;

/// The first argument of the process that becomes the program, once the terminal is its own.
pub const INSIDE: &str = "inside-a-terminal";
/// A frame is complete when nothing came for this long.
const QUIET: Duration = Duration::from_millis(120);
/// Nothing is waited for longer.
pub const LIMIT: Duration = Duration::from_secs(240);

/// A program and the terminal that it draws on.
pub struct Terminal {
    child: Child,
    keys: File,
    output: Receiver<Vec<u8>>,
    parser: vt100::Parser,
}

impl Terminal {
    /// Starts a command in a terminal with so many columns and rows.
    pub fn start(command: &Command, size: (u16, u16)) -> Result<Self> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let inside: OwnedFd = ioctl_tiocgptpeer(&master, flags)?;
        let mut leader = Command::new(std::env::current_exe()?);
        leader.arg(INSIDE).arg(command.get_program()).args(command.get_args());
        leader.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = command.get_current_dir() {
            leader.current_dir(folder);
        }
        let child = leader
            .env("TERM", "xterm-256color")
            .env("COLORTERM", "truecolor")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .env_remove("FORCE_COLOR")
            .stdin(inside.try_clone()?)
            .stdout(inside.try_clone()?)
            .stderr(inside)
            .spawn()?;
        let keys = File::from(master);
        let mut read = keys.try_clone()?;
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            // The terminal is gone when the program is, and then reading fails.
            while let Ok(length @ 1..) = read.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut terminal = Self { child, keys, output, parser: vt100::Parser::default() };
        terminal.resize(size)?;
        Ok(terminal)
    }

    /// Gives the terminal another size, which the program is told of.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) -> Result<()> {
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.keys, size)?;
        let (rows, columns) = NonZero::new(rows).zip(NonZero::new(columns)).ok_or("no room")?;
        self.parser.screen_mut().set_size(rows, columns);
        Ok(())
    }

    /// Types keys.
    pub fn press(&mut self, keys: &str) -> Result<()> {
        self.keys.write_all(keys.as_bytes())?;
        self.settle(Instant::now() + LIMIT)
    }

    /// Waits until the screen is as it is described, at most so long; says whether it came to be.
    pub fn wait(
        &mut self,
        limit: Duration,
        is_so: impl Fn(&vt100::Screen) -> bool,
    ) -> Result<bool> {
        let end = Instant::now() + limit;
        loop {
            self.settle(end)?;
            if is_so(self.parser.screen()) {
                return Ok(true);
            }
            if Instant::now() > end {
                return Ok(false);
            }
            self.drain(Duration::from_secs(1))?;
        }
    }

    /// Returns the screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Says what the screen shows, for a message.
    pub fn shown(&self) -> String {
        format!("the screen is:\n{}", self.parser.screen().contents())
    }

    /// Takes in what is drawn next, if something is within this time.
    pub fn drain(&mut self, limit: Duration) -> Result<()> {
        let bytes = self.output.recv_timeout(limit);
        self.take(bytes)
    }

    /// Types what ends the program, and waits until it has ended.
    pub fn end(mut self, keys: &str) -> Result<()> {
        self.keys.write_all(keys.as_bytes())?;
        while self.output.recv().is_ok() {}
        let status = self.child.wait()?;
        if status.code().is_none() {
            return Err(format!("the program was ended by {status}").into());
        }
        Ok(())
    }

    /// Takes in what is drawn until nothing more comes for a moment.
    fn settle(&mut self, end: Instant) -> Result<()> {
        while Instant::now() < end {
            match self.output.recv_timeout(QUIET) {
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                bytes => self.take(bytes)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: std::result::Result<Vec<u8>, RecvTimeoutError>) -> Result<()> {
        match bytes {
            Ok(bytes) => self.parser.process(&bytes),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(format!("the program ended early; {}", self.shown()).into());
            }
        }
        Ok(())
    }
}

/// Makes the terminal on standard input this process's own, and becomes the program; returns only if that fails.
pub fn become_program(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> Result<()> {
    let program = arguments.next().ok_or("there is no program to run")?;
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
    Err(Command::new(program).args(arguments).exec().into())
}
