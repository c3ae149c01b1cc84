//! What guards the fleet: the outcome log is read along, and what follows from it is told to workstreams and people.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Supervisor;
use super::strain::Burden;
use crate::config::plan::WorkstreamPlan;
use crate::core::allocate::{Ranked, Standings, Wanted};
use crate::core::bar::{Bar, Guarded};
use crate::core::definition::Order;
use crate::core::fleet::{Apart, Blocked, Hold, Launches, Limits};
use crate::core::notice::Severity;
use crate::core::outcome::{self, Outcome, Say};
use crate::core::storm::Brake;
use crate::core::{AgentName, Event, Timestamp, Workstream, WorkstreamId};
use crate::ipc::facts::{AgentFacts, FleetFacts};
use crate::supervisor::fleet_facts::{self, Calibrations};
use crate::supervisor::hold;
use crate::supervisor::inbox::{self, Message};
use crate::supervisor::outcomes::{self, Outcomes};

/// What guards the fleet, as it was told last.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) outcomes: Outcomes,
    told: BTreeMap<AgentName, Bar>,
    standings: Standings,
    /// What agents take of the machine.
    pub(super) burden: Burden,
    is_held: bool,
    hold: Option<String>,
    next: Option<Timestamp>,
    is_due: bool,
    /// When one of ours was let go last: it is not in the log yet.
    launched: Option<Timestamp>,
    calibrations: Calibrations,
}

impl Guard {
    pub(super) fn new(outcomes: Outcomes) -> Self {
        Self {
            outcomes,
            told: BTreeMap::new(),
            standings: Standings::default(),
            burden: Burden::default(),
            is_held: false,
            hold: None,
            next: None,
            is_due: true,
            launched: None,
            calibrations: Calibrations::default(),
        }
    }

    /// Returns when something changes by itself.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// Says why nothing starts, if nothing does for want of calm or money.
    pub(super) fn banner(&self) -> Option<&str> {
        self.hold.as_deref()
    }

    /// Looks again: there is somebody new to be told.
    pub(super) fn look_again(&mut self) {
        self.is_due = true;
    }

    pub(super) fn launched(&mut self, now: Timestamp) {
        self.launched = Some(now);
    }
}

impl Supervisor {
    /// Asks to be told when another process writes into the outcome log.
    pub(super) fn watch_outcomes(&self) {
        let sender = self.sender.clone();
        let told = Arc::new(move || {
            let _ended = sender.send(Message::OutcomesWritten);
        });
        if let Err(error) = self.watch.directory(self.dir.path(), told) {
            tracing::warn!("{} cannot be watched: {error}", self.dir.path().display());
        }
    }

    /// Writes down what has become of attempts in a step.
    pub(super) fn write_outcomes(&mut self, before: &Workstream, id: &WorkstreamId) {
        let Some(member) = self.members.get(id) else { return };
        let happened = outcome::between(before, &member.state, self.clock.now());
        if happened.is_empty() {
            return;
        }
        self.append_outcomes(&happened);
    }

    /// Writes down ends that a supervisor which died has left out.
    pub(super) fn write_missing_outcomes(&mut self, id: &WorkstreamId) {
        let Some(member) = self.members.get(id) else { return };
        let all = outcome::ends(&member.state);
        let history = &self.guard.outcomes.history;
        let now = self.clock.now();
        let missing: Vec<Outcome> =
            all.into_iter().filter(|outcome| history.lacks(outcome, now)).collect();
        self.append_outcomes(&missing);
    }

    pub(super) fn append_outcomes(&mut self, outcomes: &[Outcome]) {
        if outcomes.is_empty() {
            return;
        }
        for outcome in outcomes {
            if let Err(error) = self.guard.outcomes.append(outcome) {
                let path = self.dir.outcomes();
                let text = format!(
                    "{} cannot be written ({error}); breakers do not know of this end",
                    path.display()
                );
                self.tell(None, Severity::Warning, text);
            }
        }
        self.guard.is_due = true;
    }

