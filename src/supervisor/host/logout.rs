//! Saying beforehand that agents would end with the login.

use std::sync::Arc;

use super::Supervisor;
use crate::core::notice::Severity;
use crate::supervisor::inbox::Message;
use crate::supervisor::login::Login;
use crate::supervisor::ownership::OwnerKind;

impl Supervisor {
    /// Warns the operator if agents end with the login; that is asked meanwhile.
    pub(super) fn warn_of_logout(&self) {
        if self.options.kind == OwnerKind::Worker {
            return;
        }
        let (login, sender) = (Arc::clone(&self.login), self.sender.clone());
        tokio::task::spawn_blocking(move || {
            if let Some(text) = login.get_or_init(Login::read).warning() {
                let _ended = sender.send(Message::Told(None, Severity::Warning, text));
            }
        });
    }
}
