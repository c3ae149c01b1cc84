//! The agent that would take over is asked ahead, and what it takes over is looked at.

use insta::assert_snapshot;
use ostler::core::definition::Definition;
use ostler::core::event::Event;
use ostler::core::policy::Response;
use ostler::core::transfer::{Files, Transfer};
use ostler::core::{AttemptId, FailureClass};

use super::scene::Scene;
use crate::world::sample::{on, over, secs, tier};

fn chain() -> Definition {
    let tiers = ["aider", "copilot", "claude"].map(|agent| {
        let mut tier = tier(agent);
        tier.probe = Some(secs(10));
        tier.responses = on(FailureClass::Network, &[Response::Next]);
        tier
    });
    Definition { warm: Some(secs(20)), ..over(tiers.to_vec()) }
}

fn warmed(scene: &mut Scene, agent: &str, refused: Option<&str>) {
    scene.tell(Event::Warmed { agent: agent.into(), refused: refused.map(str::to_owned) });
}

fn transferred(scene: &mut Scene, from: u32, files: Files) {
    let tree = "8e5cf7a1b2c3d4e5f60718293a4b5c6d7e8f9012".to_owned();
    let transfer = Transfer { from: Some(AttemptId(from)), tree, files, prompt_bytes: 2_048 };
    scene.tell(Event::Transferred { attempt: scene.attempt(), transfer });
}

#[test]
fn the_next_agent_is_asked_again_and_again_and_takes_over_at_once() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().started();
    warmed(&mut scene, "copilot", None);
    scene.due();
    warmed(&mut scene, "copilot", None);
    scene.explain().fails(FailureClass::Network).saved(2).ready();
    transferred(&mut scene, 1, Files::Same);
    scene.started();
    assert_snapshot!(scene);
}

#[test]
fn one_that_cannot_take_over_is_told_once_and_the_one_behind_it_asked() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().ready().started();
    warmed(&mut scene, "copilot", Some("no key\nset COPILOT_KEY"));
    scene.explain();
    warmed(&mut scene, "claude", None);
    scene.due();
    warmed(&mut scene, "copilot", Some("no key"));
    scene.explain();
    assert_snapshot!(scene);
}

#[test]
fn while_it_is_ended_and_while_it_is_checked() {
    let mut definition = chain();
    definition.warm = Some(secs(3_600));
    let mut scene = Scene::new(definition);
    scene.admitted().prepared().ready().started().due().note("the hard timeout").due();
    scene.obeys().saved(0);
    scene.note("the next one does the work").ready().started().succeeds().saved(1);
    assert_snapshot!(scene);
}

#[test]
fn what_was_changed_in_between_is_said() {
    let mut scene = Scene::running(chain());
    scene.fails(FailureClass::Network).saved(2).ready();
    transferred(&mut scene, 1, Files::Changed);
    transferred(&mut scene, 1, Files::Changed);
    scene.started();
    assert_snapshot!(scene);
}

#[test]
fn without_warmth_nobody_is_asked() {
    let mut scene = Scene::new(Definition { warm: None, ..chain() });
    scene.admitted().prepared().ready().started().due();
    assert_snapshot!(scene);
}
