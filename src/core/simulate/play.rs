//! The world that a workstream acts upon: what it asks for comes back as events, a little later.

use std::time::Duration;

use super::agenda::{Agenda, Happening};
use super::chance::Chance;
use super::contest::{self, Entry};
use super::fate::Fate;
use super::model::{AgentModel, Scenario};
use crate::core::account::{Cost, Usage};
use crate::core::contest::Entrant;
use crate::core::event::{CheckOutcome, ProbeOutcome};
use crate::core::verdict::{DiffSize, Ended, EndedBy, Evidence, Exit, Tree, Verdict};
use crate::core::{
    Account, AgentName, AttemptId, Effect, Event, FailureClass, Launch, ProcessIdentity, Timestamp,
    Workstream,
};

/// Git, probes and starts take so long.
const MOMENT: Duration = Duration::from_secs(1);

/// One workstream in its world.
#[derive(Debug)]
pub struct Player {
    /// The workstream.
    pub workstream: Workstream,
    /// Its number.
    pub number: usize,
    /// The deadline that stands in the agenda.
    pub awaited: Option<Timestamp>,
    /// The attempts whose beginning was told to the fleet.
    pub begun: usize,
    /// The attempts whose end was told to the fleet.
    pub told: usize,
    /// What it knows of what guards the fleet, as a version of that.
    pub knows: u64,
    /// When it came.
    pub came: Timestamp,
    /// When it was done.
    pub done: Option<Timestamp>,
    fate: Option<(AttemptId, Fate)>,
    /// What is told of those that work side by side in that attempt.
    side_by_side: Option<Account>,
}

impl Player {
    /// Returns a workstream that has just come.
    pub fn new(workstream: Workstream, number: usize, came: Timestamp) -> Self {
        Self {
            workstream,
            number,
            awaited: None,
            knows: 0,
            begun: 0,
            told: 0,
            came,
            done: None,
            fate: None,
            side_by_side: None,
        }
    }

    /// Carries out what the workstream asks for.
    pub fn carry_out(
        &mut self,
        effect: Effect,
        scenario: &Scenario,
        agenda: &mut Agenda,
        now: Timestamp,
    ) {
        let soon = now + MOMENT;
        let event = match effect {
            Effect::Prepare(attempt) => {
                // Nobody looks at these.
                let (worktree, branch) = (String::new(), String::new());
                Event::Prepared { attempt, worktree, branch }
            }
            Effect::Probe(launch) => {
                let outcome = self.probe(&launch, scenario, now);
                Event::Probed { attempt: launch.attempt, outcome }
            }
            Effect::Spawn { launch, .. } => self.start(&launch, scenario, agenda, soon),
            Effect::Stop { attempt, .. } | Effect::Kill(attempt) => {
                let ended = self.ended(scenario, soon, EndedBy::Request);
                Event::Exited { attempt, ended: Box::new(ended) }
            }
            Effect::Inspect(attempt) => {
                let is_silent = self.fails() == Some(FailureClass::IdleTimeout);
                let started = self.workstream.attempt(attempt).and_then(|it| it.started);
                let at = if is_silent { started.unwrap_or(now) } else { now };
                Event::Active { attempt, at }
            }
            Effect::Save(attempt) => self.saved(attempt),
            Effect::Check(attempt) => {
                let (outcome, takes) = self.check(scenario);
                agenda.add(
                    now + takes,
                    self.number,
                    Happening::Report(Event::Checked { attempt, outcome }),
                );
                return;
            }
            Effect::CancelCheck(attempt) => {
                let outcome = CheckOutcome::NotRun("it was cancelled".to_owned());
                Event::Checked { attempt, outcome }
            }
            // Nobody is there who asks for more time, or types; keepers and people need nothing here.
            Effect::Watch(_)
            | Effect::Warm(_)
            | Effect::Extend { .. }
            | Effect::Input { .. }
            | Effect::Release(_)
            | Effect::Notice(_) => return,
        };
        agenda.add(soon, self.number, Happening::Report(event));
    }

    /// Returns what the agent's own end tells, if this attempt still runs.
    pub fn ends(&self, attempt: AttemptId, scenario: &Scenario, now: Timestamp) -> Event {
        let ended = self.ended(scenario, now, EndedBy::Itself);
        Event::Exited { attempt, ended: Box::new(ended) }
    }

    fn fails(&self) -> Option<FailureClass> {
        self.fate.as_ref().and_then(|(_, fate)| fate.fails)
    }

    fn probe(&self, launch: &Launch, scenario: &Scenario, now: Timestamp) -> ProbeOutcome {
        let model = scenario.agents.get(&self.workstream.agent_at(launch));
        let mut outages = model.iter().flat_map(|model| &model.outages);
        let noticed = |outage: &&super::model::Outage| {
            outage.seen_by_probe && outage.from <= now && now < outage.to
        };
        match outages.find(noticed) {
            Some(outage) => ProbeOutcome::Refused(outage.class.word().to_owned()),
            None => ProbeOutcome::Ready,
        }
    }

