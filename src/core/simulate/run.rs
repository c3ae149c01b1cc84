//! The loop: what happens next happens, and who may go goes.

use std::collections::HashMap;
use std::time::Duration;

use super::agenda::{Agenda, Happening};
use super::chance::Chance;
use super::guard::Guard;
use super::model::{Policy, Scenario};
use super::play::Player;
use super::queue::Queue;
use super::report::Report;
use crate::core::event::ProbeOutcome;
use crate::core::fleet::{Apart, Blocked, admit};
use crate::core::outcome::{self, Ended, Outcome, What, Which};
use crate::core::{
    AgentName, AttemptOutcome, Definition, Effect, Event, Phase, PhaseWord, Timestamp, Workstream,
    WorkstreamId,
};

/// The clock begins here, so that a time before it is none.
const BEGIN: Timestamp = Timestamp(1_000_000_000_000);

/// A fleet that is played.
struct Fleet<'a> {
    policy: &'a Policy,
    scenario: Scenario,
    now: Timestamp,
    agenda: Agenda,
    players: Vec<Option<Player>>,
    definitions: Vec<Definition>,
    numbers: HashMap<WorkstreamId, usize>,
    queue: Queue,
    /// Those that hold a slot.
    active: Vec<usize>,
    guard: Guard,
    /// When the agenda has what guards the fleet next.
    watched: Option<Timestamp>,
    /// Whether somebody may go who could not before.
    is_news: bool,
    ends: Vec<(AgentName, Timestamp, Ended)>,
    refused: usize,
    most: usize,
}

/// Plays a policy to its end.
pub fn run(policy: &Policy, scenario: &Scenario) -> Report {
    let mut fleet = Fleet::new(policy, scenario);
    let end = BEGIN + scenario.until;
    while let Some(at) = fleet.agenda.next_at().filter(|at| *at <= end) {
        fleet.now = at;
        while fleet.agenda.next_at() == Some(at) {
            if let Some((whose, what)) = fleet.agenda.take() {
                fleet.happens(whose, what);
            }
        }
        fleet.let_go();
    }
    fleet.report()
}

/// Returns the pieces of work: those of the configuration, again and again until there are enough.
fn work(policy: &Policy, scenario: &Scenario) -> Vec<Definition> {
    let few = policy.definitions.len();
    let count = scenario.workstreams.unwrap_or(few);
    let each = (0..count).zip(policy.definitions.iter().cycle());
    each.map(|(number, definition)| {
        let turn = number / few.max(1);
        let name = |id: &WorkstreamId| match turn {
            0 => id.clone(),
            turn => WorkstreamId::from(format!("{id}~{turn}")),
        };
        let after = definition.after.iter().map(name).collect();
        Definition { id: name(&definition.id), after, ..definition.clone() }
    })
    .collect()
}

impl<'a> Fleet<'a> {
    fn new(policy: &'a Policy, scenario: &Scenario) -> Self {
        let definitions = work(policy, scenario);
        let numbers = definitions.iter().enumerate().map(|(number, it)| (it.id.clone(), number));
        let mut fleet = Self {
            policy,
            scenario: from_the_beginning(scenario),
            now: BEGIN,
            agenda: Agenda::default(),
            players: (0..definitions.len()).map(|_| None).collect(),
            numbers: numbers.collect(),
            queue: Queue::new(&definitions),
            definitions,
            active: Vec::new(),
            guard: Guard::default(),
            watched: None,
            is_news: false,
            ends: Vec::new(),
            refused: 0,
            most: 0,
        };
        for number in 0..fleet.players.len() {
            let chance = Chance::of(scenario.seed, &[number as u64, 0]).unit();
            let at = BEGIN + scenario.over.mul_f64(chance);
            fleet.agenda.add(at, number, Happening::Arrives);
        }
        fleet
    }

    fn happens(&mut self, whose: usize, what: Happening) {
        match what {
            Happening::Arrives => self.arrives(whose),
            Happening::Deadline => {
                let Some(player) = self.player(whose) else { return };
                player.awaited = None;
                let deadline = player.workstream.deadline();
                if deadline.is_some_and(|deadline| deadline <= self.now) {
                    self.deliver(whose, &Event::Tick);
                } else {
                    self.await_deadline(whose);
                }
            }
            Happening::Report(event) => self.deliver(whose, &event),
            Happening::Ends(attempt) => {
                let (scenario, now) = (&self.scenario, self.now);
                let player = self.players.get(whose).and_then(Option::as_ref);
                let Some(event) = player.map(|player| player.ends(attempt, scenario, now)) else {
                    return;
                };
                self.deliver(whose, &event);
            }
            Happening::Guards => {
                self.watched = None;
                self.is_news = true;
                self.look();
            }
        }
    }

