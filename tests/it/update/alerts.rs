//! The keys of the list of alerts.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ostler::core::alert::{Severity, Subject};
use ostler::core::phase::PhaseWord;
use ostler::tui::state::View;
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::{Command, Input, Order};

use super::desk::Desk;
use crate::alerts::made::alert;

fn desk() -> Desk {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Failed]);
    desk.facts.alerts = ["ws-02", "ws-01", "ws-09"].map(|id| alert(id, Severity::High)).into();
    desk.key('!');
    desk
}

fn chosen(desk: &Desk) -> &str {
    desk.ui.alerts.alert(&desk.facts).map_or("", |alert| alert.key.as_str())
}

#[test]
fn the_choice_follows_its_alert_and_takes_the_next_when_that_is_over() {
    let mut desk = desk();
    assert_eq!(chosen(&desk), "ws-02/waits");
    desk.keys("jj");
    assert_eq!(chosen(&desk), "ws-09/waits");
    desk.key('k');
    assert_eq!(chosen(&desk), "ws-01/waits");
    let mut later = desk.facts.clone();
    later.alerts.rotate_left(1);
    facts_changed(&mut desk.ui, &desk.facts, &later);
    desk.facts = later;
    assert_eq!(chosen(&desk), "ws-01/waits");
    let mut later = desk.facts.clone();
    later.alerts.remove(0);
    facts_changed(&mut desk.ui, &desk.facts, &later);
    desk.facts = later;
    assert_eq!(chosen(&desk), "ws-09/waits");
    desk.key('G');
    assert_eq!(chosen(&desk), "ws-02/waits");
}

#[test]
fn one_is_acknowledged_or_all() {
    let mut desk = desk();
    let order = |key: &str| Command::Order(Order::Acknowledge(Some(key.into())));
    assert_eq!(desk.key('K'), [order("ws-02/waits")]);
    assert_eq!(desk.key('K'), [order("ws-01/waits")]);
    let all = KeyEvent::new(KeyCode::Char('k'), KeyModifiers::CONTROL);
    let all = Input::Key(all);
    assert_eq!(desk.input(&all), [Command::Order(Order::Acknowledge(None))]);
    desk.facts.alerts.iter_mut().for_each(|alert| alert.acknowledged = true);
    assert_eq!(desk.key('K'), []);
    assert_eq!(desk.ui.hint.as_deref(), Some("acknowledge: that is done already"));
    assert_eq!(desk.input(&all), []);
    desk.code(KeyCode::Esc);
    assert_eq!(desk.key('K'), []);
    assert!(desk.ui.hint.is_some_and(|hint| hint.contains("`!` lists them")));
}

#[test]
fn enter_goes_to_what_it_is_about_and_escape_comes_back() {
    let mut desk = desk();
    desk.enter();
    assert_eq!((desk.ui.view, desk.selected()), (View::Workstreams, "ws-02"));
    desk.key('!');
    desk.keys("G");
    desk.enter();
    assert_eq!(desk.ui.view, View::Alerts, "that workstream is not there");
    assert!(desk.ui.hint.is_some());
    desk.facts.alerts[2].subject = Subject::Agent("copilot".into());
    desk.enter();
    assert_eq!(desk.ui.view, View::Agents);
    assert_eq!(desk.ui.agent, Some("copilot".into()));
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.view, View::Alerts);
    desk.facts.alerts[2].subject = Subject::Fleet;
    desk.enter();
    assert_eq!(desk.ui.view, View::Agents);
}

#[test]
fn nothing_is_decided_about_a_workstream_that_is_not_in_sight() {
    let mut desk = desk();
    assert_eq!(desk.key('x'), []);
    assert!(desk.ui.modal.is_none());
    desk.facts.alerts.clear();
    desk.enter();
    assert_eq!(
        (desk.ui.view, desk.ui.hint.as_deref()),
        (View::Alerts, Some("zoom: nothing is wrong"))
    );
}
