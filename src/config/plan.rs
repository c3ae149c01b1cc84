//! What the configuration means: every default filled in, every name resolved.
//!
//! A plan is stored as JSON beside the journals, so that a worker that was detached goes on with what was valid, whatever
//! is being edited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::alerts::Alerts;
use super::preset::{Patterns, PromptDelivery};
use crate::core::contest::{Contending, Contest, Contestant};
use crate::core::definition::{Definition, Exhausted, Expects, Order, Tier};
use crate::core::history::Guards;
use crate::core::policy::{Responses, RetryPolicy, Timeouts};
use crate::core::time::{millis, opt_millis};
use crate::core::worst_case::WorstCase;
use crate::core::{AgentName, WorkstreamId};
use crate::keeper::spec::Io;

/// The whole of a project's configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The repository's main worktree.
    pub root: PathBuf,
    /// The file that this was read from; none if there was no such file.
    pub file: Option<PathBuf>,
    /// The branch, tag or commit that worktrees start from; none for what is checked out.
    pub base: Option<String>,
    /// Where worktrees are made, absolute.
    pub worktrees: PathBuf,
    /// Untracked files that are copied into new worktrees, relative to the root.
    pub copy: Vec<PathBuf>,
    /// What the fleet may take.
    pub limits: Limits,
    /// How the fleet guards itself.
    #[serde(default)]
    pub guards: Guards,
    /// How people are told of what is wrong.
    #[serde(default)]
    pub alerts: Alerts,
    /// What happens to running work when its supervisor dies.
    pub on_supervisor_loss: OnSupervisorLoss,
    /// How long nobody may look after running work before that happens.
    #[serde(with = "millis")]
    pub supervisor_grace: Duration,
    /// The agents by name.
    pub agents: IndexMap<AgentName, Agent>,
    /// The chain of workstreams that name none: the project's, or else all agents that it declares; empty if it has none.
    pub chain: Vec<AgentName>,
    /// In which order the agents of a chain have their turn, for workstreams that do not say.
    #[serde(default)]
    pub order: Order,
    /// How often the next agent of a chain is asked ahead whether it can work; none for not at all.
    #[serde(default, with = "opt_millis")]
    pub warm: Option<Duration>,
    /// Who works side by side at the first tier of that chain; none if one agent does.
    #[serde(default)]
    pub contest: Option<ContestPlan>,
    /// The check of workstreams that name none.
    pub check: Option<Check>,
    /// What happens when no agent is left, for workstreams that do not say.
    pub exhausted: Exhausted,
    /// The workstreams in their declared order.
    pub workstreams: Vec<WorkstreamPlan>,
    /// The screen's theme: the name of one that is built in, or the path of a file; none for the default.
    pub theme: Option<String>,
    /// Keys that are bound otherwise: action name → keys.
    pub keys: BTreeMap<String, Vec<String>>,
    /// How easily a key ends something.
    #[serde(default)]
    pub key_mode: KeyMode,
}

/// How easily a key ends something.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyMode {
    /// A letter asks whether to.
    #[default]
    Usual,
    /// No letter by itself even asks.
    Strict,
}

/// What a fleet may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Workstreams that work at the same time.
    pub parallel: usize,
    /// Attempts of one workstream until a person says go again.
    pub attempts: u32,
    /// How far agents and checks step back for the processor, 0 to 19.
    #[serde(default)]
    pub nice: u8,
    /// Nothing starts with less free space on a disk, in bytes; 0 for no such limit.
    #[serde(default)]
    pub min_free_disk: u64,
    /// Nothing starts with less memory available, in bytes; 0 for no such limit.
    #[serde(default)]
    pub min_free_memory: u64,
    /// So many slots are kept for workstreams that have begun.
    #[serde(default)]
    pub standby: usize,
    /// The least time between two starts.
    #[serde(default, with = "millis")]
    pub stagger: Duration,
}

