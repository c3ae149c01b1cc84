//! Going from view to view, and what keys do in those that are no list and no log.

use super::{Context, diff, log, moves};
use crate::ipc::facts::Facts;
use crate::tui::action::Action;
use crate::tui::state::timeline::{Way, Zoom};
use crate::tui::state::{Focus, Notices, Timeline, UiState, View};

/// Opens a view, or goes back from it if it is open.
pub(super) fn open(ui: &mut UiState, view: View) {
    if ui.view == view {
        back(ui);
        return;
    }
    ui.origin = ui.view;
    ui.view = view;
    ui.page = 0;
    (ui.zoom, ui.focus) = (false, Focus::List);
}

/// Shows the log of the selected workstream on the whole screen; going back leads here again.
pub(super) fn open_log(ui: &mut UiState) {
    ui.origin = ui.view;
    ui.view = View::Workstreams;
    (ui.zoom, ui.focus) = (true, Focus::Log);
}

/// Goes to a view; going back leads here again.
pub(super) fn leave_for(ui: &mut UiState, view: View) {
    ui.origin = ui.view;
    ui.view = view;
    (ui.zoom, ui.focus) = (false, Focus::List);
}

/// Goes back to the view that this one was opened from.
pub(super) fn back(ui: &mut UiState) {
    ui.view = std::mem::take(&mut ui.origin);
    (ui.zoom, ui.focus) = (false, Focus::List);
}

/// Returns the number of the last notice.
pub(super) fn last_notice(facts: &Facts) -> u64 {
    facts.notices.back().map_or(0, |told| told.number)
}

/// Does what only some views know.
pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) {
    match (action, ui.view) {
        (Action::Timeline, _) => open(ui, View::Timeline),
        (Action::Grid, _) => {
            open(ui, View::Grid);
            // What was selected together is what is to be seen together.
            ui.grid.held = Some(ui.marked.clone()).filter(|marked| !marked.is_empty());
        }
        (Action::Diff, _) => diff::open(ui),
        (Action::Detail, _) => open(ui, View::Detail),
        (Action::Agents, _) => open(ui, View::Agents),
        (Action::Notices, _) => {
            open(ui, View::Notices);
            let read = last_notice(context.facts);
            ui.notices = Notices { before: ui.notices.read, read };
        }
        (Action::Alerts, _) => {
            open(ui, View::Alerts);
            // What comes later may stand before it, and is not chosen for that.
            ui.alerts.choose(ui.alerts.row(context.facts), context.facts);
        }
        (_, View::Timeline) => timeline(ui, action, context),
        (_, View::Grid) => grid(ui, action, context),
        (Action::Left | Action::Right, View::Workstreams) => log::aside(ui, action),
        _elsewhere => {}
    }
}

fn timeline(ui: &mut UiState, action: Action, context: Context<'_>) {
    let (facts, now) = (context.facts, context.now);
    let moved = |ui: &mut UiState, way: Way| match ui.timeline.moved(way, facts, now) {
        Some(timeline) => ui.timeline = timeline,
        None => ui.hint = Some("all of the time is in sight; + shows less of it".to_owned()),
    };
    match action {
        Action::Closer => match ui.timeline.zoomed(Zoom::In, facts, now) {
            same if same == ui.timeline => {
                ui.hint = Some("no less time can be shown".to_owned());
            }
            closer => ui.timeline = closer,
        },
        Action::Farther => ui.timeline = ui.timeline.zoomed(Zoom::Out, facts, now),
        Action::Left => moved(ui, Way::Earlier),
        Action::Right => moved(ui, Way::Later),
        Action::Follow => ui.timeline = Timeline { end: None, ..ui.timeline },
        _elsewhere => {}
    }
}

fn grid(ui: &mut UiState, action: Action, context: Context<'_>) {
    let count = |ui: &UiState, way: isize| ui.grid.count_beside(way);
    match action {
        Action::Closer if ui.grid.count == count(ui, -1) => {
            ui.hint = Some("one log fills the screen already".to_owned());
        }
        Action::Farther if ui.grid.count == count(ui, 1) => {
            ui.hint = Some("more logs could not be read".to_owned());
        }
        Action::Closer => ui.grid.count = count(ui, -1),
        Action::Farther => ui.grid.count = count(ui, 1),
        Action::Left => moves::step(ui, context.facts, -1),
        Action::Right => moves::step(ui, context.facts, 1),
        Action::Follow => {
            ui.grid.held = match ui.grid.held {
                Some(_) => None,
                None => Some(ui.grid.members(context.facts).into_iter().collect()),
            };
        }
        _elsewhere => {}
    }
}
