//! The supervisor: the one loop in which everything happens in one order.

mod admit;
mod adopt;
mod alerts;
mod command;
mod disk;
mod guard;
mod handle;
mod handover;
mod heir;
mod home;
mod logout;
mod neighbours;
mod publish;
mod reconfigure;
mod sentry;
mod step;
mod strain;
mod taking_up;
mod touch;

pub use handle::Handle;
pub use handover::is_at_rest;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use indexmap::IndexMap;
use thiserror::Error;
use tokio::sync::{mpsc, watch};

use super::alert_log::AlertLog;
use super::ballast::Ballast;
use super::clock::{Clock, Sleep};
use super::executor::{Context, Executor, Pulse};
use super::inbox::{Launches, Message};
use super::login::Login;
use super::member::{Hold, Member};
use super::outcomes::Outcomes;
use super::ownership::{OwnerCard, OwnerKind, Ownership};
use super::shortage::Shortage;
use super::slots::Slots;
use super::state_dir::{StateDir, StateError};
use super::watch::Watch;
use crate::config::plan::Plan;
use crate::core::ProcessIdentity;
use crate::core::fleet::Blocked;
use crate::core::{Timestamp, WorkstreamId};
use crate::ipc::facts::{Facts, Told};
use crate::ipc::server::Server;
use crate::keeper::identity;
use crate::keeper::launch::Program;
use crate::worktree::Project;

/// Messages that are handled before the facts are published again.
const BATCH: usize = 256;
/// What could not be written is tried again after this long.
const WRITE_AGAIN: Duration = Duration::from_secs(1);
/// Answers are waited for so long at the end.
const LAST_ANSWER: Duration = Duration::from_millis(500);
/// The notices that are remembered.
const NOTICES: usize = 500;

/// Which workstreams a supervisor owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adopt {
    /// All that nobody else owns, also those that become free later.
    All,
    /// The same, and at the start also those that detached workers own.
    AllEvenDetached,
    /// Only these; their owner is asked to let go of them.
    Only(Vec<WorkstreamId>),
}

/// When a supervisor ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Only when it is told to.
    Told,
    /// When nothing is left to do without the operator.
    Idle,
}

/// How the configuration of a plan is loaded again; in words why it cannot be.
pub type Reload = fn(&Plan) -> Result<Plan, String>;

/// How a supervisor works.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which workstreams it owns.
    pub adopt: Adopt,
    /// When it ends.
    pub until: Until,
    /// What it says of itself.
    pub kind: OwnerKind,
    /// How to load the configuration again when it changes; none to go on with what there is.
    pub reload: Option<Reload>,
    /// Where it keeps its state; none for where the project's is.
    pub state: Option<StateDir>,
}