    fn player(&mut self, number: usize) -> Option<&mut Player> {
        self.players.get_mut(number).and_then(Option::as_mut)
    }

    fn arrives(&mut self, number: usize) {
        let Some(definition) = self.definitions.get(number) else { return };
        let workstream = Workstream::new(definition.clone(), self.now);
        self.queue.join(number, &workstream);
        self.is_news = true;
        if let Some(place) = self.players.get_mut(number) {
            *place = Some(Player::new(workstream, number, self.now));
        }
    }

    /// Tells a workstream what guards the fleet, if it does not know: it acts upon that only with what it is told next.
    fn inform(&mut self, number: usize) {
        let Some(player) = self.players.get_mut(number).and_then(Option::as_mut) else { return };
        if player.knows == self.guard.version {
            return;
        }
        player.knows = self.guard.version;
        let guarded = self.guard.guarded(&player.workstream);
        if player.workstream.guarded != guarded {
            player.workstream.step(&Event::Barred(Box::new(guarded)), self.now);
        }
    }

    /// Looks at what guards the fleet, and sees to it that the next change of it is not missed.
    fn look(&mut self) {
        self.is_news |= self.guard.look(self.now, self.policy);
        if let Some(next) = self.guard.next {
            self.watch(next);
        }
    }

    fn watch(&mut self, next: Timestamp) {
        let next = next.max(self.now + Duration::from_millis(1));
        if self.watched.is_none_or(|watched| next < watched) {
            self.watched = Some(next);
            self.agenda.add(next, 0, Happening::Guards);
        }
    }

    /// Tells a workstream, does what it asks for, and lets the fleet know what came of it.
    fn deliver(&mut self, number: usize, event: &Event) {
        self.inform(number);
        let Some(player) = self.players.get_mut(number).and_then(Option::as_mut) else { return };
        let before = player.workstream.phase.word();
        if before == PhaseWord::Queued {
            self.queue.leave(number, &player.workstream);
        }
        for effect in player.workstream.step(event, self.now) {
            if let Effect::Probe(launch) = &effect
                && player.workstream.is_trial(launch)
                && !self.guard.takes_trial(&player.workstream.agent_at(launch), number, launch)
            {
                let outcome = ProbeOutcome::OnTrial("another workstream is its trial".to_owned());
                let event = Event::Probed { attempt: launch.attempt, outcome };
                self.agenda.add(self.now, number, Happening::Report(event));
                continue;
            }
            player.carry_out(effect, &self.scenario, &mut self.agenda, self.now);
        }
        let after = player.workstream.phase.word();
        if after == PhaseWord::Queued {
            self.queue.join(number, &player.workstream);
            self.is_news |= before != PhaseWord::Queued;
        }
        match (before.holds_slot(), after.holds_slot()) {
            (false, true) => self.active.push(number),
            (true, false) => {
                self.active.retain(|other| *other != number);
                self.is_news = true;
            }
            (true, true) | (false, false) => {}
        }
        self.is_news |= self.guard.drop_trials(number, &player.workstream);
        self.write(number);
        if after == PhaseWord::Done && before != PhaseWord::Done {
            self.done(number);
        }
        self.await_deadline(number);
    }

    fn done(&mut self, number: usize) {
        let now = self.now;
        if let Some(player) = self.player(number) {
            player.done = Some(now);
        }
        for other in self.queue.done(number) {
            if let Some(player) = self.players.get(other).and_then(Option::as_ref) {
                self.queue.join(other, &player.workstream);
                self.is_news = true;
            }
        }
    }

    fn await_deadline(&mut self, number: usize) {
        let Some(player) = self.players.get_mut(number).and_then(Option::as_mut) else { return };
        let Some(deadline) = player.workstream.deadline() else { return };
        let deadline = deadline.max(self.now);
        if player.awaited.is_none_or(|awaited| deadline < awaited) {
            player.awaited = Some(deadline);
            self.agenda.add(deadline, number, Happening::Deadline);
        }
    }