    /// Reads what was written into the outcome log, and tells what follows.
    pub(super) fn look_at_outcomes(&mut self, now: Timestamp) {
        let is_due = std::mem::take(&mut self.guard.is_due);
        if !is_due && self.guard.next.is_none_or(|next| now < next) {
            return;
        }
        let guards = self.plan().guards;
        if self.guard.outcomes.advance(&guards) || !is_due {
            self.shown.changed();
        }
        let history = &self.guard.outcomes.history;
        self.guard.next = history.next(now, &guards);
        let bars = history.bars(now);
        let is_held = !matches!(history.brake(now, &guards), Brake::Calm);
        self.tell_breakers(&bars, now);
        self.tell_hold(now);
        self.guard.told = bars;
        self.guard.is_held = is_held;
        let is_ranked = |it: &WorkstreamPlan| it.order == Order::Adaptive;
        if self.plan().workstreams.iter().any(is_ranked) {
            self.guard.standings = Standings::of(&self.guard.outcomes.history, now);
        }
        self.tell_workstreams();
    }

    /// Reads the outcome log anew, by a changed configuration.
    pub(super) fn read_outcomes_anew(&mut self) {
        let guards = self.plan().guards;
        self.guard.outcomes.read_anew(&guards);
        self.guard.is_due = true;
    }

    fn tell_breakers(&mut self, bars: &BTreeMap<AgentName, Bar>, now: Timestamp) {
        let plan = self.plan();
        let known = plan.agents.keys();
        let changed: Vec<(AgentName, Option<Bar>)> = known
            .filter(|name| bars.get(*name) != self.guard.told.get(*name))
            .map(|name| (name.clone(), bars.get(name).cloned()))
            .collect();
        for (agent, bar) in changed {
            let (severity, text) = match bar {
                None => (Severity::Good, format!("{agent}: its breaker is closed again")),
                Some(bar) if bar.is_shut() => {
                    (Severity::Bad, format!("{agent}: {}", bar.words(now)))
                }
                Some(bar) => (
                    Severity::Info,
                    format!(
                        "{agent}: {}; the next workstream that wants it is its trial",
                        bar.words(now)
                    ),
                ),
            };
            self.tell(None, severity, text);
        }
    }

    fn tell_hold(&mut self, now: Timestamp) {
        let hold = match self.guard_hold(now) {
            Some(hold) => Some(format!("nothing starts {}", hold.cause())),
            None => match self.guard.outcomes.history.brake(now, &self.plan().guards) {
                Brake::Trial { why, .. } => {
                    Some(format!("one trial goes first after a storm ({why})"))
                }
                Brake::Resuming { .. } => {
                    Some("launches resume after a storm, a little apart".to_owned())
                }
                Brake::Calm | Brake::Held { .. } => None,
            },
        };
        if self.guard.hold == hold {
            return;
        }
        match &hold {
            Some(words) => self.tell(None, Severity::Bad, format!("{words}; what runs goes on")),
            None => self.tell(None, Severity::Good, "launches go on".to_owned()),
        }
        self.guard.hold = hold;
    }

    /// Tells those of our workstreams that are concerned.
    fn tell_workstreams(&mut self) {
        let due: Vec<(WorkstreamId, Guarded)> = self
            .members
            .values()
            .filter(|member| member.is_ours() && !member.state.phase.word().is_final())
            .filter_map(|member| {
                let guarded = self.guarded(&member.state);
                (member.state.guarded != guarded).then(|| (member.id.clone(), guarded))
            })
            .collect();
        for (id, guarded) in due {
            self.step(&id, &Event::Barred(Box::new(guarded)));
            self.shown.stale(&id);
        }
    }

    /// Returns what a workstream is to know.
    fn guarded(&self, state: &Workstream) -> Guarded {
        let in_chain = |agent: &AgentName| state.definition.names(agent);
        let bars = self.guard.told.iter().filter(|(agent, _)| in_chain(agent));
        let bars = bars.map(|(agent, bar)| (agent.clone(), bar.clone())).collect();
        Guarded { bars, held: self.guard.is_held, ranking: self.ranking(state) }
    }

