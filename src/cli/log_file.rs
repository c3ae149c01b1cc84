//! ostler's own log: a file a day, kept for a fortnight, and never the terminal.

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

use crate::supervisor::state_dir::StateDir;

/// Files that are kept, one a day.
const DAYS: usize = 14;
/// Lines that may wait for a slow disk; more are dropped. The place for them is taken at once, 32 bytes a line.
const WAITING: usize = 4096;

/// Begins to log; what is logged is written for as long as the guard lives.
///
/// `OSTLER_LOG` chooses what is logged, in the form `debug` or `ostler::supervisor=debug`. A log that cannot be written
/// is no reason not to work, so there is none then.
pub fn begin(dir: &StateDir) -> Option<WorkerGuard> {
    let appender = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("ostler")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(dir.log())
        .ok()?;
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(WAITING).finish(appender);
    let filter =
        EnvFilter::try_from_env("OSTLER_LOG").unwrap_or_else(|_| EnvFilter::new("ostler=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false)
        .with_target(false)
        .try_init()
        .ok()?;
    tracing::info!(pid = std::process::id(), version = env!("CARGO_PKG_VERSION"), "started");
    Some(guard)
}
