//! Processes and their keepers, at their worst.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::collections::BTreeMap;
use std::time::Duration;

use ostler::core::event::CheckOutcome;
use ostler::core::verdict::{Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{Account, AttemptId, Event, FailureClass, Timestamp};

use super::sample::{evidence, process, random_failure};
use super::{Agents, Happening, Things, World};

/// What runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An agent.
    Agent,
    /// A check.
    Check,
}

/// Where a process tree is in its life.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Its run directory is taken, and it will begin if nothing comes in between.
    Coming,
    /// It must not begin any more.
    Forbidden,
    /// Its main process lives.
    Alive,
    /// Only what it left behind lives.
    Leftover,
    /// All of it is gone.
    Gone,
}

/// How it takes KILL.
#[derive(Clone, Copy)]
pub enum Stubborn {
    No,
    UntilLater,
    UntilSecondKill,
    Forever,
}

/// One process tree.
pub struct Run {
    pub stage: Stage,
    pub deaf: bool,
    pub stubborn: Stubborn,
    pub kills: u32,
    pub children: u32,
    pub hard: Duration,
    pub deadline: Timestamp,
    pub by: EndedBy,
    pub exit: Option<Exit>,
    pub ended: Option<Ended>,
    pub outcome: Option<CheckOutcome>,
}

impl World {
    pub(super) fn new_run(&mut self) -> Run {
        let wrong = self.mood.things == Things::GoWrong;
        let stubborn = match self.rng.between(0, 9) {
            0 if wrong => Stubborn::Forever,
            1 if wrong => Stubborn::UntilSecondKill,
            2 if wrong => Stubborn::UntilLater,
            _ => Stubborn::No,
        };
        Run {
            stage: Stage::Coming,
            deaf: self.unlucky(30),
            stubborn,
            kills: 0,
            children: if self.unlucky(20) { 2 } else { 0 },
            hard: Duration::ZERO,
            deadline: self.now,
            by: EndedBy::Itself,
            exit: None,
            ended: None,
            outcome: None,
        }
    }

    pub(super) fn runs(&mut self, kind: Kind) -> &mut BTreeMap<AttemptId, Run> {
        match kind {
            Kind::Agent => &mut self.agents,
            Kind::Check => &mut self.checks,
        }
    }

    /// Returns the names of all that lives in the worktree.
    pub(super) fn alive(&self) -> Vec<String> {
        let lives = |run: &Run| matches!(run.stage, Stage::Alive | Stage::Leftover);
        let agents = self.agents.iter().filter(|(_, run)| lives(run));
        let checks = self.checks.iter().filter(|(_, run)| lives(run));
        agents
            .map(|(id, _)| format!("agent {id} lives"))
            .chain(checks.map(|(id, _)| format!("check {id} lives")))
            .collect()
    }

    /// Makes sure that a process never begins.
    pub(super) fn forbid(&mut self, kind: Kind, id: AttemptId) {
        if !self.runs(kind).contains_key(&id) {
            let run = self.new_run();
            self.runs(kind).insert(id, run);
        }
        if let Some(run) = self.runs(kind).get_mut(&id) {
            run.stage = Stage::Forbidden;
        }
    }

    pub(super) fn appears(&mut self, kind: Kind, id: AttemptId) {
        let now = self.now;
        let Some(run) = self.runs(kind).get_mut(&id) else { return };
        if run.stage != Stage::Coming {
            return;
        }
        run.stage = Stage::Alive;
        run.deadline = now + run.hard;
        let hard = run.hard;
        let alive = self.alive();
        if alive.len() > 1 {
            self.story.broken.push(format!("two live processes: {}", alive.join(", ")));
        }
        if kind == Kind::Agent {
            let (keeper, agent) = (process(id.0 * 100), process(id.0 * 100 + 1));
            self.report(Event::Started { attempt: id, keeper, agent });
            self.speaks(id);
        }
        if !self.unlucky(20) {
            let most = if kind == Kind::Agent { 200_000 } else { 40_000 };
            let wait = self.rng.between(0, most);
            self.later(wait, Happening::Exits(kind, id));
        }
        if !self.unlucky(10) {
            self.later(u64::try_from(hard.as_millis()).unwrap(), Happening::Deadline(kind, id));
        }
        if self.unlucky(4) && kind == Kind::Agent {
            let wait = self.rng.between(0, 60_000);
            self.later(wait, Happening::KeeperDies(id));
        }
    }

    /// Says something at a random moment: that it waits for the operator, that it goes on, that it is of no use any more.
    fn speaks(&mut self, id: AttemptId) {
        if self.rng.chance(30) {
            let (asks, answered) = (self.rng.between(0, 90_000), self.rng.between(0, 120_000));
            let on = Some(evidence("rule", "Go on?"));
            self.later(asks, Happening::Report(Event::Waiting { attempt: id, on }));
            if self.rng.chance(70) {
                let goes_on = Event::Waiting { attempt: id, on: None };
                self.later(asks + answered, Happening::Report(goes_on));
            }
        }
        if self.rng.chance(25) {
            let (class, wait) = (*self.rng.pick(FailureClass::ALL), self.rng.between(0, 120_000));
            let evidence = evidence("rule.abort_on#1", "Reconnecting...");
            let event = Event::Hopeless { attempt: id, class, evidence };
            self.later(wait, Happening::Report(event));
        }
    }

