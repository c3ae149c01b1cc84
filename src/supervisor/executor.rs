//! Carrying out effects: one arm an effect, each a task that reports back as an event.

mod agent;
mod answers;
mod check;
mod context;
mod growth;
mod keep;
mod last_words;
mod material;
mod prepare;
mod pulse;
mod save;
mod spawn;
mod takeover;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use crate::core::phase::Survivor;
use crate::core::{AttemptId, Effect, Phase, PhaseWord, Timestamp, Workstream, WorkstreamId};
use crate::ipc::touch::Touch;
use crate::keeper::files;
use crate::keeper::launch::Program;
use crate::worktree::Project;
use answers::Answers;
pub use context::Context;
use context::Since;
use keep::Order;
pub use pulse::Pulse;

/// A keeper hears that it may leave within this time, or finds out by itself later.
const FAREWELL: Duration = Duration::from_secs(2);

/// Which process of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Agent,
    Check,
}

/// A kept process that is followed.
#[derive(Debug)]
struct Link {
    orders: mpsc::UnboundedSender<Order>,
    task: JoinHandle<()>,
    is_released: bool,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Carries out effects.
#[derive(Debug)]
pub struct Executor {
    context: Context,
    answers: Answers,
    /// Held by whatever is at work in a workstream's worktree, so that no two are.
    worktrees: HashMap<WorkstreamId, Arc<Mutex<()>>>,
    links: HashMap<WorkstreamId, HashMap<(AttemptId, Kind), Link>>,
}

impl Executor {
    /// Returns an executor that has nothing to do yet.
    pub fn new(context: Context) -> Self {
        let (answers, worktrees) = (Answers::default(), HashMap::new());
        Self { context, answers, worktrees, links: HashMap::new() }
    }

    /// Returns the repository.
    pub fn project(&self) -> &Project {
        &self.context.project
    }

    /// Returns this program.
    pub fn program(&self) -> &Program {
        &self.context.program
    }

    /// Carries out an effect of a workstream in this state.
    pub fn run(&mut self, state: &Workstream, effect: Effect) {
        let id = state.definition.id.clone();
        match effect {
            Effect::Prepare(attempt) => {
                self.in_worktree(&id, prepare::prepare(self.context.clone(), id.clone(), attempt));
            }
            Effect::Probe(launch) => {
                let agent = self.context.agent(state, &launch);
                let (context, answers) = (self.context.clone(), self.answers.clone());
                tokio::spawn(agent::probe(context, answers, id, launch, agent));
            }
            Effect::Warm(tier) => {
                let agent = state.tier(tier).map(|tier| tier.agent.clone());
                let agent = agent.and_then(|name| self.context.plan().agents.get(&name).cloned());
                if let (Some(agent), Some(every)) = (agent, state.definition.warm) {
                    let (context, answers) = (self.context.clone(), self.answers.clone());
                    tokio::spawn(agent::warm(context, answers, id, agent, every));
                }
            }
            Effect::Spawn { launch, hard } => {
                let job = spawn::Job { state: state.clone(), launch: launch.clone(), hard };
                self.link(&id, launch.attempt, Kind::Agent, Some(job));
            }
            Effect::Watch(attempt) => self.link(&id, attempt, Kind::Agent, None),
            Effect::Stop { attempt, grace } => {
                self.order(&id, attempt, Kind::Agent, Order::Stop(grace));
            }
            Effect::Kill(attempt) => self.order(&id, attempt, Kind::Agent, Order::Kill),
            Effect::Inspect(attempt) => growth::inspect(&self.context, &id, attempt),
            Effect::Extend { attempt, hard_at } => {
                let left = hard_at.since(self.context.clock.now());
                self.order(&id, attempt, Kind::Agent, Order::Deadline(left));
            }
            Effect::Input { attempt, text } => {
                self.order(&id, attempt, Kind::Agent, Order::Input(text));
            }
            Effect::Save(attempt) => {
                self.in_worktree(&id, save::save(self.context.clone(), state.clone(), attempt));
            }
            Effect::Check(attempt) => {
                let job = check::Job { state: state.clone(), attempt };
                self.link_check(&id, attempt, job);
            }
            Effect::CancelCheck(attempt) => self.cancel_check(state, attempt),
            Effect::Release(up_to) => self.release(&id, up_to),
            Effect::Notice(notice) => self.answers.hear(&notice),
        }
    }

