//! Chance: the same seed plays the same, and two policies meet the same luck.

use ostler::core::simulate::run::run;

use super::made::{model, outage, policy, scenario, unguarded};

#[test]
fn the_same_seed_plays_the_same() {
    let mut scenario = scenario(50);
    scenario.agents.get_mut(&"first".into()).unwrap().outages.push(outage());
    let first = run(&policy(4), &scenario);
    assert_eq!(first, run(&policy(4), &scenario));
    scenario.seed = 2;
    assert_ne!(first, run(&policy(4), &scenario));
}

#[test]
fn what_cannot_change_anything_changes_nothing() {
    // With a slot for each, a policy with more of them meets the same luck.
    let few = run(&policy(50), &scenario(50));
    let many = run(&policy(500), &scenario(50));
    assert_eq!(few, many);
}

#[test]
fn outcomes_are_as_often_as_they_should_be() {
    let mut scenario = scenario(2_000);
    scenario.agents.values_mut().for_each(|it| {
        *it = model();
        (it.success, it.check_passes) = (0.7, 0.8);
    });
    // Breakers would keep work from agents that fail so often.
    let report = run(&unguarded(50), &scenario);
    let health = &report.agents[&"first".into()];
    let (did, passed) = (health.success_rate.unwrap(), health.pass_rate.unwrap());
    assert!((0.53..0.59).contains(&did) && (0.77..0.83).contains(&passed), "{did} {passed}");
    // Half of the whole attempts take two minutes at most, with one second for the agent's start.
    let p50 = health.p50.unwrap().as_secs_f64();
    assert!((105.0..190.0).contains(&p50), "{p50}");
    assert!(report.tokens.unwrap() > 2_000 * 900, "{report:?}");
}
