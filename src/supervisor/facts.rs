//! From states to facts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use indexmap::IndexMap;

use super::state_dir::StateDir;
use crate::config::plan::{Agent, WorkstreamPlan};
use crate::core::definition::Tier;
use crate::core::explain::explain;
use crate::core::fleet::Blocked;
use crate::core::phase::{Running, Stopping};
use crate::core::{
    AgentName, Attempt, AttemptOutcome, Phase, PhaseWord, Timestamp, Workstream, WorkstreamId,
};
use crate::ipc::facts::{Link, LinkState, Next, Owner, WorkstreamFacts};
use crate::keeper::spec::Io;

/// What facts are made from, besides the state itself.
#[derive(Debug)]
pub struct Sources<'a> {
    /// Where the project's state lives.
    pub dir: &'a StateDir,
    /// The workstream as configured; none if it is configured no more.
    pub plan: Option<&'a WorkstreamPlan>,
    /// The agents as configured.
    pub agents: &'a IndexMap<AgentName, Agent>,
    /// What the fleet says while it is queued.
    pub blocked: Option<&'a Blocked>,
    /// Who runs its policy.
    pub owner: Owner,
    /// The process that does.
    pub owner_pid: Option<u32>,
    /// What is wrong with its files.
    pub trouble: Option<&'a str>,
    /// The time.
    pub now: Timestamp,
}

/// Returns what is known of a workstream.
pub fn of(state: &Workstream, sources: &Sources<'_>) -> WorkstreamFacts {
    let id = &state.definition.id;
    let word = state.phase.word();
    let last = state.attempts.last();
    let launch = state.phase.launch();
    let tier = launch.map(|launch| launch.tier).or(last.map(|attempt| attempt.tier));
    let attempt = last
        .filter(|attempt| attempt.started.is_some())
        .or_else(|| state.attempts.iter().rev().find(|attempt| attempt.started.is_some()));
    let running = match &state.phase {
        Phase::Running(running) => Some(running),
        _other => None,
    };
    let place = state.place.as_ref();
    let is_checked = |attempt: &&Attempt| sources.dir.check(id, attempt.id).is_dir();
    WorkstreamFacts {
        id: id.clone(),
        title: state.definition.title.clone(),
        phase: word,
        since: state.since,
        intent: state.intent.word(),
        agent: tier.and_then(|tier| state.tier(tier)).map(|tier| tier.agent.to_string()),
        tier,
        chain: chain(state),
        attempt: attempt.map(|attempt| attempt.id),
        failure_class: last.and_then(|attempt| match attempt.outcome {
            AttemptOutcome::Failed(class) => Some(class),
            AttemptOutcome::Open
            | AttemptOutcome::Skipped
            | AttemptOutcome::Stopped
            | AttemptOutcome::Succeeded => None,
        }),
        terminal: running
            .and_then(|running| sources.agents.get(&state.tier(running.launch.tier)?.agent))
            .is_some_and(|agent| agent.io == Io::Pty),
        slow: running.is_some_and(|running| running.slow.is_some()),
        waiting: running.and_then(|running| running.waiting.as_ref()).map(|on| on.line.clone()),
        retries: running.map_or(0, |running| running.retries),
        progress: running.and_then(|running| running.progress.as_deref().cloned()),
        started: started(&state.phase),
        begun: begun(state),
        ended: word.is_final().then_some(state.since),
        next: next(&state.phase),
        soft_at: running.and_then(|running| running.soft_at),
        worktree: place.map(|place| PathBuf::from(&place.worktree)),
        branch: place.map(|place| place.branch.clone()),
        log: attempt.map(|attempt| sources.dir.run(id, attempt.id).join("out.log")),
        check_log: state
            .attempts
            .iter()
            .rev()
            .find(is_checked)
            .map(|attempt| sources.dir.check(id, attempt.id).join("out.log")),
        agent_pid: running.map(|running| running.agent.pid),
        keeper_pid: running.map(|running| running.keeper.pid),
        owner: sources.owner,
        owner_pid: sources.owner_pid,
        explain: sources.trouble.map_or_else(
            || explain(state, sources.blocked, sources.now),
            |trouble| format!("Nothing is decided for it: {trouble}."),
        ),
        explained: sources.now,
        can_undo: state.can_undo().cloned(),
        question: match &state.phase {
            Phase::Escalated { reason, .. } => Some(reason.clone()),
            _other => None,
        },
        attempts: state.attempts.clone(),
        course: state.course.turns().copied().collect(),
        prompt: sources.plan.map(|plan| plan.prompt.clone()).unwrap_or_default(),
        tasks: sources.plan.map(|plan| plan.tasks.clone()).unwrap_or_default(),
        after: state.definition.after.clone(),
        trouble: sources.trouble.map(str::to_owned),
    }
}

