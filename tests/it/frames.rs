//! What the screen shows for given facts: snapshots of whole frames, and properties of all of them.
//!
//! `OSTLER_FRAMES=DIR cargo test --test it frames` leaves every frame in DIR as text with escape sequences.

mod agents;
mod alerts;
mod every;
pub mod fixture;
mod found;
mod inside;
mod logs;
pub mod picture;
mod properties;
mod storm;
mod themes;
mod views;

use std::collections::VecDeque;
use std::sync::Arc;

use ostler::core::PhaseWord;
use ostler::core::breaker::State;
use ostler::ipc::facts::{AgentFacts, Facts};
use ostler::tui::state::form::Field;
use ostler::tui::state::{Focus, Modal, Scroll, Search, Survey, Tally, UiState, View};
use ostler::tui::view_model::{self, Content, Hit, PaneKind, Scene, Selected};

use fixture::{all_phases, facts, ui, workstream};
use picture::{check, draw, modals, model, scene, text, theme};

#[test]
fn every_size() {
    for (columns, rows) in [(60, 16), (80, 24), (100, 30), (120, 40), (160, 48)] {
        check(&format!("workstreams_{columns}x{rows}"), &facts(), &ui(), (columns, rows));
    }
    check("too_small_40x12", &facts(), &ui(), (40, 12));
}

#[test]
fn every_phase() {
    check("phases_80x40", &all_phases(), &ui(), (80, 40));
    check("phases_160x48", &all_phases(), &ui(), (160, 48));
}

#[test]
fn zoomed_and_scrolled() {
    let tally = Tally { count: 2, place: None, percent: None };
    let search = Some(Search { pattern: "parser".to_owned(), tally });
    let scrolled = UiState { focus: Focus::Log, scroll: Scroll::At(2), search, ..ui() };
    check("scrolled_80x24", &facts(), &scrolled, (80, 24));
    let log = UiState { zoom: true, ..scrolled };
    check("zoomed_log_80x24", &facts(), &log, (80, 24));
    let list = UiState { zoom: true, ..ui() };
    check("zoomed_list_120x40", &facts(), &list, (120, 40));
}

#[test]
fn inbox() {
    let ui = UiState { view: View::Inbox, selected: Some("ws-05".into()), ..ui() };
    check("inbox_80x24", &facts(), &ui, (80, 24));
    check("inbox_160x48", &facts(), &ui, (160, 48));
    let nothing = Facts { workstreams: Vec::new(), ..facts() };
    check("inbox_empty_80x24", &nothing, &ui, (80, 24));
}

#[test]
fn an_explanation_with_times_in_it_says_how_old_it_is() {
    let said = |seconds: u64, phase: PhaseWord| {
        let mut one = workstream("ws-01", "One", phase);
        one.explained = ostler::core::Timestamp(fixture::NOW.0 - seconds * 1000);
        let facts = Facts { workstreams: vec![one.into()], ..facts() };
        let ui = UiState {
            modal: Some(ostler::tui::state::Modal::Why { scroll: 0 }),
            ..UiState::default()
        };
        text(&draw(&model(&facts, &ui, (80, 24)), &theme("dark")).0)
    };
    // In the place of a log that is not there yet, too.
    let mut one = workstream("ws-01", "One", PhaseWord::Running);
    one.explained = ostler::core::Timestamp(fixture::NOW.0 - 12_000);
    let facts = Facts { workstreams: vec![one.into()], ..facts() };
    let ui = UiState::default();
    let silent = Scene { log: None, ..scene(&facts, &ui, (120, 40)) };
    let shown = text(&draw(&view_model::project(&silent), &theme("dark")).0);
    assert!(shown.contains("That was 12 s ago."), "{shown}");
    assert!(said(12, PhaseWord::Running).contains("That was 12 s ago."));
    assert!(!said(1, PhaseWord::Running).contains("That was"));
    assert!(!said(12, PhaseWord::Escalated).contains("That was"));
}

#[test]
fn nothing_yet() {
    let empty = Facts { workstreams: Vec::new(), notices: VecDeque::new(), ..facts() };
    check("empty_80x24", &empty, &UiState::default(), (80, 24));
    let survey = |survey| UiState { survey: Some(Arc::new(survey)), ..UiState::default() };
    for (columns, rows) in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        let found = survey(fixture::survey());
        check(&format!("start_{columns}x{rows}"), &empty, &found, (columns, rows));
    }
    check("start_without_agents_60x16", &empty, &survey(Survey::default()), (60, 16));
    let shown = UiState { selected: Some("ws-07".into()), ..ui() };
    let model = view_model::project(&Scene { log: None, ..scene(&facts(), &shown, (80, 24)) });
    insta::assert_snapshot!("no_log_80x24", text(&draw(&model, &theme("dark")).0));
}

#[test]
fn something_is_wrong_as_a_whole() {
    let banner =
        Some("ostler.yaml:8:5: unknown field `retrys`; the last good one stays".to_owned());
    let facts = Facts { banner, paused: true, ..facts() };
    check("banner_80x24", &facts, &ui(), (80, 24));
}

#[test]
fn breakers_that_are_not_closed_are_named_where_there_is_room() {
    let agent = |name: &str, breaker| AgentFacts { breaker, ..fixture::agent(name) };
    let open = State::Open { until: fixture::NOW, why: "3 failures in a row".to_owned() };
    let held = State::Held { why: "the operator holds it".to_owned() };
    let agents = vec![agent("aider", open), agent("codex", State::Closed), agent("copilot", held)];
    let facts = Facts { agents, ..facts() };
    check("breakers_80x24", &facts, &ui(), (80, 24));
    check("breakers_160x48", &facts, &ui(), (160, 48));
}

