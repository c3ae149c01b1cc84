//! The alerts that are up: which were told, how often, and what the operator has acknowledged.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::record::What;
use super::{Alert, AlertPolicy, Condition, Key, Record, Ring, Weight};
use crate::core::time::Timestamp;

/// Rings are counted over so long.
const WINDOW: Duration = Duration::from_secs(60);
/// What comes back within this time after it was over is one more occurrence, and not the first one.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

/// The alerts that are up.
#[derive(Clone, Debug, Default)]
pub struct Board {
    up: BTreeMap<Key, Up>,
    past: BTreeMap<Key, Past>,
    known: BTreeMap<Key, Known>,
    rang: VecDeque<Timestamp>,
    /// Alerts that were over before they could be told.
    missed: u32,
    number: u64,
    has_looked: bool,
}

/// What a step of a board leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// What is to be told now.
    pub rings: Vec<Ring>,
    /// What is to be remembered of alerts that are over.
    pub over: Vec<Record>,
}

/// An alert that is up.
#[derive(Clone, Debug)]
struct Up {
    condition: Condition,
    since: Option<Timestamp>,
    count: u32,
    /// The worst that was told of it.
    told: Option<Weight>,
    /// Whether it is to be told.
    is_due: bool,
    rang_at: Option<Timestamp>,
    /// Since when nobody has answered.
    waits: Timestamp,
    /// How often it became worse for want of an answer.
    lifts: u8,
    /// How bad it was when the operator acknowledged it.
    acknowledged: Option<Weight>,
}

/// An alert that is over.
#[derive(Clone, Copy, Debug)]
struct Past {
    at: Timestamp,
    count: u32,
    rang_at: Option<Timestamp>,
}

/// What another process, or one before, has told of an alert.
#[derive(Clone, Copy, Debug)]
struct Known {
    mark: u64,
    at: Timestamp,
    told: Option<Weight>,
    acknowledged: Option<Weight>,
}

impl Up {
    fn weight(&self) -> Weight {
        (0..self.lifts).fold(self.condition.weight, |weight, _| weight.lifted())
    }

    /// Returns when it becomes worse for want of an answer.
    fn lift_at(&self, policy: &AlertPolicy) -> Option<Timestamp> {
        let can_rise = self.weight().lifted() != self.weight();
        let is_open = self.condition.wants_answer && self.acknowledged.is_none() && can_rise;
        policy.escalate_after.filter(|_| is_open).map(|span| self.waits + span)
    }

    fn ring_at(&self, policy: &AlertPolicy) -> Option<Timestamp> {
        self.is_due.then(|| self.rang_at.map_or(Timestamp(0), |at| at + policy.repeat))
    }

    /// Takes note that it is to be told if it is worse than what was told or acknowledged.
    fn weigh(&mut self) {
        let weight = self.weight();
        if self.acknowledged.is_some_and(|silent| self.condition.weight.exceeds(silent)) {
            self.acknowledged = None;
        }
        if self.acknowledged.is_none() && self.told.is_none_or(|told| weight.exceeds(told)) {
            self.is_due = true;
        }
    }

    /// Waits for an answer again. It was told before it was acknowledged, or need not be told after that.
    fn waits_again(&mut self, now: Timestamp) {
        let weight = self.weight();
        self.told = Some(self.told.map_or(weight, |told| told.or_worse(weight)));
        (self.acknowledged, self.waits) = (None, now);
    }

    fn record(&self, what: What, at: Timestamp) -> Record {
        let Condition { key, subject, mark, .. } = &self.condition;
        let (key, subject, mark) = (key.clone(), subject.clone(), mark.unwrap_or_default());
        Record { at, key, subject, mark, weight: self.weight(), what }
    }

    fn alert(&self) -> Alert {
        Alert {
            key: self.condition.key.clone(),
            subject: self.condition.subject.clone(),
            mark: self.condition.mark.unwrap_or_default(),
            weight: self.weight(),
            text: self.condition.text.clone(),
            since: self.since,
            count: self.count,
            acknowledged: self.acknowledged.is_some(),
        }
    }
}

impl Board {
    /// Takes in what is wrong now, and returns what is to be told now.
    pub fn step(
        &mut self,
        conditions: Vec<Condition>,
        now: Timestamp,
        policy: &AlertPolicy,
    ) -> Step {
        let remembered = REMEMBERED.max(policy.repeat);
        self.past.retain(|_, past| now.since(past.at) < remembered);
        let mut before = std::mem::take(&mut self.up);
        for condition in conditions {
            let key = condition.key.clone();
            let up = match before.remove(&key) {
                Some(up) => again(up, condition, now),
                None => self.raised(condition, Some(now), now),
            };
            self.up.insert(key, up);
        }
        let mut over = Vec::new();
        for (key, up) in before {
            self.missed += u32::from(up.is_due);
            if up.told.is_some() || up.acknowledged.is_some() {
                over.push(up.record(What::Over, now));
            }
            let past = Past { at: now, count: up.count, rang_at: up.rang_at };
            self.past.insert(key, past);
        }
        if !std::mem::replace(&mut self.has_looked, true) {
            // What has no time of its own and is not there now would be another one when it comes.
            self.known.retain(|_, known| known.mark != 0);
        }
        for up in self.up.values_mut() {
            while up.lift_at(policy).is_some_and(|at| at <= now) {
                up.lifts += 1;
                up.waits = up.waits + policy.escalate_after.unwrap_or_default().max(TICK);
                up.weigh();
            }
        }
        Step { rings: self.ring(now, policy), over }
    }

