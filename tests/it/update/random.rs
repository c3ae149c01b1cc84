//! Whatever is pressed, in whatever order: no panic, and nothing is ended that was not asked about.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::event::Request;
use ostler::tui::state::Modal;
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::seen::LogShape;
use ostler::tui::update::{Command, Input, Order};
use proptest::prelude::*;

use super::desk::{Desk, PHASES, facts};

#[derive(Clone, Debug)]
enum Step {
    Input(Input),
    Facts(Vec<usize>),
    Log(LogShape),
}

fn code() -> impl Strategy<Value = KeyCode> {
    prop_oneof![
        8 => prop::char::range(' ', '~').prop_map(KeyCode::Char),
        1 => prop::sample::select("jkgGxXrRdaeEtmiwfqQnyp/:?[]".chars().collect::<Vec<_>>())
            .prop_map(KeyCode::Char),
        4 => prop::sample::select(vec![
            KeyCode::Enter,
            KeyCode::Esc,
            KeyCode::Tab,
            KeyCode::BackTab,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::PageUp,
            KeyCode::PageDown,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::F(1),
            KeyCode::Char('ß'),
            KeyCode::Char('漢'),
        ]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::SHIFT,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
    ]);
    let mouse = prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
        MouseEventKind::Drag(MouseButton::Left),
    ]);
    prop_oneof![
           20 => (code(), modifiers).prop_map(|(code, modifiers)| {
               Step::Input(Input::Key(KeyEvent::new(code, modifiers)))
           }),
           1 => ".{0,40}".prop_map(|text| Step::Input(Input::Paste(text))),
           1 => (mouse, 0_u16..130, 0_u16..40).prop_map(|(kind, column, row)| {
               let modifiers = KeyModifiers::NONE;
               Step::Input(Input::Mouse(MouseEvent { kind, column, row, modifiers }))
           }),
           2 => prop::collection::vec(0..PHASES.len(), 0..6).prop_map(Step::Facts),
           1 => (prop::option::of(0_usize..50), 0_usize..30, any::<bool>()).prop_map(
               |(top, height, at_end)| {
                   Step::Log(LogShape {
    top, lines: top.map(|top| top + 3), at_end, height, ..LogShape::default() })
               }
           ),
       ]
}

fn ends_something(command: &Command) -> bool {
    match command {
        Command::Order(Order::StopAll) => true,
        Command::Order(Order::Send(_, request)) => {
            matches!(request, Request::Stop | Request::Kill | Request::Accept | Request::GiveUp)
        }
        _other => false,
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_ends_unasked(steps in prop::collection::vec(step(), 0..150)) {
        let mut desk = Desk::with(&[]);
        for step in steps {
            match step {
                Step::Facts(phases) => {
                    let before = desk.facts.clone();
                    let phases: Vec<_> = phases.into_iter().map(|place| PHASES[place]).collect();
                    desk.facts = facts(&phases);
                    facts_changed(&mut desk.ui, &before, &desk.facts);
                }
                Step::Log(shape) => desk.seen.log = shape,
                Step::Input(input) => {
                    let asked = match (&desk.ui.modal, &input) {
                        (Some(Modal::Confirm { .. }), Input::Key(key)) => {
                            matches!(key.code, KeyCode::Char('y' | 'Y'))
                        }
                        (Some(Modal::Choose { .. }), Input::Key(key)) => key.code == KeyCode::Enter,
                        _other => false,
                    };
                    let done = desk.input(&input);
                    prop_assert!(asked || !done.iter().any(ends_something), "{input:?}: {done:?}");
                }
            }
            let exists = desk.facts.workstreams.iter().any(|ws| desk.ui.selected.as_ref() == Some(&ws.id));
            prop_assert_eq!(exists, !desk.facts.workstreams.is_empty());
        }
    }
}
