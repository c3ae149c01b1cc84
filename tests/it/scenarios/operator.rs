//! What the operator's keys do, at every moment.

use insta::assert_snapshot;
use ostler::core::definition::{Definition, Tier};
use ostler::core::event::{CheckOutcome, Target};
use ostler::core::phase::StartFrom;
use ostler::core::policy::{Response, RetryMode, Timeouts};
use ostler::core::{AttemptId, FailureClass, Request};

use super::scene::Scene;
use crate::world::sample::{on, over, retry, secs, tier};

fn chain() -> Definition {
    let aider = Tier {
        probe: Some(secs(15)),
        responses: on(FailureClass::Network, &[retry(RetryMode::Plain), Response::Next]),
        ..tier("aider")
    };
    over(vec![aider, tier("copilot"), tier("claude")])
}

fn running() -> Scene {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().started();
    scene
}

fn checking() -> Scene {
    let mut scene = running();
    scene.succeeds().saved(1);
    scene
}

#[test]
fn stop_while_queued() {
    let mut scene = Scene::new(chain());
    scene.stop().admitted().note("too late to be admitted").explain();
    assert_snapshot!(scene);
}

#[test]
fn stop_while_preparing() {
    let mut scene = Scene::new(chain());
    scene.admitted().stop().explain().prepared();
    assert_snapshot!(scene);
}

#[test]
fn stop_while_a_hung_git_prepares() {
    let mut scene = Scene::new(chain());
    scene.admitted().stop().due();
    assert_snapshot!(scene);
}

#[test]
fn kill_while_a_hung_git_prepares() {
    let mut scene = Scene::new(chain());
    scene.admitted().kill().prepared();
    assert_snapshot!(scene);
}

#[test]
fn stop_while_probing() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().stop().ready().note("the answer comes too late");
    assert_snapshot!(scene);
}

#[test]
fn stop_while_starting() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().stop().explain().started().obeys().saved(0);
    assert_snapshot!(scene);
}

#[test]
fn stop_while_a_start_fails() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().stop().not_started();
    assert_snapshot!(scene);
}

#[test]
fn kill_while_starting() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().kill().explain();
    scene.started().note("KILL may have found nobody, so it is sent again").obeys().saved(0);
    assert_snapshot!(scene);
}

#[test]
fn stop_while_running() {
    let mut scene = running();
    scene.stop().stop().explain().obeys().saved(1).explain();
    assert_snapshot!(scene);
}

#[test]
fn stop_while_draining() {
    let mut scene = running();
    scene.succeeds().stop().saved(1);
    assert_snapshot!(scene);
}

#[test]
fn stop_while_checking() {
    let mut scene = checking();
    scene.stop().explain().checked(CheckOutcome::TimedOut);
    assert_snapshot!(scene);
}

#[test]
fn stop_while_a_check_does_not_care() {
    let mut scene = checking();
    scene.stop().due().explain().kill().checked(CheckOutcome::TimedOut);
    assert_snapshot!(scene);
}

#[test]
fn stop_while_it_waits_for_a_retry() {
    let mut scene = running();
    scene.fails(FailureClass::Network).saved(0).stop().wait(60).due().note("nothing comes after");
    assert_snapshot!(scene);
}

#[test]
fn stop_what_has_ended() {
    let mut scene = checking();
    scene.passes().stop().kill();
    assert_snapshot!(scene);
}

#[test]
fn a_stop_may_be_taken_back() {
    let mut scene = running();
    scene.stop().retry(None, Some("go on")).explain().obeys().saved(1).ready().started();
    assert_snapshot!(scene);
}

#[test]
fn kill_while_running() {
    let mut scene = running();
    scene.kill().explain().obeys().saved(1);
    assert_snapshot!(scene);
}

#[test]
fn kill_after_stop() {
    let mut scene = running();
    scene.stop().kill().obeys().saved(1);
    assert_snapshot!(scene);
}