    /// Writes what became of attempts into the history, as supervisors write it into their log.
    fn write(&mut self, number: usize) {
        let now = self.now;
        let Some(player) = self.players.get_mut(number).and_then(Option::as_mut) else { return };
        let workstream = &player.workstream;
        let id = &workstream.definition.id;
        let mut lines = Vec::new();
        while let Some(attempt) = workstream.attempts.get(player.begun) {
            if attempt.started.is_some() {
                let begun = attempt.begun;
                let which = |inner| {
                    let (workstream, attempt) = (id.clone(), attempt.id);
                    What::Began(Which { workstream, attempt, begun, inner })
                };
                let launch = workstream.phase.launch();
                let entrants = launch.map_or(&[][..], |launch| launch.entrants.as_slice());
                for (entrant, number) in entrants.iter().zip(1..) {
                    let (agent, what) = (entrant.agent.clone(), which(Some(number)));
                    lines.push(Outcome { at: now, agent, what });
                }
                if attempt.contest.is_none() {
                    let (agent, what) = (attempt.agent.clone(), which(None));
                    lines.push(Outcome { at: now, agent, what });
                }
            } else if attempt.outcome == AttemptOutcome::Open {
                break;
            }
            player.begun += 1;
        }
        while let Some(attempt) = workstream.attempts.get(player.told) {
            if attempt.outcome == AttemptOutcome::Open {
                break;
            }
            lines.extend(outcome::of(attempt, workstream));
            player.told += 1;
        }
        let is_news = !lines.is_empty();
        for line in lines {
            self.guard.take(&line, self.policy);
            match line.what {
                What::Ended(ended) => self.ends.push((line.agent, line.at, ended)),
                What::Refused(_) => self.refused += 1,
                What::Began(_) | What::Strained(_) | What::Told { .. } => {}
            }
        }
        if is_news {
            self.is_news = true;
            self.look();
        }
    }

    /// Lets those go who may.
    fn let_go(&mut self) {
        if !std::mem::take(&mut self.is_news) {
            return;
        }
        let limits = self.guard.limits(self.now, self.policy);
        if limits.hold.is_some() || self.active.len() >= limits.parallel || self.queue.is_empty() {
            return;
        }
        let mut some = self.queue.first(limits.parallel);
        for number in &some {
            self.inform(*number);
        }
        some.extend(&self.active);
        some.sort_unstable();
        let players = some.iter().filter_map(|it| self.players.get(*it)?.as_ref());
        let admission = admit(players.map(|player| &player.workstream), &limits);
        for id in &admission.go {
            if let Some(number) = self.numbers.get(id).copied()
                && self.may_start(number)
            {
                self.guard.launched(self.now);
                self.deliver(number, &Event::Admitted);
            }
        }
        let next = admission.blocked.values().filter_map(|blocked| match blocked {
            Blocked::Apart(Apart::Staggered(next) | Apart::Resuming(next)) => Some(*next),
            _other => None,
        });
        if let Some(next) = next.min() {
            self.watch(next);
        }
        let taken = self.active.iter().filter_map(|it| self.players.get(*it)?.as_ref());
        self.most = self.most.max(taken.map(|player| player.workstream.slots()).sum());
    }

    /// Says whether nothing but the trial of its agent keeps a workstream out, and takes that for it.
    fn may_start(&mut self, number: usize) -> bool {
        let player = self.players.get(number).and_then(Option::as_ref);
        let Some(workstream) = player.map(|player| &player.workstream) else { return false };
        let Phase::Queued { launch } = &workstream.phase else { return false };
        let is_last = launch.tier + 1 >= workstream.definition.tiers.len();
        if !is_last || !workstream.is_trial(launch) {
            return true;
        }
        let agent = workstream.agent_at(launch);
        self.guard.takes_trial(&agent, number, launch)
    }

    fn report(self) -> Report {
        let players: Vec<Player> = self.players.into_iter().flatten().collect();
        let mut report = Report {
            policy: self.policy.name.clone(),
            workstreams: self.definitions.len(),
            refused: self.refused,
            most_at_once: self.most,
            held: self.guard.held,
            opened: self.guard.opened,
            ..Report::default()
        };
        report.look_at(&players, BEGIN);
        report.add_up(&self.ends);
        report
    }
}

/// Moves the times of a scenario, which begin at 0, to where the clock begins.
fn from_the_beginning(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    for outage in scenario.agents.values_mut().flat_map(|model| &mut model.outages) {
        outage.from = BEGIN + Duration::from_millis(outage.from.0);
        outage.to = BEGIN + Duration::from_millis(outage.to.0);
    }
    scenario
}