/// Returns what is known of a workstream whose journal cannot be read.
pub fn unreadable(plan: &WorkstreamPlan, trouble: &str, now: Timestamp) -> WorkstreamFacts {
    WorkstreamFacts {
        id: plan.id.clone(),
        title: plan.title.clone(),
        phase: PhaseWord::Failed,
        since: now,
        intent: "run",
        agent: None,
        tier: None,
        chain: Vec::new(),
        attempt: None,
        failure_class: None,
        terminal: false,
        slow: false,
        waiting: None,
        retries: 0,
        progress: None,
        started: None,
        begun: None,
        ended: None,
        next: None,
        soft_at: None,
        worktree: None,
        branch: None,
        log: None,
        check_log: None,
        agent_pid: None,
        keeper_pid: None,
        owner: Owner::Nobody,
        owner_pid: None,
        explain: trouble.to_owned(),
        explained: now,
        can_undo: None,
        question: None,
        attempts: Vec::new(),
        course: Vec::new(),
        prompt: plan.prompt.clone(),
        tasks: plan.tasks.clone(),
        after: plan.after.clone(),
        trouble: Some(trouble.to_owned()),
    }
}

/// Returns when the first attempt began since the operator last said go.
fn begun(state: &Workstream) -> Option<Timestamp> {
    let current = state.attempts.get(state.spent).or(state.attempts.last());
    current.map(|attempt| attempt.begun)
}

fn started(phase: &Phase) -> Option<Timestamp> {
    match phase {
        Phase::Running(Running { started, .. }) => Some(*started),
        Phase::Stopping(Stopping { started, .. }) => *started,
        _other => None,
    }
}

fn next(phase: &Phase) -> Option<Next> {
    let (what, at) = match phase {
        Phase::Running(running) => ("hard timeout", running.hard_at),
        Phase::Stopping(stopping) if stopping.killed => ("lost", stopping.lost_at),
        Phase::Stopping(stopping) => ("KILL", stopping.kill_at),
        Phase::Backoff { until, .. } => ("retry", *until),
        Phase::Checking { until, .. } => ("check timeout", *until),
        Phase::Queued { .. }
        | Phase::Preparing { .. }
        | Phase::Probing { .. }
        | Phase::Starting { .. }
        | Phase::Draining(_)
        | Phase::Escalated { .. }
        | Phase::Done(_)
        | Phase::Failed(_)
        | Phase::Stopped
        | Phase::Lost { .. } => return None,
    };
    Some(Next { what, at })
}

/// Tells how each tier has fared, by its last attempt.
fn chain(state: &Workstream) -> Vec<Link> {
    let tiers = state.definition.tiers.iter().enumerate();
    tiers
        .map(|(place, tier)| {
            let last = state.attempts.iter().rev().find(|attempt| attempt.tier == place);
            let link = |state, reason: &str| Link {
                agent: tier.agent.to_string(),
                contestants: contestants(tier),
                state,
                reason: reason.to_owned(),
            };
            if let Some(current) = current(state, place) {
                return link(current, last.map_or("", |attempt| attempt.reason.as_str()));
            }
            match last {
                None => link(LinkState::Untried, ""),
                Some(attempt) => link(past(attempt), &reason(attempt)),
            }
        })
        .collect()
}

fn contestants(tier: &Tier) -> Vec<String> {
    let all = tier.contest.iter().flat_map(|contest| &contest.contestants);
    all.map(|one| one.agent.to_string()).collect()
}

fn current(state: &Workstream, place: usize) -> Option<LinkState> {
    let launch = state.phase.launch().filter(|launch| launch.tier == place)?;
    let tried = state.attempts.iter().any(|attempt| attempt.tier == launch.tier);
    match state.phase.word() {
        PhaseWord::Probing => Some(LinkState::Probing),
        PhaseWord::Starting
        | PhaseWord::Running
        | PhaseWord::Stopping
        | PhaseWord::Draining
        | PhaseWord::Checking => Some(LinkState::Running),
        PhaseWord::Backoff => Some(LinkState::Waiting),
        PhaseWord::Queued | PhaseWord::Preparing => tried.then_some(LinkState::Waiting),
        PhaseWord::Escalated
        | PhaseWord::Done
        | PhaseWord::Failed
        | PhaseWord::Stopped
        | PhaseWord::Lost => None,
    }
}

fn past(attempt: &Attempt) -> LinkState {
    match attempt.outcome {
        AttemptOutcome::Open => LinkState::Running,
        AttemptOutcome::Skipped => LinkState::Skipped,
        AttemptOutcome::Failed(_) => LinkState::Failed,
        AttemptOutcome::Stopped => LinkState::Stopped,
        AttemptOutcome::Succeeded => LinkState::Succeeded,
    }
}

fn reason(attempt: &Attempt) -> String {
    match attempt.outcome {
        AttemptOutcome::Failed(class) => format!("{class}: {}", attempt.reason),
        AttemptOutcome::Open
        | AttemptOutcome::Skipped
        | AttemptOutcome::Stopped
        | AttemptOutcome::Succeeded => attempt.reason.clone(),
    }
}

/// Returns the name of the directory in which a project's main worktree lies.
pub fn project_name(root: &std::path::Path) -> String {
    root.file_name()
        .map_or_else(|| root.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Says whether nothing is left to do without the operator.
pub fn is_idle<'a>(
    fleet: impl IntoIterator<Item = (&'a WorkstreamId, PhaseWord)>,
    stuck: &BTreeSet<WorkstreamId>,
) -> bool {
    fleet.into_iter().all(|(id, phase)| {
        phase.is_final()
            || phase == PhaseWord::Escalated
            || (phase == PhaseWord::Queued && stuck.contains(id))
    })
}