    /// Shows what is wrong now without telling anybody, as far as records know of it.
    #[must_use]
    pub fn glance(mut self, conditions: Vec<Condition>, now: Timestamp) -> Vec<Alert> {
        for condition in conditions {
            let key = condition.key.clone();
            let up = self.raised(condition, None, now);
            self.up.insert(key, up);
        }
        self.alerts()
    }

    /// Puts an alert up; since when it is seen is not known of one that others may have seen before.
    fn raised(&mut self, mut condition: Condition, seen: Option<Timestamp>, now: Timestamp) -> Up {
        let past = self.past.remove(&condition.key);
        let known = self.known.remove(&condition.key);
        let known = known.filter(|it| condition.mark.is_none_or(|mark| mark == it.mark));
        condition.mark = condition.mark.or(known.map(|known| known.mark));
        let mut up = Up {
            since: condition.since.or(known.map(|known| known.at)).or(seen),
            count: past.map_or(0, |past| past.count).saturating_add(1),
            told: known.and_then(|known| known.told),
            is_due: false,
            rang_at: past.and_then(|past| past.rang_at),
            waits: now,
            lifts: 0,
            acknowledged: known.and_then(|known| known.acknowledged),
            condition,
        };
        // It has become worse for want of an answer before.
        while up.condition.wants_answer
            && up.told.is_some_and(|told| told.exceeds(up.weight()))
            && up.weight().lifted() != up.weight()
        {
            up.lifts += 1;
        }
        up.weigh();
        up
    }

    /// Returns what is to be told now, as far as that is not too much.
    fn ring(&mut self, now: Timestamp, policy: &AlertPolicy) -> Vec<Ring> {
        while self.rang.front().is_some_and(|at| *at + WINDOW <= now) {
            self.rang.pop_front();
        }
        let is_due = |up: &Up| up.ring_at(policy).is_some_and(|at| at <= now);
        let due = self.up.iter().filter(|(_, up)| is_due(up));
        let mut due: Vec<(Weight, Key)> = due.map(|(key, up)| (up.weight(), key.clone())).collect();
        due.sort_by_key(|(weight, _)| Reverse((weight.severity, weight.level)));
        let urgent = due.iter().take_while(|(weight, _)| weight.is_urgent()).count();
        let rest = due.split_off(urgent);
        let mut rings = Vec::new();
        for (group, most) in [(due, policy.per_minute), (rest, for_the_rest(policy))] {
            let keys: Vec<Key> = group.into_iter().map(|(_, key)| key).collect();
            let left = (most as usize).saturating_sub(self.rang.len());
            rings.extend(self.ring_all(&keys, left, now));
        }
        if let Some(ring) = rings.first_mut() {
            ring.more += std::mem::take(&mut self.missed);
        }
        rings
    }

    /// Tells these, the worst first, by so many rings at most: the last one stands for all that have none of their own.
    fn ring_all(&mut self, keys: &[Key], left: usize, now: Timestamp) -> Vec<Ring> {
        if left == 0 {
            return Vec::new();
        }
        let single = if keys.len() > left { left - 1 } else { keys.len() };
        let (own, rest) = keys.split_at(single);
        let mut rings: Vec<Ring> = own.iter().filter_map(|key| self.told(key, 0, now)).collect();
        if let Some((worst, others)) = rest.split_first() {
            let more = u32::try_from(others.len()).unwrap_or(u32::MAX);
            rings.extend(self.told(worst, more, now));
            for key in others {
                if let Some(up) = self.up.get_mut(key) {
                    was_told(up, now);
                }
            }
        }
        rings
    }

    /// Returns from when on one more may be told if so many may be in a minute; never if none may be.
    fn free_at(&self, most: u32) -> Option<Timestamp> {
        let most = most as usize;
        match self.rang.len().checked_sub(most) {
            _ if most == 0 => None,
            None => Some(Timestamp(0)),
            Some(over) => self.rang.get(over).map(|at| *at + WINDOW),
        }
    }

    fn told(&mut self, key: &Key, more: u32, now: Timestamp) -> Option<Ring> {
        let up = self.up.get_mut(key)?;
        was_told(up, now);
        self.rang.push_back(now);
        self.number += 1;
        Some(Ring { number: self.number, at: now, alert: up.alert(), more })
    }

