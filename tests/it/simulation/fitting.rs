//! Agents as they have been.

use ostler::core::account::Cost;
use ostler::core::outcome::{End, Ended, Which};
use ostler::core::simulate::model::{AgentModel, Spread};
use ostler::core::{AttemptId, FailureClass, Timestamp};

use crate::world::sample::secs;

fn end(seconds: u64, class: Option<FailureClass>) -> (Timestamp, Ended) {
    let which =
        Which { workstream: "a".into(), attempt: AttemptId(1), begun: Timestamp(0), inner: None };
    let ended = Ended {
        kind: None,
        first_output: None,
        which,
        end: if class.is_some() { End::Failed } else { End::Succeeded },
        class,
        took: Some(secs(seconds)),
        check: match class {
            None => Some(true),
            Some(FailureClass::CheckFailed) => Some(false),
            Some(_other) => None,
        },
        reset: None,
        tokens: Some(100 * seconds),
        cost_usd: Some(Cost(seconds)),
    };
    (Timestamp(0) + secs(seconds), ended)
}

#[test]
fn a_model_is_what_was_measured() {
    let mut ends = vec![end(60, None), end(80, None), end(70, Some(FailureClass::CheckFailed))];
    ends.push(end(10, Some(FailureClass::Network)));
    assert_eq!(AgentModel::fitted(&ends), None, "four are too few");
    // The machine is not the agent.
    ends.push(end(99, Some(FailureClass::Resources)));
    assert_eq!(AgentModel::fitted(&ends), None);
    ends.push(end(20, Some(FailureClass::Network)));
    let model = AgentModel::fitted(&ends).unwrap();
    assert!((model.success - 0.6).abs() < 1e-9 && (model.check_passes - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(model.takes, Spread::Measured(vec![secs(60), secs(80), secs(70)]));
    assert_eq!(model.fails_after, Spread::Measured(vec![secs(10), secs(20)]));
    assert_eq!(model.failures, [(FailureClass::Network, 2.0)]);
    assert_eq!((model.tokens, model.cost), (4_800, Cost(48)));
}
