//! Every class of failure can be played, and comes out as itself.

use ostler::core::policy::Response;
use ostler::core::simulate::model::{Outage, Scenario};
use ostler::core::simulate::run::run;
use ostler::core::{FailureClass, Timestamp};

use super::made::{outage, policy, scenario};
use crate::world::sample::secs;

/// One workstream whose first agent always fails in this way, and whose second one never does.
fn only(class: FailureClass) -> Scenario {
    let mut scenario = scenario(1);
    let first = scenario.agents.get_mut(&"first".into()).unwrap();
    (first.success, first.failures) = (0.0, vec![(class, 1.0)]);
    let second = scenario.agents.get_mut(&"second".into()).unwrap();
    (second.success, second.check_passes) = (1.0, 1.0);
    scenario
}

#[test]
fn each_comes_out_as_itself() {
    for class in FailureClass::ALL {
        if *class == FailureClass::ProbeFailed {
            continue;
        }
        let mut policy = policy(1);
        for definition in &mut policy.definitions {
            if *class == FailureClass::NoChange {
                definition.check = None;
            }
            for tier in &mut definition.tiers {
                tier.responses.0.clear();
            }
        }
        let report = run(&policy, &only(*class));
        let failures: Vec<_> = report.agents.get(&"first".into()).into_iter().collect();
        if *class == FailureClass::Lost {
            // Nothing may start where something may still write.
            assert_eq!((report.failed, report.attempts), (1, 1), "{report:?}");
            continue;
        }
        assert_eq!(failures[0].failures.keys().collect::<Vec<_>>(), [class], "{report:?}");
        assert_eq!((report.done, report.attempts), (1, 2), "{class}: {report:?}");
    }
}

#[test]
fn a_stated_reset_is_waited_for() {
    let mut scenario = only(FailureClass::ExitCode);
    let first = scenario.agents.get_mut(&"first".into()).unwrap();
    (first.success, first.check_passes) = (1.0, 1.0);
    let limit = Outage { class: FailureClass::RateLimit, from: Timestamp(0), ..outage() };
    first.outages = vec![Outage { states_reset: true, ..limit }];
    let report = run(&policy(1), &scenario);
    assert_eq!((report.done, report.wasted), (1, 1), "{report:?}");
    assert!(report.last().unwrap() > secs(4_200), "{report:?}");
}

#[test]
fn a_probe_that_sees_an_outage_spares_the_attempt() {
    let mut policy = policy(1);
    for tier in &mut policy.definitions[0].tiers {
        tier.probe = Some(secs(10));
        tier.responses.0.insert(FailureClass::ProbeFailed, vec![Response::Next]);
    }
    let mut scenario = only(FailureClass::ExitCode);
    let first = scenario.agents.get_mut(&"first".into()).unwrap();
    first.outages = vec![Outage { from: Timestamp(0), seen_by_probe: true, ..outage() }];
    let report = run(&policy, &scenario);
    assert_eq!((report.done, report.refused, report.wasted), (1, 1, 0), "{report:?}");
}
