//! A supervisor on a thread of its own, which no terminal can hold up.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::failure::Failure;
use super::opened::Opened;
use crate::config;
use crate::ipc::facts::Facts;
use crate::supervisor::host::{Handle, Options, Supervisor};

/// A supervisor on a thread of its own.
#[derive(Debug)]
pub struct Hosted {
    /// How it is spoken to.
    pub handle: Handle,
    thread: JoinHandle<Arc<Facts>>,
}

/// Starts a supervisor.
///
/// # Errors
///
/// If the project's state cannot be opened; then nothing runs.
pub fn start(opened: Opened, options: Options) -> Result<Hosted, Failure> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Where the machine allows no more threads, those that are there do the work.
        .thread_keep_alive(Duration::MAX)
        .thread_name("ostler-work")
        .build()
        .map_err(not_started)?;
    let spawned = std::thread::Builder::new().name("ostler-host".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let _one_is_there = tokio::task::spawn_blocking(|| ()).await;
            let Opened { project, plan, paths, .. } = opened;
            let reloads = options.reload.is_some();
            match Supervisor::open(project, plan, options) {
                Err(error) => {
                    let _gone = sender.send(Err(Failure::wrong(error)));
                    Arc::new(Facts::default())
                }
                Ok((supervisor, handle)) => {
                    let (told, now) = (handle.clone(), handle.clone());
                    let _gone = sender.send(Ok(handle));
                    let watcher =
                        reloads.then(|| config::watch(&paths, move || told.reconfigured()));
                    match &watcher {
                        Some(Err(error)) => {
                            tracing::warn!("the configuration is not watched: {error}");
                        }
                        // What was changed since it was read, before anybody watched it.
                        Some(Ok(_)) => now.reconfigured(),
                        None => {}
                    }
                    supervisor.run().await
                }
            }
        })
    });
    let thread = spawned.map_err(not_started)?;
    let handle = receiver
        .recv()
        .map_err(|_| Failure::failed("the supervisor did not start; see its log"))??;
    Ok(Hosted { handle, thread })
}

/// Says that the machine does not let a supervisor start.
pub fn not_started(error: impl fmt::Display) -> Failure {
    Failure::failed(format!("the supervisor could not be started: {error}"))
}

impl Hosted {
    /// Waits for the supervisor to end and returns what was known then.
    pub fn join(self) -> Result<Arc<Facts>, Failure> {
        self.thread.join().map_err(|_| {
            Failure::failed("the supervisor failed; agents go on, and `ostler` shows them again")
        })
    }
}
