//! How much of what the machine has this user may take.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit};

use super::check::Check;

/// A supervisor needs so many descriptors for itself, and about eight for each workstream.
const FEW_FILES: u64 = 64;
const SOME_FILES: u64 = 1024;
/// An agent and its tests may be dozens of processes and threads.
const SOME_PROCESSES: u64 = 512;
/// Each workstream and each running attempt is watched.
const SOME_WATCHES: u64 = 8192;
const SOME_INSTANCES: u64 = 64;

pub(super) fn look(checks: &mut Vec<Check>) {
    checks.push(files(getrlimit(Resource::Nofile)));
    checks.push(processes(getrlimit(Resource::Nproc)));
    checks.push(core(getrlimit(Resource::Core)));
    let number = |name: &str| {
        let path = format!("/proc/sys/fs/inotify/{name}");
        fs::read_to_string(path).ok()?.trim().parse::<u64>().ok()
    };
    let can_watch = rustix::fs::inotify::init(rustix::fs::inotify::CreateFlags::CLOEXEC);
    let watching = can_watch.map(drop).map_err(|error| error.to_string());
    checks.push(watches(watching, number("max_user_instances"), number("max_user_watches")));
}

fn shown(limit: Option<u64>) -> String {
    limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string())
}

fn files(limit: Rlimit) -> Check {
    let found = format!("{} (at most {})", shown(limit.current), shown(limit.maximum));
    match limit.current {
        Some(few) if few < FEW_FILES => {
            Check::bad("open files", found, "raise it: ulimit -n 1024 or more")
        }
        Some(few) if few < SOME_FILES => {
            let advice = "many workstreams at a time need more: ulimit -n 1024";
            Check::warn("open files", found, advice)
        }
        Some(_) | None => Check::ok("open files", found),
    }
}

fn processes(limit: Rlimit) -> Check {
    let found = format!("{} (at most {})", shown(limit.current), shown(limit.maximum));
    match limit.current {
        Some(few) if few < SOME_PROCESSES => {
            let advice = "agents and their tests may need more: ulimit -u 4096";
            Check::warn("processes", found, advice)
        }
        Some(_) | None => Check::ok("processes", found),
    }
}

fn core(limit: Rlimit) -> Check {
    match limit.current {
        Some(0) => Check::ok("core dumps", "off"),
        other => Check::warn(
            "core dumps",
            format!(
                "{} bytes: a program that crashes writes its memory to disk, keys included",
                shown(other)
            ),
            "turn them off where you start ostler: ulimit -c 0",
        ),
    }
}

fn watches(can: Result<(), String>, instances: Option<u64>, watches: Option<u64>) -> Check {
    let name = "file watches";
    let found = format!("{} watches, {} instances", shown(watches), shown(instances));
    if let Err(error) = can {
        let advice = "sysctl fs.inotify.max_user_instances=512, or end what takes them";
        return Check::bad(name, format!("files cannot be watched: {error} ({found})"), advice);
    }
    if watches.is_some_and(|it| it < SOME_WATCHES)
        || instances.is_some_and(|it| it < SOME_INSTANCES)
    {
        let advice = "sysctl fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512";
        return Check::warn(name, found, advice);
    }
    Check::ok(name, found)
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    fn limit(current: Option<u64>) -> Rlimit {
        Rlimit { current, maximum: None }
    }

    #[test]
    fn too_little_is_told_from_little() {
        let states = [Some(32), Some(256), Some(1024), None].map(|it| files(limit(it)).state);
        assert_eq!(states, [State::Bad, State::Warn, State::Ok, State::Ok]);
        let states = [Some(100), Some(4096), None].map(|it| processes(limit(it)).state);
        assert_eq!(states, [State::Warn, State::Ok, State::Ok]);
        let states = [Some(0), Some(1), None].map(|it| core(limit(it)).state);
        assert_eq!(states, [State::Ok, State::Warn, State::Warn]);
        let full = Err("Too many open files (os error 24)".to_owned());
        assert_eq!(watches(full, Some(128), Some(65_536)).state, State::Bad);
        assert_eq!(watches(Ok(()), Some(128), Some(4096)).state, State::Warn);
        assert_eq!(watches(Ok(()), Some(128), Some(65_536)).state, State::Ok);
        assert_eq!(watches(Ok(()), None, None).state, State::Ok);
    }
}