    /// Stays connected with the keeper of the last attempt, so that it knows that the policy is looked after, and lets
    /// those go that the former owner did not come to release.
    ///
    /// An attempt that was not started yet has no keeper; it is started, or found started, by what is asked for again.
    pub fn hold(&mut self, state: &Workstream) {
        let id = &state.definition.id;
        let is_over = match state.phase.word() {
            PhaseWord::Done | PhaseWord::Failed | PhaseWord::Stopped | PhaseWord::Escalated => true,
            // Of what is lost, the keeper still says when it is gone.
            _other => false,
        };
        let last = state.attempts.iter().rev().find(|attempt| attempt.started.is_some());
        let checked = match &state.phase {
            Phase::Checking { launch, .. } | Phase::Lost { launch, who: Survivor::Check, .. } => {
                Some(launch.attempt)
            }
            _other => None,
        };
        for attempt in &state.attempts {
            if last.is_some_and(|last| attempt.id < last.id) {
                self.dismiss(id, attempt.id, Kind::Agent);
            }
            if checked != Some(attempt.id) {
                self.dismiss(id, attempt.id, Kind::Check);
            }
        }
        let Some(last) = last else { return };
        self.link(id, last.id, Kind::Agent, None);
        if is_over {
            self.release(id, last.id);
        }
    }

    /// Lets a keeper go whose end is in the journal, if it is still there.
    fn dismiss(&mut self, id: &WorkstreamId, attempt: AttemptId, kind: Kind) {
        let dir = match kind {
            Kind::Agent => self.context.dir.run(id, attempt),
            Kind::Check => self.context.dir.check(id, attempt),
        };
        // One whose lock cannot be looked at cannot be spoken with either.
        if !files::is_locked(&dir.join(files::KEEPER_LOCK)).unwrap_or(false) {
            return;
        }
        let links = self.links.entry(id.clone()).or_default();
        links.entry((attempt, kind)).or_insert_with(|| {
            let (orders, receiver) = mpsc::unbounded_channel();
            let (context, run) = (self.context.clone(), keep::Run { id: id.clone(), attempt, dir });
            let task = tokio::spawn(async move {
                let mut receiver = receiver;
                keep::keep(&context, &run, &mut receiver, |_| {}).await;
            });
            let _just_begun = orders.send(Order::Release);
            Link { orders, task, is_released: true }
        });
    }

    /// Returns when nothing is being done in the worktree of a workstream.
    pub fn quiet(&mut self, id: &WorkstreamId) -> impl Future<Output = ()> + use<> {
        let worktree = Arc::clone(self.worktrees.entry(id.clone()).or_default());
        async move { drop(worktree.lock().await) }
    }

    /// Waits until the keepers that were released have heard it, but not for one that does not answer.
    pub async fn farewell(&mut self) {
        let links = std::mem::take(&mut self.links);
        let released = links.into_values().flat_map(HashMap::into_values);
        let mut released: Vec<Link> = released.filter(|link| link.is_released).collect();
        let heard = released.iter_mut().map(|link| &mut link.task);
        for task in heard {
            // Aborting is what follows anyway, so how it ended does not matter.
            let _heard = tokio::time::timeout(FAREWELL, task).await;
        }
    }

    /// Stops following a workstream; its keepers and agents go on.
    pub fn forget(&mut self, id: &WorkstreamId) {
        self.links.remove(id);
    }