    /// Returns the agents of a workstream in the order in which they are worth trying; as it knows it, if that is still so.
    fn ranking(&self, state: &Workstream) -> Vec<Ranked> {
        let plan = self.plan();
        let id = &state.definition.id;
        let Some(workstream) = plan.workstream(id).filter(|it| it.order == Order::Adaptive) else {
            return Vec::new();
        };
        let capacity = |name: &AgentName| plan.agents.get(name).and_then(|agent| agent.capacity);
        let chain: Vec<(AgentName, Option<usize>)> =
            workstream.chain.iter().map(|name| (name.clone(), capacity(name))).collect();
        let kind = workstream.kind.as_deref();
        let wanted = Wanted { chain: &chain, kind, bars: &self.guard.told };
        let ranking = self.guard.standings.rank(&wanted);
        let known = &state.guarded.ranking;
        let names = |ranking: &[Ranked]| -> Vec<AgentName> {
            ranking.iter().map(|ranked| ranked.agent.clone()).collect()
        };
        if names(known) == names(&ranking) { known.clone() } else { ranking }
    }

    /// Returns what the fleet may take now.
    pub(super) fn limits(&self) -> Limits {
        let plan = self.plan();
        let now = self.clock.now();
        let is_paused =
            self.launches == inbox::Launches::Paused || self.ending != super::Ending::No;
        let hold = if is_paused {
            Some(Hold::Paused)
        } else {
            let rooms = (self.disk.room, self.disk.memory);
            hold::hold(rooms, &self.guard.outcomes.history, &plan.guards, now)
        };
        let limits = &plan.limits;
        let (parallel, standby) = (limits.parallel, limits.standby);
        Limits { parallel, standby, hold, launches: self.launches_left(now) }
    }

    fn guard_hold(&self, now: Timestamp) -> Option<Hold> {
        hold::of_guards(&self.guard.outcomes.history, &self.plan().guards, now)
    }

    fn launches_left(&self, now: Timestamp) -> Option<Launches> {
        let plan = self.plan();
        let history = &self.guard.outcomes.history;
        match history.brake(now, &plan.guards) {
            Brake::Trial { left, why, .. } => {
                return Some(Launches { left, why: Apart::Trial(why) });
            }
            Brake::Resuming { left, next } => {
                return Some(Launches { left, why: Apart::Resuming(next) });
            }
            Brake::Calm | Brake::Held { .. } => {}
        }
        if plan.limits.stagger.is_zero() {
            return None;
        }
        let last = history.launched().max(self.guard.launched)?;
        let next = last + plan.limits.stagger;
        let left = u32::from(now >= next);
        Some(Launches { left, why: Apart::Staggered(next.max(now)) })
    }

    /// Returns when the next launch may follow, if launches are staggered and one waits for that.
    pub(super) fn next_launch(&self) -> Option<Timestamp> {
        let apart = self.blocked.values().filter_map(|blocked| match blocked {
            Blocked::Apart(Apart::Staggered(next) | Apart::Resuming(next)) => Some(*next),
            _other => None,
        });
        apart.min()
    }

    /// Returns what is known of the agents, and of the fleet as a whole.
    pub(super) fn fleet_facts(&mut self, now: Timestamp) -> (Vec<AgentFacts>, FleetFacts) {
        let plan = self.plan();
        let Guard { outcomes, calibrations, .. } = &mut self.guard;
        let agents = fleet_facts::agents(&outcomes.history, &plan, calibrations, now);
        (agents, fleet_facts::fleet(&outcomes.history, &plan, now))
    }

    /// Writes down what the operator decides about the breaker of an agent; what follows is told as ever.
    pub(super) fn say_of_breaker(&mut self, agent: &AgentName, say: Say) {
        if !self.plan().agents.contains_key(agent) {
            self.tell(None, Severity::Warning, format!("there is no agent {agent}"));
            return;
        }
        let path = self.dir.outcomes();
        if let Err(error) = outcomes::say(&path, agent.clone(), say, self.clock.now()) {
            let text = format!(
                "{} cannot be written ({error}), so the breaker of {agent} is as it was",
                path.display()
            );
            self.tell(None, Severity::Bad, text);
        }
        self.guard.is_due = true;
    }
}
