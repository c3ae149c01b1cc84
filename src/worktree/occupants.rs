//! Who works in a directory.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// Who is about to leave has left after this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns the processes whose current directory is `dir` or below it, as far as they can be seen.
pub(super) fn occupants(dir: &Path) -> Vec<u32> {
    let Ok(dir) = dir.canonicalize() else { return Vec::new() };
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let cwd = fs::read_link(entry.path().join("cwd")).ok()?;
        cwd.starts_with(&dir).then_some(pid)
    });
    let mut pids = pids.collect::<Vec<u32>>();
    pids.sort_unstable();
    pids
}

/// Returns the processes that stay in `dir`.
///
/// A commit leaves one behind that looks for something to tidy up (`git maintenance run --detach`), and is there a moment
/// longer than the command that was waited for.
pub(super) fn staying(dir: &Path) -> Vec<u32> {
    let until = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(5);
    loop {
        let pids = occupants(dir);
        if pids.is_empty() || Instant::now() >= until {
            return pids;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}
