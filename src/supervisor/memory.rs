//! Whether the kernel had to end processes for want of memory.

use std::fs;

/// Returns how many processes it has ended since the machine was started; 0 where it does not count.
pub fn kills() -> u64 {
    counted(&fs::read_to_string("/proc/vmstat").unwrap_or_default())
}

/// Returns the bytes that programs can still have without anything being swapped out; none where the kernel does not say.
pub fn available() -> Option<u64> {
    meminfo("MemAvailable:")
}

/// Returns the bytes that the machine has; none where the kernel does not say.
pub fn total() -> Option<u64> {
    meminfo("MemTotal:")
}

fn meminfo(name: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Says in words that it ended some in between; none if it did not.
pub fn words(before: u64, now: u64) -> Option<String> {
    match now.saturating_sub(before) {
        0 => None,
        1 => Some("the kernel ended a process for want of memory".to_owned()),
        count => Some(format!("the kernel ended {count} processes for want of memory")),
    }
}

fn counted(vmstat: &str) -> u64 {
    let count = vmstat.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok());
    count.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_counts_is_read() {
        assert_eq!(counted("pgfault 12\noom_kill 3\ndrop_pagecache 0\n"), 3);
        assert_eq!((counted("pgfault 12\n"), counted("")), (0, 0));
        assert_eq!(words(3, 3), None);
        assert_eq!(words(3, 4).as_deref(), Some("the kernel ended a process for want of memory"));
        assert!(words(3, 6).is_some_and(|words| words.contains("3 processes")));
    }
}
