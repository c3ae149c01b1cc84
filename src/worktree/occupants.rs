//! Who works in a directory.

use std::fs;
use std::path::Path;

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
