//! Many workstreams at once: no more than the limit, and nobody forgotten.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::collections::BTreeMap;

use ostler::core::definition::Definition;
use ostler::core::event::{CheckOutcome, ProbeOutcome};
use ostler::core::fleet::{Blocked, Hold, Limits, admit};
use ostler::core::room::Room;
use ostler::core::verdict::{DiffSize, Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{
    Account, AgentName, Event, Phase, PhaseWord, Timestamp, Workstream, WorkstreamId,
};
use proptest::prelude::*;

use super::holds::runner;
use crate::world::rng::Rng;
use crate::world::sample::{process, random_definition, random_failure, random_guarded};

#[test]
fn no_more_than_the_limit_go_and_nobody_is_forgotten() {
    runner(60)
        .run(&(any::<u64>(), 1..12_usize, 1..5_usize), |(seed, size, parallel)| {
            let mut rng = Rng::new(seed);
            let standby = usize::try_from(rng.between(0, 2)).unwrap();
            let mut fleet = fleet(&mut rng, size, parallel.saturating_sub(standby).max(1));
            let limits = Limits { parallel, standby, ..Limits::default() };
            run(&mut rng, &mut fleet, &limits)?;
            rests(&fleet, &limits)
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn everybody_is_told_something_and_nothing_goes_while_paused() {
    runner(60)
        .run(&(any::<u64>(), 1..12_usize, any::<bool>(), 0..2_u64), |(seed, size, paused, free)| {
            let fleet = fleet(&mut Rng::new(seed), size, 2);
            let room = Room::default().after(free, 1);
            let hold = match (paused, room) {
                (true, _) => Some(Hold::Paused),
                (false, Room::Short { .. }) => Some(Hold::Room(room)),
                (false, Room::Enough) => None,
            };
            let limits = Limits { parallel: 2, hold, ..Limits::default() };
            let admission = admit(&fleet, &limits);
            prop_assert_eq!(admission.go.len() + admission.blocked.len(), size);
            prop_assert!(!paused && free > 0 || admission.go.is_empty());
            let places: Vec<usize> = admission
                .blocked
                .values()
                .filter_map(|blocked| match blocked {
                    Blocked::Slot(place) | Blocked::Slots { place, .. } => Some(*place),
                    Blocked::After(_)
                    | Blocked::Standby(_)
                    | Blocked::Capacity { .. }
                    | Blocked::Barred { .. }
                    | Blocked::Held(_)
                    | Blocked::Apart(_) => None,
                })
                .collect();
            let mut sorted = places.clone();
            sorted.sort_unstable();
            prop_assert!(sorted.iter().copied().eq(1..=places.len()));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Returns workstreams that wait for some of those before them, and have so many agents work side by side at most.
fn fleet(rng: &mut Rng, size: usize, most: usize) -> Vec<Workstream> {
    let name = |number: usize| WorkstreamId::from(format!("ws-{number:02}"));
    (0..size)
        .map(|number| {
            let after = (0..number).filter(|_| rng.chance(25)).map(name).collect();
            let priority = i32::try_from(rng.between(0, 3)).unwrap();
            let mut definition = random_definition(rng);
            for contest in definition.tiers.iter_mut().filter_map(|tier| tier.contest.as_mut()) {
                contest.contestants.truncate(most);
            }
            let definition = Definition { id: name(number), after, priority, ..definition };
            Workstream::new(definition, Timestamp(0))
        })
        .collect()
}

/// Lets things happen in any order until nothing is left to happen.
fn run(rng: &mut Rng, fleet: &mut [Workstream], limits: &Limits) -> Result<(), TestCaseError> {
    let mut now = Timestamp(0);
    for _ in 0..20_000 {
        now.0 += 1_000;
        bar_some(rng, fleet, now);
        let working = |ws: &&mut Workstream| ws.phase.word().holds_slot();
        let admission = admit(fleet.iter(), limits);
        for id in &admission.go {
            let admitted = fleet.iter_mut().find(|ws| ws.definition.id == *id).unwrap();
            admitted.step(&Event::Admitted, now);
        }
        let taken: usize = fleet.iter_mut().filter(working).map(|ws| ws.slots()).sum();
        prop_assert!(taken <= limits.parallel, "{taken} at work, {} allowed", limits.parallel);
        keeps_capacities(fleet)?;
        let mut active: Vec<&mut Workstream> = fleet
            .iter_mut()
            .filter(|ws| ws.phase.word().holds_slot() || ws.phase.word() == PhaseWord::Backoff)
            .collect();
        if active.is_empty() && now.0 < 60_000 {
            continue;
        }
        if active.is_empty() {
            return Ok(());
        }
        let one = usize::try_from(rng.between(0, active.len() as u64 - 1)).unwrap();
        let event = next(rng, active[one], now);
        now = now.max(active[one].deadline().filter(|_| event == Event::Tick).unwrap_or(now));
        active[one].step(&event, now);
    }
    Err(TestCaseError::fail("it never ends"))
}

/// Breakers open and close for a while, and are all closed in the end.
fn bar_some(rng: &mut Rng, fleet: &mut [Workstream], now: Timestamp) {
    if now.0 < 60_000 && rng.chance(30) {
        let guarded = random_guarded(rng, now);
        for ws in fleet {
            ws.step(&Event::Barred(Box::new(guarded.clone())), now);
        }
    } else if now.0 >= 60_000 {
        for ws in fleet {
            ws.step(&Event::Barred(Box::default()), now);
        }
    }
}

/// No agent works for more workstreams than it may, as far as the fleet decides that.
fn keeps_capacities(fleet: &[Workstream]) -> Result<(), TestCaseError> {
    let mut used = BTreeMap::<AgentName, (usize, usize)>::new();
    for ws in fleet.iter().filter(|ws| ws.phase.word().holds_slot()) {
        let Some(launch) = ws.phase.launch() else { continue };
        for agent in ws.agents_at(launch) {
            let Some(capacity) = ws.capacity_at(launch, &agent) else { continue };
            let used = used.entry(agent).or_insert((0, capacity));
            used.0 += 1;
        }
    }
    for (agent, (used, capacity)) in used {
        prop_assert!(used <= capacity, "{agent}: {used} of {capacity}");
    }
    Ok(())
}

/// Returns what a tame world would report next.
fn next(rng: &mut Rng, workstream: &Workstream, now: Timestamp) -> Event {
    let attempt = workstream.phase.launch().map(|launch| launch.attempt).unwrap_or_default();
    let lucky = rng.chance(60);
    match &workstream.phase {
        Phase::Preparing { .. } => {
            Event::Prepared { attempt, worktree: "w".to_owned(), branch: "b".to_owned() }
        }
        Phase::Probing { .. } if lucky => Event::Probed { attempt, outcome: ProbeOutcome::Ready },
        Phase::Starting { .. } => Event::Started { attempt, keeper: process(1), agent: process(2) },
        Phase::Running(_) | Phase::Stopping(_) => {
            let verdict = if lucky { Verdict::Silent } else { random_failure(rng, now) };
            let (exit, by, tree) = (Exit::Code(0), EndedBy::Itself, Tree::default());
            let ended = Ended {
                exit,
                by,
                tree,
                verdict,
                at: now,
                log_bytes: 1,
                short_of: None,
                account: Account::default(),
            };
            Event::Exited { attempt, ended: Box::new(ended) }
        }
        Phase::Draining(_) => {
            let diff = Some(DiffSize { files: 1, added: 1, removed: 0 });
            Event::Saved { attempt, diff, error: None }
        }
        Phase::Checking { .. } if lucky => {
            Event::Checked { attempt, outcome: CheckOutcome::Passed }
        }
        Phase::Checking { .. } => Event::Checked { attempt, outcome: CheckOutcome::TimedOut },
        Phase::Queued { .. }
        | Phase::Probing { .. }
        | Phase::Backoff { .. }
        | Phase::Escalated { .. }
        | Phase::Done(_)
        | Phase::Failed(_)
        | Phase::Stopped
        | Phase::Lost { .. } => Event::Tick,
    }
}

/// Whoever still waits, waits for somebody who cannot be done without the operator, and is known to.
fn rests(fleet: &[Workstream], limits: &Limits) -> Result<(), TestCaseError> {
    let admission = admit(fleet, limits);
    prop_assert!(admission.go.is_empty());
    let stuck = admission.stuck();
    for workstream in fleet {
        let queued = workstream.phase.word() == PhaseWord::Queued;
        prop_assert_eq!(queued, stuck.contains(&workstream.definition.id));
        let unmet = workstream.definition.after.iter().any(|id| {
            let other = fleet.iter().find(|other| other.definition.id == *id);
            other.is_some_and(|other| other.phase.word() != PhaseWord::Done)
        });
        prop_assert!(!queued || unmet, "{} was forgotten", workstream.definition.id);
    }
    Ok(())
}
