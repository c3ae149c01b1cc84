//! Marking lines of the log, by keys or by the mouse, and copying them.

use super::seen::{LogShape, Seen};
use super::{Command, Context};
use crate::tui::action::Action;
use crate::tui::log::Form;
use crate::tui::state::{Focus, MarkedBy, Marking, Scroll, UiState, View};

/// Begins to mark lines where one stands, or marks none any more.
pub(super) fn toggle(ui: &mut UiState, context: Context<'_>) {
    if ui.marking.take().is_some() {
        return;
    }
    let seen = context.seen;
    let here = match seen.log.at {
        Some(line) if seen.rows.contains(&line) => Some(line),
        _elsewhere if ui.scroll == Scroll::Follow => seen.rows.last().copied(),
        _elsewhere => seen.rows.first().copied(),
    };
    let Some(line) = here else {
        ui.hint = Some("its lines are still being counted".to_owned());
        return;
    };
    ui.focus = Focus::Log;
    begin(ui, seen.log, Marking { anchor: line, head: line, by: MarkedBy::Keys });
}

/// What is marked stays where it is, so a log that is followed is held.
fn begin(ui: &mut UiState, log: LogShape, marking: Marking) {
    ui.marking = Some(marking);
    if ui.scroll == Scroll::Follow {
        let (line, rows) = (log.top.unwrap_or(0), isize::try_from(log.row).unwrap_or(0));
        ui.scroll =
            if log.form == Form::Readable { Scroll::Rows { line, rows } } else { Scroll::At(line) };
    }
}

/// Says whether an action moves the end of what is marked.
pub(super) fn takes(ui: &UiState, action: Action) -> bool {
    let by_keys = ui.marking.is_some_and(|marking| marking.by == MarkedBy::Keys);
    by_keys && ui.view == View::Workstreams && super::scrolling::of(action).is_some()
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) {
    let Some(step) = super::scrolling::of(action) else { return };
    extend(ui, context.seen, step.rows(context.seen.log.height));
}

/// Moves the end of what is marked by so many lines, and the log with it.
fn extend(ui: &mut UiState, seen: &Seen, by: isize) {
    let Some(marking) = &mut ui.marking else { return };
    let last = seen.log.lines.map_or(marking.head, |lines| lines.saturating_sub(1));
    marking.head = marking.head.saturating_add_signed(by).min(last);
    let line = marking.head;
    let is_seen = seen.rows.first().is_some_and(|first| *first <= line)
        && seen.rows.last().is_some_and(|last| line <= *last);
    if is_seen || seen.rows.is_empty() {
        return;
    }
    let height = seen.log.height;
    // Where it goes down, the line stands in the last third.
    let above = if by > 0 { height * 2 / 3 } else { height / 3 };
    ui.scroll = match seen.log.form {
        Form::Readable => Scroll::Rows { line, rows: -isize::try_from(above).unwrap_or(0) },
        Form::Text | Form::Raw => Scroll::At(line.saturating_sub(above)),
    };
}

/// Copies what is marked; if nothing is, what is in sight.
pub(super) fn copy(ui: &mut UiState, context: Context<'_>) -> Vec<Command> {
    let rows = &context.seen.rows;
    let in_sight = || rows.first().zip(rows.last()).map(|(first, last)| *first..=*last);
    let lines = ui.marking.take().map(Marking::lines).or_else(in_sight);
    if lines.is_none() {
        ui.hint = Some("its lines are still being counted".to_owned());
    }
    lines.map(Command::Copy).into_iter().collect()
}

/// Takes note that the mouse was pressed in the log.
pub(super) fn press(ui: &mut UiState, row: u16, seen: &Seen) {
    ui.marking = None;
    ui.pressed = seen.line_in_row(row);
}

/// Marks the lines from where the mouse was pressed to where it is.
pub(super) fn drag(ui: &mut UiState, row: u16, seen: &Seen) {
    let (Some(anchor), Some(area)) = (ui.pressed, seen.log_area()) else { return };
    if ui.marking.is_none_or(|marking| marking.by != MarkedBy::Mouse) {
        begin(ui, seen.log, Marking { anchor, head: anchor, by: MarkedBy::Mouse });
    }
    if row < area.y {
        extend(ui, seen, -1);
    } else if row >= area.bottom() {
        extend(ui, seen, 1);
    } else if let (Some(head), Some(marking)) = (seen.line_in_row(row), &mut ui.marking) {
        marking.head = head;
    }
}

/// Copies what the mouse has marked, now that it is let go.
pub(super) fn release(ui: &mut UiState) -> Vec<Command> {
    ui.pressed = None;
    let by_mouse = ui.marking.take_if(|marking| marking.by == MarkedBy::Mouse);
    by_mouse.map(|marking| Command::Copy(marking.lines())).into_iter().collect()
}