    pub(super) fn exits(&mut self, kind: Kind, id: AttemptId) {
        let (signal, code) = (self.rng.chance(20), *self.rng.pick(&[0, 0, 0, 1, 2]));
        let Some(run) = self.runs(kind).get_mut(&id) else { return };
        if run.stage != Stage::Alive {
            return;
        }
        run.exit = Some(if signal { Exit::Signal(11) } else { Exit::Code(code) });
        if run.children == 0 {
            self.concludes(kind, id);
            return;
        }
        run.stage = Stage::Leftover;
        if matches!(run.stubborn, Stubborn::No) {
            let wait = self.rng.between(0, 5_000);
            self.later(wait, Happening::Vanishes(kind, id));
        } else if kind == Kind::Agent {
            self.later(3_000, Happening::Verified(id));
        }
    }

    pub(super) fn vanishes(&mut self, kind: Kind, id: AttemptId) {
        let Some(run) = self.runs(kind).get_mut(&id) else { return };
        if matches!(run.stage, Stage::Alive | Stage::Leftover) {
            run.exit.get_or_insert(Exit::Signal(9));
            self.concludes(kind, id);
        }
    }

    /// All of it is gone: that is recorded and told.
    fn concludes(&mut self, kind: Kind, id: AttemptId) {
        let (now, failing) = (self.now, self.mood.agents == Agents::Failing);
        let speaks = self.rng.between(0, 2);
        let failure = random_failure(&mut self.rng, now);
        let Some(run) = self.runs(kind).get_mut(&id) else { return };
        run.stage = Stage::Gone;
        let verdict = match speaks {
            _ if failing => failure,
            0 => failure,
            1 => Verdict::Success(evidence("world.success", "done")),
            _ => Verdict::Silent,
        };
        let exit = run.exit.clone().unwrap_or(Exit::Code(0));
        let outcome = match (&exit, run.by) {
            (Exit::Code(0), EndedBy::Itself) if !failing => CheckOutcome::Passed,
            (_, EndedBy::Itself) => CheckOutcome::Failed("\n2 tests failed\n".to_owned()),
            _ => CheckOutcome::TimedOut,
        };
        let tree = Tree { ended: run.children, left: 0 };
        let ended = Ended {
            exit,
            by: run.by,
            tree,
            verdict,
            at: now,
            log_bytes: 4096,
            short_of: None,
            account: Account::default(),
        };
        run.ended = Some(ended.clone());
        run.outcome = Some(outcome.clone());
        self.report(match kind {
            Kind::Agent => Event::Exited { attempt: id, ended: Box::new(ended) },
            Kind::Check => Event::Checked { attempt: id, outcome },
        });
    }

    pub(super) fn term(&mut self, kind: Kind, id: AttemptId, grace: Duration) {
        let obeys = self.rng.chance(50);
        let Some(run) = self.runs(kind).get_mut(&id) else {
            self.forbid(kind, id);
            return;
        };
        let deaf = run.deaf;
        match run.stage {
            Stage::Coming if obeys => self.forbid(kind, id),
            Stage::Alive => {
                if run.by == EndedBy::Itself {
                    run.by = EndedBy::Request;
                }
                self.asks_to_end(kind, id, grace, deaf);
            }
            Stage::Coming | Stage::Forbidden | Stage::Leftover | Stage::Gone => {}
        }
    }

    fn asks_to_end(&mut self, kind: Kind, id: AttemptId, grace: Duration, deaf: bool) {
        let grace = u64::try_from(grace.as_millis()).unwrap();
        if !deaf {
            let wait = self.rng.between(0, grace * 2 + 100);
            self.later(wait, Happening::Exits(kind, id));
        }
        if !self.unlucky(20) {
            self.later(grace, Happening::KeeperKills(kind, id));
        }
    }

    pub(super) fn deadline(&mut self, kind: Kind, id: AttemptId) {
        let now = self.now;
        let Some(run) = self.runs(kind).get_mut(&id) else { return };
        if run.stage != Stage::Alive || run.by == EndedBy::KeeperLost {
            return;
        }
        if now < run.deadline {
            let wait = run.deadline.0 - now.0;
            self.later(wait, Happening::Deadline(kind, id));
            return;
        }
        let deaf = run.deaf;
        if run.by == EndedBy::Itself {
            run.by = EndedBy::Deadline;
        }
        self.asks_to_end(kind, id, Duration::from_secs(10), deaf);
    }

    pub(super) fn extend(&mut self, id: AttemptId, hard_at: Timestamp) {
        if let Some(run) = self.agents.get_mut(&id) {
            run.deadline = hard_at;
        }
    }

    pub(super) fn keeper_kills(&mut self, kind: Kind, id: AttemptId) {
        let lives = self.runs(kind).get(&id).is_some_and(|run| {
            matches!(run.stage, Stage::Alive | Stage::Leftover) && run.by != EndedBy::KeeperLost
        });
        if lives {
            self.kill(kind, id);
        }
    }

