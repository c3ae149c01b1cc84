//! One frame: facts and what the screen remembers become a view model, and that becomes bytes.

use std::io;

use super::grid_panes::GridPanes;
use super::log_pane::LogPane;
use super::title::title;
use crate::core::Timestamp;
use crate::ipc::facts::Facts;
use crate::tui::action::footer;
use crate::tui::diff::{Change, Tokens};
use crate::tui::emulator::paint::Picture;
use crate::tui::found::FoundLines;
use crate::tui::hints;
use crate::tui::keymap::Keymap;
use crate::tui::state::{Modal, UiState};
use crate::tui::terminal::canvas::Canvas;
use crate::tui::theme::Theme;
use crate::tui::update::Seen;
use crate::tui::update::seen::{DiffShape, FoundShape, LogShape};
use crate::tui::view::render;
use crate::tui::view_model::grid::Tile;
use crate::tui::view_model::{
    Scene, found_height, grid_windows, log_window, patch_window, project,
};

/// What a frame is made of, beside what the operator decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) facts: &'a Facts,
    pub(super) log: &'a LogPane,
    pub(super) grid: &'a GridPanes,
    pub(super) change: &'a Change,
    pub(super) tokens: &'a Tokens,
    pub(super) found: &'a FoundLines,
    pub(super) terminal: Option<&'a Picture>,
    pub(super) now: Timestamp,
    pub(super) size: (u16, u16),
}

/// Draws a frame; returns the bytes that show it, and what can be seen in it.
pub(super) fn draw(
    canvas: &mut Canvas,
    ui: &UiState,
    (keymap, theme): (&Keymap, &Theme),
    moment: Moment<'_>,
) -> io::Result<(Vec<u8>, Seen)> {
    let Moment { facts, log, grid, change, tokens, found, terminal, now, size } = moment;
    let window = log_window(facts, ui, size);
    let page = window.and_then(|window| log.page(ui, window));
    let tiles: Vec<Tile> = grid_windows(facts, ui, size)
        .into_iter()
        .map(|(workstream, window)| Tile {
            page: grid.page(&workstream, (window, ui.fold)),
            workstream,
        })
        .collect();
    let at = log.looking.stands_at(ui.scroll);
    let shape = page
        .as_ref()
        .zip(window)
        .map(|(page, (rows, _))| LogShape { at, ..LogShape::of(page, rows, ui.scroll) });
    let (shown, keys) = if let Some(attached) = &ui.terminal {
        (Vec::new(), hints::terminal(attached, facts))
    } else {
        let shown = footer(facts, ui);
        let keys = hints::footer(&shown, facts, ui, keymap);
        (shown, keys)
    };
    let help = match &ui.modal {
        Some(Modal::Help { .. }) => hints::help(keymap, ui.leaving),
        _other => Vec::new(),
    };
    let palette = match &ui.modal {
        Some(Modal::Palette { input, .. }) => hints::palette(input.value(), facts, ui, keymap),
        _other => Vec::new(),
    };
    let start = if facts.workstreams.is_empty() { hints::start(ui, keymap) } else { Vec::new() };
    let model = project(&Scene {
        facts,
        ui,
        log: page.as_ref(),
        grid: &tiles,
        change,
        tokens,
        found,
        terminal,
        keys: &keys,
        help: &help,
        palette: &palette,
        start: &start,
        now,
        size,
    });
    let diff = DiffShape::of(change, patch_window(facts, ui, size));
    let bytes =
        canvas.frame(size, &title(facts), |area, buffer| render(&model, theme, area, buffer))?;
    let height = found_height(facts, ui, size);
    let found = FoundShape { lines: found.lines.len(), height, is_going: !found.is_done };
    let log = shape.unwrap_or_default();
    let rows = page.map(|page| page.numbers).unwrap_or_default();
    let seen = Seen { model: Some(model), footer: shown, log, rows, diff, found };
    Ok((bytes, seen))
}
