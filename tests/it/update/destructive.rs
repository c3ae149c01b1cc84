//! Whatever ends something asks first, says what it ends and what stays, and is never reached by pasted text.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ostler::core::event::Request;
use ostler::core::phase::{PhaseWord, StartFrom};
use ostler::tui::action::{Action, TABLE};
use ostler::tui::state::{Confirmed, Leaving, Modal, Purpose};
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::{Command, Input, Order};

use super::desk::{Desk, PHASES, attempt, where_it_applies, workstream};

/// Says whether a command ends something, on a desk whose first workstream is in this phase.
fn ends_something(command: &Command, phase: PhaseWord) -> bool {
    match command {
        Command::Order(Order::StopAll) => true,
        Command::Order(Order::Send(_, request)) => match request {
            Request::Stop | Request::Kill | Request::Accept | Request::GiveUp => true,
            Request::Retry { .. } | Request::RetryWith { .. } | Request::Escalate { .. } => {
                phase.has_agent() || phase == PhaseWord::Checking
            }
            Request::Extend(_) | Request::Input(_) | Request::Take { .. } | Request::Undo(_) => {
                false
            }
        },
        _other => false,
    }
}

fn question(desk: &Desk) -> &str {
    match &desk.ui.modal {
        Some(Modal::Confirm { question, .. }) => question,
        other => panic!("no question but {other:?}"),
    }
}

#[test]
fn no_single_action_ends_anything() {
    for phase in PHASES {
        for entry in TABLE {
            let mut desk = Desk::with(&[*phase, PhaseWord::Running]);
            let done = desk.act(entry.action);
            let ends = done.iter().any(|command| ends_something(command, *phase));
            assert!(!ends, "{} in {phase}: {done:?}", entry.name);
        }
    }
}

#[test]
fn only_y_is_a_yes() {
    for action in [Action::Stop, Action::Kill, Action::Accept, Action::GiveUp, Action::StopAll] {
        for key in (' '..='~').filter(|key| !matches!(key, 'y' | 'Y')) {
            let mut desk = where_it_applies(action);
            assert_eq!(desk.act(action), []);
            assert_eq!(desk.key(key), [], "{action:?} {key}");
        }
        for code in [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::Backspace] {
            let mut desk = where_it_applies(action);
            desk.act(action);
            assert_eq!(desk.code(code), [], "{action:?} {code:?}");
        }
        for modifiers in [KeyModifiers::CONTROL, KeyModifiers::ALT] {
            let mut desk = where_it_applies(action);
            desk.act(action);
            let event = KeyEvent::new(KeyCode::Char('y'), modifiers);
            assert_eq!(desk.input(&Input::Key(event)), [], "{action:?} {modifiers:?}");
        }
        let mut desk = where_it_applies(action);
        desk.act(action);
        assert_eq!(desk.key('y').len(), 1, "{action:?}");
        assert!(desk.ui.modal.is_none());
    }
}

#[test]
fn a_yes_does_what_was_asked_and_a_no_nothing() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('x');
    assert_eq!(desk.key('y'), [Command::Order(Order::Send("ws-01".into(), Request::Stop))]);
    desk.key('X');
    assert_eq!(desk.key('y'), [Command::Order(Order::Send("ws-01".into(), Request::Kill))]);
    desk.key('r');
    let again = Request::Retry { tier: None, from: StartFrom::Current, note: None };
    assert_eq!(desk.key('y'), [Command::Order(Order::Send("ws-01".into(), again))]);
    desk.key('Q');
    assert!(!desk.ui.ending);
    assert_eq!(desk.key('y'), [Command::Order(Order::StopAll)]);
    assert!(desk.ui.ending);
    desk.key('x');
    assert_eq!(desk.key('n'), []);
    assert!(desk.ui.modal.is_none());
}

#[test]
fn questions_name_what_ends_and_what_stays() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Queued, PhaseWord::Done]);
    desk.key('x');
    assert_eq!(
        question(&desk),
        "Stop ws-01? copilot (pid 4711, attempt 2, 4:10) is ended with TERM, and with KILL if it \
         does not go. Its changes stay in .worktrees/ws-01 and are saved as a checkpoint."
    );
    desk.key('n');
    desk.key('X');
    assert_eq!(
        question(&desk),
        "Kill ws-01? copilot (pid 4711, attempt 2, 4:10) and all its processes are ended with KILL, \
         unasked. Its changes stay in .worktrees/ws-01 and are saved as a checkpoint."
    );
    desk.key('n');
    desk.key('Q');
    assert_eq!(
        question(&desk),
        "Stop all and leave? Ended with TERM, and with KILL if they do not go: ws-01 (copilot). 1 \
         other will not go on. Worktrees, branches, checkpoints and logs stay."
    );
    desk.key('n');
    desk.facts.workstreams.push(workstream("ws-04", PhaseWord::Escalated).into());
    desk.key('Q');
    let last = "1 other will not go on. 1 still waits for you. Worktrees, branches, checkpoints and logs stay.";
    assert!(question(&desk).ends_with(last), "{}", question(&desk));
    desk.key('n');
    desk.ui.leaving = Leaving::EndsAll;
    desk.key('Q');
    let last = "1 other will not go on. Worktrees, branches, checkpoints and logs are removed.";
    assert!(question(&desk).ends_with(last), "{}", question(&desk));
    desk.key('n');
    desk.keys("jx");
    assert_eq!(
        question(&desk),
        "Stop ws-02? Nothing of it runs; it will not go on by itself. Its changes stay in \
         .worktrees/ws-02."
    );
}

