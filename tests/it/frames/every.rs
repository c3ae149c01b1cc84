//! Every view and every window over it: at sizes small and large, and in every theme.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use ostler::ipc::facts::Facts;
use ostler::tui::log::Fold;
use ostler::tui::state::form::Field;
use ostler::tui::state::themes::Known;
use ostler::tui::state::{Focus, Found, Grid, Modal, Themes, UiState, View};
use ostler::tui::theme::colour::{contrast, rgb};
use ostler::tui::view_model::{PaneKind, ViewModel};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::agents::fleet;
use super::fixture::{facts, survey, ui};
use super::picture::{check, draw, form, modals, model, text, theme};
use super::properties::sides_stand;
use super::views::timed;

/// The sizes of frames that are stored.
const STORED: &[(u16, u16)] = &[(40, 12), (80, 24), (120, 40), (200, 60)];
/// Small and large ones, high and wide ones.
const ALL: &[(u16, u16)] =
    &[(60, 16), (60, 120), (79, 23), (100, 99), (200, 17), (400, 16), (400, 120)];
const THEMES: &[&str] = &["dark", "light", "high-contrast", "colour-blind", "tritan"];

/// The views, the project that they show, and what is asked of them.
fn views() -> Vec<(String, Facts, UiState)> {
    let of = |view| UiState { view, ..ui() };
    let empty = Facts { workstreams: Vec::new(), notices: VecDeque::new(), ..facts() };
    let start = UiState { survey: Some(Arc::new(survey())), ..UiState::default() };
    let found = Found { pattern: "parser".to_owned(), selected: 2, asked: 1, is_given_up: false };
    let mut all = vec![
        ("workstreams", facts(), ui()),
        ("log", facts(), UiState { zoom: true, focus: Focus::Log, ..ui() }),
        ("log_cut", facts(), UiState { fold: Fold::Cut { left: 8 }, focus: Focus::Log, ..ui() }),
        ("inbox", facts(), UiState { selected: Some("ws-05".into()), ..of(View::Inbox) }),
        ("timeline", timed(), of(View::Timeline)),
        ("diff", facts(), of(View::Diff)),
        ("detail", facts(), of(View::Detail)),
        ("notices", facts(), of(View::Notices)),
        ("agents", fleet(), UiState { agent: Some("aider".into()), ..of(View::Agents) }),
        ("alerts", super::alerts::wrong(), super::alerts::list()),
        ("found", facts(), UiState { found, ..of(View::Found) }),
        ("start", empty, start),
    ];
    for count in [1, 2, 4, 6, 9] {
        let name = ["", "grid_1", "grid_2", "", "grid_4", "", "grid_6", "", "", "grid_9"][count];
        let grid = Grid { count, held: None };
        all.push((name, facts(), UiState { grid, ..of(View::Grid) }));
    }
    all.into_iter().map(|(name, facts, ui)| (name.to_owned(), facts, ui)).collect()
}

/// The windows over a view.
fn windows() -> Vec<(String, Facts, UiState)> {
    let known =
        ["dark", "light", "mono"].map(|it| Known { name: it.to_owned(), source: it.to_owned() });
    let themes = Themes { known: known.into(), chosen: None };
    let choice = Modal::Themes { before: None, selected: 1 };
    let mut desk = crate::update::desk::Desk::with(&[ostler::core::PhaseWord::Running]);
    desk.key('M');
    let menu = desk.ui.modal.take().unwrap();
    let files = Modal::New(Box::new(form(Field::Files)));
    let more = [("themes", choice), ("menu_over", menu), ("form_files", files)];
    let all = modals().into_iter().chain(more);
    let over = |modal| UiState {
        modal: Some(modal),
        themes: themes.clone(),
        survey: Some(Arc::new(survey())),
        ..ui()
    };
    all.map(|(name, modal)| (name.to_owned(), facts(), over(modal))).collect()
}

/// Frames of which other tests store these sizes.
const STORED_ELSEWHERE: &[&str] = &[
    "timeline", "diff", "detail", "notices", "agents", "alerts", "found", "start", "grid_4",
    "form", "log_cut",
];

#[test]
fn what_is_stored_nowhere_else_is_stored_at_every_size() {
    for (name, facts, ui) in views().into_iter().chain(windows()) {
        if STORED_ELSEWHERE.contains(&name.as_str()) || name.starts_with("form") {
            continue;
        }
        // Below the least size all say the same.
        for (columns, rows) in &STORED[1..] {
            check(&format!("{name}_{columns}x{rows}"), &facts, &ui, (*columns, *rows));
        }
    }
}

