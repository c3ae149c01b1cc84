//! Every way to act, for every action of the table: by key, from the palette, from the menu, on several at once; what is
//! asked before, and the answer on the screen before anybody else has answered.

use crossterm::event::KeyCode;
use ostler::core::alert::Severity;
use ostler::core::phase::PhaseWord;
use ostler::tui::action::{Action, Entry, Group, TABLE};
use ostler::tui::keymap::Keymap;
use ostler::tui::state::{Choice, Modal, UiState, View};
use ostler::tui::update::Command;
use ostler::tui::update::palette::{Target, entries};

use super::desk::{Desk, PHASES, where_it_applies};
use crate::alerts::made::alert;

/// Every action that decides about a workstream.
fn decisions() -> impl Iterator<Item = &'static Entry> {
    TABLE.iter().filter(|entry| entry.group == Group::Decide && entry.action.is_decision())
}

/// What an action leads to: what is remembered, and what is to be done.
fn done(desk: &mut Desk, action: Action) -> (UiState, Vec<Command>) {
    let commands = desk.act(action);
    (desk.ui.clone(), commands)
}

fn in_menu(desk: &mut Desk) -> Vec<Action> {
    desk.act(Action::Menu);
    let Some(Modal::Choose { choices, .. }) = desk.ui.modal.take() else { return Vec::new() };
    let action = |choice: &Choice| match choice {
        Choice::Act(action) => *action,
        other => panic!("{other:?} in a menu"),
    };
    choices.iter().map(|(_, choice)| action(choice)).collect()
}

#[test]
fn every_action_is_in_the_palette_with_its_keys_and_does_there_what_its_key_does() {
    let keymap = Keymap::default();
    for entry in TABLE.iter().filter(|entry| entry.action != Action::Palette) {
        let mut desk = where_it_applies(entry.action);
        let found = entries(entry.name, &desk.facts, &desk.ui, &keymap);
        let it = found.iter().find(|it| it.target == Target::Act(entry.action)).expect(entry.name);
        assert_eq!((it.not_now, it.keys.as_str()), (None, keymap.labels(entry.action).as_str()));
        let by_key = done(&mut desk, entry.action);
        let mut desk = where_it_applies(entry.action);
        desk.act(Action::Palette);
        for character in entry.name.chars() {
            desk.key(character);
        }
        let found = entries(entry.name, &desk.facts, &desk.ui, &keymap);
        let place = found.iter().position(|it| it.target == Target::Act(entry.action)).unwrap();
        for _ in 0..place {
            desk.code(KeyCode::Down);
        }
        let commands = desk.enter();
        assert_eq!(commands, by_key.1, "{}", entry.name);
        assert_eq!(format!("{:?}", desk.ui), format!("{:?}", by_key.0), "{}", entry.name);
    }
}

#[test]
fn whatever_decides_about_a_workstream_is_in_its_menu_whenever_it_applies() {
    for phase in PHASES {
        for entry in decisions() {
            let mut desk = Desk::with(&[*phase]);
            let applies = entry.action.applies(&desk.facts, &desk.ui).is_ok();
            assert_eq!(
                in_menu(&mut desk).contains(&entry.action),
                applies,
                "{} in {phase}",
                entry.name
            );
        }
    }
}

#[test]
fn on_several_at_once_it_is_done_to_all_or_says_that_it_is_about_one() {
    for entry in decisions() {
        let phase = PHASES.iter().find(|phase| {
            let desk = Desk::with(&[**phase]);
            entry.action.applies(&desk.facts, &desk.ui).is_ok()
        });
        // What is only taken back from others is tested there.
        let Some(phase) = phase else { continue };
        let mut desk = Desk::with(&[*phase, *phase, *phase]);
        desk.act(Action::MarkAll);
        let commands = desk.act(entry.action);
        let asked = match &desk.ui.modal {
            Some(Modal::Confirm { question, .. }) => question.clone(),
            Some(Modal::Choose { about, .. }) => about.clone(),
            _other => String::new(),
        };
        if entry.action.is_for_many() {
            let names = |id: &str| asked.contains(id) || format!("{commands:?}").contains(id);
            assert!(["ws-01", "ws-02", "ws-03"].into_iter().all(names), "{}", entry.name);
        } else {
            let hint = desk.ui.hint.clone().unwrap_or_default();
            assert!(hint.contains("ws-01 alone"), "{}: {hint}", entry.name);
        }
    }
}

