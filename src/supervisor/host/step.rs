//! Events in, effects out: written first, then acted on.

use std::collections::BTreeMap;

use super::Supervisor;
use crate::core::class::FailureClass;
use crate::core::event::ProbeOutcome;
use crate::core::fleet::{self, Blocked};
use crate::core::notice::{Notice, Severity};
use crate::core::{Effect, Event, Phase, WorkstreamId};
use crate::supervisor::clock;
use crate::supervisor::inbox::Message;
use crate::supervisor::journal::Durability;
use crate::supervisor::member::{Hold, Member};

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stepped {
    /// It is in the journal, or is no request and changes nothing.
    Taken,
    /// It is not written yet; the text says why.
    Unwritten(String),
    /// The workstream is not ours.
    NotOurs,
}

impl Supervisor {
    /// Takes one event into a workstream of ours.
    pub(super) fn step(&mut self, id: &WorkstreamId, event: &Event) {
        let Some(member) = self.members.get_mut(id) else { return };
        let Hold::Own(own) = &mut member.hold else { return };
        if !own.unwritten.is_empty() {
            own.unwritten.push_back(event.clone());
            return;
        }
        if let Stepped::Unwritten(why) = self.write_and_act(id, event) {
            if let Some(Member { hold: Hold::Own(own), .. }) = self.members.get_mut(id) {
                own.unwritten.push_front(event.clone());
            }
            let text = format!("{why}; nothing is decided for {id} until it can be written");
            self.trouble(id, text);
        }
    }

    /// Takes in what another process asks for, now or never: what is acknowledged is in the journal.
    pub(super) fn step_now(&mut self, id: &WorkstreamId, event: &Event) -> Stepped {
        match self.members.get(id) {
            Some(Member { hold: Hold::Own(own), trouble, .. }) if !own.unwritten.is_empty() => {
                Stepped::Unwritten(trouble.clone().unwrap_or_default())
            }
            Some(_) => self.write_and_act(id, event),
            None => Stepped::NotOurs,
        }
    }

    fn write_and_act(&mut self, id: &WorkstreamId, event: &Event) -> Stepped {
        let now = self.clock.now();
        let Some(member) = self.members.get_mut(id) else { return Stepped::NotOurs };
        let Hold::Own(own) = &mut member.hold else { return Stepped::NotOurs };
        let at = own.journal.time(now);
        let mut next = member.state.clone();
        let effects = next.step(event, at);
        // What an operator wants is kept even where it is so already.
        let is_asked = matches!(event, Event::Operator(_));
        if next == member.state && effects.is_empty() && !is_asked {
            return Stepped::Taken;
        }
        if let Err(error) = own.journal.append(event, at, durability(event)) {
            return if error.is_for_want_of_space() && self.release_ballast(id) {
                self.write_and_act(id, event)
            } else {
                Stepped::Unwritten(error.to_string())
            };
        }
        let before = std::mem::replace(&mut member.state, next);
        member.trouble = None;
        member.drop_passes();
        self.shown.stale(id);
        self.write_outcomes(&before, id);
        self.act(id, effects);
        Stepped::Taken
    }

    pub(super) fn act(&mut self, id: &WorkstreamId, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Notice(notice) = effect {
                if let Notice::Failed { class: FailureClass::Resources, .. } = notice {
                    // What is missing is known before the next attempt asks for it.
                    self.look_now();
                }
                self.tell(Some(id.clone()), notice.severity(), notice.to_string());
            } else if let Effect::Probe(launch) = &effect
                && let Some(reason) = self.is_another_ones_trial(id, launch)
            {
                let outcome = ProbeOutcome::OnTrial(reason);
                let event = Event::Probed { attempt: launch.attempt, outcome };
                let _ended = self.sender.send(Message::Event(id.clone(), event));
            } else if let Some(member) = self.members.get(id) {
                self.executor.run(&member.state, effect);
            }
        }
    }

    pub(super) fn trouble(&mut self, id: &WorkstreamId, text: String) {
        let Some(member) = self.members.get_mut(id) else { return };
        if member.trouble.as_ref() != Some(&text) {
            member.trouble = Some(text.clone());
            self.shown.stale(id);
            self.tell(Some(id.clone()), Severity::Bad, text);
        }
    }

    /// Lets what is due by itself happen, and tries again to write what could not be written.
    pub(super) fn tick(&mut self) {
        let now = self.clock.now();
        let slept = self.sleep.since_last(clock::asleep_ms());
        let ours: Vec<WorkstreamId> =
            self.members.values().filter(|member| member.is_ours()).map(|m| m.id.clone()).collect();
        for id in ours {
            self.write_again(&id);
            if let Some(span) = slept {
                self.step(&id, &Event::Slept(span));
            }
            let due = self
                .members
                .get(&id)
                .and_then(|member| member.state.deadline())
                .is_some_and(|deadline| deadline <= now);
            if due {
                self.step(&id, &Event::Tick);
            }
        }
        self.readopt(now);
        self.ask_neighbours(now);
        self.look_at_disk(now);
        self.look_at_outcomes(now);
    }

    fn write_again(&mut self, id: &WorkstreamId) {
        loop {
            let Some(Member { hold: Hold::Own(own), .. }) = self.members.get_mut(id) else {
                return;
            };
            let Some(event) = own.unwritten.pop_front() else { return };
            if let Stepped::Unwritten(_) = self.write_and_act(id, &event) {
                if let Some(Member { hold: Hold::Own(own), .. }) = self.members.get_mut(id) {
                    own.unwritten.push_front(event);
                }
                return;
            }
        }
    }

    /// Takes note of what each queued workstream waits for; the rules do not know of `others`.
    pub(super) fn see_blocked(&mut self, others: BTreeMap<WorkstreamId, Blocked>) {
        let states = self.members.values().map(|member| &member.state);
        let admission = fleet::admit(states, &self.limits());
        self.stuck = admission.stuck();
        let mut blocked = admission.blocked;
        blocked.extend(others);
        for member in self.members.values() {
            if matches!(member.state.phase, Phase::Queued { .. })
                && blocked.get(&member.id) != self.blocked.get(&member.id)
            {
                self.shown.stale(&member.id);
            }
        }
        self.blocked = blocked;
    }

    pub(super) fn is_idle(&self) -> bool {
        let phases = self
            .members
            .values()
            .filter(|member| self.is_meant_to_be_ours(&member.id) && !member.is_hopeless())
            .map(|member| (&member.id, member.state.phase.word()));
        crate::supervisor::facts::is_idle(phases, &self.stuck)
    }
}

/// What can be seen again, or would be decided again in the same way, need not be synced; all of it is on the disk before
/// anything is started, since that follows from an event that is.
pub(super) fn durability(event: &Event) -> Durability {
    match event {
        Event::Defined(_)
        | Event::Owned { .. }
        | Event::Admitted
        | Event::Barred(_)
        | Event::Active { .. }
        | Event::Progressed { .. }
        | Event::Remarked { .. }
        | Event::Slept(_)
        | Event::Accounted { .. }
        | Event::Warmed { .. }
        | Event::Transferred { .. }
        | Event::Waiting { .. } => Durability::Lazy,
        Event::Operator(_)
        | Event::Prepared { .. }
        | Event::NotPrepared { .. }
        | Event::Probed { .. }
        | Event::Started { .. }
        | Event::NotStarted { .. }
        | Event::Exited { .. }
        | Event::Saved { .. }
        | Event::Checked { .. }
        | Event::Hopeless { .. }
        | Event::Tick => Durability::Synced,
    }
}
