//! A chain that is ordered by how its agents have been doing.

use insta::assert_snapshot;
use ostler::core::FailureClass;
use ostler::core::allocate::Ranked;
use ostler::core::bar::Guarded;
use ostler::core::definition::{Definition, Order};
use ostler::core::event::Event;
use ostler::core::policy::Response;

use super::scene::Scene;
use crate::world::sample::{on, over, tier};

fn chain() -> Definition {
    let tiers = ["aider", "copilot", "claude"].map(|agent| {
        let mut tier = tier(agent);
        tier.responses = on(FailureClass::Network, &[Response::Next]);
        tier
    });
    Definition { order: Order::Adaptive, ..over(tiers.to_vec()) }
}

fn ranked(scene: &mut Scene, agents: [&str; 3]) {
    let why = "80 % of about 9 lately, ≈ 4:00 each".to_owned();
    let ranking = agents.map(|agent| Ranked { agent: agent.into(), why: why.clone() }).into();
    scene.tell(Event::Barred(Box::new(Guarded { ranking, ..Guarded::default() })));
}

#[test]
fn the_best_one_goes_first_and_the_rest_is_ranked_again() {
    let mut scene = Scene::new(chain());
    ranked(&mut scene, ["claude", "copilot", "aider"]);
    scene.explain().admitted().prepared().started();
    ranked(&mut scene, ["aider", "claude", "copilot"]);
    scene.explain().fails(FailureClass::Network).saved(0).started();
    assert_snapshot!(scene);
}

#[test]
fn what_the_operator_chose_stays() {
    let mut scene = Scene::new(chain());
    scene.stop().retry(Some(1), None);
    ranked(&mut scene, ["claude", "copilot", "aider"]);
    scene.admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn a_declared_order_is_not_touched() {
    let mut scene = Scene::new(Definition { order: Order::Declared, ..chain() });
    ranked(&mut scene, ["claude", "copilot", "aider"]);
    scene.admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn a_changed_configuration_keeps_the_order_and_the_place() {
    let mut scene = Scene::new(chain());
    ranked(&mut scene, ["claude", "copilot", "aider"]);
    scene.admitted().prepared().started();
    scene.tell(Event::Defined(Box::new(Definition { max_attempts: 7, ..chain() })));
    scene.fails(FailureClass::Network).saved(0).started();
    assert_snapshot!(scene);
}
