//! Keys in the view of the agents: the selection, and what becomes of breakers.

use crossterm::event::KeyCode;
use ostler::core::AgentName;
use ostler::core::outcome::Say;
use ostler::core::phase::PhaseWord;
use ostler::tui::state::{Choice, Modal, View};
use ostler::tui::update::{Command, Order};

use super::desk::Desk;

fn desk() -> Desk {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Queued]);
    desk.key('b');
    desk
}

fn breaker(agent: &str, say: Say) -> Vec<Command> {
    vec![Command::Order(Order::Breaker(agent.into(), say))]
}

fn selected(desk: &Desk) -> &str {
    desk.ui.agent.as_ref().map_or("", AgentName::as_str)
}

fn question(desk: &Desk) -> &str {
    match &desk.ui.modal {
        Some(Modal::Confirm { question, .. }) => question,
        other => panic!("no question but {other:?}"),
    }
}

#[test]
fn the_selection_moves_among_agents_and_not_among_workstreams() {
    let mut desk = desk();
    assert_eq!(desk.ui.view, View::Agents);
    for (key, agent) in [
        ('j', "copilot"),
        ('j', "claude-api"),
        ('j', "claude-api"),
        ('g', "aider"),
        ('3', "claude-api"),
        ('k', "copilot"),
    ] {
        desk.key(key);
        assert_eq!(selected(&desk), agent, "{key}");
    }
    assert_eq!(desk.selected(), "ws-01");
    desk.facts.agents.remove(1);
    desk.key('j');
    assert_eq!(
        selected(&desk),
        "claude-api",
        "of those that are left the first was the selected one"
    );
}

#[test]
fn what_stops_launches_asks_first_and_names_what_goes_on_and_what_waits() {
    let mut desk = desk();
    assert_eq!(desk.key('O'), []);
    assert_eq!(question(&desk), "Hold aider? Nothing starts with it until you close its breaker.");
    assert_eq!(desk.key('n'), []);
    desk.key('O');
    assert_eq!(desk.key('y'), breaker("aider", Say::Hold));
    desk.key('o');
    assert_eq!(
        question(&desk),
        "Open the breaker of aider? Nothing starts with it until its delay is over; one workstream tries it then."
    );
    assert_eq!(desk.key('y'), breaker("aider", Say::Open));
    desk.key('j');
    desk.key('O');
    assert_eq!(
        question(&desk),
        "Hold copilot? Nothing starts with it until you close its breaker. What runs goes on: ws-01 (4:10)."
    );
    desk.key('n');
    let mut last = (*desk.facts.workstreams[1]).clone();
    last.chain.truncate(2);
    desk.facts.workstreams[1] = last.into();
    desk.key('O');
    assert!(question(&desk).ends_with("No other agent is left for ws-02."), "{}", question(&desk));
}

#[test]
fn closing_is_done_at_once_and_what_is_so_already_says_so() {
    let mut desk = desk();
    assert_eq!(desk.key('c'), []);
    assert_eq!(desk.ui.hint.take().as_deref(), Some("close: its breaker is closed already"));
    desk.key('j');
    assert_eq!(desk.key('o'), []);
    assert_eq!(desk.ui.hint.take().as_deref(), Some("open: its breaker is open already"));
    assert_eq!(desk.key('c'), breaker("copilot", Say::Close));
    desk.key('j');
    assert_eq!(desk.key('O'), []);
    assert_eq!(desk.ui.hint.take().as_deref(), Some("hold: it is held already"));
    assert_eq!(desk.key('c'), breaker("claude-api", Say::Close));
    desk.code(KeyCode::Esc);
    assert_eq!(desk.key('c'), []);
    let hint = desk.ui.hint.take();
    assert_eq!(hint.as_deref(), Some("close: no agent is in sight; open the agents first"));
}

#[test]
fn nothing_is_decided_there_about_a_workstream_that_is_not_in_sight() {
    let mut desk = desk();
    for key in "xXrReDI".chars() {
        assert_eq!(desk.key(key), [], "{key}");
        assert!(desk.ui.modal.is_none(), "{key}");
        assert_eq!(desk.ui.view, View::Agents, "{key}");
    }
}

#[test]
fn the_menu_has_what_can_be_done_about_the_agent() {
    let mut desk = desk();
    desk.key('j');
    for open in [KeyCode::Enter, KeyCode::Char('M')] {
        desk.code(open);
        let Some(Modal::Choose { choices, title, .. }) = &desk.ui.modal else { panic!("no menu") };
        assert_eq!(title, "copilot");
        let words: Vec<&str> =
            choices.iter().filter_map(|(label, _)| label.split_whitespace().next()).collect();
        assert_eq!(words, ["close", "hold", "why"]);
        assert!(choices.iter().all(|(_, choice)| matches!(choice, Choice::Act(_))));
        assert_eq!(desk.enter(), breaker("copilot", Say::Close));
    }
    desk.key('i');
    assert!(matches!(desk.ui.modal, Some(Modal::Why { .. })));
}
