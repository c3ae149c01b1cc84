//! Choices, lines and texts that lie over the view.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use ostler::core::account::{Inner, Made, Usage};
use ostler::core::contest::Contending;
use ostler::core::event::{Request, Target};
use ostler::core::phase::{PhaseWord, StartFrom};
use ostler::core::verdict::DiffSize;
use ostler::core::{AttemptId, AttemptOutcome};
use ostler::tui::state::{Choice, Modal, Purpose, Search, View};
use ostler::tui::update::{Command, Direction, Order};

use super::desk::Desk;

fn labels(desk: &Desk) -> Vec<&str> {
    match &desk.ui.modal {
        Some(Modal::Choose { choices, .. }) => choices.iter().map(|(label, _)| &**label).collect(),
        other => panic!("no choice but {other:?}"),
    }
}

fn title(desk: &Desk) -> &str {
    match &desk.ui.modal {
        Some(Modal::Choose { title, .. }) => title,
        other => panic!("no choice but {other:?}"),
    }
}

fn about(desk: &Desk) -> &str {
    match &desk.ui.modal {
        Some(Modal::Choose { about, .. }) => about,
        other => panic!("no choice but {other:?}"),
    }
}

/// Chooses the entry with this label.
fn choose(desk: &mut Desk, label: &str) -> Vec<Command> {
    let place = labels(desk).iter().position(|known| *known == label).expect(label);
    let Some(Modal::Choose { selected, .. }) = &mut desk.ui.modal else { panic!("no choice") };
    *selected = place;
    desk.enter()
}

fn sent(request: Request) -> Vec<Command> {
    vec![Command::Order(Order::Send("ws-01".into(), request))]
}

fn retry(tier: usize, from: StartFrom) -> Request {
    Request::Retry { tier: Some(tier), from, note: None }
}

#[test]
fn a_retry_chooses_tier_and_checkpoint() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('R');
    assert_eq!(title(&desk), "Retry ws-01");
    assert_eq!(
        about(&desk),
        "copilot (pid 4711, attempt 2, 4:10) is ended first; its changes are saved."
    );
    assert_eq!(
        labels(&desk),
        [
            "aider (failed)",
            "copilot (at work)",
            "claude-api (not tried)",
            "copilot, with another prompt",
            "copilot, from a clean worktree",
            "copilot, from what attempt 2 left",
            "copilot, from what attempt 1 left",
        ]
    );
    // The agent at work is the one that is offered first.
    assert_eq!(desk.enter(), sent(retry(1, StartFrom::Current)));
    for (label, request) in [
        ("claude-api (not tried)", retry(2, StartFrom::Current)),
        ("copilot, from a clean worktree", retry(1, StartFrom::Clean)),
        ("copilot, from what attempt 1 left", retry(1, StartFrom::Attempt(AttemptId(1)))),
    ] {
        desk.key('R');
        assert_eq!(choose(&mut desk, label), sent(request));
    }
}

#[test]
fn an_escalation_goes_to_the_next_tier_a_chosen_one_or_the_operator() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('e');
    assert_eq!(
        labels(&desk),
        [
            "to claude-api now, the next one",
            "to claude-api now, with a note",
            "to aider (failed)",
            "to you: it waits in the inbox",
            "to you, with a note",
        ]
    );
    let to = |to, note: Option<&str>| Request::Escalate { to, note: note.map(str::to_owned) };
    assert_eq!(desk.enter(), sent(to(Target::Next, None)));
    desk.key('e');
    assert_eq!(choose(&mut desk, "to aider (failed)"), sent(to(Target::Tier(0), None)));
    desk.key('e');
    let person = "to you: it waits in the inbox";
    assert_eq!(choose(&mut desk, person), sent(to(Target::Person, None)));
    desk.key('e');
    assert_eq!(choose(&mut desk, "to you, with a note"), []);
    desk.keys("look");
    assert_eq!(desk.enter(), sent(to(Target::Person, Some("look"))));
}

#[test]
fn the_last_tier_is_escalated_to_the_operator_unless_another_is_chosen() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    let mut ws = (*desk.facts.workstreams[0]).clone();
    ws.tier = Some(2);
    desk.facts.workstreams[0] = ws.into();
    desk.key('e');
    assert_eq!(
        labels(&desk),
        [
            "to you: it waits in the inbox",
            "to you, with a note",
            "to aider (failed)",
            "to copilot (at work)",
        ]
    );
    assert_eq!(desk.enter(), sent(Request::Escalate { to: Target::Person, note: None }));
}

