//! The action table: every action has a key or is found by name, and nothing is listed that does not exist.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ostler::core::phase::PhaseWord;
use ostler::tui::action::{Action, TABLE, footer};
use ostler::tui::hints;
use ostler::tui::keymap::Keymap;
use ostler::tui::state::{Focus, Leaving, View};
use ostler::tui::update::Input;

use super::desk::{Desk, PHASES, where_it_applies};

/// The event that a terminal sends for a key of the table.
fn event(key: &str) -> KeyEvent {
    let (name, modifiers) = match key.strip_prefix("ctrl-") {
        Some(name) => (name, KeyModifiers::CONTROL),
        None => (key, KeyModifiers::NONE),
    };
    let code = match name {
        "down" => KeyCode::Down,
        "up" => KeyCode::Up,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "space" => KeyCode::Char(' '),
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pagedown" => KeyCode::PageDown,
        "pageup" => KeyCode::PageUp,
        "tab" => KeyCode::Tab,
        "esc" => KeyCode::Esc,
        "enter" => KeyCode::Enter,
        "f1" => KeyCode::F(1),
        one => KeyCode::Char(one.chars().next().expect("a character")),
    };
    KeyEvent::new(code, modifiers)
}

#[test]
fn every_action_is_done_by_each_of_its_keys() {
    for entry in TABLE {
        for (nth, key) in entry.keys.iter().enumerate() {
            let mut by_key = where_it_applies(entry.action);
            let mut by_name = where_it_applies(entry.action);
            let bound = ostler::tui::keymap::Bound { action: entry.action, nth };
            let expected = by_name.input(&Input::Act(bound));
            let done = by_key.input(&Input::Key(event(key)));
            assert_eq!(done, expected, "{} by {key}", entry.name);
            assert_eq!(by_key.memory(), by_name.memory(), "{} by {key}", entry.name);
        }
    }
}

#[test]
fn every_action_is_done_from_the_palette_by_its_name() {
    for entry in TABLE.iter().filter(|entry| entry.action != Action::Palette) {
        let mut by_name = where_it_applies(entry.action);
        let mut typed = where_it_applies(entry.action);
        let expected = by_name.act(entry.action);
        typed.key(':');
        typed.keys(entry.name);
        let done = typed.enter();
        assert_eq!(done, expected, "{}", entry.name);
        assert_eq!(typed.memory(), by_name.memory(), "{}", entry.name);
    }
}

#[test]
fn every_action_does_something_where_it_applies() {
    for entry in TABLE {
        let mut desk = where_it_applies(entry.action);
        let before = desk.memory();
        // From the first row and the first output, only the way onwards leads anywhere.
        let stays = [Action::Up, Action::First, Action::Jump];
        let done = desk.act(entry.action);
        let changed = !done.is_empty() || desk.memory() != before;
        assert!(changed || stays.contains(&entry.action), "{} does nothing", entry.name);
    }
}

#[test]
fn an_action_that_does_not_apply_says_why_and_does_nothing() {
    for phase in PHASES {
        for entry in TABLE {
            let mut desk = Desk::with(&[*phase]);
            // Where nothing was searched for, its key makes a new workstream.
            let is_new = entry.action == Action::NextMatch;
            if is_new || entry.action.applies(&desk.facts, &desk.ui).is_ok() {
                continue;
            }
            let before = desk.memory();
            assert_eq!(desk.act(entry.action), [], "{} in {phase}", entry.name);
            let hint = desk.ui.hint.take().expect("a hint");
            assert!(hint.starts_with(entry.word), "{hint}");
            assert_eq!(desk.memory(), before, "{} in {phase}", entry.name);
        }
    }
}

#[test]
fn the_help_lists_every_action_with_its_keys() {
    let keymap = Keymap::default();
    for leaving in [Leaving::HandsOver, Leaving::EndsAll] {
        let groups = hints::help(&keymap, leaving).into_iter();
        let listed: Vec<_> = groups.flat_map(|group| group.hints).collect();
        assert_eq!(listed.len(), TABLE.len());
        for entry in TABLE {
            let doc = entry.action.doc(leaving);
            let hint = listed.iter().find(|hint| hint.what == doc).expect(entry.name);
            assert!(!hint.key.is_empty(), "{}", entry.name);
            let says_so = doc.contains("the work goes on");
            assert_eq!(says_so, entry.action == Action::Leave && leaving == Leaving::HandsOver);
        }
    }
}