    fn start(
        &mut self,
        launch: &Launch,
        scenario: &Scenario,
        agenda: &mut Agenda,
        soon: Timestamp,
    ) -> Event {
        let attempt = launch.attempt;
        let fate = self.draw(launch, scenario, soon);
        if fate.fails == Some(FailureClass::SpawnFailed) {
            let error = "the program was not found".to_owned();
            return Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error };
        }
        if let Some(ends) = fate.ends {
            agenda.add(
                ends.max(soon + Duration::from_millis(1)),
                self.number,
                Happening::Ends(attempt),
            );
        }
        self.fate = Some((attempt, fate));
        let process = || ProcessIdentity { pid: attempt.0, start: 0, boot: String::new() };
        Event::Started { attempt, keeper: process(), agent: process() }
    }

    /// Draws what an attempt comes to.
    fn draw(&mut self, launch: &Launch, scenario: &Scenario, soon: Timestamp) -> Fate {
        let otherwise = AgentModel::default();
        let model = |agent: &AgentName| scenario.agents.get(agent).unwrap_or(&otherwise);
        let Some(contest) = self.workstream.contest(launch) else {
            self.side_by_side = None;
            let agent = self.workstream.agent_at(launch);
            let mut chance = self.chance(launch, (&agent, 0), scenario);
            return Fate::draw(model(&agent), &mut chance, soon);
        };
        let entry = |entrant: &Entrant| {
            let mut chance = self.chance(launch, (&entrant.agent, entrant.number), scenario);
            let model = model(&entrant.agent);
            Entry { entrant: entrant.clone(), model, fate: Fate::draw(model, &mut chance, soon) }
        };
        let entries: Vec<Entry<'_>> = launch.entrants.iter().map(entry).collect();
        let is_checked = self.workstream.definition.check.is_some();
        let (fate, account) = contest::together(contest, &entries, is_checked, soon);
        self.side_by_side = Some(account);
        fate
    }

    /// Returns the luck of an agent in an attempt, as which of several it works.
    fn chance(
        &self,
        launch: &Launch,
        (agent, number): (&AgentName, u32),
        scenario: &Scenario,
    ) -> Chance {
        let tier = self.workstream.agent_at(launch);
        let before = self.workstream.attempts.iter();
        let before = before.filter(|it| it.agent == tier && it.id != launch.attempt).count();
        let name = agent
            .as_str()
            .bytes()
            .fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        // The first of several has the luck that it would have alone.
        let which = u64::from(number.saturating_sub(1)) * 1_000;
        Chance::of(scenario.seed, &[self.number as u64, name, before as u64 + which])
    }

    fn ended(&self, scenario: &Scenario, at: Timestamp, by: EndedBy) -> Ended {
        let fate = self.fate.as_ref().map(|(_, fate)| fate);
        let evidence = |rule: &str| Evidence { rule: rule.to_owned(), ..Evidence::default() };
        let fails = fate.and_then(|fate| fate.fails).filter(|_| by == EndedBy::Itself);
        let (exit, verdict, by) = match fails {
            None if by == EndedBy::Itself => {
                (Exit::Code(0), Verdict::Success(evidence("simulated")), by)
            }
            None => (Exit::Signal(15), Verdict::Silent, by),
            Some(FailureClass::Crashed) => (Exit::Signal(11), Verdict::Silent, by),
            Some(FailureClass::ExitCode) => (Exit::Code(1), Verdict::Silent, by),
            Some(FailureClass::KeeperLost) => {
                (Exit::Unknown(String::new()), Verdict::Silent, EndedBy::KeeperLost)
            }
            Some(FailureClass::Interrupted) => {
                (Exit::Unknown(String::new()), Verdict::Silent, EndedBy::Reboot)
            }
            // What shows only after the agent has said that it did the work.
            Some(
                FailureClass::NoChange
                | FailureClass::CheckFailed
                | FailureClass::CheckTimedOut
                | FailureClass::Lost,
            ) => (Exit::Code(0), Verdict::Success(evidence("simulated")), by),
            Some(class) => {
                let reset = fate.and_then(|fate| fate.reset);
                (
                    Exit::Code(1),
                    Verdict::Failure { class, evidence: evidence(class.word()), reset },
                    by,
                )
            }
        };
        let left = u32::from(fails == Some(FailureClass::Lost));
        Ended {
            exit,
            by,
            tree: Tree { ended: 0, left },
            verdict,
            at,
            log_bytes: 0,
            short_of: None,
            account: self.account(scenario),
        }
    }

    /// Returns what the attempt took; one that was ended took as much as one that ended by itself.
    fn account(&self, scenario: &Scenario) -> Account {
        if let Some(account) = &self.side_by_side {
            return account.clone();
        }
        let Some((attempt, fate)) = &self.fate else { return Account::default() };
        let agent = self.workstream.attempt(*attempt).map(|it| &it.agent);
        let Some(model) = agent.and_then(|agent| scenario.agents.get(agent)) else {
            return Account::default();
        };
        let part = |whole: u64| (whole as f64 * fate.share).round() as u64;
        let told = |whole: u64| (whole > 0).then(|| part(whole));
        let usage = Usage {
            input_tokens: told(model.tokens),
            cost_usd: told(model.cost.0).map(Cost),
            ..Usage::default()
        };
        Account { usage, ..Account::default() }
    }

    fn saved(&self, attempt: AttemptId) -> Event {
        let files = u32::from(self.fails() != Some(FailureClass::NoChange));
        let diff = Some(DiffSize { files, added: files, removed: 0 });
        Event::Saved { attempt, diff, error: None }
    }

    fn check(&self, scenario: &Scenario) -> (CheckOutcome, Duration) {
        let about = [self.number as u64, u64::MAX, self.workstream.attempts.len() as u64];
        let mut chance = Chance::of(scenario.seed, &about);
        let takes = scenario.check_takes.draw(&mut chance);
        let limit = self.workstream.definition.check.unwrap_or_default();
        let fate = self.fate.as_ref().map(|(_, fate)| fate);
        let is_refused =
            matches!(self.fails(), Some(FailureClass::CheckFailed | FailureClass::NoChange));
        let passes = fate.is_none_or(|fate| fate.check_passes);
        if takes > limit || self.fails() == Some(FailureClass::CheckTimedOut) {
            (CheckOutcome::TimedOut, limit)
        } else if is_refused || !passes {
            (CheckOutcome::Failed(String::new()), takes)
        } else {
            (CheckOutcome::Passed, takes)
        }
    }
}