#[test]
fn the_inbox_offers_every_decision() {
    let mut desk = Desk::with(&[PhaseWord::Escalated, PhaseWord::Running]);
    desk.key('E');
    assert_eq!(desk.ui.view, View::Inbox);
    desk.enter();
    assert_eq!((title(&desk), about(&desk)), ("What next for ws-01", "no agent is left"));
    let offered = [
        "try again, with a note to the agent",
        "choose the agent, or a checkpoint",
        "open a shell in the worktree, then decide",
        "accept the work as it is",
        "give it up",
    ];
    assert_eq!(labels(&desk), offered);
    assert_eq!(choose(&mut desk, offered[0]), []);
    desk.keys("use serde");
    let note = Some("use serde".to_owned());
    let again = Request::Retry { tier: None, from: StartFrom::Current, note };
    assert_eq!(desk.enter(), sent(again));
    desk.enter();
    choose(&mut desk, offered[1]);
    assert_eq!(labels(&desk)[0], "aider (failed)");
    desk.code(KeyCode::Esc);
    desk.enter();
    let worktree = "/home/me/bookshop/.worktrees/ws-01".into();
    let shell = Command::Shell { workstream: "ws-01".into(), worktree };
    assert_eq!(choose(&mut desk, offered[2]), [shell]);
    desk.enter();
    assert_eq!(choose(&mut desk, offered[3]), sent(Request::Accept));
    desk.enter();
    assert_eq!(choose(&mut desk, offered[4]), sent(Request::GiveUp));
}

#[test]
fn what_waits_is_decided_from_the_list_too() {
    let mut desk = Desk::with(&[PhaseWord::Escalated]);
    desk.key('e');
    assert_eq!((title(&desk), about(&desk)), ("What next for ws-01", "no agent is left"));
}

#[test]
fn an_empty_note_is_none() {
    let mut desk = Desk::with(&[PhaseWord::Escalated]);
    desk.key('e');
    desk.enter();
    desk.keys("   ");
    let again = Request::Retry { tier: None, from: StartFrom::Current, note: None };
    assert_eq!(desk.enter(), sent(again));
}

#[test]
fn more_time_is_as_much_as_the_soft_timeout() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    assert_eq!(desk.key('t'), sent(Request::Extend(Duration::from_secs(60))));
    let mut ws = (*desk.facts.workstreams[0]).clone();
    ws.soft_at = None;
    desk.facts.workstreams[0] = ws.into();
    assert_eq!(desk.key('t'), sent(Request::Extend(Duration::from_secs(300))));
}

#[test]
fn a_search_begins_goes_on_and_ends() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('/');
    desk.keys("warn.ng");
    assert_eq!(desk.enter(), [Command::Find(Direction::Up)]);
    let search = Search::of("warn.ng");
    assert_eq!(desk.ui.search, Some(search));
    assert_eq!(desk.key('n'), [Command::Find(Direction::Down)]);
    assert_eq!(desk.key('N'), [Command::Find(Direction::Up)]);
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.search, None);
}

#[test]
fn a_number_in_a_list_only_moves_there() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('R');
    assert_eq!(desk.key('3'), []);
    assert_eq!(desk.enter(), sent(retry(2, StartFrom::Current)));
    desk.key('R');
    desk.keys("9");
    assert_eq!(desk.enter(), sent(retry(1, StartFrom::Current)));
}

#[test]
fn esc_and_ctrl_c_close_whatever_is_open_and_nothing_else() {
    use crossterm::event::{KeyEvent, KeyModifiers};
    let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    for key in "?:ixReQm/".chars() {
        for event in [KeyEvent::from(KeyCode::Esc), ctrl_c] {
            let mut desk = Desk::with(&[PhaseWord::Running]);
            desk.key(key);
            assert!(desk.ui.modal.is_some(), "{key}");
            assert_eq!(desk.input(&ostler::tui::update::Input::Key(event)), [], "{key}");
            assert!(desk.ui.modal.is_none(), "{key}");
        }
    }
}

