//! What must hold of alerts whatever happens.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ostler::core::Timestamp;
use ostler::core::alert::{AlertPolicy, Board, Condition, Key, Level, Ring, Severity, Weight};
use proptest::prelude::*;

use super::made::{at, waits};

const MINUTE: Duration = Duration::from_secs(60);

/// What happens.
#[derive(Clone, Debug)]
enum Act {
    /// So many milliseconds pass.
    Pass(u64),
    /// The next thing that comes by itself is waited for.
    Due,
    /// This is wrong so badly from now on, as this occurrence.
    Wrong(usize, usize, usize, u64),
    /// This is right again.
    Right(usize),
    /// The operator takes note.
    Acknowledge(usize),
    Recall(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..90_000_u64).prop_map(Act::Pass),
        2 => Just(Act::Due),
        6 => (0..8_usize, 0..4_usize, 0..4_usize, 1..4_u64)
            .prop_map(|(which, severity, level, mark)| Act::Wrong(which, severity, level, mark)),
        2 => (0..8_usize).prop_map(Act::Right),
        2 => (0..8_usize).prop_map(Act::Acknowledge),
        1 => (0..8_usize).prop_map(Act::Recall),
    ]
}

fn policy() -> impl Strategy<Value = AlertPolicy> {
    (0..40_u64, 1..6_u32, prop::option::of(1..2000_u64)).prop_map(
        |(repeat, per_minute, escalate)| AlertPolicy {
            repeat: Duration::from_secs(repeat),
            per_minute,
            escalate_after: escalate.map(Duration::from_secs),
        },
    )
}

/// A world in which things go wrong, and all that was told of it.
struct World {
    board: Board,
    policy: AlertPolicy,
    now: Timestamp,
    wrong: BTreeMap<usize, Condition>,
    /// How bad each was when the operator took note, as long as its cause holds.
    silent: BTreeMap<Key, Weight>,
    rings: Vec<Ring>,
}

impl World {
    fn new(policy: AlertPolicy) -> Self {
        let (wrong, silent) = (BTreeMap::new(), BTreeMap::new());
        Self { board: Board::default(), policy, now: at(0), wrong, silent, rings: Vec::new() }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Pass(millis) => self.now = self.now + Duration::from_millis(*millis),
            Act::Due => {
                if let Some(next) = self.board.next(&self.policy) {
                    self.now = self.now.max(next);
                }
            }
            Act::Wrong(which, severity, level, mark) => {
                let levels = [Level::Recovering, Level::Notified, Level::MustAct, Level::Held];
                let weight = Weight { severity: Severity::ALL[*severity], level: levels[*level] };
                let wrong = waits(&format!("ws-{which}"));
                let wants_answer = which % 3 > 0;
                let wrong = Condition { weight, mark: Some(*mark), wants_answer, ..wrong };
                self.wrong.insert(*which, wrong);
            }
            Act::Right(which) => {
                self.wrong.remove(which);
            }
            Act::Recall(which) => {
                let key = waits(&format!("ws-{which}")).key;
                let was_silent = self.silent.remove(&key).is_some();
                assert_eq!(self.board.recall(&key, self.now).is_some(), was_silent);
            }
            Act::Acknowledge(which) => {
                let key = waits(&format!("ws-{which}")).key;
                if let Some(record) = self.board.acknowledge(&key, self.now) {
                    self.silent.insert(key, record.weight);
                }
            }
        }
    }

    /// Steps, and checks what must hold of a step.
    fn step(&mut self) -> Result<(), TestCaseError> {
        let conditions: Vec<Condition> = self.wrong.values().cloned().collect();
        let step = self.board.step(conditions, self.now, &self.policy);
        let wrong: BTreeSet<Key> = self.wrong.values().map(|it| it.key.clone()).collect();
        let up: BTreeSet<Key> = self.board.alerts().into_iter().map(|it| it.key).collect();
        prop_assert_eq!(&up, &wrong, "what is wrong is up, and nothing else is");
        self.silent.retain(|key, silent| {
            let known = self.wrong.values().find(|it| it.key == *key);
            known.is_some_and(|it| !it.weight.exceeds(*silent))
        });
        for ring in &step.rings {
            let key = &ring.alert.key;
            prop_assert!(!self.silent.contains_key(key), "{} was acknowledged", key);
        }
        for alert in self.board.alerts() {
            let is_silent = self.silent.contains_key(&alert.key);
            prop_assert_eq!(alert.acknowledged, is_silent, "{}", alert.key);
        }
        self.rings.extend(step.rings);
        if let Some(next) = self.board.next(&self.policy) {
            prop_assert!(next > self.now, "what comes lies in the future");
        }
        Ok(())
    }

    /// Checks that nothing was told more often than it may be.
    fn check_rate(&self) -> Result<(), TestCaseError> {
        let most = self.policy.per_minute as usize;
        for window in self.rings.windows(most + 1) {
            prop_assert!(window[most].at.since(window[0].at) >= MINUTE, "{} in a minute", most + 1);
        }
        let mut last: BTreeMap<&Key, Timestamp> = BTreeMap::new();
        for ring in &self.rings {
            if let Some(before) = last.insert(&ring.alert.key, ring.at) {
                prop_assert!(ring.at.since(before) >= self.policy.repeat, "{}", ring.alert.key);
            }
        }
        let grows = self.rings.windows(2).all(|pair| pair[0].number < pair[1].number);
        prop_assert!(grows, "numbers grow");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn alerts_are_up_as_long_as_their_causes_and_told_no_more_often_than_they_may(
        policy in policy(),
        acts in prop::collection::vec(act(), 0..80),
    ) {
        let mut world = World::new(policy);
        for act in &acts {
            world.act(act);
            world.step()?;
        }
        world.check_rate()?;
    }

    #[test]
    fn what_stays_wrong_is_told_in_the_end(
        policy in policy(),
        acts in prop::collection::vec(act(), 0..60),
    ) {
        let mut world = World::new(policy);
        for act in &acts {
            world.act(act);
            world.step()?;
        }
        // Each comes to be told, and can get worse only so often: then nothing comes by itself any more.
        for _ in 0..200 {
            if world.board.next(&policy).is_none() {
                break;
            }
            world.act(&Act::Due);
            world.step()?;
        }
        prop_assert_eq!(world.board.next(&policy), None);
        world.check_rate()?;
        let told = world.rings.iter().map(|ring| 1 + ring.more as usize).sum::<usize>();
        let open = world.board.alerts().iter().filter(|alert| !alert.acknowledged).count();
        prop_assert!(told >= open, "{} were told of {}", told, open);
    }

    #[test]
    fn nothing_is_told_where_nothing_may_be(acts in prop::collection::vec(act(), 0..40)) {
        let none = AlertPolicy { per_minute: 0, escalate_after: None, ..AlertPolicy::default() };
        let mut world = World::new(none);
        for act in &acts {
            world.act(act);
            world.step()?;
        }
        prop_assert!(world.rings.is_empty());
        prop_assert_eq!(world.board.next(&none), None);
    }
}
