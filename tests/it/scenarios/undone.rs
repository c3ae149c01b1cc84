//! What the operator takes back: it is as if it had not been asked for, or it is refused and nothing changes.

use insta::assert_snapshot;
use ostler::core::event::Target;
use ostler::core::phase::{Phase, StartFrom};
use ostler::core::{FailureClass, PhaseWord, Request};

use super::scene::Scene;
use crate::world::sample::{over, secs, tier};

fn again() -> Request {
    Request::Retry { tier: None, from: StartFrom::Current, note: None }
}

fn undo(request: Request) -> Request {
    Request::Undo(Box::new(request))
}

fn queued() -> Scene {
    Scene::new(over(vec![tier("aider"), tier("copilot")]))
}

fn escalated() -> Scene {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    scene.fails(FailureClass::Auth).saved(0);
    scene
}

#[test]
fn a_stop_before_anything_ran() {
    let mut scene = queued();
    scene.stop().request(undo(Request::Stop)).explain().admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn an_answer_that_nobody_has_acted_on() {
    let mut scene = escalated();
    let before = scene.workstream.phase.clone();
    let since = scene.workstream.since;
    for answer in [again(), Request::GiveUp, Request::Stop] {
        scene.request(answer.clone());
        assert_ne!(scene.workstream.phase, before);
        assert_eq!(scene.workstream.can_undo(), Some(&answer));
        scene.request(undo(answer));
        assert_eq!(scene.workstream.phase, before);
        assert_eq!(scene.workstream.since, since, "it has been waiting all the time");
        assert_eq!(scene.workstream.can_undo(), None);
    }
    assert_snapshot!(scene);
}

#[test]
fn several_one_after_the_other() {
    let mut scene = escalated();
    let waits = scene.workstream.clone();
    scene.stop().request(Request::GiveUp).request(again());
    scene.request(undo(again())).request(undo(Request::GiveUp)).request(undo(Request::Stop));
    assert_eq!(scene.workstream.phase, waits.phase);
    scene.request(undo(Request::Stop));
    assert_snapshot!(scene);
}

#[test]
fn what_was_accepted_stays_since_others_may_have_begun_on_it() {
    let mut scene = escalated();
    scene.stop().request(Request::Accept);
    assert_eq!(scene.workstream.can_undo(), None);
    scene.request(undo(Request::Accept)).request(undo(Request::Stop));
    assert_eq!(scene.workstream.phase.word(), PhaseWord::Done);
    // A retry of it is another matter: it is done again.
    scene.request(again()).request(undo(again()));
    assert_snapshot!(scene);
}

#[test]
fn a_retry_that_has_begun_goes_on() {
    let mut scene = escalated();
    scene.request(again()).admitted().request(undo(again())).prepared().started();
    scene.request(undo(again())).explain();
    assert_snapshot!(scene);
}

#[test]
fn more_time_of_an_agent_that_still_has_some() {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    let Phase::Running(before) = scene.workstream.phase.clone() else { panic!("not running") };
    scene.extend(60).extend(60).progress(3);
    scene.request(undo(Request::Extend(secs(60)))).request(undo(Request::Extend(secs(60))));
    let Phase::Running(after) = scene.workstream.phase.clone() else { panic!("not running") };
    assert_eq!((after.soft_at, after.hard_at), (before.soft_at, before.hard_at));
    assert!(after.progress.is_some(), "what it told meanwhile is kept");
    assert_snapshot!(scene);
}

#[test]
fn more_time_that_the_agent_has_used_up() {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    let Phase::Running(before) = scene.workstream.phase.clone() else { panic!("not running") };
    scene.extend(3600);
    scene.now = before.hard_at + secs(5);
    scene.active(0).request(undo(Request::Extend(secs(3600)))).explain();
    assert_snapshot!(scene);
}

#[test]
fn a_stop_of_an_agent_stays_a_stop() {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    scene.stop().request(undo(Request::Stop)).obeys().saved(1).request(undo(Request::Stop));
    assert_snapshot!(scene);
}

#[test]
fn an_escalation_while_its_worktree_is_made() {
    let mut scene = queued();
    let to_you = Request::Escalate { to: Target::Person, note: None };
    scene.admitted().escalate(Target::Person).request(undo(to_you)).prepared().started();
    assert_snapshot!(scene);
}
