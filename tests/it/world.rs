//! A simulated world that expects the worst.
//!
//! It carries out the core's effects on a clock of its own: whatever can fail, hang, come late, come twice or get lost
//! does so sooner or later, and a process that survived stays there and goes on writing in the worktree. Nothing here is
//! forgiven: two live processes in a worktree are noted whatever the core believes.

#![expect(clippy::unwrap_used, reason = "it is a test")]

mod act;
mod owner;
mod process;
pub mod rng;
pub mod sample;
pub mod story;
pub mod trace;

use std::collections::BTreeMap;
use std::time::Duration;

use ostler::core::event::{CheckOutcome, ProbeOutcome};
use ostler::core::phase::PhaseWord;
use ostler::core::verdict::DiffSize;
use ostler::core::{AttemptId, Effect, Event, FailureClass, Timestamp, Workstream};

use self::process::{Kind, Run, Stage};
use self::rng::Rng;
use self::story::{Moment, Story};

/// What kind of world it is.
#[derive(Clone, Copy, Debug)]
pub struct Mood {
    pub people: People,
    pub agents: Agents,
    pub owners: Owners,
    pub things: Things,
}

/// Whether an operator presses keys at random moments, and the configuration changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    Absent,
    Busy,
}

/// Whether agents can do any work at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    Mixed,
    Failing,
}

/// Whether owners die at any moment, between an event and its effects too, and machines go down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owners {
    Stay,
    Die,
}

/// Whether things hang, come late, come twice, get lost, and processes survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Things {
    Work,
    GoWrong,
}

/// What is going to happen.
enum Happening {
    /// The core is told.
    Report(Event),
    /// A process begins.
    Appears(Kind, AttemptId),
    /// Its main process ends by itself, or because it was asked to.
    Exits(Kind, AttemptId),
    /// All that is left of it ends.
    Vanishes(Kind, AttemptId),
    /// The keeper's grace is over.
    KeeperKills(Kind, AttemptId),
    /// The keeper's deadline is there.
    Deadline(Kind, AttemptId),
    /// The keeper looks whether KILL has helped.
    Verified(AttemptId),
    /// The keeper dies.
    KeeperDies(AttemptId),
    /// The operator or somebody else acts.
    Acts,
    /// Another process becomes the owner.
    OwnerChanges,
    /// The machine goes down and comes back.
    Reboots,
}

/// The simulated world of one workstream.
pub struct World {
    rng: Rng,
    mood: Mood,
    now: Timestamp,
    workstream: Workstream,
    agenda: BTreeMap<(Timestamp, u64), Happening>,
    number: u64,
    agents: BTreeMap<AttemptId, Run>,
    checks: BTreeMap<AttemptId, Run>,
    owner: u32,
    story: Story,
}

/// Lets a world run for at most so many events.
pub fn run(seed: u64, mood: Mood, events: usize) -> Story {
    let mut rng = Rng::new(seed);
    let definition = sample::random_definition(&mut rng);
    let now = Timestamp(1_000);
    let workstream = Workstream::new(definition.clone(), now);
    let story = Story::default();
    let (agenda, agents, checks) = Default::default();
    let mut world =
        World { rng, mood, now, workstream, agenda, number: 0, agents, checks, owner: 1, story };
    let first = Event::Defined(Box::new(definition));
    let before = world.workstream.clone();
    world.remember(first, (Vec::new(), Vec::new()), before);
    world.await_admission();
    while world.story.moments.len() < events && world.goes_on() {}
    world.story.alive = world.alive();
    world.story
}

impl World {
    /// Lets the next thing happen; returns false when nothing is left to happen.
    fn goes_on(&mut self) -> bool {
        let late = if self.unlucky(20) { self.rng.between(0, 30_000) } else { 0 };
        let tick = self.workstream.deadline().map(|at| at.max(self.now) + millis(late));
        let next = self.agenda.keys().next().copied();
        match (tick, next) {
            (None, None) if self.busy() => self.later(30_000, Happening::Acts),
            (None, None) => {
                self.story.rests = true;
                return false;
            }
            (Some(at), None) => self.tick(at),
            (Some(at), Some((then, _))) if at < then => self.tick(at),
            (_, Some(key)) => {
                self.now = self.now.max(key.0);
                if let Some(happening) = self.agenda.remove(&key) {
                    self.happens(happening);
                }
            }
        }
        true
    }

