//! What to do with an agent whose keeper is gone.
//!
//! Without its keeper it is nobody's child that we know, so its processes are found by what they cannot lose by
//! accident: the agent's session and group, the run directory in their environment, and the agent's lock.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::files::{AGENT_LOCK, RUN_VARIABLE, WORKTREE_VARIABLE};
use super::identity;
use super::process::{Process, seen};
use super::record::Status;
use crate::core::ProcessIdentity;
use crate::core::verdict::Tree;

/// A process that lives so long after the first KILL is not going to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time between two looks.
const PACE: Duration = Duration::from_millis(20);

/// Ends what an agent without a keeper has left: TERM, after the grace KILL, until nothing is left. It blocks.
///
/// Every process is checked to belong to that agent, and signalled through a handle that cannot hit another one. It
/// returns how many were ended, and how many survived KILL for ten seconds. Nothing is done while the keeper lives: one
/// that is being killed frees its lock a moment before it is gone, and one that stays counts as what is left. While this
/// process cannot look, something counts as left.
pub fn end(run_directory: &Path, status: &Status, grace: Duration) -> Tree {
    let dying = Instant::now();
    while identity::is_alive(&status.keeper) {
        if dying.elapsed() > PATIENCE {
            return Tree { ended: 0, left: 1 };
        }
        std::thread::sleep(PACE);
    }
    let run_directory = fs::canonicalize(run_directory).unwrap_or(run_directory.to_owned());
    let living = || remains(&run_directory, status.agent.as_ref());
    let mut known: BTreeSet<(u32, u64)> = BTreeSet::new();
    let asked = Instant::now();
    for it in living().unwrap_or_default() {
        known.insert(it.key());
        let _ = it.signal(Signal::TERM);
        let _ = it.signal(Signal::CONT);
    }
    while asked.elapsed() < grace && !living().is_ok_and(|left| left.is_empty()) {
        std::thread::sleep(PACE);
    }
    let killing = Instant::now();
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    loop {
        let looked = living();
        if looked.is_err() && killing.elapsed() > PATIENCE {
            return Tree { ended: 0, left: count(known.len()).max(1) };
        }
        let Ok(left) = looked else {
            std::thread::sleep(PACE);
            continue;
        };
        known.extend(left.iter().map(Process::key));
        if left.is_empty() || killing.elapsed() > PATIENCE {
            return Tree { ended: count(known.len() - left.len()), left: count(left.len()) };
        }
        for signal in [Signal::STOP, Signal::KILL] {
            for it in &left {
                let _ = it.signal(signal);
            }
        }
        std::thread::sleep(PACE);
    }
}

/// Lists the living processes of an agent whose keeper is gone.
fn remains(run_directory: &Path, agent: Option<&ProcessIdentity>) -> io::Result<Vec<Process>> {
    let all = Process::all()?;
    let mut ours: HashSet<u32> =
        carrying(&all, run_directory)?.into_iter().map(|it| it.pid).collect();
    if let Some(agent) = agent.filter(|it| it.boot == identity::boot()) {
        // A number that is a session's or a group's is not used again while it has a member. So if the agent is there,
        // or one member carries the run directory, all members are the agent's; else it may be a stranger's by now.
        let leads = all.iter().any(|it| it.key() == (agent.pid, agent.start));
        let member = |it: &&Process| it.session == agent.pid || it.group == agent.pid;
        if leads || all.iter().filter(member).any(|it| ours.contains(&it.pid)) {
            ours.extend(all.iter().filter(member).map(|it| it.pid));
        }
    }
    loop {
        let children: Vec<u32> = all
            .iter()
            .filter(|it| ours.contains(&it.parent) && !ours.contains(&it.pid))
            .map(|it| it.pid)
            .collect();
        if children.is_empty() {
            break;
        }
        ours.extend(children);
    }
    ours.remove(&std::process::id());
    Ok(all.into_iter().filter(|it| ours.contains(&it.pid) && !it.is_dead()).collect())
}

/// Lists the living processes that carry a run directory in their environment.
///
/// # Errors
///
/// If there may be some that cannot be looked at now.
pub fn carriers(run_directory: &Path) -> io::Result<Vec<Process>> {
    let mut carriers = carrying(&Process::all()?, run_directory)?;
    carriers.retain(|it| !it.is_dead());
    Ok(carriers)
}

/// Lists the processes of all attempts that were started for this worktree: whoever forgot about them, they may write.
///
/// # Errors
///
/// If there may be some that cannot be looked at now.
pub fn at_work_in(worktree: &Path) -> io::Result<Vec<u32>> {
    let mut wanted = format!("{WORKTREE_VARIABLE}=").into_bytes();
    wanted.extend(worktree.as_os_str().as_bytes());
    // An operator's shell in the worktree has the one variable, but not the other.
    let kept = format!("{RUN_VARIABLE}=").into_bytes();
    let mut found = Vec::new();
    for it in Process::all()?.iter().filter(|it| !it.is_dead()) {
        let environ = seen(fs::read(format!("/proc/{}/environ", it.pid)))?.unwrap_or_default();
        let has = |test: &dyn Fn(&[u8]) -> bool| environ.split(|byte| *byte == 0).any(test);
        if has(&|entry| entry == wanted) && has(&|entry| entry.starts_with(&kept)) {
            found.push(it.pid);
        }
    }
    Ok(found)
}

/// Picks those that carry a run directory: in their environment, or as the agent's lock, which all inherit that close
/// nothing. Of other users' processes neither can be read.
fn carrying(all: &[Process], run_directory: &Path) -> io::Result<Vec<Process>> {
    let mut entry = format!("{RUN_VARIABLE}=").into_bytes();
    entry.extend(run_directory.as_os_str().as_bytes());
    let (me, lock) = (std::process::id(), run_directory.join(AGENT_LOCK));
    let mut carrying = Vec::new();
    for it in all.iter().filter(|it| it.pid != me) {
        let environ = seen(fs::read(format!("/proc/{}/environ", it.pid)))?.unwrap_or_default();
        if environ.split(|byte| *byte == 0).any(|it| it == entry) || inherits(it.pid, &lock)? {
            carrying.push(*it);
        }
    }
    Ok(carrying)
}

/// Tells whether a process has the agent's lock open as the agent has, for writing; who only looks, opens it to read.
fn inherits(pid: u32, lock: &Path) -> io::Result<bool> {
    const ACCESS: u32 = 0o3;
    const WRITING: u32 = 0o1;
    let descriptors = seen(fs::read_dir(format!("/proc/{pid}/fd")))?;
    Ok(descriptors.into_iter().flatten().flatten().any(|descriptor| {
        let number = descriptor.file_name();
        let mode = || {
            let info =
                fs::read_to_string(format!("/proc/{pid}/fdinfo/{}", number.to_str()?)).ok()?;
            let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
            u32::from_str_radix(flags.trim(), 8).ok()
        };
        fs::read_link(descriptor.path()).is_ok_and(|target| target == lock)
            && mode().is_some_and(|flags| flags & ACCESS == WRITING)
    }))
}
