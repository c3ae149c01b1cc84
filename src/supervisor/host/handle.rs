//! How a supervisor is spoken to from other threads.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::core::Timestamp;
use crate::core::notice::Severity;
use crate::ipc::facts::Facts;
use crate::supervisor::clock::{Clock, Wall};
use crate::supervisor::inbox::{Command, Message};

/// How a supervisor is spoken to from other threads.
#[derive(Clone, Debug)]
pub struct Handle {
    pub(super) inbox: mpsc::UnboundedSender<Message>,
    pub(super) facts: watch::Receiver<Arc<Facts>>,
    pub(super) clock: Clock,
}

impl Handle {
    /// Asks for something; the answer shows in the facts and notices.
    pub fn send(&self, command: Command) {
        // A supervisor that has ended answers nothing, and its facts no longer change.
        let _ended = self.inbox.send(Message::Command(command));
    }

    /// Shows a warning among the notices.
    pub fn warn(&self, text: String) {
        let _ended = self.inbox.send(Message::Told(None, Severity::Warning, text));
    }

    /// Tells that the configuration files have changed.
    pub fn reconfigured(&self) {
        let _ended = self.inbox.send(Message::Reconfigured);
    }

    /// Returns what is known now.
    pub fn facts(&self) -> Arc<Facts> {
        Arc::clone(&self.facts.borrow())
    }

    /// Returns a receiver of what is known.
    pub fn watch(&self) -> watch::Receiver<Arc<Facts>> {
        self.facts.clone()
    }

    /// Returns how far the wall clock is away from the project's.
    pub fn wall(&self) -> Wall {
        self.clock.wall()
    }

    /// Returns the time on the project's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