#[test]
fn below_the_least_size_all_say_the_same() {
    let shown = |(_, facts, ui): (String, Facts, UiState)| {
        text(&draw(&model(&facts, &ui, STORED[0]), &theme("dark")).0)
    };
    let all: BTreeMap<String, usize> =
        views().into_iter().chain(windows()).map(|it| (shown(it), 1)).collect();
    assert_eq!(all.len(), 1, "{all:#?}");
}

#[test]
fn no_frame_is_broken_at_any_size() {
    for (name, facts, ui) in views().into_iter().chain(windows()) {
        for size in STORED[1..].iter().chain(ALL) {
            let model = model(&facts, &ui, *size);
            let (buffer, cursor) = draw(&model, &theme("dark"));
            let whole = is_whole(&model, &buffer);
            assert_eq!(whole, Ok(()), "{name} at {size:?}\n{}", text(&buffer));
            assert!(cursor.is_none_or(|at| buffer.area.contains(at)), "{name} at {size:?}");
        }
    }
}

/// Says whether the edges of what lies on top stand: those of the dialog, or those of all panes.
fn is_whole(model: &ViewModel, buffer: &Buffer) -> Result<(), String> {
    let Some(dialog) = &model.dialog else { return sides_stand(model, buffer) };
    let area = dialog.area;
    let corners = [
        (area.x, area.y, "╭"),
        (area.right() - 1, area.y, "╮"),
        (area.x, area.bottom() - 1, "╰"),
        (area.right() - 1, area.bottom() - 1, "╯"),
    ];
    let lost = corners.iter().find(|(x, y, sign)| buffer[(*x, *y)].symbol() != *sign);
    lost.map_or(Ok(()), |lost| Err(format!("no corner {lost:?}")))
}

#[test]
fn every_word_can_be_read_in_every_theme() {
    for name in THEMES {
        let theme = theme(name);
        for (view, facts, ui) in views().into_iter().chain(windows()) {
            let model = model(&facts, &ui, (160, 48));
            let (buffer, _) = draw(&model, &theme);
            // The colours that agents choose are their own.
            let is_log = |kind| matches!(kind, PaneKind::Log | PaneKind::Tile(_));
            let logs = model.panes.iter().filter(|pane| is_log(pane.kind));
            let logs: Vec<Rect> = logs.map(|pane| pane.area).collect();
            for at in buffer.area.positions().filter(|at| !logs.iter().any(|log| log.contains(*at)))
            {
                let cell = &buffer[at];
                // Lines and bars need no more than to be seen.
                let is_word = cell.symbol().chars().any(char::is_alphanumeric);
                let (mut fg, mut bg) = (cell.fg, cell.bg);
                if cell.modifier.contains(Modifier::REVERSED) {
                    (fg, bg) = (bg, fg);
                }
                let shades = rgb(fg).zip(rgb(bg)).filter(|_| is_word && fg != Color::Reset);
                let Some((fg, bg)) = shades else { continue };
                let found = contrast(fg, bg);
                let symbol = cell.symbol();
                assert!(
                    found >= 4.5,
                    "{name}, {view}, {at}: {symbol} {found:.2}\n{}",
                    text(&buffer)
                );
            }
        }
    }
}

#[test]
fn what_was_found_stands_out_in_the_chosen_line_too() {
    let all = views();
    let (_, facts, ui) = all.iter().find(|(name, ..)| name == "found").unwrap();
    for name in THEMES.iter().chain(&["terminal-16", "mono"]) {
        let (buffer, _) = draw(&model(facts, ui, (120, 40)), &theme(name));
        let row = text(&buffer).lines().position(|line| line.contains('▸')).unwrap();
        let row = u16::try_from(row).unwrap();
        let line: String = (0..120).map(|x| buffer[(x, row)].symbol()).collect();
        let word = line.find("parser").unwrap();
        let at = u16::try_from(line[..word].chars().count()).unwrap();
        let look = |x: u16| {
            let cell = &buffer[(x, row)];
            (cell.fg, cell.bg, cell.modifier)
        };
        assert_ne!(look(at), look(at - 2), "{name}: {line}");
    }
}
