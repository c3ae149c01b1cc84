//! One frame: facts and what the screen remembers become a view model, and that becomes bytes.

use std::io;

use super::log_pane::LogPane;
use super::title::title;
use crate::core::Timestamp;
use crate::ipc::facts::Facts;
use crate::tui::action::{Entry, Group, TABLE, footer};
use crate::tui::keymap::Keymap;
use crate::tui::state::{Modal, UiState};
use crate::tui::terminal::canvas::Canvas;
use crate::tui::theme::Theme;
use crate::tui::update::Seen;
use crate::tui::update::palette::entries;
use crate::tui::update::seen::LogShape;
use crate::tui::view::render;
use crate::tui::view_model::{Hint, HintGroup, Scene, log_window, project};

/// What a frame is made of, beside what the operator decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) facts: &'a Facts,
    pub(super) log: &'a LogPane,
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
    let Moment { facts, log, now, size } = moment;
    let window = log_window(facts, ui, size);
    let page = window.and_then(|window| log.page(ui, window));
    let shape = page.as_ref().zip(window).map(|(page, (rows, _))| LogShape::of(page, rows));
    let shown = footer(facts, ui);
    let keys: Vec<Hint> = shown
        .iter()
        .map(|action| Hint { key: keymap.label(*action), what: action.word(facts, ui).to_owned() })
        .collect();
    let help = match &ui.modal {
        Some(Modal::Help { .. }) => help(keymap),
        _other => Vec::new(),
    };
    let palette = match &ui.modal {
        Some(Modal::Palette { input, .. }) => palette(input.value(), facts, ui, keymap),
        _other => Vec::new(),
    };
    let model = project(&Scene {
        facts,
        ui,
        log: page.as_ref(),
        keys: &keys,
        help: &help,
        palette: &palette,
        now,
        size,
    });
    let bytes =
        canvas.frame(size, &title(facts), |area, buffer| render(&model, theme, area, buffer))?;
    let seen = Seen { model: Some(model), footer: shown, log: shape.unwrap_or_default() };
    Ok((bytes, seen))
}

/// Returns every action with its keys, for the help.
pub(super) fn help(keymap: &Keymap) -> Vec<HintGroup> {
    let keys = |entry: &Entry| match keymap.labels(entry.action) {
        // Without a key, it is found in the palette.
        none if none.is_empty() => format!(":{}", entry.name),
        keys => keys,
    };
    let hints = |group: Group| {
        let entries = TABLE.iter().filter(|entry| entry.group == group);
        entries.map(|entry| Hint { key: keys(entry), what: entry.doc.to_owned() }).collect()
    };
    Group::ALL
        .iter()
        .map(|group| HintGroup { title: group.title().to_owned(), hints: hints(*group) })
        .collect()
}

fn palette(typed: &str, facts: &Facts, ui: &UiState, keymap: &Keymap) -> Vec<Hint> {
    entries(typed, facts, ui, keymap)
        .into_iter()
        .map(|entry| {
            let what = entry.not_now.map_or(entry.doc, |why| format!("not now: {why}"));
            Hint { key: entry.keys, what: format!("{}  {what}", entry.name) }
        })
        .collect()
}
