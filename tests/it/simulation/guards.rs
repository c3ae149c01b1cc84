//! What guards a fleet, in an hour in which the network is gone for all agents.

use std::time::Duration;

use ostler::core::FailureClass;
use ostler::core::simulate::model::{Outage, Scenario};
use ostler::core::simulate::run::run;

use super::made::{outage, policy, scenario, unguarded};
use crate::world::sample::secs;

/// All agents meet the outage.
fn cut_off(workstreams: usize) -> Scenario {
    let mut scenario = scenario(workstreams);
    for model in scenario.agents.values_mut() {
        model.outages.push(outage());
    }
    scenario
}

#[test]
fn an_outage_burns_chains_without_guards_and_few_with_them() {
    let bare = run(&unguarded(8), &cut_off(200));
    let guarded = run(&policy(8), &cut_off(200));
    assert_eq!((bare.held, bare.opened.len()), (Duration::ZERO, 0));
    assert!(guarded.held > secs(1_800), "{guarded:?}");
    // Without them every chain that meets the outage is burnt to its end.
    assert!(bare.escalated > 100, "{bare:?}");
    assert!(guarded.escalated < 30 && guarded.done > 165, "{guarded:?}");
    assert!(guarded.wasted * 5 < bare.wasted, "{} {}", guarded.wasted, bare.wasted);
    assert_eq!(guarded.done + guarded.escalated, 200, "nobody is forgotten");
    assert!(guarded.most_at_once <= 8);
}

#[test]
fn a_breaker_keeps_work_from_an_agent_that_is_gone() {
    let mut gone = scenario(200);
    gone.agents.get_mut(&"first".into()).unwrap().outages.push(outage());
    let mut only_breaker = policy(8);
    only_breaker.guards.storm.workstreams = 0;
    let [bare, guarded] = [&unguarded(8), &only_breaker].map(|policy| run(policy, &gone));
    assert!(guarded.opened[&"first".into()] > 3, "{guarded:?}");
    assert!(guarded.wasted * 2 < bare.wasted, "{} {}", guarded.wasted, bare.wasted);
    assert!(guarded.turnaround(95) <= bare.turnaround(95), "{guarded:?} {bare:?}");
    assert_eq!(guarded.done + guarded.escalated, 200);
}

#[test]
fn work_waits_for_a_budget_and_for_its_turn() {
    let mut spent = policy(8);
    spent.guards.budget.attempts = Some(20);
    let report = run(&spent, &scenario(100));
    // A hundred attempts at least, twenty an hour.
    assert!(report.last().unwrap() > secs(4 * 3600), "{report:?}");
    assert_eq!(report.done + report.escalated, 100);

    let mut apart = policy(8);
    apart.stagger = secs(60);
    let report = run(&apart, &scenario(60));
    assert!(report.last().unwrap() > secs(59 * 60), "{report:?}");
    assert_eq!(report.done + report.escalated, 60);
}

#[test]
fn an_agent_with_few_places_holds_up_nobody_behind_others() {
    let mut policy = policy(6);
    let mut second = policy.definitions[0].clone();
    second.id = "other".into();
    second.tiers.remove(0);
    policy.definitions.push(second);
    for definition in &mut policy.definitions {
        for tier in definition.tiers.iter_mut().filter(|tier| tier.agent.as_str() == "first") {
            tier.capacity = Some(1);
        }
    }
    let report = run(&policy, &scenario(60));
    assert_eq!((report.most_at_once, report.done + report.escalated), (6, 60));
    // Thirty of two minutes each go through the one place.
    assert!(report.last().unwrap() > secs(3_000), "{report:?}");
}

#[test]
fn a_quota_that_only_a_person_can_end_leaves_the_rest_waiting_for_one() {
    let mut scenario = scenario(20);
    for model in scenario.agents.values_mut() {
        let never =
            Outage { class: FailureClass::Quota, to: outage().to + secs(10_000_000), ..outage() };
        model.outages.push(Outage { from: outage().from, ..never });
    }
    let report = run(&policy(2), &scenario);
    assert!(report.done > 0 && report.unfinished > 0, "{report:?}");
    assert!(report.wasted <= 4, "{report:?}");
}

#[test]
fn who_finds_every_agent_shut_waits_for_the_one_on_trial() {
    // The second agent is poor, so that its breaker opens now and then while the first one is gone.
    let mut scenario = scenario(200);
    scenario.agents.get_mut(&"first".into()).unwrap().outages.push(outage());
    scenario.agents.get_mut(&"second".into()).unwrap().success = 0.4;
    let guarded = run(&policy(8), &scenario);
    let first = &guarded.agents[&"first".into()];
    assert!(first.attempts > 100, "nobody is left to the second agent for good: {first:?}");
    assert!(guarded.wasted < run(&unguarded(8), &scenario).wasted);
}
