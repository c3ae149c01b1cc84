//! Moving around: which workstream is selected, which part of which log is shown, in which pane.

use super::facts::select;
use super::seen::LogShape;
use super::{Context, ask, views};
use crate::core::WorkstreamId;
use crate::ipc::facts::Facts;
use crate::tui::action::{Action, needs_you, selected, waits};
use crate::tui::keymap::Bound;
use crate::tui::listed;
use crate::tui::log::Form;
use crate::tui::outputs;
use crate::tui::state::{Focus, Reading, Scroll, Shown, UiState, View};

/// The rows of a page of a list.
const PAGE: isize = 10;

pub(super) fn act(ui: &mut UiState, bound: Bound, context: Context<'_>) {
    let (facts, log) = (context.facts, context.seen.log);
    let page = isize::try_from(log.height.saturating_sub(1).max(1)).unwrap_or(1);
    let in_log = ui.view == View::Workstreams && ui.focus == Focus::Log;
    match bound.action {
        Action::Down if in_log => scroll(ui, log, 1),
        Action::Up if in_log => scroll(ui, log, -1),
        Action::First if in_log => scroll(ui, log, isize::MIN),
        Action::Last if in_log => ui.scroll = Scroll::Follow,
        Action::Down => step(ui, facts, 1),
        Action::Up => step(ui, facts, -1),
        Action::First => step(ui, facts, isize::MIN),
        Action::Last => step(ui, facts, isize::MAX),
        Action::PageDown if ui.view == View::Workstreams => scroll(ui, log, page),
        Action::PageUp if ui.view == View::Workstreams => scroll(ui, log, -page),
        Action::PageDown => step(ui, facts, PAGE),
        Action::PageUp => step(ui, facts, -PAGE),
        Action::Jump => {
            if let Some(id) = listed(facts, ui).get(bound.nth) {
                select(ui, id);
            }
        }
        Action::NextWaiting => next_waiting(ui, facts),
        Action::NextPane => {
            ui.focus = match ui.focus {
                Focus::List => Focus::Log,
                Focus::Log => Focus::List,
            };
        }
        Action::Back if gives_up(ui, context) => {}
        Action::Back => back(ui),
        Action::Inbox => {
            if ui.view != View::Inbox {
                views::open(ui, View::Inbox);
            }
            if !selected(facts, ui).is_some_and(needs_you) {
                next_waiting(ui, facts);
            }
        }
        Action::Follow if ui.view != View::Workstreams => views::act(ui, bound.action, context),
        Action::Follow => {
            ui.scroll = match ui.scroll {
                Scroll::Follow => Scroll::At(log.top.unwrap_or(0)),
                Scroll::At(_) | Scroll::Rows { .. } => Scroll::Follow,
            };
        }
        Action::Raw => read(ui, log),
        Action::EarlierOutput => show(ui, facts, -1),
        Action::LaterOutput => show(ui, facts, 1),
        _elsewhere => {}
    }
}

/// Lets the pane fill the screen, or no longer; in the inbox, asks for the decision, or goes to the agent that asks.
pub(super) fn zoom(ui: &mut UiState, context: Context<'_>) {
    if ui.view == View::Inbox {
        match selected(context.facts, ui) {
            Some(ws) if waits(ws) => ui.modal = Some(ask::decide(ws)),
            Some(ws) if needs_you(ws) => ui.view = View::Workstreams,
            Some(_) | None => {}
        }
        return;
    }
    if matches!(ui.view, View::Timeline | View::Grid | View::Detail) {
        views::open_log(ui);
    } else if ui.zoom {
        views::back(ui);
    } else {
        (ui.zoom, ui.focus) = (true, Focus::Log);
    }
}

/// Gives up the search that is in sight and goes on, if there is one.
fn gives_up(ui: &mut UiState, context: Context<'_>) -> bool {
    match ui.view {
        View::Found if context.seen.found.is_going && !ui.found.is_given_up => {
            ui.found.is_given_up = true;
            true
        }
        View::Workstreams if ui.marking.is_none() => {
            ui.search.take_if(|search| search.tally.percent.is_some()).is_some()
        }
        _elsewhere => false,
    }
}

fn back(ui: &mut UiState) {
    if ui.view == View::Workstreams && ui.marking.take().is_some() {
        return;
    }
    if ui.view == View::Diff && ui.diff.search.take().is_some() {
        return;
    }
    if ui.zoom || ui.view != View::Workstreams {
        views::back(ui);
    } else if !ui.marked.is_empty() {
        ui.marked.clear();
    } else if ui.filter.is_some() {
        ui.filter = None;
    } else if ui.search.is_some() {
        ui.search = None;
    } else if ui.scroll != Scroll::Follow || ui.shown != Shown::Latest {
        ui.scroll = Scroll::Follow;
        ui.shown = Shown::Latest;
    } else {
        ui.focus = Focus::List;
    }
}

