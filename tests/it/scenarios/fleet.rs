//! Who may go, and who waits for whom.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ostler::core::bar::{Bar, Guarded};
use ostler::core::definition::Definition;
use ostler::core::fleet::{Apart, Hold, Launches, Limits, admit};
use ostler::core::room::Room;
use ostler::core::{Event, FailureClass, Request, Timestamp, Workstream};

use super::scene::Scene;
use crate::world::sample::{over, tier};

fn named(id: &str, after: &[&str], priority: i32) -> Definition {
    let after = after.iter().map(|id| (*id).into()).collect();
    Definition { id: id.into(), after, priority, ..over(vec![tier("aider")]) }
}

fn queued(id: &str, after: &[&str]) -> Workstream {
    Workstream::new(named(id, after, 0), Timestamp(0))
}

fn running(id: &str) -> Workstream {
    Scene::running(named(id, &[], 0)).workstream
}

fn done(id: &str) -> Workstream {
    let mut scene = Scene::running(named(id, &[], 0));
    scene.succeeds().saved(1).passes();
    scene.workstream
}

fn failed(id: &str) -> Workstream {
    let mut workstream = queued(id, &[]);
    workstream.step(&Event::Operator(Request::GiveUp), Timestamp(0));
    workstream
}

fn say(fleet: &[Workstream], limits: &Limits) -> String {
    let admission = admit(fleet, limits);
    let mut text = String::new();
    for id in &admission.go {
        let _ = writeln!(text, "{id} goes");
    }
    for (id, blocked) in &admission.blocked {
        let _ = writeln!(text, "{id} {}", blocked.explain(Timestamp(0)));
    }
    let stuck: Vec<String> = admission.stuck().iter().map(ToString::to_string).collect();
    let _ = write!(text, "stuck: {}", stuck.join(" "));
    text
}

const THREE: Limits = Limits { parallel: 3, standby: 0, hold: None, launches: None };

