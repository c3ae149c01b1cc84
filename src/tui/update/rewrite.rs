//! Trying a workstream again with another prompt.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::form::is_yes;
use super::{Command, Order, questions};
use crate::core::Timestamp;
use crate::core::event::Request;
use crate::core::phase::StartFrom;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::state::{Modal, Rewrite, TextArea, UiState};

/// Opens the prompt to be changed.
pub(super) fn opened(ws: &WorkstreamFacts, tier: Option<usize>, now: Timestamp) -> Modal {
    let text = TextArea::of(&ws.prompt);
    Modal::Rewrite(Box::new(Rewrite {
        workstream: ws.id.clone(),
        tier,
        about: questions::ends_first(ws, now),
        before: text.text(),
        text,
        asks: false,
    }))
}

pub(super) fn key(ui: &mut UiState, event: &KeyEvent) -> Vec<Command> {
    let Some(Modal::Rewrite(mut rewrite)) = ui.modal.take() else { return Vec::new() };
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let leaves = event.code == KeyCode::Esc || (ctrl && event.code == KeyCode::Char('c'));
    let mut commands = Vec::new();
    if rewrite.asks {
        if is_yes(event) {
            return commands;
        }
        rewrite.asks = false;
    } else if leaves && rewrite.is_as_before() {
        return commands;
    } else if leaves {
        rewrite.asks = true;
    } else if ctrl && event.code == KeyCode::Char('e') {
        commands.push(Command::Edit(rewrite.text.text()));
    } else if ctrl && event.code == KeyCode::Char('s') && rewrite.text.is_blank() {
        ui.hint = Some("the prompt is empty; nothing is tried".to_owned());
    } else if ctrl && event.code == KeyCode::Char('s') {
        return vec![Command::Order(Order::Send(rewrite.workstream.clone(), request(&rewrite)))];
    } else if !matches!(event.code, KeyCode::Tab | KeyCode::BackTab) {
        rewrite.text.key(event);
    }
    ui.modal = Some(Modal::Rewrite(rewrite));
    commands
}

fn request(rewrite: &Rewrite) -> Request {
    let (tier, from) = (rewrite.tier, StartFrom::Current);
    if rewrite.is_as_before() {
        return Request::Retry { tier, from, note: None };
    }
    Request::RetryWith { tier, from, prompt: rewrite.text.text() }
}