#[test]
fn names_and_words_are_told_apart() {
    let names: BTreeSet<_> = TABLE.iter().map(|entry| entry.name).collect();
    let docs: BTreeSet<_> = TABLE.iter().map(|entry| entry.doc).collect();
    assert_eq!((names.len(), docs.len()), (TABLE.len(), TABLE.len()));
    for entry in TABLE {
        assert_eq!(Action::named(entry.name), Some(entry.action));
        assert_eq!(entry.action.entry().name, entry.name);
    }
}

#[test]
fn the_footer_shows_few_actions_and_only_those_that_apply() {
    for phase in PHASES {
        for (view, focus) in [
            (View::Workstreams, Focus::List),
            (View::Workstreams, Focus::Log),
            (View::Inbox, Focus::List),
        ] {
            let mut desk = Desk::with(&[*phase, PhaseWord::Escalated]);
            (desk.ui.view, desk.ui.focus) = (view, focus);
            let shown = footer(&desk.facts, &desk.ui);
            assert!((3..=7).contains(&shown.len()), "{phase}: {shown:?}");
            assert!(shown.ends_with(&[Action::Palette, Action::Help]));
            for action in shown {
                assert_eq!(action.applies(&desk.facts, &desk.ui), Ok(()), "{phase}: {action:?}");
            }
        }
    }
}

#[test]
fn in_an_empty_inbox_nothing_is_done_to_what_is_not_in_sight() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.ui.view = View::Inbox;
    assert_eq!(footer(&desk.facts, &desk.ui), [Action::Back, Action::Palette, Action::Help]);
    for key in ['x', 'X', 'r', 'R', 'e', 't', 'm', 'd', 's', 'i', '/'] {
        assert_eq!(desk.key(key), [], "{key}");
        assert!(desk.ui.modal.is_none(), "{key}");
        let hint = desk.ui.hint.clone().unwrap_or_default();
        assert!(hint.ends_with("nothing waits for you"), "{key}: {hint}");
    }
}

#[test]
fn the_log_is_not_searched_where_it_is_not_in_sight() {
    let mut desk = Desk::with(&[PhaseWord::Escalated]);
    desk.ui.view = View::Inbox;
    desk.ui.search = Some(ostler::tui::state::Search::default());
    for key in ['/', 'n', 'N', 'f', '[', ']'] {
        assert_eq!(desk.key(key), [], "{key}");
        assert!(desk.ui.modal.is_none(), "{key}");
        let hint = desk.ui.hint.clone().unwrap_or_default();
        assert!(hint.ends_with("its log is not in sight; go back first"), "{key}: {hint}");
    }
}

#[test]
fn the_footer_of_a_log_leads_only_to_outputs_that_are_there() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.ui.focus = Focus::Log;
    let beside = |desk: &Desk| {
        let shown = footer(&desk.facts, &desk.ui);
        [Action::EarlierOutput, Action::LaterOutput].map(|action| shown.contains(&action))
    };
    assert_eq!(beside(&desk), [true, true]);
    desk.key('[');
    assert_eq!(beside(&desk), [false, true]);
    desk.key(']');
    desk.key(']');
    assert_eq!(beside(&desk), [true, false]);
    let word = |desk: &Desk| Action::Follow.word(&desk.facts, &desk.ui);
    assert_eq!(word(&desk), "hold");
    desk.ui.scroll = ostler::tui::state::Scroll::At(3);
    assert_eq!(word(&desk), "follow");
}

#[test]
fn what_waits_for_the_operator_is_not_handed_over() {
    let mut desk = Desk::with(&[PhaseWord::Escalated]);
    assert_eq!(desk.key('d'), []);
    let hint = desk.ui.hint.unwrap_or_default();
    assert!(hint.contains("nothing of it goes on"), "{hint}");
}

#[test]
fn without_a_workstream_the_screen_can_still_be_used_and_left() {
    for entry in TABLE {
        let mut desk = Desk::with(&[]);
        desk.act(entry.action);
        desk.ui.modal = None;
        assert_eq!(desk.key('q'), [ostler::tui::update::Command::Leave], "{}", entry.name);
    }
}
