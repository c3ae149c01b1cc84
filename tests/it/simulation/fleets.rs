//! Many workstreams: slots, dependencies, and an hour in which an agent's service is gone.

use ostler::core::definition::Order;
use ostler::core::simulate::run::run;
use ostler::core::simulate::{model::Spread, report::Report};
use ostler::core::{AgentName, Definition, FailureClass};

use super::made::{definition, outage, policy, scenario, unguarded};
use crate::world::sample::secs;

fn failures(report: &Report, agent: &str, class: FailureClass) -> usize {
    let health = report.agents.get(&AgentName::from(agent));
    health.and_then(|health| health.failures.get(&class)).copied().unwrap_or(0)
}

#[test]
fn no_more_run_than_there_are_slots_and_all_slots_are_used() {
    for parallel in [1, 3, 8] {
        let report = run(&policy(parallel), &scenario(60));
        assert_eq!(report.most_at_once, parallel);
        assert_eq!(report.done + report.escalated, 60, "{report:?}");
        assert!(report.done > 50, "{report:?}");
    }
}

#[test]
fn more_slots_are_sooner_done() {
    let last = |parallel| run(&policy(parallel), &scenario(60)).last().unwrap();
    assert!(last(2) > last(4) && last(4) > last(16));
}

#[test]
fn an_hour_without_the_first_agent_is_survived_by_two_hundred() {
    let calm = run(&policy(8), &scenario(200));
    let mut scenario = scenario(200);
    scenario.agents.get_mut(&"first".into()).unwrap().outages.push(outage());
    let hit = run(&policy(8), &scenario);
    assert_eq!(failures(&calm, "first", FailureClass::Network), 0);
    assert!(failures(&hit, "first", FailureClass::Network) > 10, "{hit:?}");
    assert!(hit.agents[&"first".into()].availability < calm.agents[&"first".into()].availability);
    assert!(hit.wasted > calm.wasted && hit.most_at_once == 8);
    // The second agent takes over: nobody waits for the first one to come back.
    assert_eq!(hit.done + hit.escalated + hit.unfinished, 200);
    assert!(hit.done > 180, "{hit:?}");
}

#[test]
fn nobody_begins_before_what_it_waits_for_is_done() {
    let mut policy = policy(8);
    let named = |id: &str, after: &[&str]| Definition {
        id: id.into(),
        after: after.iter().map(|id| (*id).into()).collect(),
        ..definition()
    };
    policy.definitions = vec![named("c", &["b"]), named("b", &["a"]), named("a", &[])];
    let mut scenario = scenario(30);
    for model in scenario.agents.values_mut() {
        (model.success, model.check_passes) = (1.0, 1.0);
        model.takes = Spread::always(secs(100));
    }
    let report = run(&policy, &scenario);
    assert_eq!(report.done, 30);
    // Ten chains of three, in eight slots: the last chain of eight waits for two whole ones.
    assert_eq!(report.most_at_once, 8);
    assert!(report.last().unwrap() > secs(400), "{report:?}");
    // What is never done holds up those behind it, and no others.
    for model in scenario.agents.values_mut() {
        model.success = 0.0;
    }
    let report = run(&policy, &scenario);
    assert_eq!((report.done, report.escalated, report.unfinished), (0, 10, 20));
}

#[test]
fn work_that_comes_over_a_day_is_not_all_done_in_the_morning() {
    let mut scenario = scenario(100);
    scenario.over = secs(24 * 3600);
    let report = run(&policy(3), &scenario);
    assert!(report.last().unwrap() > secs(20 * 3600), "{report:?}");
    assert!(report.turnaround(50).unwrap() < secs(900), "{report:?}");
    scenario.until = secs(12 * 3600);
    let half = run(&policy(3), &scenario);
    assert!((30..70).contains(&half.unfinished), "{half:?}");
}

#[test]
fn an_adaptive_order_finds_the_better_agent() {
    let mut scenario = scenario(200);
    let first = scenario.agents.get_mut(&"first".into()).unwrap();
    (first.success, first.fails_after) = (0.2, Spread::always(secs(300)));
    let declared = run(&unguarded(8), &scenario);
    let mut adaptive = unguarded(8);
    adaptive.definitions[0].order = Order::Adaptive;
    let adaptive = run(&adaptive, &scenario);
    assert!(adaptive.wasted * 2 < declared.wasted, "{} {}", adaptive.wasted, declared.wasted);
    assert!(adaptive.last().unwrap() < declared.last().unwrap());
    // It goes on trying the worse one now and then.
    assert!(adaptive.agents[&"first".into()].attempts > 5);
}
