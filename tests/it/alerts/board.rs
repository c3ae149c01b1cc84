//! What is told, step by step.

use std::fmt::Write as _;
use std::time::Duration;

use ostler::core::alert::{AlertPolicy, Board, Condition, Key, Level, Severity};

use super::made::{POLICY, at, waits, weight};

/// A board and what it has told so far.
struct Story {
    board: Board,
    policy: AlertPolicy,
    text: String,
}

impl Story {
    fn new(policy: AlertPolicy) -> Self {
        Self { board: Board::default(), policy, text: String::new() }
    }

    fn step(&mut self, seconds: u64, conditions: &[Condition]) -> &mut Self {
        let step = self.board.step(conditions.to_vec(), at(seconds), &self.policy);
        let names: Vec<&str> = conditions.iter().map(|it| it.key.as_str()).collect();
        let _infallible = writeln!(self.text, "{seconds:>4} s  [{}]", names.join(", "));
        for ring in step.rings {
            let alert = ring.alert;
            let (severity, level) = (alert.weight.severity.word(), alert.weight.level.words());
            let _infallible = writeln!(
                self.text,
                "        rings: {} {severity}, {level}, time {}, +{}",
                alert.key, alert.count, ring.more
            );
        }
        for record in step.over {
            let _infallible = writeln!(self.text, "        over: {}", record.key);
        }
        self
    }

    /// Lets the time come at which something happens by itself.
    fn due(&mut self, conditions: &[Condition]) -> &mut Self {
        let next = self.board.next(&self.policy).expect("something comes");
        self.step((next.0 - at(0).0) / 1000, conditions)
    }

    fn acknowledge(&mut self, seconds: u64, key: &str) -> &mut Self {
        let known = self.board.acknowledge(&key.into(), at(seconds)).is_some();
        let _infallible = writeln!(self.text, "{seconds:>4} s  acknowledged {key}: {known}");
        self
    }
}

fn again(condition: &Condition, mark: u64) -> Condition {
    Condition { mark: Some(mark), ..condition.clone() }
}

fn worse(condition: &Condition) -> Condition {
    Condition { weight: weight(Severity::Critical, Level::MustAct), ..condition.clone() }
}

#[test]
fn it_is_told_once_and_ends_with_its_cause() {
    let mut story = Story::new(POLICY);
    let a = waits("a");
    story.step(0, &[]).step(1, std::slice::from_ref(&a)).step(2, std::slice::from_ref(&a));
    story.step(600, std::slice::from_ref(&a)).step(601, &[]).step(602, &[]);
    insta::assert_snapshot!(story.text);
    assert_eq!(story.board.next(&POLICY), None);
}

#[test]
fn what_comes_again_is_counted_and_told_when_its_time_has_come() {
    let mut story = Story::new(POLICY);
    let a = waits("a");
    story.step(0, std::slice::from_ref(&a)).step(5, &[again(&a, 2)]).step(6, &[again(&a, 3)]);
    story.due(&[again(&a, 3)]).step(100, &[]).step(101, &[again(&a, 4)]);
    // After a while it is the first time again.
    story.step(102, &[]).step(1000, &[again(&a, 5)]);
    insta::assert_snapshot!(story.text);
}

#[test]
fn what_is_acknowledged_is_silent_until_it_gets_worse() {
    let mut story =
        Story::new(AlertPolicy { escalate_after: Some(Duration::from_secs(60)), ..POLICY });
    let a = waits("a");
    story.step(0, std::slice::from_ref(&a)).acknowledge(1, "a/waits").acknowledge(2, "a/waits");
    assert!(story.board.alerts()[0].acknowledged);
    assert_eq!(story.board.next(&story.policy), None);
    story
        .step(100, &[again(&a, 2)])
        .step(1000, &[again(&a, 3)])
        .step(1001, &[worse(&again(&a, 3))]);
    assert!(!story.board.alerts()[0].acknowledged);
    story.acknowledge(1002, "b/waits");
    insta::assert_snapshot!(story.text);
}