/// Why a supervisor cannot start.
#[derive(Debug, Error)]
pub enum HostError {
    /// The state directory cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// Something that every supervisor needs could not be had.
    #[error("{what}: {source}")]
    Io {
        /// What.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

/// A supervisor.
#[derive(Debug)]
pub struct Supervisor {
    plan: Arc<RwLock<Arc<Plan>>>,
    dir: StateDir,
    clock: Clock,
    sleep: Sleep,
    options: Options,
    card: OwnerCard,
    members: IndexMap<WorkstreamId, Member>,
    executor: Executor,
    slots: Slots,
    watch: Watch,
    inbox: mpsc::UnboundedReceiver<Message>,
    sender: mpsc::UnboundedSender<Message>,
    facts: watch::Sender<Arc<Facts>>,
    shown: publish::Shown,
    notices: VecDeque<Told>,
    blocked: BTreeMap<WorkstreamId, Blocked>,
    stuck: BTreeSet<WorkstreamId>,
    banner: Option<String>,
    disk: disk::Known,
    guard: guard::Guard,
    alerting: alerts::Alerting,
    shortage: Shortage,
    login: Arc<OnceLock<Login>>,
    launches: Launches,
    ending: Ending,
    neighbours: neighbours::Neighbours,
    claims: BTreeMap<WorkstreamId, handover::Claiming>,
    heir: Option<Ownership>,
    sentry: Option<sentry::Sentry>,
    forwards: touch::Forwards,
    server: Server,
}

/// Whether a supervisor is about to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    No,
    /// When what goes on has been handed over, but not later than this.
    HandingOver(Timestamp),
    /// When everything has stopped.
    Stopping,
}

impl Supervisor {
    /// Opens the project's state and begins to follow its workstreams, which the facts show from the first moment on;
    /// nothing is written or run before [`Self::run`].
    pub fn open(
        project: Project,
        plan: Plan,
        options: Options,
    ) -> Result<(Self, Handle), HostError> {
        let io = |what| move |source| HostError::Io { what, source };
        let dir = match &options.state {
            Some(dir) => dir.clone(),
            None => StateDir::open(project.common_dir())?,
        };
        let clock = Clock::open(dir.path()).map_err(io("the project's clock cannot be read"))?;
        let (sender, inbox) = mpsc::unbounded_channel();
        let (asked_sender, mut asked) = mpsc::unbounded_channel();
        neighbours::remove_dead_sockets(&dir.hosts());
        let name = format!("{}.sock", std::process::id());
        let server = Server::bind(&dir.hosts(), &name, asked_sender)
            .map_err(io("the supervisor's socket cannot be made"))?;
        let forward = sender.clone();
        tokio::spawn(async move {
            while let Some((ask, reply)) = asked.recv().await {
                let _ended = forward.send(Message::Asked(ask, reply));
            }
        });
        let watch = Watch::start();
        let card =
            OwnerCard { process: own(), socket: server.path().to_owned(), kind: options.kind };
        let outcomes = Outcomes::open(dir.outcomes(), &plan.guards);
        let plan = Arc::new(RwLock::new(Arc::new(plan)));
        let (shortage, login) = (Shortage::default(), Arc::default());
        let context = Context {
            project: Arc::new(project),
            plan: Arc::clone(&plan),
            dir: dir.clone(),
            clock,
            watch: watch.clone(),
            login: Arc::clone(&login),
            pulse: Pulse::default(),
            shortage: shortage.clone(),
            inbox: sender.clone(),
            program: program(),
        };
        let (facts, receiver) = watch::channel(Arc::new(Facts::default()));
        let handle = Handle { inbox: sender.clone(), facts: receiver, clock };
        let mut supervisor = Self {
            plan,
            slots: Slots::new(dir.slots()),
            disk: disk::Known::new(Ballast::new(dir.ballast())),
            guard: guard::Guard::new(outcomes),
            alerting: alerts::Alerting::new(AlertLog::new(dir.alerts())),
            shortage,
            login,
            dir,
            clock,
            sleep: Sleep::from_now(),
            options,
            card,
            members: IndexMap::new(),
            executor: Executor::new(context),
            watch,
            inbox,
            sender,
            facts,
            shown: publish::Shown::default(),
            notices: VecDeque::new(),
            blocked: BTreeMap::new(),
            stuck: BTreeSet::new(),
            banner: None,
            launches: Launches::Open,
            ending: Ending::No,
            neighbours: neighbours::Neighbours::default(),
            claims: BTreeMap::new(),
            heir: None,
            sentry: None,
            forwards: touch::Forwards::default(),
            server,
        };
        supervisor.warn_unwatched();
        supervisor.watch_slots().map_err(io("the slots cannot be watched"))?;
        supervisor.watch_outcomes();
        supervisor.follow_all();
        supervisor.see_blocked(BTreeMap::new());
        supervisor.publish();
        Ok((supervisor, handle))
    }

    /// Asks to be told when another supervisor frees a slot.
    fn watch_slots(&self) -> std::io::Result<()> {
        let freed = self.sender.clone();
        let told = Arc::new(move || {
            let _ended = freed.send(Message::SlotFreed);
        });
        self.watch.releases(&self.dir.slots(), told)
    }

