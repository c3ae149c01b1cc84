//! Giving workstreams to other processes and taking them from them. The agents never notice.

use std::io;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::neighbours::ANSWER_LIMIT;
use super::{Adopt, Ending, Supervisor};
use crate::core::notice::Severity;
use crate::core::{PhaseWord, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::keeper::identity;
use crate::supervisor::inbox::Message;
use crate::supervisor::member::Member;
use crate::supervisor::ownership::{self, OwnerCard, OwnerKind};
use crate::supervisor::worker;

/// A worker that was started takes over within this time, or it is taken back.
const GIVEN_FOR: Duration = Duration::from_secs(15);
/// An owner lets go within this time: its current step in the worktree must end first.
const RELEASE_LIMIT: Duration = Duration::from_secs(60);
/// An owner that was asked in vain is asked again after this long.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// What is told of a workstream that the operator has taken back.
pub(super) const RUN_HERE: &str = "it is run here";

/// Why a workstream is wanted that another process owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It was handed over to this process.
    HandedOver,
    /// The operator takes it back.
    Attached,
    /// It is run by a detached worker while there is an operator again.
    Detached,
}

impl Claim {
    /// Says whether this owner is asked to let go.
    pub(super) fn is_against(self, owner: &OwnerCard) -> bool {
        match self {
            Self::HandedOver | Self::Attached => true,
            Self::Detached => owner.kind == OwnerKind::Worker,
        }
    }

    /// Says whether an owner that does not answer is ended: it holds nothing but decisions, and its agents go on.
    fn ends_the_mute(self) -> bool {
        match self {
            // The one that hands over may go on some day.
            Self::HandedOver => false,
            Self::Attached | Self::Detached => true,
        }
    }
}

/// A claim that is being made; it ends with this.
#[derive(Debug)]
pub(super) struct Claiming {
    /// Why.
    pub(super) claim: Claim,
    task: JoinHandle<()>,
}

impl Drop for Claiming {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Supervisor {
    /// Starts a detached worker for these workstreams; it asks us to let go of them.
    pub(super) fn give(&mut self, ids: &[WorkstreamId]) {
        if ids.is_empty() {
            return;
        }
        let until = self.clock.now() + GIVEN_FOR;
        for id in ids {
            if let Some(member) = self.members.get_mut(id) {
                member.given_until = Some(until);
            }
        }
        if let Err(error) = self.start_worker(ids) {
            for id in ids {
                if let Some(member) = self.members.get_mut(id) {
                    member.given_until = None;
                }
            }
            self.ending = Ending::No;
            let text = format!("no worker could be started, so everything stays here: {error}");
            self.tell(None, Severity::Bad, text);
        }
    }

    fn start_worker(&self, ids: &[WorkstreamId]) -> std::io::Result<()> {
        worker::start(self.executor.program(), &self.plan().root, ids)
    }

    /// Lets go of a workstream as soon as nothing is being done in its worktree.
    pub(super) fn let_go(&mut self, id: WorkstreamId, reply: oneshot::Sender<Answer>) {
        if !self.members.get(&id).is_some_and(Member::is_ours) {
            let _gone = reply.send(Answer::Elsewhere);
            return;
        }
        let quiet = self.executor.quiet(&id);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            quiet.await;
            let _ended = sender.send(Message::Quiet(id, reply));
        });
    }

    /// Lets go of a workstream in whose worktree nothing is being done.
    pub(super) fn release(&mut self, id: &WorkstreamId, reply: oneshot::Sender<Answer>) {
        let until = self.clock.now() + GIVEN_FOR;
        // Its directory may have been made only when it was taken, and nobody is told of what happens there yet.
        self.watch_member(id);
        if let Some(member) = self.members.get_mut(id) {
            self.executor.forget(id);
            member.let_go();
            member.given_until = Some(until);
            self.watch_member(id);
            self.shown.stale(id);
        }
        if let Adopt::Only(ids) = &mut self.options.adopt {
            ids.retain(|meant| meant != id);
        }
        let _gone = reply.send(Answer::Done);
    }

    /// Asks whoever owns a workstream to let go of it, until it is ours.
    ///
    /// What was let go may be taken by a third process before we come to it; then that one is asked.
    pub(super) fn claim(&mut self, id: &WorkstreamId, claim: Claim) {
        let Some(member) = self.members.get(id) else { return };
        let (dir, sender, name) = (member.dir().to_owned(), self.sender.clone(), id.clone());
        let task = tokio::spawn(async move {
            let begun = tokio::time::Instant::now();
            while begun.elapsed() < RELEASE_LIMIT {
                match ownership::owner(&dir) {
                    None => drop(sender.send(Message::Free(name.clone()))),
                    Some(owner) if claim.is_against(&owner) => {
                        match ask_to_let_go(&owner, &name, claim).await {
                            Asked::LetGo => drop(sender.send(Message::Free(name.clone()))),
                            Asked::Not => {}
                            Asked::Mute(text) => {
                                let told =
                                    Message::Told(Some(name.clone()), Severity::Warning, text);
                                let _ended = sender.send(told);
                            }
                        }
                    }
                    Some(_) => return,
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
            let text = "its owner does not let go of it".to_owned();
            let _ended = sender.send(Message::Told(Some(name), Severity::Bad, text));
        });
        self.claims.insert(id.clone(), Claiming { claim, task });
    }

    /// Leaves: what is not at rest goes on in a detached worker.
    pub(super) fn leave(&mut self) {
        if self.ending != Ending::No {
            return;
        }
        self.ending = Ending::HandingOver(self.clock.now() + GIVEN_FOR);
        self.claims.clear();
        let ids: Vec<WorkstreamId> = self
            .members
            .values()
            .filter(|member| member.is_ours() && !is_at_rest(member.state.phase.word()))
            .map(|member| member.id.clone())
            .collect();
        self.give(&ids);
    }

    /// Says whether something of ours would go on.
    pub(super) fn has_unrested(&self) -> bool {
        self.members
            .values()
            .any(|member| member.is_ours() && !is_at_rest(member.state.phase.word()))
    }
}

/// What came of asking an owner to let go.
enum Asked {
    /// It has.
    LetGo,
    /// It has not, or does not own it any more.
    Not,
    /// It did not answer; the text says what became of it.
    Mute(String),
}

async fn ask_to_let_go(owner: &OwnerCard, id: &WorkstreamId, claim: Claim) -> Asked {
    if let Err(error) = client::ask(&owner.socket, &Ask::Ping, ANSWER_LIMIT).await
        && error.kind() == io::ErrorKind::TimedOut
    {
        let pid = owner.process.pid;
        let text = if claim.ends_the_mute() && identity::end(&owner.process).is_ok() {
            format!(
                "its owner (pid {pid}) did not answer for {} s and was ended; its agent goes on",
                ANSWER_LIMIT.as_secs()
            )
        } else {
            ownership::mute(pid)
        };
        return Asked::Mute(text);
    }
    let ask = Ask::Release { workstream: id.clone() };
    match client::ask(&owner.socket, &ask, RELEASE_LIMIT).await {
        Ok(Answer::Done) => return Asked::LetGo,
        Ok(Answer::Elsewhere) => {}
        Ok(Answer::Refused(why)) => tracing::info!("{id} is not released: {why}"),
        Err(error) => tracing::info!("{id} is not released: {error}"),
    }
    Asked::Not
}

/// Says whether nothing happens any more unless the operator says so.
pub fn is_at_rest(phase: PhaseWord) -> bool {
    phase.is_final() || phase == PhaseWord::Escalated
}