#[test]
fn every_dialog() {
    for (name, modal) in modals() {
        let ui = UiState { modal: Some(modal), ..ui() };
        check(&format!("{name}_80x24"), &facts(), &ui, (80, 24));
        check(&format!("{name}_160x48"), &facts(), &ui, (160, 48));
    }
}

#[test]
fn only_some_of_the_workstreams_are_listed() {
    let ui = UiState { filter: Some("running".to_owned()), ..ui() };
    check("filtered_80x24", &facts(), &ui, (80, 24));
    check("filtered_160x48", &facts(), &ui, (160, 48));
}

#[test]
fn a_new_workstream_is_written_down_at_every_size() {
    for (columns, rows) in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        for field in Field::ALL {
            let mut form = picture::form(field);
            if field == Field::Check {
                let wrong = ".ostler/workstreams/split.yaml:4:3: unknown agent `codecs` (did you mean `codex`?)";
                form.wrong = vec![wrong.to_owned()];
            }
            let survey = Some(Arc::new(fixture::survey()));
            let ui = UiState { modal: Some(Modal::New(Box::new(form))), survey, ..ui() };
            let name = format!("{field:?}").to_lowercase();
            check(&format!("form_{name}_{columns}x{rows}"), &facts(), &ui, (columns, rows));
        }
    }
    let blank = UiState { modal: Some(Modal::New(Box::default())), ..ui() };
    check("form_blank_80x24", &facts(), &blank, (80, 24));
    let (_, rewrite) = modals().pop().unwrap();
    let rewrite = UiState { modal: Some(rewrite), ..ui() };
    check("rewrite_60x16", &facts(), &rewrite, (60, 16));
}

#[test]
fn the_mouse_finds_what_is_under_it() {
    let facts = facts();
    let at = |ui: &UiState, column, row| model(&facts, ui, (80, 24)).hit(column, row);
    assert_eq!(at(&ui(), 5, 4), Some(Hit::Workstream("ws-03".into())));
    assert_eq!(at(&ui(), 78, 9), Some(Hit::Workstream("ws-08".into())));
    assert_eq!(at(&ui(), 5, 1), Some(Hit::Pane(PaneKind::List)));
    assert_eq!(at(&ui(), 5, 15), Some(Hit::Pane(PaneKind::Log)));
    assert_eq!(at(&ui(), 1, 23), Some(Hit::Key(0)));
    assert_eq!(at(&ui(), 11, 23), Some(Hit::Key(1)));
    assert_eq!(at(&ui(), 79, 23), None);
    assert_eq!(at(&ui(), 5, 0), None);
    let (_, choose) = modals().remove(4);
    let choosing = UiState { modal: Some(choose), ..ui() };
    let dialog = model(&facts, &choosing, (80, 24)).dialog.unwrap().area;
    assert_eq!(at(&choosing, dialog.x + 3, dialog.y + 2), Some(Hit::Dialog), "the text");
    assert_eq!(at(&choosing, dialog.x + 3, dialog.bottom() - 3), Some(Hit::Entry(3)));
    assert_eq!(at(&choosing, dialog.x, dialog.y), Some(Hit::Dialog));
    assert_eq!(at(&choosing, dialog.x - 1, dialog.y), Some(Hit::Outside));
}

#[test]
fn the_list_scrolls_with_the_selection() {
    let workstreams: Vec<_> = (0..200)
        .map(|place| workstream(&format!("ws-{place}"), "One of many", PhaseWord::Queued))
        .map(Arc::new)
        .collect();
    let facts = Facts { workstreams, ..facts() };
    for place in [0, 1, 99, 198, 199] {
        let id = format!("ws-{place}");
        let ui = UiState { selected: Some(id.as_str().into()), ..ui() };
        for size in [(60, 16), (160, 48)] {
            let model = model(&facts, &ui, size);
            let Content::Rows(rows) = &model.panes[0].content else { panic!("no list") };
            let selected: Vec<_> =
                rows.iter().filter(|row| row.selected == Selected::Yes).collect();
            assert_eq!(selected.len(), 1);
            assert_eq!(selected[0].hit, Some(Hit::Workstream(id.as_str().into())));
        }
    }
}

#[test]
fn a_selection_that_is_gone_becomes_the_first() {
    let ui = UiState { selected: Some("ws-99".into()), ..ui() };
    let facts = facts();
    assert_eq!(scene(&facts, &ui, (80, 24)).selected().unwrap().id, "ws-01".into());
}

#[test]
fn views_only_draw() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui/view");
    let mut files = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        files += 1;
        for word in
            ["std::", "tokio", "Instant", "SystemTime", "facts", "UiState", "&mut ViewModel"]
        {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let named = code.into_iter().find(|line| line.contains(word));
            assert_eq!(named, None, "{} names {word}", path.display());
        }
        for at in text.match_indices("crate::").map(|(at, _)| at) {
            let rest = &text[at..];
            assert!(
                rest.starts_with("crate::tui::theme") || rest.starts_with("crate::tui::view_model"),
                "{} names {}",
                path.display(),
                rest.lines().next().unwrap()
            );
        }
    }
    assert!(files > 5);
}