#[test]
fn what_is_taken_back_waits_for_an_answer_again_and_is_not_told_twice() {
    let policy = AlertPolicy { escalate_after: Some(Duration::from_secs(60)), ..POLICY };
    let mut story = Story::new(policy);
    let a = [waits("a")];
    story.step(0, &a).acknowledge(1, "a/waits");
    let key: Key = "a/waits".into();
    let record = story.board.recall(&key, at(100)).expect("it was acknowledged");
    assert_eq!(story.board.recall(&key, at(101)), None);
    assert!(!story.board.alerts()[0].acknowledged);
    assert!(story.board.step(a.to_vec(), at(110), &policy).rings.is_empty(), "it was told before");
    // Another process that had heard of the one hears of the other.
    let mut other = Board::default();
    let silent = other.step(a.to_vec(), at(0), &policy);
    assert_eq!(silent.rings.len(), 1);
    let acknowledged = other.acknowledge(&key, at(1)).expect("it is up");
    other.hear(&record);
    assert!(!other.alerts()[0].acknowledged);
    // And one that begins later knows of neither.
    let mut later = Board::default();
    later.know(&acknowledged);
    later.know(&record);
    later.step(a.to_vec(), at(200), &policy);
    assert!(!later.alerts()[0].acknowledged);
}

#[test]
fn what_nobody_answers_gets_worse_and_is_told_again() {
    let mut story =
        Story::new(AlertPolicy { escalate_after: Some(Duration::from_secs(900)), ..POLICY });
    let slow = Condition {
        key: "a/slow".into(),
        weight: weight(Severity::Medium, Level::Recovering),
        ..waits("a")
    };
    let fell_back = Condition { key: "a/fallback".into(), wants_answer: false, ..slow.clone() };
    let both = [slow, fell_back];
    story.step(0, &both).due(&both).due(&both);
    insta::assert_snapshot!(story.text);
    assert_eq!(story.board.next(&story.policy), None, "it cannot get worse than that");
}

#[test]
fn too_many_at_once_are_told_together_and_none_is_forgotten() {
    let mut story = Story::new(AlertPolicy { per_minute: 3, ..POLICY });
    let all: Vec<Condition> = ["a", "b", "c", "d", "e", "f"].into_iter().map(waits).collect();
    let quiet = Condition { weight: weight(Severity::Low, Level::Recovering), ..waits("low") };
    // What takes care of itself leaves the last place in a minute to what does not.
    story.step(0, std::slice::from_ref(&quiet)).step(1, &all);
    story.step(2, &[all.clone(), vec![waits("g"), waits("h")]].concat());
    // One that is over before it could be told is counted with the next.
    let now = [all, vec![waits("g")]].concat();
    story.step(3, &now).due(&now);
    insta::assert_snapshot!(story.text);
    assert_eq!(story.board.alerts().len(), 7);
}

#[test]
fn a_board_that_begins_anew_tells_nothing_twice() {
    let mut first = Board::default();
    let (a, b, c) = (waits("a"), waits("b"), waits("c"));
    first.step(vec![a.clone(), b.clone(), c.clone()], at(0), &POLICY);
    let mut records = first.told_at(at(0));
    records.extend(first.acknowledge(&"b/waits".into(), at(1)));
    records.extend(first.step(vec![a.clone(), b.clone()], at(2), &POLICY).over);
    let mut second = Board::default();
    for record in &records {
        second.know(record);
    }
    // The third was over, and is so for the first time since.
    let step = second.step(vec![again(&a, 2), b, c], at(3), &POLICY);
    let rung: Vec<String> = step.rings.iter().map(|ring| ring.alert.key.to_string()).collect();
    assert_eq!(rung, ["a/waits", "c/waits"], "another occurrence, and one that is new");
    let acknowledged: Vec<bool> = second.alerts().iter().map(|it| it.acknowledged).collect();
    assert_eq!(acknowledged, [false, false, true]);
    // One that has gone further is the same occurrence, in the next process as well.
    let mut further = Board::default();
    for record in records.iter().take(1) {
        further.know(record);
    }
    let gone = Condition { mark: None, ..waits("a") };
    assert!(further.step(vec![gone], at(3), &POLICY).rings.is_empty());
    assert_eq!(further.alerts()[0].mark, 1);
    // And what is acknowledged in one process is so in the other.
    let record = second.acknowledge(&"c/waits".into(), at(4)).expect("it was open");
    let mut third = Board::default();
    third.step(vec![waits("c")], at(3), &POLICY);
    third.hear(&record);
    assert!(third.alerts()[0].acknowledged);
}