/// Moves the log by so many lines; past its end it is followed again.
pub(super) fn scroll(ui: &mut UiState, log: LogShape, lines: isize) {
    let Some(drawn) = log.top else {
        ui.hint = Some("its lines are still being counted".to_owned());
        return;
    };
    if log.form == Form::Readable {
        scroll_rows(ui, (drawn, log), lines);
        return;
    }
    let top = match ui.scroll {
        Scroll::Follow if lines > 0 => return,
        Scroll::Follow => drawn,
        // At the end, a page shows as much as there is, not as little as was asked for.
        Scroll::At(line) | Scroll::Rows { line, .. } if log.at_end => line.min(drawn),
        Scroll::At(line) | Scroll::Rows { line, .. } => line,
    };
    let last = log.lines.unwrap_or(usize::MAX).saturating_sub(1);
    ui.scroll = if lines > 0 && log.at_end {
        Scroll::Follow
    } else {
        Scroll::At(top.saturating_add_signed(lines).min(last))
    };
}

/// Moves a log of events by so many rows: how many an event takes is known when it is drawn.
fn scroll_rows(ui: &mut UiState, (drawn, log): (usize, LogShape), by: isize) {
    let here = (drawn, isize::try_from(log.row).unwrap_or(isize::MAX));
    let is_drawn = ui.scroll == log.drawn;
    let (line, rows) = match ui.scroll {
        Scroll::Follow if by > 0 => return,
        Scroll::Follow => here,
        _ if is_drawn => here,
        Scroll::At(line) => (line, 0),
        Scroll::Rows { line, rows } => (line, rows),
    };
    ui.scroll = match by {
        isize::MIN => Scroll::At(0),
        1.. if log.at_end && is_drawn => Scroll::Follow,
        _ => Scroll::Rows { line, rows: rows.saturating_add(by) },
    };
}

/// Shows events as they were written, or as lines that people read.
fn read(ui: &mut UiState, log: LogShape) {
    if log.form == Form::Text {
        ui.hint = Some("this log is text: it is shown as it was written".to_owned());
        return;
    }
    ui.reading = match ui.reading {
        Reading::Readable => Reading::Raw,
        Reading::Raw => Reading::Readable,
    };
    // The same event stays in sight.
    if let Scroll::Rows { .. } | Scroll::At(_) = ui.scroll {
        ui.scroll = log.top.map_or(Scroll::Follow, Scroll::At);
    }
}

/// Moves the selection by so many rows of the list in sight.
pub(super) fn step(ui: &mut UiState, facts: &Facts, rows: isize) {
    let listed = listed(facts, ui);
    let row = listed.iter().position(|id| ui.selected.as_ref() == Some(id)).unwrap_or(0);
    let wanted = row.saturating_add_signed(rows).min(listed.len().saturating_sub(1));
    if let Some(id) = listed.get(wanted) {
        select(ui, id);
    }
}

/// Returns the workstreams of the list in sight, in its order.
fn listed(facts: &Facts, ui: &UiState) -> Vec<WorkstreamId> {
    if ui.view == View::Grid {
        return ui.grid.members(facts);
    }
    if ui.view == View::Workstreams {
        return listed::listed(facts, ui).into_iter().map(|ws| ws.id.clone()).collect();
    }
    let all = ui.view != View::Inbox;
    facts.workstreams.iter().filter(|ws| all || needs_you(ws)).map(|ws| ws.id.clone()).collect()
}

fn next_waiting(ui: &mut UiState, facts: &Facts) {
    let row = facts.workstreams.iter().position(|ws| ui.selected.as_ref() == Some(&ws.id));
    let (before, after) = facts.workstreams.split_at(row.map_or(0, |row| row + 1));
    if let Some(next) = after.iter().chain(before).find(|ws| needs_you(ws)) {
        select(ui, &next.id);
    }
}

/// Shows the output that stands so many places after the one that is shown.
fn show(ui: &mut UiState, facts: &Facts, places: isize) {
    let beside = selected(facts, ui).and_then(|ws| outputs::beside(ws, ui.shown, places));
    if let Some(shown) = beside {
        (ui.shown, ui.scroll) = (shown, Scroll::Follow);
        (ui.marking, ui.pressed) = (None, None);
    }
}
