//! The heir: the one worker of a project that looks after all that nobody owns.
//!
//! When a supervisor dies, its sentry and each of its keepers raise a worker. The first one becomes the heir; the others
//! find that it answers, and leave.

use std::io;
use std::time::Duration;

use super::neighbours::ANSWER_LIMIT;
use super::{Adopt, Options, Supervisor, Until};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::keeper::identity;
use crate::supervisor::ownership::{self, OwnerKind, Ownership};

/// An heir that is about to come or to go is looked at again after this long.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// And so many times.
const LOOKS: u32 = 300;

impl Supervisor {
    /// Becomes the heir, if this is a worker for all that nobody owns; false if another one is.
    ///
    /// An heir that does not answer holds nothing but decisions, and is ended. One that cannot be asked is coming or
    /// going; in the end two heirs are better than none, since each workstream has one owner all the same.
    pub(super) async fn inherit(&mut self) -> bool {
        let Options { kind, adopt, until, .. } = &self.options;
        if (*kind, adopt, *until) != (OwnerKind::Worker, &Adopt::All, Until::Idle) {
            return true;
        }
        let dir = self.dir.heir();
        for _ in 0..LOOKS {
            match Ownership::acquire(&dir, &self.card) {
                Ok(Some(heir)) => {
                    self.heir = Some(heir);
                    return true;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!("{}: {error}", dir.display());
                    return true;
                }
            }
            if let Some(owner) = ownership::owner(&dir) {
                match client::ask(&owner.socket, &Ask::Ping, ANSWER_LIMIT).await {
                    Ok(Answer::Done) => return false,
                    Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                        let ended = identity::end(&owner.process);
                        tracing::warn!(
                            "the heir with pid {} is mute: {ended:?}",
                            owner.process.pid
                        );
                    }
                    Ok(Answer::Elsewhere | Answer::Refused(_)) | Err(_) => {}
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        true
    }
}
