//! Processes as the kernel lists them, and signals that cannot hit a stranger.

use std::collections::HashSet;
use std::fs;
use std::io;

use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal, test_kill_process,
};

/// A line of the process table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// The process id.
    pub pid: u32,
    /// The parent's process id.
    pub parent: u32,
    /// The process group.
    pub group: u32,
    /// The session.
    pub session: u32,
    /// When it started, in clock ticks since boot.
    pub start: u64,
    /// The processor time it has used, in clock ticks.
    pub ticks: u64,
    /// The memory it has, in bytes.
    pub resident: u64,
    /// The letter of its state.
    state: u8,
}

impl Process {
    /// Reads the line of one process; none if there is no such process.
    pub fn of(pid: u32) -> Option<Self> {
        let text = fs::read(format!("/proc/{pid}/stat")).ok()?;
        Self::parse(pid, &text)
    }

    /// Lists all processes that can be seen.
    ///
    /// # Errors
    ///
    /// If there may be others that cannot be looked at now, for want of descriptors or memory.
    pub fn all() -> io::Result<Vec<Self>> {
        let mut all = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let text = seen(fs::read(format!("/proc/{pid}/stat")))?;
            all.extend(text.and_then(|text| Self::parse(pid, &text)));
        }
        Ok(all)
    }

    /// Lists what is alive below a process, itself not included; it fails as [`Self::all`] does.
    pub fn below(root: u32) -> io::Result<Vec<Self>> {
        let all = Self::all()?;
        let mut inside = HashSet::from([root]);
        loop {
            let before = inside.len();
            inside.extend(
                all.iter()
                    .filter(|it| inside.contains(&it.parent))
                    .map(|it| it.pid)
                    .collect::<Vec<_>>(),
            );
            if inside.len() == before {
                break;
            }
        }
        Ok(all
            .into_iter()
            .filter(|it| it.pid != root && inside.contains(&it.pid) && !it.is_dead())
            .collect())
    }

    /// Tells whether it only waits to be reaped.
    pub fn is_dead(&self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x')
    }

    /// Tells whether it is stopped, or held by a debugger.
    pub fn is_stopped(&self) -> bool {
        matches!(self.state, b'T' | b't')
    }

    /// What tells it from every other process of this boot.
    pub fn key(&self) -> (u32, u64) {
        (self.pid, self.start)
    }

    /// Sends a signal to this very process; one that took over its number is left alone.
    pub fn signal(&self, signal: Signal) -> Result<(), Errno> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw).ok_or(Errno::SRCH)?;
        let handle = match pidfd_open(pid, PidfdFlags::empty()) {
            Err(Errno::NOSYS) => None,
            opened => Some(opened?),
        };
        // The handle pins the process, so what is checked now is what will be signalled.
        if Self::of(self.pid).is_none_or(|now| now.start != self.start) {
            return Err(Errno::SRCH);
        }
        match handle {
            Some(handle) => pidfd_send_signal(&handle, signal),
            None => test_kill_process(pid).and_then(|()| kill_process(pid, signal)),
        }
    }

    /// Reads a line; the name in it may hold spaces and parentheses, so the last one counts.
    fn parse(pid: u32, text: &[u8]) -> Option<Self> {
        let after = memchr::memrchr(b')', text)? + 1;
        let text = std::str::from_utf8(&text[after..]).ok()?;
        let mut fields = text.split_ascii_whitespace();
        let state = *fields.next()?.as_bytes().first()?;
        let parent = fields.next()?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        let session = fields.next()?.parse().ok()?;
        let user: u64 = fields.nth(7)?.parse().ok()?;
        let system: u64 = fields.next()?.parse().ok()?;
        let start = fields.nth(6)?.parse().ok()?;
        let pages: u64 = fields.nth(1)?.parse().ok()?;
        let (ticks, resident) = (user + system, pages * rustix::param::page_size() as u64);
        Some(Self { pid, parent, group, session, start, ticks, resident, state })
    }
}

/// Tells what cannot be seen, since the process is gone or another user's, from what cannot be looked at now.
pub fn seen<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    const NOT_NOW: [Errno; 3] = [Errno::MFILE, Errno::NFILE, Errno::NOMEM];
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if Errno::from_io_error(&error).is_some_and(|it| NOT_NOW.contains(&it)) => {
            Err(error)
        }
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_look_like_fields() {
        let line = b"42 (a) R 1 (b) S 7 41 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 98765 0 3";
        let it = Process::parse(42, line).expect("a process");
        assert_eq!((it.parent, it.group, it.session, it.start), (7, 41, 40, 98765));
        assert_eq!((it.ticks, it.resident), (5 + 6, 3 * rustix::param::page_size() as u64));
    }

    #[test]
    fn this_process_is_alive() {
        let me = Process::of(std::process::id()).expect("this process");
        assert!(!me.is_dead() && me.start > 0);
    }
}