/// What happens to running work when its supervisor dies.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OnSupervisorLoss {
    /// A detached worker goes on with the policy.
    #[default]
    Continue,
    /// The running attempt ends by itself; nothing follows until somebody looks.
    Finish,
    /// The running attempt is ended.
    Stop,
}

/// An agent, ready to be started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Its name.
    pub name: AgentName,
    /// The preset it was made from.
    pub preset: String,
    /// Why it cannot be used, if it cannot: its tier is to be skipped, and the reason told.
    pub unavailable: Option<String>,
    /// Its model, already filled in where the command names it; none for the tool's own choice.
    pub model: Option<String>,
    /// Program and arguments; placeholders in braces are filled in at the start (see [`super::preset`]).
    pub command: Vec<String>,
    /// How its output reaches the log.
    pub io: Io,
    /// Variables that are set for it.
    pub env: BTreeMap<String, String>,
    /// How it gets its prompt.
    pub prompt: PromptDelivery,
    /// A command that exits with 0 if the agent can work.
    pub probe: Option<Vec<String>>,
    /// How long the probe may take.
    #[serde(with = "millis")]
    pub probe_timeout: Duration,
    /// The arguments by which a retry goes on with the conversation of the last attempt; empty if none does.
    #[serde(default)]
    pub resume: Vec<String>,
    /// How long its attempts may take.
    pub timeouts: Timeouts,
    /// How often it is tried again.
    pub retry: RetryPolicy,
    /// What is done when it fails.
    pub responses: Responses,
    /// How many of its attempts may be at work at the same time, if they are replicas; none for all other agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_workers: Option<u32>,
    /// What decides between its contestants, if it stands for agents that work side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contends: Option<Contending>,
    /// The time between TERM and KILL.
    #[serde(with = "millis")]
    pub grace: Duration,
    /// Attempts of it at the same time; none for no limit of its own.
    #[serde(default)]
    pub capacity: Option<usize>,
    /// What it must leave behind to count as done when no check decides.
    pub expects: Expects,
    /// Files of its own that it leaves in the worktree, as git's ignore patterns.
    #[serde(default)]
    pub leaves: Vec<String>,
    /// How its output is read.
    pub patterns: Patterns,
}

/// A workstream as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkstreamPlan {
    /// Its name.
    pub id: WorkstreamId,
    /// Its title.
    pub title: String,
    /// What is to be done.
    pub prompt: String,
    /// The files it is about, relative to the worktree.
    pub files: Vec<PathBuf>,
    /// Its tasks.
    pub tasks: Vec<String>,
    /// Its dependencies.
    pub after: Vec<WorkstreamId>,
    /// Its chain.
    pub chain: Vec<AgentName>,
    /// In which order they have their turn.
    #[serde(default)]
    pub order: Order,
    /// The kind of work.
    #[serde(default)]
    pub kind: Option<String>,
    /// Who works side by side at its first tier; none if one agent does.
    #[serde(default)]
    pub contest: Option<ContestPlan>,
    /// What decides whether it is done.
    pub check: Option<Check>,
    /// What happens when no agent is left.
    pub exhausted: Exhausted,
    /// Higher goes first among those that wait.
    pub priority: i32,
}

/// The agents that work side by side at a workstream's first tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContestPlan {
    /// What decides between them.
    pub how: Contending,
    /// The agents, each as often as it works.
    pub contestants: Vec<AgentName>,
}

/// The command that decides whether work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Program and arguments; a command given as one string has become `sh -c`.
    pub argv: Vec<String>,
    /// How long it may take.
    #[serde(with = "millis")]
    pub timeout: Duration,
}

impl Plan {
    /// Returns the workstream with this name.
    pub fn workstream(&self, id: &WorkstreamId) -> Option<&WorkstreamPlan> {
        self.workstreams.iter().find(|workstream| workstream.id == *id)
    }

