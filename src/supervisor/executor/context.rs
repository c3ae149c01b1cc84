//! What every task of an executor needs.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::mpsc;

use super::pulse::Pulse;
use crate::config::plan::{Agent, Plan, WorkstreamPlan};
use crate::core::notice::Severity;
use crate::core::phase::Launch;
use crate::core::verdict::Exit;
use crate::core::{Event, Timestamp, Workstream, WorkstreamId};
use crate::keeper::launch::Program;
use crate::keeper::spec::Scope;
use crate::supervisor::clock::Clock;
use crate::supervisor::disk::Disk;
use crate::supervisor::inbox::Message;
use crate::supervisor::login::{Fate, Login};
use crate::supervisor::memory;
use crate::supervisor::shortage::Shortage;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::watch::Watch;
use crate::worktree::Project;

/// The signal that the kernel sends when memory is out, and the code that shells make of it.
const KILL: i32 = 9;
const KILLED: i32 = 128 + KILL;

/// What every task needs.
#[derive(Clone, Debug)]
pub struct Context {
    /// The repository.
    pub project: Arc<Project>,
    /// The configuration in force.
    pub plan: Arc<RwLock<Arc<Plan>>>,
    /// Where the project's state lives.
    pub dir: StateDir,
    /// The clock.
    pub clock: Clock,
    /// What tells of growing files.
    pub watch: Watch,
    /// What becomes of agents when the login ends; asked once, when it is first needed.
    pub login: Arc<OnceLock<Login>>,
    /// What was seen of the output of attempts.
    pub pulse: Pulse,
    /// What the machine was short of lately.
    pub shortage: Shortage,
    /// Where events go.
    pub inbox: mpsc::UnboundedSender<Message>,
    /// This program.
    pub program: Program,
}

impl Context {
    pub(super) fn report(&self, id: &WorkstreamId, event: Event) {
        // A supervisor that has ended needs no reports: what they say can be seen again.
        let _ended = self.inbox.send(Message::Event(id.clone(), event));
    }

    pub(super) fn tell(&self, id: &WorkstreamId, severity: Severity, text: String) {
        let _ended = self.inbox.send(Message::Told(Some(id.clone()), severity, text));
    }

    pub(super) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns where keepers live. It may have to ask for that, and then takes a moment.
    pub(super) fn scope(&self) -> Scope {
        match self.login.get_or_init(Login::read).fate() {
            Fate::GoOnInScopes => Scope::Own,
            Fate::GoOn | Fate::End => Scope::Shared,
        }
    }

    pub(super) fn disk(&self) -> Disk {
        Disk::of(&self.dir, &self.project, &self.plan())
    }

    /// Takes note of how things are before something is followed.
    pub(super) fn since(&self) -> Since {
        Since { at: self.clock.now(), kills: memory::kills() }
    }

    /// Says what the machine is short of, or was since then and shortly before an end. It looks at the disk.
    pub(super) fn short_of(&self, since: Since, (end, exit): (Timestamp, &Exit)) -> Option<String> {
        // The kernel counts for the whole machine, so it is asked only where it may have been the one that killed.
        let killed = matches!(exit, Exit::Signal(KILL) | Exit::Code(KILLED));
        let of_memory = killed.then(|| memory::words(since.kills, memory::kills())).flatten();
        let of_disk = || self.disk().short_of();
        of_memory.or_else(of_disk).or_else(|| self.shortage.before(since.at, end))
    }

    pub(super) fn agent(&self, state: &Workstream, launch: &Launch) -> Option<Agent> {
        let name = &state.tier(launch.tier)?.agent;
        self.plan().agents.get(name).cloned()
    }

    pub(super) fn workstream(&self, id: &WorkstreamId) -> Option<WorkstreamPlan> {
        self.plan().workstream(id).cloned()
    }
}

/// How things were when something began to be followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    pub(super) at: Timestamp,
    /// What the kernel had ended until then for want of memory.
    kills: u64,
}