    fn tick(&mut self, at: Timestamp) {
        self.now = at;
        self.deliver(Event::Tick);
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Report(event) => self.deliver(event),
            Happening::Appears(kind, id) => self.appears(kind, id),
            Happening::Exits(kind, id) => self.exits(kind, id),
            Happening::Vanishes(kind, id) => self.vanishes(kind, id),
            Happening::KeeperKills(kind, id) => self.keeper_kills(kind, id),
            Happening::Deadline(kind, id) => self.deadline(kind, id),
            Happening::Verified(id) => self.verified(id),
            Happening::KeeperDies(id) => self.keeper_dies(id),
            Happening::Acts => self.acts(),
            Happening::OwnerChanges => self.owner_changes(),
            Happening::Reboots => self.reboots(),
        }
    }

    /// Tells the core, and does what it asks for; a crash may come in between.
    fn deliver(&mut self, event: Event) {
        let before = self.workstream.clone();
        let mut effects = self.workstream.step(&event, self.now);
        self.remember(event, (effects.clone(), Vec::new()), before);
        let all = effects.len();
        let crash = self.fragile() && self.rng.chance(2);
        if crash {
            let done = self.rng.between(0, effects.len() as u64);
            effects.truncate(usize::try_from(done).unwrap());
        }
        if let Some(moment) = self.story.moments.last_mut() {
            moment.undone = all - effects.len();
        }
        for effect in effects {
            self.execute(effect);
        }
        if crash {
            self.owner_changes();
        }
        self.await_admission();
        self.meddle();
    }

    /// Makes things happen that nobody asked for.
    fn meddle(&mut self) {
        if self.busy() && self.rng.chance(10) {
            let wait = self.any_moment();
            self.later(wait, Happening::Acts);
        }
        if self.fragile() && self.rng.chance(4) {
            let wait = self.any_moment();
            let what =
                if self.rng.chance(70) { Happening::OwnerChanges } else { Happening::Reboots };
            self.later(wait, what);
        }
        if self.unlucky(4) {
            let past = self.rng.between(0, self.story.moments.len() as u64 - 1);
            let event = self.story.moments[usize::try_from(past).unwrap()].event.clone();
            if event.attempt().is_some() {
                let wait = self.rng.between(0, 30_000);
                self.later(wait, Happening::Report(event));
            }
        }
        if self.unlucky(3) {
            let wait = self.rng.between(0, 5_000);
            self.later(wait, Happening::Report(Event::Tick));
        }
        if self.unlucky(3) {
            let (wait, span) = (self.any_moment(), self.rng.between(1, 600_000));
            self.later(wait, Happening::Report(Event::Slept(Duration::from_millis(span))));
        }
    }

    /// Returns a wait that ends in the middle of whatever happens now, or later.
    fn any_moment(&mut self) -> u64 {
        let most = if self.rng.chance(50) { 1_500 } else { 60_000 };
        self.rng.between(0, most)
    }

    fn remember(
        &mut self,
        event: Event,
        (effects, resumed): (Vec<Effect>, Vec<Effect>),
        before: Workstream,
    ) {
        let after = self.workstream.clone();
        let word = after.phase.word();
        let alive = self.alive();
        let may_live = word.has_agent() || matches!(word, PhaseWord::Checking | PhaseWord::Lost);
        if !alive.is_empty() && !may_live {
            self.story.broken.push(format!("{} while {}", alive.join(", "), word));
        }
        self.story.moments.push(Moment {
            at: self.now,
            event,
            effects,
            undone: 0,
            resumed,
            before,
            after,
        });
    }

    fn await_admission(&mut self) {
        let asked = |happening: &Happening| matches!(happening, Happening::Report(Event::Admitted));
        if self.workstream.phase.word() == PhaseWord::Queued && !self.agenda.values().any(asked) {
            let wait = self.rng.between(0, 5_000);
            self.later(wait, Happening::Report(Event::Admitted));
        }
    }

    fn later(&mut self, wait: u64, happening: Happening) {
        self.number += 1;
        self.agenda.insert((self.now + millis(wait), self.number), happening);
    }

    fn busy(&self) -> bool {
        self.mood.people == People::Busy
    }

    fn fragile(&self) -> bool {
        self.mood.owners == Owners::Die
    }

    fn unlucky(&mut self, percent: u64) -> bool {
        self.mood.things == Things::GoWrong && self.rng.chance(percent)
    }

    /// Tells the core after a while, if the world has not lost it.
    fn report(&mut self, event: Event) {
        if self.unlucky(4) {
            return;
        }
        let most = if self.unlucky(10) { 200_000 } else { 1_500 };
        let wait = self.rng.between(0, most);
        if self.unlucky(5) {
            let again = wait + self.rng.between(0, 60_000);
            self.later(again, Happening::Report(event.clone()));
        }
        self.later(wait, Happening::Report(event));
    }

    fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::Prepare(attempt) => {
                if self.rng.chance(90) {
                    let (worktree, branch) = ("/w/ws-03".to_owned(), "ostler/ws-03".to_owned());
                    self.report(Event::Prepared { attempt, worktree, branch });
                } else {
                    let error = *self.rng.pick(&["no", "No space left on device (os error 28)"]);
                    self.report(Event::NotPrepared { attempt, error: error.to_owned() });
                }
            }
            Effect::Probe(launch) => {
                let outcome = if self.rng.chance(70) {
                    ProbeOutcome::Ready
                } else {
                    ProbeOutcome::Refused("no key".to_owned())
                };
                self.report(Event::Probed { attempt: launch.attempt, outcome });
            }
            Effect::Warm(tier) => {
                let agent = self.workstream.tier(tier).map(|tier| tier.agent.clone());
                let refused = self.rng.chance(30).then(|| "no key".to_owned());
                self.report(Event::Warmed { agent: agent.unwrap(), refused });
            }
            Effect::Spawn { launch, hard } => self.spawn(launch.attempt, hard),
            Effect::Watch(attempt) => self.watch(attempt),
            Effect::Stop { attempt, grace } => self.term(Kind::Agent, attempt, grace),
            Effect::Kill(attempt) => self.kill(Kind::Agent, attempt),
            Effect::Inspect(attempt) => {
                let back = self.rng.between(0, 90_000);
                let at = Timestamp(self.now.0.saturating_sub(back));
                self.report(Event::Active { attempt, at });
            }
            Effect::Extend { attempt, hard_at } => self.extend(attempt, hard_at),
            Effect::Input { .. } | Effect::Notice(_) => {}
            Effect::Save(attempt) => self.save(attempt),
            Effect::Check(attempt) => self.check(attempt),
            Effect::CancelCheck(attempt) => self.cancel_check(attempt),
            Effect::Release(attempt) => self.release(attempt),
        }
    }

    fn save(&mut self, attempt: AttemptId) {
        let files = u32::try_from(self.rng.between(0, 3)).unwrap();
        let diff = Some(DiffSize { files, added: files * 4, removed: 1 });
        let event = if self.unlucky(10) {
            Event::Saved { attempt, diff: None, error: Some("index.lock exists".to_owned()) }
        } else {
            Event::Saved { attempt, diff, error: None }
        };
        self.report(event);
    }

    fn spawn(&mut self, attempt: AttemptId, hard: Duration) {
        if self.agents.contains_key(&attempt) {
            self.watch(attempt);
            return;
        }
        let mut run = self.new_run();
        run.hard = hard;
        self.agents.insert(attempt, run);
        if self.rng.chance(8) {
            self.forbid(Kind::Agent, attempt);
            let error = "no such program".to_owned();
            self.report(Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error });
        } else if !self.unlucky(6) {
            let most = if self.unlucky(10) { 300_000 } else { 3_000 };
            let wait = self.rng.between(0, most);
            self.later(wait, Happening::Appears(Kind::Agent, attempt));
        }
    }

    fn check(&mut self, attempt: AttemptId) {
        if let Some(run) = self.checks.get(&attempt) {
            let known = match run.stage {
                Stage::Forbidden => Some(CheckOutcome::NotRun("it was cancelled".to_owned())),
                Stage::Gone => run.outcome.clone(),
                Stage::Coming | Stage::Alive | Stage::Leftover => None,
            };
            if let Some(outcome) = known {
                self.report(Event::Checked { attempt, outcome });
            }
            return;
        }
        let mut run = self.new_run();
        run.hard = self.workstream.definition.check.unwrap_or_default();
        self.checks.insert(attempt, run);
        if self.rng.chance(6) {
            self.forbid(Kind::Check, attempt);
            let outcome = CheckOutcome::NotRun("no such program".to_owned());
            self.report(Event::Checked { attempt, outcome });
        } else if !self.unlucky(5) {
            let wait = self.rng.between(0, 2_000);
            self.later(wait, Happening::Appears(Kind::Check, attempt));
        }
    }
}

/// Returns so many milliseconds.
fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
