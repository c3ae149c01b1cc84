//! The processes of one round, found by what they carry in their environment or their arguments.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use ostler::core::ProcessIdentity;
use ostler::keeper::identity;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// What a process is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// `ostler up`, with or without a screen, or a detached worker.
    Supervisor,
    /// The keeper of this run directory.
    Keeper(PathBuf),
    /// The main process of an agent.
    Agent,
    /// Anything else.
    Other,
}

/// A process of a round.
#[derive(Clone, Debug)]
pub struct Found {
    pub process: ProcessIdentity,
    pub role: Role,
    pub words: String,
}

/// Lists the living processes of a round.
pub fn processes(root: &Path) -> Vec<Found> {
    let mut entry = b"CHAOS_ROUND=".to_vec();
    entry.extend(root.as_os_str().as_bytes());
    let me = std::process::id();
    let numbers = fs::read_dir("/proc").into_iter().flatten().flatten();
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != me)
        .filter_map(|pid| {
            let process = identity::of(pid)?;
            let words = fs::read(format!("/proc/{}/cmdline", process.pid)).ok()?;
            let words: Vec<&[u8]> = words.split(|byte| *byte == 0).collect();
            let environ = fs::read(format!("/proc/{}/environ", process.pid)).ok()?;
            let carries = environ.split(|byte| *byte == 0).any(|it| it == entry)
                || words.contains(&root.as_os_str().as_bytes());
            carries.then(|| Found { process, role: role(&words), words: sentence(&words) })
        })
        .collect()
}

fn role(words: &[&[u8]]) -> Role {
    match words {
        [_, b"keep", run, ..] => {
            Role::Keeper(PathBuf::from(String::from_utf8_lossy(run).into_owned()))
        }
        [program, b"up" | b"worker" | b"attach", ..] if program.ends_with(b"ostler") => {
            Role::Supervisor
        }
        [b"sh", script, ..] if script.ends_with(b"agent.sh") => Role::Agent,
        _ => Role::Other,
    }
}

fn sentence(words: &[&[u8]]) -> String {
    let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
    words.join(" ").trim_end().to_owned()
}

/// Lists the living supervisors of a round.
pub fn supervisors(root: &Path) -> Vec<Found> {
    processes(root).into_iter().filter(|it| it.role == Role::Supervisor).collect()
}

impl Found {
    /// Sends a signal to this very process; says whether it was there.
    pub fn signal(&self, signal: Signal) -> bool {
        let Some(pid) = Pid::from_raw(self.process.pid.cast_signed()) else { return false };
        let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else { return false };
        identity::is_alive(&self.process) && pidfd_send_signal(&handle, signal).is_ok()
    }
}