#[test]
fn a_question_goes_to_the_workstream_it_was_asked_about() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Running]);
    desk.key('x');
    desk.ui.selected = Some("ws-02".into());
    assert_eq!(desk.key('y'), [Command::Order(Order::Send("ws-01".into(), Request::Stop))]);
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let text = "x\ryXy\rQyqdaR\r\u{1b}y:stop\rjjjk?";
    // What is pasted into the terminal of an agent is for that, and nobody else.
    for entry in TABLE.iter().filter(|entry| entry.action != Action::Terminal) {
        let mut desk = where_it_applies(entry.action);
        desk.act(entry.action);
        let typing = matches!(
            desk.ui.modal,
            Some(Modal::Line { .. } | Modal::Palette { .. } | Modal::New(_) | Modal::Rewrite(_))
        );
        let before = desk.memory();
        assert_eq!(desk.input(&Input::Paste(text.to_owned())), [], "{}", entry.name);
        if !typing {
            assert_eq!(desk.memory(), before, "{}", entry.name);
        }
    }
}

#[test]
fn pasted_text_goes_into_a_line_without_its_control_characters() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('m');
    desk.keys("say ");
    desk.input(&Input::Paste("a\nb\u{1b}[31m\n".to_owned()));
    let Some(Modal::Line { input, purpose: Purpose::AgentInput, .. }) = &desk.ui.modal else {
        panic!("{:?}", desk.ui.modal);
    };
    assert_eq!(input.value(), "say a b [31m");
    let sent = Request::Input("say a b [31m\r".to_owned());
    assert_eq!(desk.enter(), [Command::Order(Order::Send("ws-01".into(), sent))]);
}

#[test]
fn a_long_paste_is_cut() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('m');
    desk.input(&Input::Paste("ä".repeat(100_000)));
    let Some(Modal::Line { input, .. }) = &desk.ui.modal else { panic!("no line") };
    assert_eq!(input.value().chars().count(), 4096);
}

#[test]
fn a_question_is_all_that_a_destructive_key_opens() {
    for (key, then) in [
        ('x', Confirmed::Send("ws-01".into(), Request::Stop)),
        ('X', Confirmed::Send("ws-01".into(), Request::Kill)),
        ('Q', Confirmed::StopAllAndQuit),
    ] {
        let mut desk = Desk::with(&[PhaseWord::Running]);
        desk.key(key);
        let Some(Modal::Confirm { then: found, .. }) = &desk.ui.modal else { panic!("{key}") };
        assert_eq!(*found, then);
    }
}

#[test]
fn a_question_is_taken_back_when_what_it_names_is_over() {
    for (action, key) in [(Action::Stop, 'x'), (Action::Kill, 'X')] {
        let mut desk = Desk::with(&[PhaseWord::Starting]);
        desk.key(key);
        let becomes = |desk: &mut Desk, phase: PhaseWord, attempts: u32| {
            let before = desk.facts.clone();
            let mut ws = (*desk.facts.workstreams[0]).clone();
            (ws.phase, ws.attempts) = (phase, (1..=attempts).map(attempt).collect());
            desk.facts.workstreams[0] = Arc::new(ws);
            facts_changed(&mut desk.ui, &before, &desk.facts);
        };
        let begun = desk.facts.workstreams[0].attempts.len() as u32;
        becomes(&mut desk, PhaseWord::Running, begun);
        assert!(question(&desk).contains("ws-01"), "{action:?}");
        // Another agent is at work now.
        becomes(&mut desk, PhaseWord::Running, begun + 1);
        assert!(desk.ui.modal.is_none());
        let hint = desk.ui.hint.clone().unwrap();
        assert!(hint.starts_with("ws-01 is running now: nothing was done"), "{hint}");
        assert_eq!(desk.key('y'), [], "{action:?}");
        desk.key(key);
        becomes(&mut desk, PhaseWord::Done, begun + 1);
        assert!(desk.ui.hint.clone().unwrap().starts_with("ws-01 is done now"), "{action:?}");
    }
}