    /// Returns when something is to be told, or becomes worse, if nothing else happens.
    pub fn next(&self, policy: &AlertPolicy) -> Option<Timestamp> {
        let lifts = self.up.values().filter_map(|up| up.lift_at(policy));
        let urgent = self.free_at(policy.per_minute);
        let rest = self.free_at(for_the_rest(policy));
        let rings = self.up.values().filter_map(|up| {
            let free = if up.weight().is_urgent() { urgent } else { rest };
            up.ring_at(policy)?.max(free?).into()
        });
        lifts.chain(rings).min()
    }

    /// Takes note that the operator has acknowledged an alert; returns what is to be remembered, if it is up and was
    /// not acknowledged before.
    pub fn acknowledge(&mut self, key: &Key, now: Timestamp) -> Option<Record> {
        let up = self.up.get_mut(key).filter(|up| up.acknowledged.is_none())?;
        up.acknowledged = Some(up.weight());
        up.is_due = false;
        Some(up.record(What::Acknowledged, now))
    }

    /// Takes note that the operator takes back what was acknowledged: the alert waits for an answer again, and is told
    /// when it gets worse.
    pub fn recall(&mut self, key: &Key, now: Timestamp) -> Option<Record> {
        let up = self.up.get_mut(key).filter(|up| up.acknowledged.is_some())?;
        up.waits_again(now);
        Some(up.record(What::Recalled, now))
    }

    /// Returns what is to be remembered of alerts that were told just now: a ring may stand for several.
    pub fn told_at(&self, now: Timestamp) -> Vec<Record> {
        let told = self.up.values().filter(|up| up.rang_at == Some(now) && up.told.is_some());
        told.map(|up| up.record(What::Rang, now)).collect()
    }

    /// Takes in what another process, or one before, has done about alerts that may not be up here yet.
    pub fn know(&mut self, record: &Record) {
        let Record { at, key, mark, weight, what, .. } = record;
        if *what == What::Over {
            self.known.remove(key);
            return;
        }
        let fresh = Known { mark: *mark, at: *at, told: None, acknowledged: None };
        let known = self.known.entry(key.clone()).or_insert(fresh);
        if known.mark != *mark {
            *known = fresh;
        }
        match what {
            What::Rang => {
                known.told = Some(known.told.map_or(*weight, |told| told.or_worse(*weight)));
            }
            What::Acknowledged => known.acknowledged = Some(*weight),
            What::Recalled => known.acknowledged = None,
            What::Over => {}
        }
    }

    /// Takes in that an alert was acknowledged in another process, or that this was taken back there.
    pub fn hear(&mut self, record: &Record) {
        let Some(up) = self.up.get_mut(&record.key) else { return };
        let is_it = up.condition.mark.is_none_or(|mark| mark == record.mark);
        let is_silent = up.acknowledged.is_some();
        match record.what {
            What::Acknowledged if is_it && !is_silent => {
                if !up.condition.weight.exceeds(record.weight) {
                    up.acknowledged = Some(record.weight);
                    up.is_due = false;
                }
            }
            What::Recalled if is_it && is_silent => up.waits_again(record.at),
            What::Acknowledged | What::Recalled | What::Rang | What::Over => {}
        }
    }

    /// Returns the alerts that are up: those that are not acknowledged first, the worst first, the oldest first.
    pub fn alerts(&self) -> Vec<Alert> {
        let mut alerts: Vec<Alert> = self.up.values().map(Up::alert).collect();
        alerts.sort_by_key(|alert| {
            let Weight { severity, level } = alert.weight;
            (alert.acknowledged, Reverse((severity, level)), alert.since)
        });
        alerts
    }
}

/// Returns how many rings of those that are not urgent there may be in a minute: they never take the last places.
fn for_the_rest(policy: &AlertPolicy) -> u32 {
    policy.per_minute.div_ceil(2)
}

/// No time is so short that an alert becomes worse twice in it.
const TICK: Duration = Duration::from_millis(1);

/// Takes in that the cause of an alert still holds, or that it has happened once more.
fn again(mut up: Up, mut condition: Condition, now: Timestamp) -> Up {
    condition.mark = condition.mark.or(up.condition.mark);
    if condition.mark != up.condition.mark {
        up.count = up.count.saturating_add(1);
        up.since = condition.since.or(Some(now));
        (up.waits, up.lifts) = (now, 0);
        if up.acknowledged.is_none() {
            // It is told again, however bad the one before was.
            (up.told, up.is_due) = (None, true);
        }
    }
    up.condition = condition;
    up.weigh();
    up
}

fn was_told(up: &mut Up, now: Timestamp) {
    let weight = up.weight();
    up.told = Some(up.told.map_or(weight, |told| told.or_worse(weight)));
    up.rang_at = Some(now);
    up.is_due = false;
}
