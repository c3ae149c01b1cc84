//! Who a process is, and whether it still lives.

use std::fs;
use std::io;

use rustix::io::Errno;
use rustix::process::Signal;

use super::process::Process;
use crate::core::ProcessIdentity;

/// Returns the identity of a process; none if it does not exist or is dead already.
pub fn of(pid: u32) -> Option<ProcessIdentity> {
    let process = Process::of(pid).filter(|it| !it.is_dead())?;
    Some(ProcessIdentity { pid, start: process.start, boot: boot() })
}

/// Tells whether that very process is alive: another boot, another start time or a zombie is not.
pub fn is_alive(identity: &ProcessIdentity) -> bool {
    of(identity.pid).as_ref() == Some(identity)
}

/// Tells whether that very process is stopped, as by Ctrl-Z or a debugger.
pub fn is_stopped(identity: &ProcessIdentity) -> bool {
    this(identity).is_some_and(|it| it.is_stopped())
}

/// Ends that very process by KILL; one that took over its number is left alone.
///
/// # Errors
///
/// If it is gone already, or belongs to somebody else.
pub fn end(identity: &ProcessIdentity) -> io::Result<()> {
    let process = this(identity).ok_or(Errno::SRCH)?;
    process.signal(Signal::KILL).map_err(io::Error::from)
}

fn this(identity: &ProcessIdentity) -> Option<Process> {
    let process = Process::of(identity.pid).filter(|it| !it.is_dead())?;
    (process.start == identity.start && identity.boot == boot()).then_some(process)
}

/// Names the current boot; `unknown` where the kernel does not tell.
pub fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_start_or_boot_is_another_process() {
        let me = of(std::process::id()).expect("this process");
        assert!(is_alive(&me));
        assert!(!is_alive(&ProcessIdentity { start: me.start + 1, ..me.clone() }));
        assert!(!is_alive(&ProcessIdentity { boot: "another".to_owned(), ..me }));
    }
}
