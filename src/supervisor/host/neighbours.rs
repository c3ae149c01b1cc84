//! The owners of what is not ours: whether they answer, and what becomes of their work when they are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::handover::is_at_rest;
use super::{Adopt, Supervisor};
use crate::config::plan::OnSupervisorLoss;
use crate::core::notice::Severity;
use crate::core::{Timestamp, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::Ask;
use crate::keeper::identity;
use crate::supervisor::inbox::Message;
use crate::supervisor::member::Member;
use crate::supervisor::ownership::{self, OwnerKind};

/// The time between two questions.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// Who does not answer within this time is stopped, or hangs.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// What is known of other owners.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    next: Option<Timestamp>,
    mute: BTreeSet<u32>,
}

impl Neighbours {
    /// Returns when they are asked again.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// Says in words that an owner does not answer, if it does not.
    pub(super) fn mute(&self, pid: u32) -> Option<String> {
        self.mute.contains(&pid).then(|| ownership::mute(pid))
    }
}

impl Supervisor {
    /// Asks the owners of what is not ours and not at rest whether they are there, if it is time.
    pub(super) fn ask_neighbours(&mut self, now: Timestamp) {
        if self.neighbours.next.is_some_and(|at| now < at) {
            return;
        }
        let others = self.members.values().filter(|member| is_unrested_elsewhere(member));
        let owners: BTreeMap<u32, PathBuf> = others
            .filter_map(|member| ownership::owner(member.dir()))
            .filter(|owner| owner.process.pid != 0)
            .map(|owner| (owner.process.pid, owner.socket))
            .collect();
        self.neighbours.mute.retain(|pid| owners.contains_key(pid));
        self.neighbours.next = (!owners.is_empty()).then(|| now + ASK_EVERY);
        for (pid, socket) in owners {
            let sender = self.sender.clone();
            tokio::spawn(async move {
                let answer = client::ask(&socket, &Ask::Ping, ANSWER_LIMIT).await;
                let is_mute = answer.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut);
                let _ended = sender.send(Message::Answers(pid, !is_mute));
            });
        }
    }

    pub(super) fn neighbour_answers(&mut self, pid: u32, answers: bool) {
        let is_news = if answers {
            self.neighbours.mute.remove(&pid)
        } else {
            self.neighbours.mute.insert(pid)
        };
        if !is_news {
            return;
        }
        self.shown.all_stale(self.members.keys());
        let (severity, text) = if answers {
            (Severity::Info, format!("the supervisor with pid {pid} answers again"))
        } else {
            (Severity::Bad, ownership::mute(pid))
        };
        self.tell(None, severity, text);
    }

    /// Looks after what its owner has left behind, after the grace, if this is a worker.
    ///
    /// Its own keeper would do the same, but what is queued or being prepared has none.
    pub(super) fn mind(&mut self, id: &WorkstreamId) {
        let plan = self.plan();
        if self.options.kind != OwnerKind::Worker
            || plan.on_supervisor_loss != OnSupervisorLoss::Continue
        {
            return;
        }
        let now = self.clock.now();
        let Some(member) = self.members.get_mut(id) else { return };
        if is_unrested_elsewhere(member)
            && member.state.owner.is_some()
            && member.try_again.is_none()
            && !is_held(member)
        {
            member.try_again = Some(now + plan.supervisor_grace);
        }
    }

    /// Counts a workstream that was left behind among those that are meant to be ours.
    pub(super) fn mean(&mut self, id: &WorkstreamId) {
        if let Adopt::Only(ids) = &mut self.options.adopt
            && !ids.contains(id)
        {
            ids.push(id.clone());
        }
    }

    /// Says whether others look after everything, so that a worker that was raised beside them is one too many.
    pub(super) fn is_superfluous(&self) -> bool {
        self.options.kind == OwnerKind::Worker
            && self.options.adopt == Adopt::All
            && !self.has_unrested()
            && self
                .members
                .values()
                .filter(|member| !is_at_rest(member.state.phase.word()))
                .all(|member| is_held(member) && member.try_again.is_none())
    }
}

fn is_unrested_elsewhere(member: &Member) -> bool {
    !member.is_ours() && !is_at_rest(member.state.phase.word())
}

/// Says whether somebody owns a workstream; when that cannot be seen, somebody may.
fn is_held(member: &Member) -> bool {
    ownership::is_held(&member.dir().join(ownership::NAME)).unwrap_or(true)
}

/// Removes the sockets of supervisors that did not come to do it themselves.
pub(super) fn remove_dead_sockets(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let pid = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok());
        if pid.is_some_and(|pid| identity::of(pid).is_none()) {
            drop(fs::remove_file(path));
        }
    }
}
