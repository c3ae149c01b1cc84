//! Stated times at which an agent works again.

use std::time::Duration;

use ostler::agents::pattern::{Line, Matcher};
use ostler::agents::reset::stated;

use super::NOON;

fn after(pattern: &str, line: &str) -> Option<Duration> {
    let matcher = Matcher::of("test", Some(pattern), None).unwrap();
    assert!(matcher.is_match(Line::Text(line)), "{line}");
    stated(&matcher.groups(Line::Text(line)), NOON).map(|reset| reset.since(NOON))
}

#[test]
fn spans_count_from_the_end() {
    assert_eq!(after("in (?P<reset_s>[0-9.]+)", "in 1.5 s"), Some(Duration::from_millis(1500)));
    assert_eq!(after("in (?P<reset_ms>[0-9]+)", "in 250 ms"), Some(Duration::from_millis(250)));
    assert_eq!(after("in (?P<reset_s>[0-9]+)", "in 99999999 s"), None);
    assert_eq!(after("in (?P<reset_s>.+)", "in a while"), None);
}

#[test]
fn times_are_read_in_the_forms_in_which_tools_state_them() {
    let at = |text: &str| after("at (?P<reset_at>.+)", &format!("at {text}"));
    let minutes = |minutes: u64| Some(Duration::from_secs(minutes * 60));
    assert_eq!(at("2026-11-22T12:30:00Z"), minutes(30));
    assert_eq!(at("2026-11-22T14:00:00+01:00"), minutes(60));
    assert_eq!(at("1795350000"), minutes(20));
    assert_eq!(at("1795350000000"), minutes(20));
    assert_eq!(at("3pm (UTC)"), minutes(180));
    assert_eq!(at("12:15 pm (UTC)"), minutes(15));
    assert_eq!(at("15:45 (Europe/Berlin)"), minutes(165));
    assert_eq!(at("11am (UTC)"), minutes(23 * 60));
    for unknown in [
        "noon",
        "13pm (UTC)",
        "3 (UTC)",
        "25:00 (UTC)",
        "3pm (Nowhere)",
        "12",
        "2020-01-01T00:00:00Z",
    ] {
        assert_eq!(at(unknown), None, "{unknown}");
    }
}
