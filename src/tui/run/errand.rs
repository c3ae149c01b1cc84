//! Work that may take long, done on a thread of its own; the bell says when its answer is there.

use std::sync::{Arc, Mutex, PoisonError};

use crate::tui::input::{Bell, Rung};

/// Where the answer of such work is left.
#[derive(Debug)]
pub(super) struct Errand<T>(Arc<Mutex<Option<T>>>);

impl<T> Default for Errand<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Send + 'static> Errand<T> {
    /// Begins the work; the bell is rung for `what` when its answer can be taken.
    pub(super) fn run(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        (bell, what): (Bell, Rung),
    ) -> std::io::Result<()> {
        let answer = Arc::clone(&self.0);
        std::thread::Builder::new().name("screen-errand".to_owned()).spawn(move || {
            let done = work();
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            bell.ring(what);
        })?;
        Ok(())
    }

    /// Takes the answer, if it is there.
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
