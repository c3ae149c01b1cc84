//! The budget.

use ostler::core::account::Cost;
use ostler::core::budget::Budget;
use ostler::core::outcome::End;

use super::log::Log;

fn over(log: &Log) -> Option<(String, u64)> {
    let over = log.history.spent().over(log.now, &log.guards.budget)?;
    Some((over.what, over.until.since(log.now).as_secs()))
}

#[test]
fn attempts_of_an_hour_are_counted() {
    let mut log = Log::default();
    log.guards.budget = Budget { attempts: Some(3), ..Budget::default() };
    for _ in 0..3 {
        assert_eq!(over(&log), None);
        log.begin("a", "x");
        log.pass(60);
    }
    assert_eq!(over(&log), Some(("3 of 3 attempts in an hour".to_owned(), 3420)));
    log.pass(3421);
    assert_eq!(over(&log), None);
}

#[test]
fn so_are_tokens_and_money_where_agents_tell_them() {
    let mut log = Log::default();
    let cost_usd = Some(Cost(2_000_000));
    log.guards.budget = Budget { attempts: None, tokens: Some(1000), cost_usd };
    let attempt = log.begin("a", "x");
    log.end(&attempt, End::Succeeded, None, |ended| ended.tokens = Some(999));
    assert_eq!(over(&log), None);
    let attempt = log.begin("a", "x");
    log.end(&attempt, End::Succeeded, None, |ended| {
        ended.tokens = Some(1);
        ended.cost_usd = Some(Cost(1_000_000));
    });
    assert_eq!(over(&log), Some(("1000 of 1000 tokens in an hour".to_owned(), 3600)));
}