#[test]
fn what_ends_work_names_what_ends_and_what_is_kept() {
    for entry in decisions().filter(|entry| entry.action.ends_work()) {
        for phase in PHASES {
            let mut desk = Desk::with(&[*phase]);
            if entry.action.applies(&desk.facts, &desk.ui).is_err() {
                continue;
            }
            let commands = desk.act(entry.action);
            let works =
                matches!(phase, PhaseWord::Starting | PhaseWord::Running | PhaseWord::Stopping);
            let text = match &desk.ui.modal {
                Some(Modal::Confirm { question, .. }) => question.clone(),
                Some(Modal::Choose { about, .. }) => about.clone(),
                Some(Modal::Rewrite(rewrite)) => rewrite.about.clone(),
                other => {
                    assert!(!works && !commands.is_empty(), "{} in {phase}: {other:?}", entry.name);
                    continue;
                }
            };
            if works {
                assert!(text.contains("copilot (pid 4711"), "{} in {phase}: {text}", entry.name);
                let kept = ["stay in .worktrees/ws-01", "its changes are saved"];
                let is_kept = kept.iter().any(|words| text.contains(words));
                assert!(is_kept, "{} in {phase}: {text}", entry.name);
            }
        }
    }
}

#[test]
fn every_action_is_answered_on_the_screen_before_anybody_else_has_answered() {
    for entry in TABLE {
        let mut desk = where_it_applies(entry.action);
        let before = desk.memory();
        let commands = desk.act(entry.action);
        // These leave the screen, draw it anew, or ask a pane for what it then shows.
        let is_plain = commands
            .iter()
            .all(|it| matches!(it, Command::Order(_) | Command::TakeBack(_) | Command::Create(_)));
        let is_answered = desk.memory() != before || (!is_plain && !commands.is_empty());
        // Where there is nowhere to move, nothing moves.
        assert!(is_answered || entry.group == Group::Move, "{}: {commands:?}", entry.name);
        if commands.iter().any(|it| matches!(it, Command::Order(_))) {
            assert!(desk.ui.asked.is_some(), "{}", entry.name);
        }
    }
}

#[test]
fn who_reads_why_can_decide_at_once() {
    for entry in decisions() {
        let Some(bound) = entry.keys.first() else { continue };
        let mut desk = where_it_applies(entry.action);
        desk.ui.view = View::Workstreams;
        if entry.action.applies(&desk.facts, &desk.ui).is_err() {
            continue;
        }
        let mut plain = Desk {
            facts: desk.facts.clone(),
            ui: desk.ui.clone(),
            keymap: Keymap::default(),
            seen: desk.seen.clone(),
        };
        let key = bound.chars().next().unwrap();
        let wanted = plain.key(key);
        desk.key('i');
        assert_eq!(desk.key(key), wanted, "{}", entry.name);
        assert_eq!(format!("{:?}", desk.ui), format!("{:?}", plain.ui), "{}", entry.name);
    }
    // What does not apply says so, and what is read stays open.
    let mut desk = Desk::with(&[PhaseWord::Done]);
    desk.keys("ix");
    assert!(matches!(desk.ui.modal, Some(Modal::Why { .. })));
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("it has ended already")));
    // Neither pasted text nor a key that moves elsewhere does anything.
    desk.keys("jkw");
    assert!(matches!(desk.ui.modal, Some(Modal::Why { .. })));
}

#[test]
fn what_was_asked_for_is_shown_until_it_is_told_what_came_of_it() {
    let mut desk = Desk::with(&[PhaseWord::Failed]);
    desk.facts.alerts = vec![alert("ws-01", Severity::High)];
    desk.key('r');
    assert_eq!(desk.ui.asked.as_ref().map(|it| it.what.as_str()), Some("retry of ws-01"));
    desk.key('j');
    assert_eq!(desk.ui.asked, None);
    desk.act(Action::AcknowledgeAll);
    assert!(desk.ui.asked.is_some());
}