    /// Runs until it is told to leave, or until nothing is left to do, and returns what is known then.
    pub async fn run(mut self) -> Arc<Facts> {
        if self.options.reload.is_some() {
            self.store_plan();
        }
        if !self.inherit().await {
            return self.facts.borrow().clone();
        }
        // Before anything is owned: what was begun has somebody to follow us.
        self.post_sentry();
        self.adopt_due();
        self.tell_what_was_found();
        self.warn_of_logout();
        loop {
            self.tick();
            self.admit();
            self.look_at_alerts();
            self.publish();
            if self.is_over() {
                break;
            }
            self.wait().await;
        }
        self.publish();
        self.executor.farewell().await;
        if !self.leaves_work() {
            self.dismiss_sentry();
        }
        self.answer_last().await;
        self.facts.borrow().clone()
    }

    /// Lets those who have asked for something hear of it.
    async fn answer_last(&mut self) {
        self.inbox.close();
        // What is dropped unanswered is answered by the server: somebody else is to be asked.
        while self.inbox.try_recv().is_ok() {}
        // One that does not read its answer is not waited for.
        drop(tokio::time::timeout(LAST_ANSWER, self.server.answered()).await);
    }

    /// Waits for something to happen, and takes it in with all that has happened meanwhile.
    async fn wait(&mut self) {
        let deadline = self.deadline().map(|at| at.since(self.clock.now()));
        let message = match deadline {
            None => self.inbox.recv().await,
            Some(span) => tokio::time::timeout(span, self.inbox.recv()).await.ok().flatten(),
        };
        if let Some(message) = message {
            self.handle(message);
        }
        for _ in 1..BATCH {
            match self.inbox.try_recv() {
                Ok(message) => self.handle(message),
                Err(_) => break,
            }
        }
    }

    fn deadline(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let members = self.members.values().filter_map(|member| match &member.hold {
            Hold::Own(own) if !own.unwritten.is_empty() => Some(now + WRITE_AGAIN),
            Hold::Own(_) => member.state.deadline(),
            Hold::Other(_) => member.given_until.into_iter().chain(member.try_again).min(),
        });
        let ending = match self.ending {
            Ending::HandingOver(until) => Some(until),
            Ending::No | Ending::Stopping => None,
        };
        let guard = self.guard.next().into_iter().chain(self.next_launch());
        let alerts = self.alerting.next();
        let others = self.neighbours.next().into_iter().chain(self.disk.next()).chain(alerts);
        members.chain(ending).chain(others).chain(guard).min()
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Event(id, event) => self.step(&id, &event),
            Message::Command(command) => self.command(command),
            Message::Asked(ask, reply) => self.asked(ask, reply),
            Message::Quiet(id, reply) => self.release(&id, reply),
            Message::Free(id) => self.take(&id),
            Message::Stirred(id) => self.stirred(&id),
            Message::Answers(pid, answer) => self.neighbour_answers(pid, answer),
            Message::SlotFreed => {}
            Message::OutcomesWritten => {
                self.guard.look_again();
                self.alerting.read_log();
            }
            Message::Passed(way, trouble) => self.passed_on(way, trouble),
            Message::Reconfigured => self.reconfigure(),
            Message::Told(id, severity, text) => self.tell(id, severity, text),
        }
    }

    fn is_over(&self) -> bool {
        match self.ending {
            Ending::HandingOver(until) => self.clock.now() >= until || !self.has_unrested(),
            Ending::Stopping => self
                .members
                .values()
                .all(|member| is_at_rest(member.state.phase.word()) || member.is_unreadable()),
            Ending::No => {
                self.options.until == Until::Idle && (self.is_idle() || self.is_superfluous())
            }
        }
    }

    /// Says whether something would go on that nobody has taken over.
    fn leaves_work(&self) -> bool {
        match self.ending {
            Ending::HandingOver(_) => self.has_unrested(),
            Ending::No | Ending::Stopping => false,
        }
    }

    fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// Returns this program, as long as it is where it was started from.
fn program() -> Program {
    std::env::current_exe().ok().filter(|path| path.exists()).map_or_else(Program::default, Program)
}

/// Returns the identity of this process.
pub fn own() -> ProcessIdentity {
    let pid = std::process::id();
    let unread = || ProcessIdentity { pid, start: 0, boot: identity::boot() };
    identity::of(pid).unwrap_or_else(unread)
}
