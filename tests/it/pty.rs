//! A terminal with a program in it: what is typed goes in, what is drawn is read off a screen of cells.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use vt100::{MouseProtocolMode, Parser, Screen};

use crate::project::{LIMIT, left, wait};

/// A terminal and the program in it, which is its session's leader.
pub struct Terminal {
    child: Child,
    master: Option<Arc<OwnedFd>>,
    /// Held open so that the terminal's settings can be read after the program's end.
    slave: OwnedFd,
    before: Termios,
    shared: Arc<Shared>,
    stop: UnixStream,
    reader: Option<JoinHandle<()>>,
}

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    parser: Parser,
    bytes: Vec<u8>,
}

impl Terminal {
    /// Starts a program in a terminal of this many columns and rows.
    pub fn start(command: &Command, (columns, rows): (u16, u16)) -> Self {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, size(columns, rows)).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(ptsname(&master, Vec::new()).unwrap(), flags, Mode::empty());
        let slave = slave.unwrap();
        let before = tcgetattr(&slave).unwrap();
        let stream = || Stdio::from(slave.try_clone().unwrap());
        let mut leader = Command::new("setsid");
        leader.arg("-c").arg(command.get_program()).args(command.get_args());
        leader.current_dir(command.get_current_dir().unwrap()).env_clear();
        leader.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let child = leader.stdin(stream()).stdout(stream()).stderr(stream()).spawn().unwrap();
        let parser = Parser::new(cells(rows), cells(columns), 0);
        let seen = Mutex::new(Seen { parser, bytes: Vec::new() });
        let shared = Arc::new(Shared { seen, changed: Condvar::new() });
        let master = Arc::new(master);
        let (stop, stopped) = UnixStream::pair().unwrap();
        let (from, to) = (Arc::clone(&master), Arc::clone(&shared));
        let reader = std::thread::spawn(move || read(&from, &stopped, &to));
        let (master, reader) = (Some(master), Some(reader));
        Self { child, master, slave, before, shared, stop, reader }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Types this, in one go.
    pub fn type_in(&self, text: &str) {
        let mut bytes = text.as_bytes();
        while !bytes.is_empty() {
            let written = rustix::io::write(self.master.as_ref().unwrap(), bytes).unwrap();
            bytes = &bytes[written..];
        }
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let mut seen = self.shared.seen.lock().unwrap();
        seen.parser.screen_mut().set_size(cells(rows), cells(columns));
        tcsetwinsize(self.master.as_ref().unwrap(), size(columns, rows)).unwrap();
    }

    /// What is on the screen, a line each, without spaces at their ends.
    pub fn text(&self) -> String {
        text(self.shared.seen.lock().unwrap().parser.screen())
    }

    /// Every byte that was ever written.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.seen.lock().unwrap().bytes.clone()
    }

    /// Looks at the screen.
    pub fn look<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        look(self.shared.seen.lock().unwrap().parser.screen())
    }

    /// Waits until the screen shows what must come.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut found: impl FnMut(&str) -> Option<T>) -> T {
        let end = Instant::now() + LIMIT;
        loop {
            let (shown, is_whole) = {
                let seen = self.shared.seen.lock().unwrap();
                (text(seen.parser.screen()), is_whole(&seen.bytes))
            };
            if let Some(found) = Some(&shown).filter(|_| is_whole).and_then(|it| found(it)) {
                return found;
            }
            assert!(Instant::now() < end, "no {what} within {LIMIT:?} on\n{shown}");
            // It is looked at now and then without a change, too: some conditions are not of the screen alone.
            let seen = self.shared.seen.lock().unwrap();
            drop(self.shared.changed.wait_timeout(seen, Duration::from_millis(50)).unwrap());
        }
    }

    /// Waits until these words are on the screen, and returns the line with them.
    #[track_caller]
    pub fn shows(&self, words: &str) -> String {
        self.until(words, |text| text.lines().find(|it| it.contains(words)).map(str::to_owned))
    }

    /// Waits until these words are not on the screen.
    #[track_caller]
    pub fn hides(&self, words: &str) {
        self.until(&format!("screen without {words}"), |it| (!it.contains(words)).then_some(()));
    }

    /// Types a key and waits until these words are on the screen.
    #[track_caller]
    pub fn key(&self, key: &str, words: &str) -> String {
        self.type_in(key);
        self.shows(words)
    }

    pub fn signal(&self, signal: Signal) {
        left::signal(self.child.id(), signal);
    }

    /// Takes the terminal away, as a lost connection does.
    pub fn hang_up(&mut self) {
        let _gone = rustix::io::write(&self.stop, b"x");
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        let master = Arc::into_inner(self.master.take().unwrap()).unwrap();
        drop(master);
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn join(&mut self) -> ExitStatus {
        let child = &mut self.child;
        let status = wait(LIMIT, || child.try_wait().unwrap());
        status.unwrap_or_else(|| panic!("it does not end:\n{}", self.text()))
    }

    /// Says whether the program has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Checks that the terminal is as it was before the program.
    #[track_caller]
    pub fn assert_restored(&self) {
        let flags =
            |it: &Termios| (it.input_modes, it.output_modes, it.control_modes, it.local_modes);
        assert_eq!(flags(&tcgetattr(&self.slave).unwrap()), flags(&self.before));
        // The last bytes may still be on their way.
        let end = Instant::now() + LIMIT;
        while Instant::now() < end && !self.look(is_restored) {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.look(|screen| {
            assert!(!screen.alternate_screen(), "the other screen");
            assert!(!screen.hide_cursor(), "the cursor");
            assert!(!screen.bracketed_paste(), "bracketed paste");
            assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        });
        // What the cells do not know of: the stack of keyboard flags, and the title's.
        let bytes = self.bytes();
        let count = |of: &[u8]| memchr::memmem::find_iter(&bytes, of).count();
        assert_eq!(count(b"\x1b[>1u"), count(b"\x1b[<1u"), "keyboard flags");
        assert_eq!(count(b"\x1b[22;2t"), count(b"\x1b[23;2t"), "titles");
        assert_eq!(count(b"\x1b[?2026h"), count(b"\x1b[?2026l").min(count(b"\x1b[?2026h")));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
        let _gone = rustix::io::write(&self.stop, b"x");
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
    }
}

/// Says whether no frame is half drawn: frames come as synchronized updates.
fn is_whole(bytes: &[u8]) -> bool {
    let last = |of: &[u8]| memchr::memmem::rfind(bytes, of);
    last(b"\x1b[?2026h") <= last(b"\x1b[?2026l")
}

fn is_restored(screen: &Screen) -> bool {
    !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
}

/// Feeds what the program writes to the screen of cells, until there is nothing more or it is told to stop.
fn read(master: &OwnedFd, stop: &UnixStream, shared: &Shared) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let mut fds = [PollFd::new(master, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        let _interrupted = poll(&mut fds, None);
        if !fds[1].revents().is_empty() {
            return;
        }
        // An error means that nobody has the other side open, which the test itself has.
        let Ok(read) = rustix::io::read(master, &mut buffer) else { return };
        let mut seen = shared.seen.lock().unwrap();
        seen.bytes.extend_from_slice(&buffer[..read]);
        seen.parser.process(&buffer[..read]);
        drop(seen);
        shared.changed.notify_all();
    }
}

fn text(screen: &Screen) -> String {
    let (_, columns) = screen.size();
    let rows: Vec<String> =
        screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n")
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}