    fn in_worktree(&mut self, id: &WorkstreamId, work: impl Future<Output = ()> + Send + 'static) {
        let worktree = Arc::clone(self.worktrees.entry(id.clone()).or_default());
        tokio::spawn(async move {
            let _alone = worktree.lock().await;
            work.await;
        });
    }

    /// Follows the keeper of an attempt, which `job` starts first if it is given.
    fn link(&mut self, id: &WorkstreamId, attempt: AttemptId, kind: Kind, job: Option<spawn::Job>) {
        let links = self.links.entry(id.clone()).or_default();
        if links.get(&(attempt, kind)).is_some_and(|link| !link.task.is_finished()) {
            return;
        }
        let (orders, receiver) = mpsc::unbounded_channel();
        let run = keep::Run { id: id.clone(), attempt, dir: self.context.dir.run(id, attempt) };
        let worktree = Arc::clone(self.worktrees.entry(id.clone()).or_default());
        let task = tokio::spawn(agent::follow(
            self.context.clone(),
            run,
            receiver,
            job.map(|job| (job, worktree)),
        ));
        links.insert((attempt, kind), Link { orders, task, is_released: false });
    }

    fn link_check(&mut self, id: &WorkstreamId, attempt: AttemptId, job: check::Job) {
        let links = self.links.entry(id.clone()).or_default();
        let link = links.get(&(attempt, Kind::Check));
        if link.is_some_and(|link| !link.task.is_finished()) {
            return;
        }
        let (orders, receiver) = mpsc::unbounded_channel();
        let run = keep::Run { id: id.clone(), attempt, dir: self.context.dir.check(id, attempt) };
        let task = tokio::spawn(check::follow(self.context.clone(), run, receiver, job));
        links.insert((attempt, Kind::Check), Link { orders, task, is_released: false });
    }

    /// Ends a check, which a former owner may have started.
    fn cancel_check(&mut self, state: &Workstream, attempt: AttemptId) {
        let id = &state.definition.id;
        if self.context.dir.check(id, attempt).is_dir() {
            self.link_check(id, attempt, check::Job { state: state.clone(), attempt });
        }
        self.order(id, attempt, Kind::Check, Order::Stop(check::GRACE));
    }

    /// Passes on what the operator does at the terminal of a running agent.
    pub fn touch(&mut self, id: &WorkstreamId, attempt: AttemptId, touch: Touch) {
        let order = match touch {
            Touch::Type(text) => Order::Input(text),
            Touch::Resize { columns, rows } => Order::Resize { columns, rows },
        };
        self.order(id, attempt, Kind::Agent, order);
    }

    fn order(&mut self, id: &WorkstreamId, attempt: AttemptId, kind: Kind, order: Order) {
        let link = self.links.get(id).and_then(|links| links.get(&(attempt, kind)));
        let sent = link.is_some_and(|link| link.orders.send(order.clone()).is_ok());
        if !sent && kind == Kind::Agent {
            // Its follower has ended, so look again what there is.
            if let Some(links) = self.links.get_mut(id) {
                links.remove(&(attempt, kind));
            }
            self.link(id, attempt, kind, None);
            if let Some(link) = self.links.get(id).and_then(|links| links.get(&(attempt, kind))) {
                let _ended = link.orders.send(order);
            }
        }
    }

    fn release(&mut self, id: &WorkstreamId, up_to: AttemptId) {
        let Some(links) = self.links.get_mut(id) else { return };
        for ((attempt, _), link) in links {
            if *attempt <= up_to {
                link.is_released = true;
                let _ended = link.orders.send(Order::Release);
            }
        }
    }
}

/// Runs blocking work on a thread of its own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())
}

/// Returns the time at which a keeper saw something, which is unknown if that was before a reboot.
fn seen_at(
    clock: crate::supervisor::clock::Clock,
    record: &crate::keeper::record::ExitRecord,
) -> Timestamp {
    if record.boot == crate::keeper::identity::boot() {
        clock.at(record.monotonic_ms)
    } else {
        clock.now()
    }
}
