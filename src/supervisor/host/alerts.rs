//! Alerts: what is wrong is looked at whenever something changed, and told once in the whole project.

use std::collections::VecDeque;

use super::Supervisor;
use crate::core::Timestamp;
use crate::core::alert::record::Record;
use crate::core::alert::{Alert, Board, Key, Ring, Subject};
use crate::core::notice::Severity;
use crate::supervisor::alert_log::AlertLog;
use crate::supervisor::alert_ways::{Sending, Way, Ways};
use crate::supervisor::conditions::conditions;
use crate::supervisor::facts;
use crate::supervisor::ownership;
use crate::supervisor::slots::Slot;

/// The rings that are remembered.
const RINGS: usize = 50;

/// The alerts, as they were told last.
#[derive(Debug)]
pub(super) struct Alerting {
    board: Board,
    log: AlertLog,
    ways: Ways,
    next: Option<Timestamp>,
    /// Whether others may have written into the log.
    is_log_stale: bool,
    /// Told here, but to be passed on by another supervisor, which may be gone before it does.
    left: Vec<(Ring, Record)>,
    /// Held by the one who passes on what is about no workstream.
    teller: Option<Slot>,
    /// The alerts that are up.
    pub(super) up: Vec<Alert>,
    /// What was told lately.
    pub(super) rings: VecDeque<Ring>,
}

impl Alerting {
    pub(super) fn new(mut log: AlertLog) -> Self {
        Self {
            board: log.board(),
            log,
            ways: Ways::default(),
            next: None,
            is_log_stale: false,
            left: Vec::new(),
            teller: None,
            up: Vec::new(),
            rings: VecDeque::new(),
        }
    }

    /// Returns when something is to be told, or becomes worse.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// Reads the log again: somebody may have acknowledged something.
    pub(super) fn read_log(&mut self) {
        self.is_log_stale = true;
    }

    /// Takes in that the state folder is another one: who passes on is decided anew.
    pub(super) fn moved(&mut self) {
        self.teller = None;
    }

    /// Takes in that the configuration is another one.
    pub(super) fn reconfigured(&mut self) {
        self.ways.forgive();
    }
}

impl Supervisor {
    /// Looks at what is wrong now, if anything may have changed, and tells it.
    pub(super) fn look_at_alerts(&mut self) {
        let now = self.clock.now();
        let is_due = self.alerting.next.is_some_and(|next| next <= now);
        let is_log_stale = std::mem::take(&mut self.alerting.is_log_stale);
        if !(is_due || is_log_stale || self.shown.is_stale()) {
            return;
        }
        if is_log_stale {
            let heard = self.alerting.log.advance();
            for record in &heard {
                self.alerting.board.hear(record);
            }
        }
        let plan = self.plan();
        let policy = plan.alerts.policy;
        let rooms = (self.disk.room, self.disk.memory);
        let history = &self.guard.outcomes.history;
        let conditions = conditions(self.members.values(), rooms, history, &plan, now);
        let step = self.alerting.board.step(conditions, now, &policy);
        for record in step.over {
            if self.passes_on(&record.subject) {
                self.remember(&record);
            }
        }
        if !step.rings.is_empty() {
            self.tell_alerts(step.rings, now);
        }
        self.pass_on_left();
        self.alerting.next = self.alerting.board.next(&policy);
        let up = self.alerting.board.alerts();
        if up != self.alerting.up {
            self.alerting.up = up;
            self.shown.changed();
        }
    }

    /// Tells what is to be told now: here to all screens and lines, and elsewhere if that is up to us.
    fn tell_alerts(&mut self, rings: Vec<Ring>, now: Timestamp) {
        let told = self.alerting.board.told_at(now);
        for record in &told {
            if self.passes_on(&record.subject) {
                self.remember(record);
            }
        }
        for ring in rings {
            let Alert { key, weight, text, .. } = &ring.alert;
            tracing::info!(%key, severity = weight.severity.word(), "alert: {text}");
            if self.passes_on(&ring.alert.subject) {
                self.pass_on(&ring);
            } else if self.options.state.is_none()
                && let Some(record) = told.iter().find(|record| record.key == *key)
            {
                self.alerting.left.push((ring.clone(), record.clone()));
            }
            self.alerting.rings.push_back(ring);
            if self.alerting.rings.len() > RINGS {
                self.alerting.rings.pop_front();
            }
        }
        self.shown.changed();
    }

    /// Passes on what another supervisor has left, if it has fallen to us.
    fn pass_on_left(&mut self) {
        for (ring, record) in std::mem::take(&mut self.alerting.left) {
            let is_up = self.alerting.up.iter().any(|alert| alert.key == record.key);
            if self.alerting.log.was_told(&record) || !is_up {
                continue;
            }
            if self.passes_on(&record.subject) {
                self.remember(&record);
                self.pass_on(&ring);
            } else {
                self.alerting.left.push((ring, record));
            }
        }
    }

    fn pass_on(&mut self, ring: &Ring) {
        let plan = self.plan();
        self.alerting.ways.send(&Sending {
            ring,
            alerts: &plan.alerts,
            project: &facts::project_name(&plan.root),
            root: &plan.root,
            program: self.executor.program(),
            inbox: &self.sender,
        });
    }

    /// Says whether it is up to this supervisor to pass on alerts about something: one of all does.
    fn passes_on(&mut self, subject: &Subject) -> bool {
        // What a replica cannot do is seen, and told, by the supervisor that it works for.
        if self.options.state.is_some() {
            return false;
        }
        if let Some(member) = subject.workstream().and_then(|id| self.members.get(id)) {
            if member.is_ours() {
                return true;
            }
            // When it cannot be seen, somebody may own it.
            if ownership::is_held(&member.dir().join(ownership::NAME)).unwrap_or(true) {
                return false;
            }
        }
        if self.alerting.teller.is_none() {
            self.alerting.teller = self.slots.take_teller().ok().flatten();
        }
        self.alerting.teller.is_some()
    }

    /// Writes down what became of an alert, for other processes and for those that come later.
    fn remember(&mut self, record: &Record) {
        if let Err(error) = self.alerting.log.append(record) {
            let path = self.dir.alerts();
            tracing::warn!("{} cannot be written: {error}", path.display());
        }
    }

    /// Takes in that the operator has taken note of an alert, or of all.
    pub(super) fn acknowledge(&mut self, key: Option<Key>) {
        let now = self.clock.now();
        let open = self.alerting.up.iter().filter(|alert| !alert.acknowledged);
        let keys: Vec<Key> = match key {
            Some(key) => vec![key],
            None => open.map(|alert| alert.key.clone()).collect(),
        };
        for key in keys {
            if let Some(record) = self.alerting.board.acknowledge(&key, now) {
                self.remember(&record);
            }
        }
        self.shown.changed();
    }

    /// Takes in that the operator takes no note of an alert after all.
    pub(super) fn recall(&mut self, key: &Key) {
        if let Some(record) = self.alerting.board.recall(key, self.clock.now()) {
            self.remember(&record);
        }
        self.shown.changed();
    }

    /// Takes in how passing an alert on went.
    pub(super) fn passed_on(&mut self, way: Way, trouble: Option<String>) {
        for text in self.alerting.ways.passed(way, trouble) {
            self.tell(None, Severity::Warning, text);
        }
    }
}
