//! What a workstream does about breakers and held launches.

use insta::assert_snapshot;
use ostler::core::FailureClass;
use ostler::core::bar::{Bar, Guarded};
use ostler::core::definition::Definition;
use ostler::core::event::{Event, ProbeOutcome};
use ostler::core::policy::Response;

use super::scene::Scene;
use crate::world::sample::{on, over, tier};

fn chain() -> Definition {
    let mut first = tier("aider");
    first.responses = on(FailureClass::Network, &[Response::Next]);
    over(vec![first, tier("copilot")])
}

fn barred(scene: &mut Scene, agent: &str, bar: Bar) {
    let bars = [(agent.into(), bar)].into();
    scene.tell(Event::Barred(Box::new(Guarded { bars, held: false, ..Guarded::default() })));
}

fn shut(scene: &Scene) -> Bar {
    let until = Some(scene.now + std::time::Duration::from_secs(60));
    Bar::Shut { until, why: "3 failures in a row, the last one auth".to_owned() }
}

#[test]
fn an_agent_that_is_shut_is_passed_over() {
    let mut scene = Scene::new(chain());
    let bar = shut(&scene);
    barred(&mut scene, "aider", bar);
    scene.admitted().prepared().started().explain();
    assert_snapshot!(scene);
}

#[test]
fn one_that_was_chosen_by_the_operator_is_not() {
    let mut scene = Scene::new(chain());
    let bar = shut(&scene);
    barred(&mut scene, "aider", bar);
    scene.stop().retry(Some(0), None).admitted().prepared().started().explain();
    assert_snapshot!(scene);
}

#[test]
fn the_last_one_is_waited_for_in_the_queue() {
    let mut scene = Scene::running(chain());
    let bar = shut(&scene);
    barred(&mut scene, "copilot", bar);
    scene.fails(FailureClass::Network).saved(0).explain();
    scene.tell(Event::Barred(Box::default())).admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn a_fallback_waits_its_turn_while_launches_are_held() {
    let mut scene = Scene::running(chain());
    scene.tell(Event::Barred(Box::new(Guarded { held: true, ..Guarded::default() })));
    scene.fails(FailureClass::Network).saved(0).explain();
    assert_snapshot!(scene);
}

#[test]
fn a_trial_is_probed_and_who_does_not_get_it_goes_on_without() {
    let mut scene = Scene::new(chain());
    barred(&mut scene, "aider", Bar::Trial { why: "3 failures in a row".to_owned() });
    scene.admitted().prepared().explain();
    let outcome = ProbeOutcome::OnTrial("another workstream is the trial of aider".to_owned());
    scene.tell(Event::Probed { attempt: scene.attempt(), outcome }).started().explain();
    assert_snapshot!(scene);
}