#[test]
fn escalate_to_the_next_tier() {
    let mut scene = running();
    scene.escalate(Target::Next).escalate(Target::Next).note("twice is once").obeys().saved(1);
    scene.started().escalate(Target::Next).obeys().saved(1).started();
    scene.escalate(Target::Next).note("nobody is left").obeys().saved(1).explain();
    assert_snapshot!(scene);
}

#[test]
fn escalate_to_a_tier() {
    let mut scene = running();
    scene.escalate(Target::Tier(7)).escalate(Target::Tier(2)).obeys().saved(1).started();
    assert_snapshot!(scene);
}

#[test]
fn escalate_to_a_person() {
    let mut scene = running();
    let note = Some("is this the right file?".to_owned());
    scene.request(Request::Escalate { to: Target::Person, note }).explain().obeys().saved(1);
    scene.escalate(Target::Person).explain();
    assert_snapshot!(scene);
}

#[test]
fn more_time() {
    let mut scene = running();
    scene.due().note("slow").wait(40).extend(60).explain().due().note("slow again").due();
    assert_snapshot!(scene);
}

#[test]
fn more_time_counts_from_the_key() {
    let mut scene = running();
    scene.due().wait(50).extend(30).note("soft was a minute ago; it is 30 s from now").due();
    assert_snapshot!(scene);
}

#[test]
fn more_time_for_a_silent_agent() {
    let timeouts = Timeouts { soft: None, hard: secs(600), idle: Some(secs(60)) };
    let mut scene = Scene::running(over(vec![Tier { timeouts, ..tier("aider") }]));
    scene.due().extend(120).active(61).note("it is let alone");
    scene.due().active(181).note("until it was silent for that long too");
    let timeouts = Timeouts { soft: None, hard: secs(600), idle: Some(secs(60)) };
    let mut other = Scene::running(over(vec![Tier { timeouts, ..tier("aider") }]));
    other.due().extend(120).due().note("nobody answered, and nobody is asked before its time");
    assert_snapshot!(format!("{scene}\n\n{other}"));
}

#[test]
fn retry_from_a_checkpoint() {
    let mut scene = checking();
    scene.passes();
    let from = |from| Request::Retry { tier: Some(1), from, note: None };
    scene.request(from(StartFrom::Attempt(AttemptId(9))));
    scene.request(from(StartFrom::Attempt(AttemptId(1)))).admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn retry_in_every_early_phase() {
    let mut scene = Scene::new(chain());
    scene.retry(Some(1), Some("queued")).admitted();
    scene.retry(Some(0), Some("preparing")).prepared().note("chosen, so not probed").started();
    assert_snapshot!(scene);
}

#[test]
fn retry_while_probing() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().retry(Some(2), None).started();
    assert_snapshot!(scene);
}

#[test]
fn retry_while_starting() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().retry(Some(2), None).started().obeys().saved(0).started();
    assert_snapshot!(scene);
}

#[test]
fn retry_while_checking() {
    let mut scene = checking();
    scene.retry(None, None).checked(CheckOutcome::TimedOut).ready().started();
    assert_snapshot!(scene);
}

#[test]
fn retry_instead_of_waiting() {
    let mut scene = running();
    scene.fails(FailureClass::Network).saved(0).retry(None, None).admitted().prepared();
    assert_snapshot!(scene);
}

#[test]
fn accept_or_give_up() {
    let mut scene = running();
    scene.request(Request::Accept).request(Request::GiveUp).escalate(Target::Person);
    scene.obeys().saved(1).request(Request::Accept).explain();
    scene.request(Request::GiveUp).request(Request::Accept);
    let mut other = Scene::new(chain());
    other.request(Request::GiveUp).explain().request(Request::Accept);
    assert_snapshot!(format!("{scene}\n\n{other}"));
}

#[test]
fn input_reaches_a_running_agent_only() {
    let mut scene = running();
    scene.request(Request::Input("y\n".to_owned())).succeeds();
    scene.request(Request::Input("y\n".to_owned()));
    assert_snapshot!(scene);
}
