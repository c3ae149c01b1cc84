//! What is likely to come.

use std::time::Duration;

use ostler::core::forecast::{Calibration, Left, Pending, Risk, Trend, fleet};
use ostler::core::outcome::{End, Ended};
use ostler::core::{FailureClass, Timestamp};

use proptest::prelude::*;

use super::log::Log;

/// Attempts of these many seconds; none of them succeeded if it failed.
fn ends(attempts: impl IntoIterator<Item = (u64, bool)>) -> Vec<(Timestamp, Ended)> {
    let mut log = Log::default();
    for (seconds, is_good) in attempts {
        let attempt = log.begin("a", "x");
        log.pass(seconds);
        if is_good {
            log.succeed(&attempt);
        } else {
            log.fail(&attempt, FailureClass::ExitCode);
        }
    }
    log.history.record(&"x".into()).ends.iter().cloned().collect()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn about(likely: u64, late: u64) -> Left {
    Left::About { likely: seconds(likely), late: seconds(late) }
}

#[test]
fn what_is_left_is_that_of_those_that_took_longer() {
    let ends = ends((1..=20).map(|minute| (minute * 60, true)));
    assert_eq!(Left::of(&ends, Duration::ZERO), about(600, 1140));
    // Of 11 to 20 minutes, the middle is 15.
    assert_eq!(Left::of(&ends, seconds(600)), about(300, 600));
    assert_eq!(Left::of(&ends, seconds(1_200)), Left::LongerThanEver);
    assert_eq!(Left::of(&ends[..4], Duration::ZERO), Left::Unknown);
    assert_eq!(about(300, 600).words(), "about 5:00, rarely more than 10:00");
}

#[test]
fn a_fleet_takes_as_long_as_its_slots_and_its_order_allow() {
    let one = |after: &[usize]| Pending { left: about(60, 100), after: after.to_vec() };
    assert_eq!(fleet(&[one(&[]), one(&[]), one(&[])], 1), about(180, 300));
    assert_eq!(fleet(&[one(&[]), one(&[]), one(&[])], 3), about(60, 100));
    assert_eq!(fleet(&[one(&[1]), one(&[]), one(&[0])], 3), about(180, 300));
    assert_eq!(fleet(&[], 3), about(0, 0));
    assert_eq!(fleet(&[one(&[1]), one(&[0])], 3), Left::Unknown);
    let unknown = Pending { left: Left::Unknown, after: Vec::new() };
    assert_eq!(fleet(&[one(&[]), unknown], 3), Left::Unknown);
}

#[test]
fn risk_comes_from_history_and_signs() {
    let mixed = ends((0..10).map(|number| (60, number % 5 != 0)));
    assert_eq!(Risk::of(&mixed[..4], Trend::default()), None);
    let calm = Risk::of(&mixed, Trend::default()).unwrap();
    assert_eq!(calm.words(), "25 % (2 of its last 10 attempts failed)");
    let trend = Trend { elapsed: seconds(90), retries: 2, is_slow: true };
    let bad = Risk::of(&mixed, trend).unwrap();
    let why = "2 of its last 10 attempts failed; it has run for 1:30; p95 of its successes is 1:00; it has \
               passed its soft timeout; its agent has tried something again 2 times";
    assert_eq!(bad.words(), format!("63 % ({why})"));
}

#[test]
fn who_runs_longer_than_failures_do_is_safer() {
    let ends = ends((0..20).map(|number| if number % 2 == 0 { (5, false) } else { (100, true) }));
    let share = |elapsed| Risk::of(&ends, Trend { elapsed: seconds(elapsed), ..Trend::default() });
    assert!(share(0).unwrap().share > 0.45);
    assert!(share(10).unwrap().share < 0.1);
}

#[test]
fn risk_is_held_against_what_came() {
    assert_eq!(Calibration::of(&ends([(60, true); 9])), None);
    // It fails for a while, then works for a while: who looks at the past is wrong at the turns alone.
    let told = Calibration::of(&ends((0..400).map(|number| (60, number / 100 % 2 == 0)))).unwrap();
    assert!(told.brier < told.base, "{}", told.words());
    assert_eq!(told.attempts, 195, "200 are remembered, and the first five say nothing");
    let coin = Calibration::of(&ends((0..100).map(|number| (60, number % 2 == 0)))).unwrap();
    assert!(coin.words().contains("no better than the plain failure rate"), "{}", coin.words());
}

#[test]
fn the_scores_of_agents_are_put_together_by_their_attempts() {
    let one = Calibration { attempts: 30, brier: 0.1, base: 0.2 };
    let other = Calibration { attempts: 10, brier: 0.5, base: 0.2 };
    let both = Calibration::together([one, other]).unwrap();
    assert_eq!(both.attempts, 40);
    assert!((both.brier - 0.2).abs() < 1e-9 && (both.base - 0.2).abs() < 1e-9, "{both:?}");
    assert_eq!(Calibration::together([]), None);
}

proptest! {
    #[test]
    fn a_score_is_that_of_what_was_said_before_each_end(
        good in proptest::collection::vec((1_u64..500, any::<bool>()), 0..60),
        more in proptest::collection::vec((1_u64..500, any::<bool>()), 0..20),
    ) {
        let before = ends(good.iter().copied());
        let after = ends(good.iter().chain(&more).copied());
        let sum = |ends: &[(Timestamp, Ended)]| {
            Calibration::of(ends).map_or((0, 0.0), |told| (told.attempts, told.brier * told.attempts as f64))
        };
        let ((few, less), (many, all)) = (sum(&before), sum(&after));
        // By hand: what is said of each by those before it alone.
        let said = |place: usize| Risk::of(&after[..place], Trend::default());
        let errors = (0..after.len()).filter_map(|place| {
            let truth = f64::from(u8::from(after[place].1.end == End::Failed));
            Some((said(place)?.share - truth).powi(2))
        });
        let errors: Vec<f64> = errors.collect();
        let told = if errors.len() < 5 { 0 } else { errors.len() };
        prop_assert_eq!(many, told);
        prop_assert!((all - errors.iter().take(told).sum::<f64>()).abs() < 1e-9);
        // What comes later changes nothing of what was said.
        prop_assert!(few <= many && less <= all + 1e-9 && all <= many as f64);
    }

    #[test]
    fn a_fleet_takes_no_longer_than_one_after_the_other_and_no_less_than_its_longest(
        times in proptest::collection::vec((1_u64..1000, proptest::option::of(0_usize..40)), 1..40),
        slots in 1_usize..8,
    ) {
        let pending: Vec<Pending> = times
            .iter()
            .enumerate()
            .map(|(place, (time, after))| Pending {
                left: about(*time, *time),
                // Only on those before it, so that nothing waits for itself.
                after: after.filter(|before| *before < place).into_iter().collect(),
            })
            .collect();
        let Left::About { likely, .. } = fleet(&pending, slots) else { panic!("it is known") };
        let sum: u64 = times.iter().map(|(time, _)| time).sum();
        let longest = times.iter().map(|(time, _)| *time).max().unwrap();
        prop_assert!(likely <= seconds(sum) && likely >= seconds(longest.max(sum / slots as u64)));
    }
}
