//! What is done at agents' terminals: passed to the keeper, or to whoever owns the workstream.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Supervisor;
use crate::core::notice::Severity;
use crate::core::{AttemptId, Phase, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::ipc::touch::Touch;
use crate::supervisor::inbox::Message;
use crate::supervisor::ownership;

/// What is passed on to another supervisor is answered within this time.
const FORWARD_LIMIT: Duration = Duration::from_secs(5);
/// So many touches at most wait for another supervisor that is slow; more are refused.
const WAITING: usize = 1024;

/// The ways to owners of what is not ours; keys stay in their order, since one task takes them.
#[derive(Debug, Default)]
pub(super) struct Forwards(HashMap<WorkstreamId, mpsc::Sender<(AttemptId, Touch)>>);

impl Supervisor {
    /// Takes what the operator of this process does at the terminal of an attempt's agent.
    pub(super) fn touch(&mut self, id: &WorkstreamId, attempt: AttemptId, touch: Touch) {
        let Some(member) = self.members.get(id) else { return };
        if member.is_ours() {
            if let Answer::Refused(why) = self.touched(id, attempt, touch) {
                self.tell(Some(id.clone()), Severity::Warning, why);
            }
            return;
        }
        let mut touched = (attempt, touch);
        if let Some(forward) = self.forwards.0.get(id) {
            match forward.try_send(touched) {
                Ok(()) => return,
                Err(mpsc::error::TrySendError::Full(_)) => {
                    let text = "what was typed is lost: its owner does not take it".to_owned();
                    self.tell(Some(id.clone()), Severity::Warning, text);
                    return;
                }
                Err(mpsc::error::TrySendError::Closed(back)) => touched = back,
            }
        }
        let (forward, waiting) = mpsc::channel(WAITING);
        // It was made just now and has room.
        let _first = forward.try_send(touched);
        tokio::spawn(pass_on(member.dir().to_owned(), id.clone(), waiting, self.sender.clone()));
        self.forwards.0.insert(id.clone(), forward);
    }

    /// Takes what is done at the terminal of an attempt's agent, if that is at work and ours.
    pub(super) fn touched(
        &mut self,
        id: &WorkstreamId,
        attempt: AttemptId,
        touch: Touch,
    ) -> Answer {
        let Some(member) = self.members.get(id).filter(|member| member.is_ours()) else {
            return Answer::Elsewhere;
        };
        // What was meant for one agent is not typed into the terminal of the next.
        match &member.state.phase {
            Phase::Running(running) if running.launch.attempt == attempt => {
                self.executor.touch(id, attempt, touch);
                Answer::Done
            }
            _other => Answer::Refused(format!("attempt {attempt} is not at work any more")),
        }
    }
}

/// Passes touches to the owner one by one, and ends when one cannot be passed.
async fn pass_on(
    dir: PathBuf,
    id: WorkstreamId,
    mut waiting: mpsc::Receiver<(AttemptId, Touch)>,
    told: mpsc::UnboundedSender<Message>,
) {
    while let Some((attempt, touch)) = waiting.recv().await {
        let ask = Ask::Touch { workstream: id.clone(), attempt, touch };
        let refused = match ownership::owner(&dir) {
            None => "what was typed is lost: nobody runs it".to_owned(),
            Some(owner) => match client::ask(&owner.socket, &ask, FORWARD_LIMIT).await {
                Ok(Answer::Done) => continue,
                Ok(Answer::Refused(why)) => why,
                Ok(Answer::Elsewhere) => "it changes hands just now; type again".to_owned(),
                Err(error) => ownership::unreachable(&owner, &error),
            },
        };
        let _ended = told.send(Message::Told(Some(id), Severity::Warning, refused));
        return;
    }
}
