//! This program as a job of the shell that started it.

use std::io;

use rustix::process::{Signal, getpid, kill_process};

use crate::keeper::process::Process;

/// Stops this process, and before it those of its group that started it.
///
/// What it has started is left alone. A child that is stopped before it has become another program holds the thread
/// that waits for that, so this process would not stop as a whole, and the shell would wait for it for ever.
pub fn stop() -> io::Result<()> {
    let mine = Process::of(std::process::id());
    let above = |process: &Process| Process::of(process.parent);
    let mut next = mine.as_ref().and_then(above);
    while let (Some(process), Some(mine)) = (next, mine) {
        if process.group != mine.group {
            break;
        }
        // One that has ended meanwhile need not be stopped.
        let _ended = process.signal(Signal::STOP);
        next = above(&process);
    }
    Ok(kill_process(getpid(), Signal::STOP)?)
}
