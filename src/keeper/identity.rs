//! Who a process is, and whether it still lives.

use std::fs;

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