#[test]
fn slots_in_declared_order() {
    let fleet =
        [running("a"), queued("b", &[]), queued("c", &[]), queued("d", &[]), queued("e", &[])];
    assert_snapshot!(say(&fleet, &THREE), @r"
    b goes
    c goes
    d waits for a free slot (place 1 in the queue)
    e waits for a free slot (place 2 in the queue)
    stuck: 
    ");
}

#[test]
fn priority_goes_first_and_what_has_begun_before_that() {
    let mut begun = Scene::running(named("begun", &[], -5));
    begun.fails(FailureClass::Auth).saved(0).retry(None, None);
    let fleet = [
        queued("plain", &[]),
        Workstream::new(named("urgent", &[], 9), Timestamp(0)),
        begun.workstream,
    ];
    assert_snapshot!(say(&fleet, &Limits { parallel: 2, ..THREE }), @r"
    begun goes
    urgent goes
    plain waits for a free slot (place 1 in the queue)
    stuck: 
    ");
}

#[test]
fn a_dependency_holds_until_it_is_done() {
    let fleet = [done("a"), running("b"), queued("c", &["a"]), queued("d", &["a", "b"])];
    assert_snapshot!(say(&fleet, &THREE), @r"
    c goes
    d waits for b (running)
    stuck: 
    ");
}

#[test]
fn a_failed_dependency_holds_all_that_stand_behind_it() {
    let fleet = [
        failed("a"),
        queued("b", &["a"]),
        queued("c", &["b"]),
        queued("d", &[]),
        queued("e", &["d"]),
    ];
    assert_snapshot!(say(&fleet, &THREE), @r"
    d goes
    b waits for a (failed)
    c waits for b (queued)
    e waits for d (queued)
    stuck: b c
    ");
}

#[test]
fn an_escalated_dependency_holds_until_the_operator_answers() {
    let mut asked = Scene::running(named("a", &[], 0));
    asked.fails(FailureClass::Auth).saved(0);
    let mut fleet = vec![asked.workstream, queued("b", &["a"])];
    let before = say(&fleet, &THREE);
    fleet[0].step(&Event::Operator(Request::Accept), Timestamp(0));
    assert_snapshot!(format!("{before}\n\n{}", say(&fleet, &THREE)), @r"
    b waits for a (escalated)
    stuck: b

    b goes
    stuck: 
    ");
}

#[test]
fn those_that_wait_for_each_other_are_stuck() {
    let fleet = [queued("a", &["b"]), queued("b", &["a"]), queued("c", &["c"])];
    assert_snapshot!(say(&fleet, &THREE));
}

#[test]
fn nothing_goes_while_launches_are_paused() {
    let fleet = [queued("a", &[]), queued("b", &["a"])];
    assert_snapshot!(say(&fleet, &Limits { hold: Some(Hold::Paused), ..THREE }));
}

#[test]
fn nothing_goes_while_the_disk_has_no_room() {
    let fleet = [running("a"), queued("b", &[]), queued("c", &["b"])];
    let room = Room::Enough.after(12_345_678, 100_000_000);
    assert_snapshot!(say(&fleet, &Limits { hold: Some(Hold::Room(room)), ..THREE }), @r"
    b waits for room on the disk (12 MB are free, 105 MB must be)
    c waits for b (queued)
    stuck: 
    ");
}

#[test]
fn a_wait_between_attempts_gives_the_slot_to_others() {
    use ostler::core::policy::{Response, RetryMode};
    let mut waits = named("a", &[], 0);
    let retry = crate::world::sample::retry(RetryMode::Plain);
    waits.tiers[0].responses =
        crate::world::sample::on(FailureClass::Network, &[retry, Response::Next]);
    let mut scene = Scene::running(waits);
    scene.fails(FailureClass::Network).saved(0);
    let fleet = [scene.workstream, queued("b", &[])];
    assert_snapshot!(say(&fleet, &Limits { parallel: 1, ..THREE }), @r"
    b goes
    stuck: 
    ");
}

#[test]
fn slots_that_are_kept_for_fallbacks_are_no_place_for_those_that_have_not_begun() {
    let mut begun = Scene::running(named("b", &[], 0));
    begun.stop().obeys().saved(0).retry(None, None);
    let fleet = [running("a"), queued("c", &[]), begun.workstream, queued("d", &[])];
    let limits = Limits { parallel: 3, standby: 1, ..THREE };
    assert_snapshot!(say(&fleet, &limits), @r"
    b goes
    c waits for a slot (place 1 in the queue); the free ones are kept for fallbacks
    d waits for a slot (place 2 in the queue); the free ones are kept for fallbacks
    stuck: 
    ");
}

#[test]
fn an_agent_works_for_as_many_as_it_may_and_others_pass() {
    let few = |id: &str| {
        let mut definition = named(id, &[], 0);
        definition.tiers[0].capacity = Some(1);
        Workstream::new(definition, Timestamp(0))
    };
    let mut other = named("c", &[], 0);
    other.tiers[0].agent = "codex".into();
    let fleet = [few("a"), few("b"), Workstream::new(other, Timestamp(0))];
    assert_snapshot!(say(&fleet, &THREE), @r"
    a goes
    c goes
    b waits for aider, which may make 1 attempt at a time
    stuck: 
    ");
}

#[test]
fn one_trial_goes_after_a_storm() {
    let fleet = [queued("a", &[]), queued("b", &[])];
    let why = Apart::Trial("network in 3 workstreams within 1:00".to_owned());
    let limits = Limits { launches: Some(Launches { left: 1, why }), ..THREE };
    assert_snapshot!(say(&fleet, &limits), @r"
    a goes
    b waits for one trial after a storm (network in 3 workstreams within 1:00)
    stuck: 
    ");
}

#[test]
fn those_whose_agents_are_all_shut_wait_for_the_first() {
    let why = "quota: only a person can end it".to_owned();
    let bars = [("aider".into(), Bar::Shut { until: None, why })].into();
    let mut one = queued("a", &[]);
    let guarded = Box::new(Guarded { bars, held: false, ..Guarded::default() });
    one.step(&Event::Barred(guarded.clone()), Timestamp(0));
    let mut two = named("b", &[], 0);
    two.tiers.push(tier("codex"));
    let mut two = Workstream::new(two, Timestamp(0));
    two.step(&Event::Barred(guarded), Timestamp(0));
    assert_snapshot!(say(&[one, two], &THREE), @r"
    b goes
    a waits for aider: it is held (quota: only a person can end it)
    stuck: a
    ");
}