    /// Returns the patterns of files that the agents of a workstream leave in its worktree, each once.
    pub fn leaves(&self, workstream: &WorkstreamPlan) -> Vec<String> {
        let agents = workstream.workers().into_iter().filter_map(|name| self.agents.get(name));
        let all: BTreeSet<&String> = agents.flat_map(|agent| &agent.leaves).collect();
        all.into_iter().cloned().collect()
    }

    /// Returns a workstream that is made by hand: the project's chain, check and the like.
    pub fn by_hand(&self, id: WorkstreamId, title: String, prompt: String) -> WorkstreamPlan {
        WorkstreamPlan {
            id,
            title,
            prompt,
            files: Vec::new(),
            tasks: Vec::new(),
            after: Vec::new(),
            chain: self.chain.clone(),
            order: self.order,
            kind: None,
            contest: self.contest.clone(),
            check: self.check.clone(),
            exhausted: self.exhausted,
            priority: 0,
        }
    }

    /// Returns what the rules need to know of a workstream.
    pub fn definition(&self, workstream: &WorkstreamPlan) -> Definition {
        let agents = workstream.chain.iter().filter_map(|name| self.agents.get(name));
        let mut definition = Definition {
            id: workstream.id.clone(),
            title: workstream.title.clone(),
            tiers: agents.map(Agent::tier).collect(),
            order: workstream.order,
            kind: workstream.kind.clone(),
            warm: self.warm,
            after: workstream.after.clone(),
            check: workstream.check.as_ref().map(|check| check.timeout),
            max_attempts: self.limits.attempts,
            exhausted: workstream.exhausted,
            priority: workstream.priority,
        };
        if let Some(contest) = &workstream.contest {
            let contest = self.contest(contest, &definition);
            if let Some(first) = definition.tiers.first_mut() {
                first.contest = Some(contest);
            }
        }
        definition
    }

    /// Returns what the rules need to know of agents that work side by side.
    fn contest(&self, plan: &ContestPlan, definition: &Definition) -> Contest {
        let agents = || plan.contestants.iter().filter_map(|name| self.agents.get(name));
        let alone = |agent: &Agent| {
            let tiers = vec![agent.tier()];
            match WorstCase::of(&Definition { tiers, ..definition.clone() }) {
                WorstCase::Bounded(path) => path.takes(),
                WorstCase::Unbounded => Duration::MAX,
            }
        };
        let contestant =
            |agent: &Agent| Contestant { agent: agent.name.clone(), capacity: agent.capacity };
        Contest {
            how: plan.how,
            contestants: agents().map(contestant).collect(),
            longest: agents().map(alone).max().unwrap_or_default(),
        }
    }
}

impl WorkstreamPlan {
    /// Returns all agents that may come to work on it, in the order of its chain; those that work side by side instead of
    /// what stands for them, each once.
    pub fn workers(&self) -> Vec<&AgentName> {
        let contestants = self.contest.iter().flat_map(|contest| &contest.contestants);
        let rest = self.chain.iter().skip(usize::from(self.contest.is_some()));
        let mut workers: Vec<&AgentName> = Vec::new();
        for name in contestants.chain(rest) {
            if !workers.contains(&name) {
                workers.push(name);
            }
        }
        workers
    }
}

impl Agent {
    /// Says whether its attempts are supervisors that run the chain again.
    pub fn is_replica(&self) -> bool {
        self.max_workers.is_some()
    }

    /// Returns the tier at which it works.
    pub fn tier(&self) -> Tier {
        Tier {
            agent: self.name.clone(),
            timeouts: self.timeouts.clone(),
            retry: self.retry.clone(),
            responses: self.responses.clone(),
            grace: self.grace,
            capacity: self.capacity,
            probe: (self.probe.is_some() || self.unavailable.is_some())
                .then_some(self.probe_timeout),
            expects: self.expects,
            contest: None,
        }
    }
}