    pub(super) fn kill(&mut self, kind: Kind, id: AttemptId) {
        let obeys = self.rng.chance(50);
        let Some(run) = self.runs(kind).get_mut(&id) else {
            self.forbid(kind, id);
            self.tells_not_begun(kind, id);
            return;
        };
        run.kills += 1;
        match run.stage {
            Stage::Coming if obeys => {
                self.forbid(kind, id);
                self.tells_not_begun(kind, id);
            }
            Stage::Forbidden => self.tells_not_begun(kind, id),
            Stage::Coming => {}
            Stage::Gone => self.tells_end(kind, id),
            Stage::Alive | Stage::Leftover => {
                if run.by == EndedBy::Itself {
                    run.by = EndedBy::Request;
                }
                let wait = match (run.stubborn, run.kills) {
                    (Stubborn::No, _) | (Stubborn::UntilSecondKill, 2..) => Some(2_000),
                    (Stubborn::UntilLater, _) => Some(200_000),
                    (Stubborn::Forever | Stubborn::UntilSecondKill, _) => None,
                };
                if let Some(most) = wait {
                    let wait = self.rng.between(0, most);
                    self.later(wait, Happening::Vanishes(kind, id));
                }
                if kind == Kind::Agent {
                    self.later(3_000, Happening::Verified(id));
                }
            }
        }
    }

    fn tells_not_begun(&mut self, kind: Kind, attempt: AttemptId) {
        let error = "it was ended before it began".to_owned();
        self.report(match kind {
            Kind::Agent => Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error },
            Kind::Check => Event::Checked { attempt, outcome: CheckOutcome::NotRun(error) },
        });
    }

    fn tells_end(&mut self, kind: Kind, attempt: AttemptId) {
        let Some(run) = self.runs(kind).get(&attempt) else { return };
        let (ended, outcome) = (run.ended.clone(), run.outcome.clone());
        match (kind, ended, outcome) {
            (Kind::Agent, Some(ended), _) => {
                self.report(Event::Exited { attempt, ended: Box::new(ended) });
            }
            (Kind::Check, _, Some(outcome)) => self.report(Event::Checked { attempt, outcome }),
            (Kind::Agent, None, _) | (Kind::Check, _, None) => {}
        }
    }

    pub(super) fn verified(&mut self, id: AttemptId) {
        if self.unlucky(30) {
            return;
        }
        let now = self.now;
        let Some(run) = self.agents.get(&id) else { return };
        if !matches!(run.stage, Stage::Alive | Stage::Leftover) {
            return;
        }
        let left = run.children + u32::from(run.stage == Stage::Alive);
        let exit = run.exit.clone().unwrap_or_else(|| Exit::Unknown("it lives".to_owned()));
        let ended = Ended {
            exit,
            by: run.by,
            tree: Tree { ended: 0, left },
            verdict: Verdict::Silent,
            at: now,
            log_bytes: 4096,
            short_of: None,
            account: Account::default(),
        };
        self.report(Event::Exited { attempt: id, ended: Box::new(ended) });
    }

    pub(super) fn keeper_dies(&mut self, id: AttemptId) {
        let takes_all = self.rng.chance(40);
        let Some(run) = self.agents.get_mut(&id) else { return };
        if !matches!(run.stage, Stage::Alive | Stage::Leftover) {
            return;
        }
        run.by = EndedBy::KeeperLost;
        if takes_all {
            run.exit = Some(Exit::Unknown("its keeper died".to_owned()));
            self.concludes(Kind::Agent, id);
        } else {
            self.verified(id);
        }
    }

    pub(super) fn watch(&mut self, id: AttemptId) {
        match self.agents.get(&id).map(|run| run.stage) {
            Some(Stage::Coming) => {}
            Some(Stage::Alive) => {
                let (keeper, agent) = (process(id.0 * 100), process(id.0 * 100 + 1));
                self.report(Event::Started { attempt: id, keeper, agent });
            }
            Some(Stage::Leftover) => self.verified(id),
            Some(Stage::Gone) => self.tells_end(Kind::Agent, id),
            Some(Stage::Forbidden) | None => {
                self.forbid(Kind::Agent, id);
                self.tells_not_begun(Kind::Agent, id);
            }
        }
    }

    pub(super) fn cancel_check(&mut self, id: AttemptId) {
        let begun = self.checks.get(&id).is_some_and(|run| run.kills > 0);
        if begun || self.checks.get(&id).is_none_or(|run| run.stage != Stage::Alive) {
            self.kill(Kind::Check, id);
        } else {
            self.term(Kind::Check, id, Duration::from_secs(5));
        }
    }

    pub(super) fn release(&mut self, up_to: AttemptId) {
        for kind in [Kind::Agent, Kind::Check] {
            let alive = self.runs(kind).iter().any(|(id, run)| {
                *id <= up_to && matches!(run.stage, Stage::Alive | Stage::Leftover)
            });
            if alive {
                self.story.broken.push(format!("released up to {up_to} while one of them lives"));
            }
        }
    }
}
