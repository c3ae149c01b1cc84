//! Only some of the workstreams in the list.

use crossterm::event::KeyCode;
use ostler::core::event::Request;
use ostler::core::phase::PhaseWord;
use ostler::tui::listed::listed;
use ostler::tui::state::{Modal, View};
use ostler::tui::update::{Command, Order};

use super::desk::Desk;

fn shown(desk: &Desk) -> Vec<&str> {
    listed(&desk.facts, &desk.ui).into_iter().map(|ws| ws.id.as_str()).collect()
}

fn desk() -> Desk {
    Desk::with(&[PhaseWord::Done, PhaseWord::Running, PhaseWord::Escalated, PhaseWord::Running])
}

#[test]
fn the_list_follows_what_is_typed() {
    let mut desk = desk();
    desk.keys("|run");
    assert_eq!(shown(&desk), ["ws-02", "ws-04"]);
    assert_eq!(desk.selected(), "ws-02", "what was selected is not among them");
    desk.enter();
    assert!(desk.ui.modal.is_none());
    desk.key('j');
    assert_eq!(desk.selected(), "ws-04");
    desk.key('j');
    assert_eq!(desk.selected(), "ws-04");
    desk.key('1');
    assert_eq!(desk.selected(), "ws-02");
    // What is typed anew begins with what was typed before.
    desk.keys("|!");
    assert_eq!(desk.ui.filter.as_deref(), Some("run!"));
    desk.code(KeyCode::Esc);
    assert_eq!(shown(&desk).len(), 4);
}

#[test]
fn names_titles_states_and_agents_are_looked_at() {
    for (typed, wanted) in [
        ("WS-03", &["ws-03"][..]),
        ("title of ws-01", &["ws-01"]),
        ("waiting", &["ws-03"]),
        ("escal", &["ws-03"]),
        ("copilot running", &["ws-02", "ws-04"]),
        ("!running !done", &["ws-03"]),
        ("!", &["ws-01", "ws-02", "ws-03", "ws-04"]),
    ] {
        let mut desk = desk();
        desk.key('|');
        for character in typed.chars() {
            desk.key(character);
        }
        desk.enter();
        assert_eq!(shown(&desk), wanted, "{typed}");
        assert_eq!(desk.selected(), wanted[0], "{typed}");
    }
}

#[test]
fn nothing_is_decided_about_what_is_not_in_sight() {
    let mut desk = desk();
    desk.keys("|nowhere");
    desk.enter();
    assert_eq!(shown(&desk), ["ws-01"], "the selected one stays in sight");
    desk.code(KeyCode::Esc);
    desk.keys("|running");
    desk.enter();
    desk.keys("*x");
    let Some(Modal::Confirm { question, .. }) = &desk.ui.modal else { panic!("it does not ask") };
    assert!(question.starts_with("Stop 2: ws-02, ws-04?"), "{question}");
    let stop = |id: &str| Command::Order(Order::Send(id.into(), Request::Stop));
    assert_eq!(desk.key('y'), [stop("ws-02"), stop("ws-04")]);
    // One that does not match any more stays in sight as long as it is selected.
    desk.facts = super::desk::facts(&[PhaseWord::Done, PhaseWord::Stopped, PhaseWord::Running]);
    assert_eq!(shown(&desk), ["ws-02", "ws-03"]);
    desk.key('j');
    assert_eq!(shown(&desk), ["ws-03"]);
    // Escape lists all again.
    desk.code(KeyCode::Esc);
    assert_eq!(shown(&desk).len(), 3);
}

#[test]
fn only_the_list_is_filtered() {
    let mut desk = desk();
    desk.ui.view = View::Timeline;
    assert_eq!(desk.key('|'), []);
    assert!(desk.ui.modal.is_none());
    let mut desk = self::desk();
    desk.keys("|done");
    desk.enter();
    desk.key('w');
    assert_eq!(desk.selected(), "ws-03", "what waits is found all the same");
    assert_eq!(shown(&desk), ["ws-01", "ws-03"]);
}
