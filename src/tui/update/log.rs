//! Keys that are about the text of logs.

use super::{Command, Context, Direction, Over, Viewer, ask, marking};
use crate::core::WorkstreamId;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::{Action, selected};
use crate::tui::log::{Fold, Moment};
use crate::tui::state::{Modal, Purpose, Shown, UiState};

/// The columns that one key moves to the side.
const ASIDE: usize = 8;
/// No log is moved further.
const FARTHEST: usize = 4096;

/// Says whether an action is about the text of logs.
pub(super) fn takes(action: Action) -> bool {
    matches!(
        action,
        Action::Search
            | Action::SearchAll
            | Action::NextMatch
            | Action::PreviousMatch
            | Action::NextTrouble
            | Action::PreviousTrouble
            | Action::GoToTime
            | Action::Times
            | Action::Wrap
            | Action::MarkLines
            | Action::Copy
            | Action::Save
            | Action::Pager
            | Action::Editor
    )
}

/// Moves a log that is cut to the side.
pub(super) fn aside(ui: &mut UiState, action: Action) {
    if let Fold::Cut { left } = &mut ui.fold {
        *left = match action {
            Action::Left => left.saturating_sub(ASIDE),
            _right => (*left + ASIDE).min(FARTHEST),
        };
    }
}

/// Asks for the file into which the log is saved.
fn ask_where(ws: &WorkstreamFacts, shown: Shown) -> Modal {
    let output = match shown {
        Shown::Latest => ws.attempts.last().map_or_else(String::new, |it| it.id.to_string()),
        Shown::Attempt(id) => id.to_string(),
        Shown::Check => "check".to_owned(),
    };
    let input = format!("{}-{output}.log", ws.id).into();
    Modal::Line { workstream: ws.id.clone(), purpose: Purpose::Save, input }
}

/// Saves the log into the file that was named, unless that is there already.
pub(super) fn save(name: &str) -> Vec<Command> {
    let name = name.trim();
    let save = || Command::Save { name: name.to_owned(), over: Over::Nothing };
    (!name.is_empty()).then(save).into_iter().collect()
}

/// Goes to a time that was typed; what is none is asked for again.
pub(super) fn go_to_time(ui: &mut UiState, id: WorkstreamId, text: &str) -> Vec<Command> {
    match Moment::parse(text) {
        Some(moment) => vec![Command::GoToTime(moment)],
        None if text.trim().is_empty() => Vec::new(),
        None => {
            ui.hint = Some(format!("`{text}` is no time: 12:30, 12:30:15, -5m, +1h30m"));
            let input = text.into();
            ui.modal = Some(Modal::Line { workstream: id, purpose: Purpose::Time, input });
            Vec::new()
        }
    }
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) -> Vec<Command> {
    let mut ask = |purpose: Purpose| {
        ui.modal = selected(context.facts, ui).map(|ws| ask::line(ws.id.clone(), purpose));
    };
    match action {
        Action::Search => ask(Purpose::Search),
        Action::SearchAll => ask(Purpose::SearchAll),
        Action::GoToTime => ask(Purpose::Time),
        Action::Times => ui.times = !ui.times,
        Action::Wrap => {
            ui.fold = match ui.fold {
                Fold::Wrap => Fold::Cut { left: 0 },
                Fold::Cut { .. } => Fold::Wrap,
            };
        }
        Action::MarkLines => marking::toggle(ui, context),
        Action::Copy => return marking::copy(ui, context),
        Action::Save => ui.modal = selected(context.facts, ui).map(|ws| ask_where(ws, ui.shown)),
        Action::Pager => return vec![Command::View(Viewer::Pager)],
        Action::Editor => return vec![Command::View(Viewer::Editor)],
        Action::NextTrouble => return vec![Command::FindTrouble(Direction::Down)],
        Action::PreviousTrouble => return vec![Command::FindTrouble(Direction::Up)],
        Action::NextMatch => return vec![Command::Find(Direction::Down)],
        Action::PreviousMatch => return vec![Command::Find(Direction::Up)],
        _elsewhere => {}
    }
    Vec::new()
}
