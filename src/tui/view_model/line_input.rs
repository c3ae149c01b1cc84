//! One line of text that is being typed.

use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::dialog::{hint, widest, window};
use super::layout::inner;
use super::text::{Line, columns};
use super::{Dialog, Row};
use crate::core::WorkstreamId;
use crate::tui::clean::{clean, width};
use crate::tui::log::complaint;
use crate::tui::state::Purpose;
use crate::tui::theme::Role;

/// Returns the dialog that asks for the line.
pub fn dialog(body: Rect, workstream: &WorkstreamId, purpose: &Purpose, input: &Input) -> Dialog {
    let (title, about, enter) = match purpose {
        Purpose::RetryNote { tier: None } => (
            format!("Retry {workstream} with a note"),
            "What should the agent know? Empty for a plain retry.",
            "retry",
        ),
        Purpose::RetryNote { tier: Some(_) } => (
            format!("Retry {workstream} with a note"),
            "What should the agent of that tier know? It may be empty.",
            "retry",
        ),
        Purpose::EscalationNote { .. } => (
            format!("Escalate {workstream} with a note"),
            "What should the next one know? Empty for none.",
            "escalate",
        ),
        Purpose::AgentInput => (
            format!("Send input to {workstream}"),
            "These characters and a line break go to the agent.",
            "send",
        ),
        Purpose::Search => (
            format!("Search the log of {workstream}"),
            "Text or a regular expression; capitals make case matter.",
            "search",
        ),
        Purpose::Time => (
            format!("Go to a time in the log of {workstream}"),
            "12:30 or 12:30:15; -5m before its end, +5m after its beginning.",
            "go",
        ),
        Purpose::Save => (
            format!("Save the log of {workstream}"),
            "The file gets what can be read of the whole log, without colours.",
            "save",
        ),
        Purpose::SearchDiff => (
            format!("Search the diff of {workstream}"),
            "Text or a regular expression; capitals make case matter.",
            "search",
        ),
        Purpose::Filter => (
            "Filter the workstreams".to_owned(),
            "Part of a name, title, state or agent; !word leaves out; empty for all.",
            "keep",
        ),
        Purpose::SearchAll => (
            "Search all logs".to_owned(),
            "Text or a regular expression, in every attempt; empty for the last list.",
            "search",
        ),
    };
    let leave = if *purpose == Purpose::Filter { "show all" } else { "cancel" };
    let wrong = match purpose {
        Purpose::Search | Purpose::SearchAll | Purpose::SearchDiff => complaint(input.value()),
        _other => None,
    };
    let about = match wrong {
        Some(why) => {
            Line::of(format!(" No regular expression, so plain text: {why}"), Role::Warning)
        }
        None => Line::of(format!(" {about}"), Role::Dim),
    };
    let area = window(body, widest(body).min(76), 3);
    let room = inner(area);
    let (shown, column) = visible(input, usize::from(room.width).saturating_sub(4));
    let cursor = Position { x: room.x + 3 + u16::try_from(column).unwrap_or(0), y: room.y + 1 };
    let row = |line: Line| Row::plain(line.cut(usize::from(room.width)));
    Dialog {
        area,
        title: Line::of(format!(" {title} "), Role::Text).cut(usize::from(room.width)),
        hint: hint(&[("Enter", enter), ("Esc", leave)]),
        rows: vec![row(about), row(Line::of(" › ", Role::Accent).with(shown, Role::Strong))],
        cursor: room.contains(cursor).then_some(cursor),
        scroll: None,
    }
}

/// Returns the part of the input that is shown, and the column of the cursor in it.
pub fn visible(input: &Input, room: usize) -> (String, usize) {
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    let (before, after) = (clean(&before), clean(&after));
    let mut start = 0;
    while width(&before[start..]) >= room.max(1) {
        start += before[start..].chars().next().map_or(1, char::len_utf8);
    }
    let column = width(&before[start..]);
    let mut shown = before[start..].to_owned();
    let mut used = column;
    for c in after.chars() {
        let wide = columns(c);
        if used + wide > room {
            break;
        }
        used += wide;
        shown.push(c);
    }
    (shown, column)
}