#[test]
fn a_choice_about_a_workstream_that_is_gone_closes() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Running]);
    desk.key('R');
    let before = desk.facts.clone();
    desk.facts.workstreams.remove(0);
    ostler::tui::update::facts::facts_changed(&mut desk.ui, &before, &desk.facts);
    assert!(desk.ui.modal.is_none());
    assert_eq!(desk.selected(), "ws-02");
}

#[test]
fn the_palette_finds_by_letters_and_selects_workstreams() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Running]);
    desk.keys(":ws-02");
    assert_eq!(desk.enter(), []);
    assert_eq!(desk.selected(), "ws-02");
    desk.keys(":rtryfrm");
    desk.enter();
    assert!(matches!(desk.ui.modal, Some(Modal::Choose { .. })), "{:?}", desk.ui.modal);
    desk.code(KeyCode::Esc);
    desk.keys(":zzzzzz");
    assert_eq!(desk.enter(), []);
}

#[test]
fn every_offered_choice_leads_somewhere() {
    for (phase, key) in [
        (PhaseWord::Running, 'R'),
        (PhaseWord::Running, 'e'),
        (PhaseWord::Escalated, 'e'),
        (PhaseWord::Backoff, 'e'),
    ] {
        let mut desk = Desk::with(&[phase]);
        desk.key(key);
        for number in 0..labels(&desk).len() {
            let mut desk = Desk::with(&[phase]);
            desk.key(key);
            let Some(Modal::Choose { selected, choices, .. }) = &mut desk.ui.modal else {
                panic!("no choice")
            };
            *selected = number;
            let choice = choices[number].1.clone();
            let done = desk.enter();
            let asks = match choice {
                Choice::Send(_) | Choice::Shell | Choice::Act(_) => false,
                Choice::Note { .. }
                | Choice::EscalationNote { .. }
                | Choice::Rewrite { .. }
                | Choice::Tier => true,
                Choice::CompareFrom(_) | Choice::Compare(..) => unreachable!("only in a diff"),
                Choice::All(_) => unreachable!("only of several"),
            };
            assert_eq!(desk.ui.modal.is_some(), asks, "{choice:?}");
            assert_eq!(done.is_empty(), asks, "{choice:?}");
        }
    }
}

#[test]
fn a_line_is_edited_as_lines_are() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('m');
    desk.keys("abc");
    desk.code(KeyCode::Left);
    desk.code(KeyCode::Backspace);
    desk.key('x');
    let Some(Modal::Line { input, purpose, .. }) = &desk.ui.modal else { panic!("no line") };
    assert_eq!((input.value(), purpose), ("axc", &Purpose::AgentInput));
}

#[test]
fn what_several_made_can_be_taken() {
    let mut desk = Desk::with(&[PhaseWord::Escalated]);
    let mut facts = desk.facts.clone();
    let mut asked = (*facts.workstreams[0]).clone();
    let made = |number: u32, agent: &str, files| Inner {
        number,
        agent: agent.to_owned(),
        outcome: AttemptOutcome::Succeeded,
        reason: String::new(),
        took: None,
        contestant: Some(number),
        reset: None,
        usage: Usage::default(),
        made: (files > 0).then(|| Made {
            checkpoint: format!("refs/ostler/ws-01+vote-2.{number}/1-after"),
            diff: DiffSize { files, added: 4, removed: 1 },
        }),
    };
    let last = asked.attempts.last_mut().unwrap();
    last.contest = Some(Contending::Vote);
    last.account.inner = vec![made(1, "aider", 1), made(2, "codex", 0), made(3, "aider", 2)];
    let attempt = last.id;
    facts.workstreams[0] = Arc::new(asked);
    desk.facts = facts;
    desk.key('e');
    assert_eq!(
        labels(&desk)[..3],
        [
            "take what aider#1 made (1 file, +4 −1)",
            "take what aider#3 made (2 files, +4 −1)",
            "try again, with a note to the agent"
        ]
    );
    let take = Request::Take { attempt, contestant: 3 };
    assert_eq!(choose(&mut desk, "take what aider#3 made (2 files, +4 −1)"), sent(take));
    desk.key('R');
    let label = labels(&desk).into_iter().find(|label| label.contains("what aider#1 left"));
    let label = label.unwrap().to_owned();
    let from = StartFrom::Contestant(attempt, 1);
    assert_eq!(choose(&mut desk, &label), sent(retry(1, from)));
}
