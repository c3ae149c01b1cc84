//! What is wrong, as states alone tell it.

use std::collections::BTreeMap;

use ostler::core::alert::condition::{self, Condition, Holds};
use ostler::core::bar::Bar;
use ostler::core::budget::Overspent;
use ostler::core::definition::{Definition, Exhausted};
use ostler::core::room::Room;
use ostler::core::storm::Brake;
use ostler::core::{FailureClass, Timestamp};

use crate::scenarios::scene::Scene;
use crate::world::sample::{over, tier};

/// Says what is wrong, a line each.
fn lines(conditions: &[Condition]) -> Vec<String> {
    let line = |it: &Condition| {
        let (severity, level) = (it.weight.severity.word(), it.weight.level.words());
        format!("{}: {severity}, {level}: {}", it.key, it.text)
    };
    conditions.iter().map(line).collect()
}

fn wrong(scene: &Scene) -> Vec<String> {
    lines(&condition::of_workstream(&scene.workstream, None))
}

fn scene() -> Scene {
    Scene::running(over(vec![tier("aider"), tier("copilot")]))
}

#[test]
fn work_that_goes_on_is_no_alert() {
    let mut scene = scene();
    assert_eq!(wrong(&scene), [""; 0]);
    scene.succeeds().saved(1);
    assert_eq!(wrong(&scene), [""; 0]);
    scene.passes();
    assert_eq!(wrong(&scene), [""; 0]);
}

#[test]
fn an_agent_that_is_slow_or_asks_is_one_until_it_is_not() {
    let mut scene = scene();
    scene.due();
    assert_eq!(
        wrong(&scene),
        ["ws-03/slow: medium, look at it: aider is slow: it is past its soft timeout"]
    );
    scene.waits(Some("Overwrite? (y/n)"));
    // What waits for the operator is no slower than the operator.
    assert_eq!(wrong(&scene), ["ws-03/asks: high, you must act: its agent asks: Overwrite? (y/n)"]);
    scene.waits(None);
    assert_eq!(wrong(&scene).len(), 1);
}

#[test]
fn a_fallback_is_one_while_it_works_and_what_comes_of_it_after_that() {
    let mut scene = scene();
    scene.fails(FailureClass::Auth).saved(0);
    let fell_back = "ws-03/fallback: low, recovering: fell back from aider (auth) to copilot";
    assert_eq!(wrong(&scene), [fell_back]);
    scene.started();
    assert_eq!(wrong(&scene), [fell_back]);
    scene.fails(FailureClass::Auth).saved(0);
    let told = wrong(&scene);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("ws-03/waits: high, you must act: no agent is left"), "{told:?}");
    // Said go, nothing of that is wrong any more.
    scene.retry(Some(1), None);
    assert_eq!(wrong(&scene), [""; 0]);
}

#[test]
fn what_was_given_up_and_what_was_lost_are_told_apart_from_what_was_stopped() {
    let failing = Definition { exhausted: Exhausted::Fail, ..over(vec![tier("aider")]) };
    let mut scene = Scene::running(failing);
    scene.fails(FailureClass::Auth).saved(0);
    let told = wrong(&scene);
    assert!(told[0].starts_with("ws-03/failed: high, look at it: failed: "), "{told:?}");
    let mut scene = self::scene();
    scene.kill().due();
    let told = wrong(&scene);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("ws-03/lost: critical, you must act: "), "{told:?}");
    let mut scene = self::scene();
    scene.stop().obeys().saved(0);
    assert_eq!(wrong(&scene), [""; 0]);
}

#[test]
fn files_that_cannot_be_used_are_one_whatever_the_phase() {
    let scene = scene();
    let told = condition::of_workstream(&scene.workstream, Some("the disk is full\nat /state"));
    assert_eq!(
        lines(&told),
        ["ws-03/trouble: high, you must act: nothing is decided for it: the disk is full"]
    );
}

#[test]
fn breakers_are_told_by_their_agents() {
    let why = || "3 failures in a row".to_owned();
    let bars = BTreeMap::from([
        ("aider".into(), Bar::Shut { until: Some(Timestamp(7)), why: why() }),
        ("codex".into(), Bar::Shut { until: None, why: why() }),
        ("goose".into(), Bar::Trial { why: why() }),
    ]);
    let told = condition::of_agents(&bars);
    assert_eq!(
        lines(&told),
        [
            "agent/aider/breaker: medium, recovering: its breaker is open: 3 failures in a row",
            "agent/codex/breaker: high, you must act: it is held until you close its breaker: 3 failures in a row",
            "agent/goose/breaker: low, recovering: its breaker is half-open, one trial goes first: 3 failures in a row",
        ]
    );
    // A trial is the same opening, gone further; the next opening is another one.
    assert_eq!(told.iter().map(|it| it.mark).collect::<Vec<_>>(), [Some(7), Some(0), None]);
}

#[test]
fn what_holds_the_fleet_says_so() {
    let why = "network in 3 workstreams within 1:00".to_owned();
    let brake = Brake::Held { until: Timestamp(60_000), why: why.clone() };
    let over = Overspent { what: "9 of 9 attempts in an hour".to_owned(), until: Timestamp(9) };
    let short = Room::Enough.after(12_000_000, 100_000_000);
    let holds = Holds { brake: &brake, overspent: Some(&over), disk: short, memory: short };
    assert_eq!(
        lines(&condition::of_fleet(&holds)),
        [
            "fleet/storm: high, fleet held: all launches are held: network in 3 workstreams within 1:00",
            "fleet/budget: high, fleet held: nothing starts, the budget is used up: 9 of 9 attempts in an hour",
            "disk/short: critical, fleet held: nothing starts for want of room on the disk: 12 MB are free, 105 MB must be",
            "memory/short: high, fleet held: nothing starts for want of memory: 12 MB are free, 105 MB must be",
        ]
    );
    let trial = Brake::Trial { left: 1, until: Timestamp(9), why };
    let enough = Room::Enough;
    let calm = |brake| Holds { brake, overspent: None, disk: enough, memory: enough };
    assert_eq!(
        lines(&condition::of_fleet(&calm(&trial))),
        [
            "fleet/storm: low, recovering: one trial goes first after a storm: network in 3 workstreams within 1:00"
        ]
    );
    assert_eq!(condition::of_fleet(&calm(&Brake::Calm)), []);
}
