//! How people are told of alerts.

use std::fs;
use std::time::Duration;

use ostler::config::Colour;
use ostler::config::alerts::{Alerts, Hook, OscForm};
use ostler::config::load::load_with;
use ostler::core::alert::{AlertPolicy, Severity};

use super::{plan, user};

#[test]
fn without_a_word_the_terminal_tells_of_what_stands_still() {
    let expected = Alerts {
        policy: AlertPolicy::default(),
        bell: Some(Severity::High),
        osc: Some(Severity::High),
        osc_form: OscForm::Both,
        desktop: None,
        command: None,
    };
    assert_eq!(plan("base: main\n").alerts, expected);
}

#[test]
fn every_way_has_its_severity_or_is_off() {
    let text = "alerts: { bell: off, osc: low, osc_form: osc777, desktop: critical, command: [./page.sh, a b], \
                command_from: high, command_timeout: 2s, repeat: 0s, per_minute: 0, escalate_after: off }\n";
    let argv = vec!["./page.sh".to_owned(), "a b".to_owned()];
    let expected = Alerts {
        policy: AlertPolicy { repeat: Duration::ZERO, per_minute: 0, escalate_after: None },
        bell: None,
        osc: Some(Severity::Low),
        osc_form: OscForm::Osc777,
        desktop: Some(Severity::Critical),
        command: Some(Hook { argv, from: Severity::High, timeout: Duration::from_secs(2) }),
    };
    assert_eq!(plan(text).alerts, expected);
    let off = plan("alerts: { command: [a], command_from: off }\n").alerts;
    assert_eq!(off.command, None);
    let usual = plan("alerts: { command: [a] }\n").alerts.command.unwrap();
    assert_eq!((usual.from, usual.timeout), (Severity::Medium, Duration::from_secs(10)));
}

#[test]
fn a_severity_without_a_command_is_told() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ostler.yaml"), "alerts: { command_from: high }\n").unwrap();
    let loaded = load_with(root.path(), None, Some(&user())).unwrap();
    let told = loaded.warnings.render(Colour::Plain);
    assert!(told.contains("ostler.yaml:1:25"), "{told}");
    assert!(told.contains("there is no `command` that this could be about"), "{told}");
}
