//! Panics while the screen is up.
//!
//! A hook that always restored the terminal would leave a screen that goes on drawing over the shell, since a panic of a
//! background task ends only that task. So only a panic of the screen's own thread gives the terminal back.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Arc;
use std::thread::ThreadId;

use super::Restore;

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

thread_local! {
    /// Whether a panic of this thread is caught where it happens.
    static CONTAINED: Cell<Option<()>> = const { Cell::new(None) };
}

/// Does something that may panic; none if it did. The terminal stays as it is, and only the log hears of it.
///
/// What was worked on may be half done then, and must be thrown away.
pub fn contain<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CONTAINED.replace(Some(()));
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    done.ok()
}

/// A panic hook that fits the screen, as long as this is alive.
pub struct PanicHook {
    previous: Arc<Hook>,
}

impl PanicHook {
    /// Installs it; call this on the screen's thread. `tell` is given the words of panics of other threads.
    pub fn install(restore: Arc<Restore>, tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        let screen: ThreadId = std::thread::current().id();
        let previous: Arc<Hook> = Arc::from(take_hook());
        let then = Arc::clone(&previous);
        set_hook(Box::new(move |info| {
            if CONTAINED.get().is_some() {
                tracing::error!(panic = %info, "a panic was caught");
                return;
            }
            if std::thread::current().id() == screen {
                restore.restore();
            }
            if restore.is_taken() {
                tracing::error!(panic = %info, "a background thread panicked");
                tell(words(info));
            } else {
                then(info);
            }
        }));
        Self { previous }
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        // The hook cannot be changed by a thread that is panicking.
        if !std::thread::panicking() {
            let previous = Arc::clone(&self.previous);
            set_hook(Box::new(move |info| previous(info)));
        }
    }
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let what = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line()));
    let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
    format!("thread {thread} panicked{}: {what}", place.unwrap_or_default())
}
