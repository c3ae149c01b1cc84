//! A screen in a terminal that somebody reads.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::place::Place;

/// A screen in a terminal.
pub struct Screen {
    pub child: Child,
    terminal: Option<File>,
    reader: Option<JoinHandle<()>>,
    is_cut: Arc<AtomicBool>,
}

impl Screen {
    /// Opens the screen, as `ostler` or with these arguments.
    pub fn open(place: &Place, arguments: &[&str]) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let size = Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size)?;
        let name = ptsname(&master, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave: OwnedFd = rustix::fs::open(name.as_c_str(), flags, Mode::empty())?;
        let mut command = Command::new("setsid");
        command.arg("-c").arg(&place.program).args(arguments);
        place.surround(&mut command);
        let child =
            command.stdin(slave.try_clone()?).stdout(slave.try_clone()?).stderr(slave).spawn()?;
        let terminal = File::from(master);
        let reader = terminal.try_clone()?;
        let is_cut = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_cut);
        let reader = std::thread::spawn(move || read(reader, &ends));
        Ok(Self { child, terminal: Some(terminal), reader: Some(reader), is_cut })
    }

    /// Closes the terminal, as a window or a connection that is gone does.
    pub fn cut(&mut self) {
        self.is_cut.store(true, Ordering::Relaxed);
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
        self.terminal = None;
    }

    pub fn is_cut(&self) -> bool {
        self.terminal.is_none()
    }

    pub fn type_in(&mut self, keys: &str) {
        if let Some(terminal) = &mut self.terminal {
            // A screen that is gone takes no keys.
            drop(terminal.write_all(keys.as_bytes()));
        }
    }
}

/// Reads what is shown, until the terminal is cut or nobody is at its other side.
fn read(mut terminal: File, is_cut: &AtomicBool) {
    const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    while !is_cut.load(Ordering::Relaxed) {
        let ready = poll(&mut [PollFd::new(&terminal, PollFlags::IN)], Some(&LOOK));
        if matches!(ready, Ok(1..)) && !terminal.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
            return;
        }
    }
}
