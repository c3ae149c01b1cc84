//! Keys while something lies over the view. They are fixed, and none of them is looked up in the keymap.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::backend::crossterm::EventHandler as _;

use super::palette::{Target, entries};
use super::{
    Command, Context, Direction, Order, Over, act, ask, diff, diff_search, facts, filter, form,
    found, log, rewrite, themes,
};
use crate::core::WorkstreamId;
use crate::core::event::Request;
use crate::core::phase::StartFrom;
use crate::ipc::facts::Facts;
use crate::tui::keymap::Bound;
use crate::tui::log::complaint;
use crate::tui::state::{Choice, Compared, Confirmed, Modal, Purpose, Search, UiState};

/// No line is longer, in characters.
pub(super) const LINE_LIMIT: usize = 4096;

pub(super) fn key(ui: &mut UiState, event: &KeyEvent, context: Context<'_>) -> Vec<Command> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    match ui.modal {
        Some(Modal::New(_)) => return form::key(ui, event),
        Some(Modal::Rewrite(_)) => return rewrite::key(ui, event),
        Some(_) | None => {}
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    if event.code == KeyCode::Esc || (ctrl && event.code == KeyCode::Char('c')) {
        themes::take_back(ui);
        if matches!(ui.modal, Some(Modal::Line { purpose: Purpose::Filter, .. })) {
            ui.filter = None;
        }
        ui.modal = None;
        return Vec::new();
    }
    match ui.modal.take() {
        Some(Modal::Help { scroll }) => {
            match page(scroll, event, context.seen.scroll_limit()) {
                Paged::To(to) => ui.modal = Some(Modal::Help { scroll: to }),
                Paged::Elsewhere => ui.modal = Some(Modal::Help { scroll }),
                Paged::Closed => {}
            }
            Vec::new()
        }
        Some(Modal::Why { scroll }) => match page(scroll, event, context.seen.scroll_limit()) {
            Paged::To(scroll) => {
                ui.modal = Some(Modal::Why { scroll });
                Vec::new()
            }
            Paged::Elsewhere => decide(ui, event, scroll, context),
            Paged::Closed => Vec::new(),
        },
        Some(confirm @ Modal::Confirm { .. }) => answer(ui, confirm, event),
        Some(line @ Modal::Line { .. }) => type_line(ui, line, event, context),
        Some(palette @ Modal::Palette { .. }) => type_palette(ui, palette, event, context),
        Some(choose @ Modal::Choose { .. }) => choose_one(ui, choose, event, context),
        Some(list @ Modal::Themes { .. }) => {
            themes::key(ui, list, event);
            Vec::new()
        }
        Some(Modal::New(_) | Modal::Rewrite(_)) | None => Vec::new(),
    }
}

/// Puts pasted text into what is being typed; nowhere else.
pub(super) fn paste(ui: &mut UiState, text: &str) {
    match &mut ui.modal {
        Some(Modal::Line { input, .. } | Modal::Palette { input, .. }) => form::insert(input, text),
        Some(Modal::New(new)) => form::paste(new, text),
        Some(Modal::Rewrite(rewrite)) if !rewrite.asks => rewrite.text.insert(text),
        Some(_) | None => {}
    }
}

/// What a key does to a text that is read.
enum Paged {
    /// It is scrolled so far.
    To(usize),
    /// It is closed.
    Closed,
    /// Nothing.
    Elsewhere,
}

/// Decides about what is read about, if that is what the key does: who knows why wants to act on it.
fn decide(ui: &mut UiState, event: &KeyEvent, scroll: usize, context: Context<'_>) -> Vec<Command> {
    ui.hint = None;
    let bound = context.keymap.lookup(event);
    match bound.filter(|bound| bound.action.is_decision()) {
        Some(bound) if bound.action.applies(context.facts, ui).is_ok() => act(ui, bound, context),
        refused => {
            if let Some(bound) = refused {
                act(ui, bound, context);
            }
            ui.modal = Some(Modal::Why { scroll });
            Vec::new()
        }
    }
}

fn page(scroll: usize, event: &KeyEvent, limit: usize) -> Paged {
    if !(event.modifiers - KeyModifiers::SHIFT).is_empty() {
        return Paged::Elsewhere;
    }
    let to = match event.code {
        KeyCode::Down | KeyCode::Char('j') => scroll + 1,
        KeyCode::Up | KeyCode::Char('k') => scroll.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => scroll + 10,
        KeyCode::PageUp => scroll.saturating_sub(10),
        KeyCode::Home | KeyCode::Char('g') => 0,
        KeyCode::End | KeyCode::Char('G') => limit,
        KeyCode::Char('q' | '?' | 'i') | KeyCode::Enter | KeyCode::F(1) => return Paged::Closed,
        _other => return Paged::Elsewhere,
    };
    Paged::To(to.min(limit))
}

/// Only a plain `y` is a yes.
fn answer(ui: &mut UiState, confirm: Modal, event: &KeyEvent) -> Vec<Command> {
    let plain = (event.modifiers - KeyModifiers::SHIFT).is_empty();
    match (event.code, confirm) {
        (KeyCode::Char('y' | 'Y'), Modal::Confirm { then, .. }) if plain => match then {
            Confirmed::Send(id, request) => vec![Command::Order(Order::Send(id, request))],
            Confirmed::Breaker(agent, say) => vec![Command::Order(Order::Breaker(agent, say))],
            Confirmed::All(orders) => {
                ui.marked.clear();
                orders.into_iter().map(Command::Order).collect()
            }
            Confirmed::SaveOver(name) => vec![Command::Save { name, over: Over::What }],
            Confirmed::StopAllAndQuit => {
                ui.ending = true;
                vec![Command::Order(Order::StopAll)]
            }
        },
        (KeyCode::Char('n' | 'N' | 'q'), _) => Vec::new(),
        (_, confirm) => {
            ui.modal = Some(confirm);
            Vec::new()
        }
    }
}

fn type_line(
    ui: &mut UiState,
    line: Modal,
    event: &KeyEvent,
    context: Context<'_>,
) -> Vec<Command> {
    let Modal::Line { workstream, purpose, mut input } = line else { return Vec::new() };
    if event.code == KeyCode::Enter {
        if purpose == Purpose::SearchDiff {
            ui.hint = as_text(input.value());
            diff_search::begin(ui, &context.seen.diff, input.value());
            return Vec::new();
        }
        return submit(ui, workstream, purpose, input.value(), context.facts);
    }
    if input.value().chars().count() < LINE_LIMIT || !matches!(event.code, KeyCode::Char(_)) {
        input.handle_event(&Event::Key(*event));
    }
    if purpose == Purpose::Filter {
        filter::typed(ui, input.value(), context.facts);
    }
    ui.modal = Some(Modal::Line { workstream, purpose, input });
    Vec::new()
}

fn submit(
    ui: &mut UiState,
    id: WorkstreamId,
    purpose: Purpose,
    text: &str,
    facts: &Facts,
) -> Vec<Command> {
    let note = Some(text.trim().to_owned()).filter(|note| !note.is_empty());
    let request = match purpose {
        Purpose::RetryNote { tier } => Request::Retry { tier, from: StartFrom::Current, note },
        Purpose::EscalationNote { to } => Request::Escalate { to, note },
        // Return, as a keyboard sends it: the terminal of the agent makes of it what the agent asked for.
        Purpose::AgentInput => Request::Input(format!("{text}\r")),
        Purpose::Search => {
            ui.search = (!text.is_empty()).then(|| Search::of(text));
            ui.hint = as_text(text);
            return ui.search.iter().map(|_| Command::Find(Direction::Up)).collect();
        }
        Purpose::Time => return log::go_to_time(ui, id, text),
        Purpose::Save => return log::save(text),
        // What is pasted is looked at here; what is typed was before.
        Purpose::Filter => {
            filter::typed(ui, text, facts);
            return Vec::new();
        }
        Purpose::SearchDiff => return Vec::new(),
        Purpose::SearchAll => {
            found::search(ui, text);
            ui.hint = as_text(text);
            return Vec::new();
        }
    };
    vec![Command::Order(Order::Send(id, request))]
}

/// Tells that a pattern is looked for as it stands, since it is no regular expression.
fn as_text(pattern: &str) -> Option<String> {
    let why = complaint(pattern)?;
    Some(format!("looked for as plain text, since it is no regular expression: {why}"))
}

fn type_palette(
    ui: &mut UiState,
    palette: Modal,
    event: &KeyEvent,
    context: Context<'_>,
) -> Vec<Command> {
    let Modal::Palette { mut input, mut selected } = palette else { return Vec::new() };
    let found = entries(input.value(), context.facts, ui, context.keymap);
    if event.code == KeyCode::Enter {
        return match found.into_iter().nth(selected).map(|entry| entry.target) {
            Some(Target::Act(action)) => act(ui, Bound { action, nth: 0 }, context),
            Some(Target::Select(id)) => {
                facts::select(ui, &id);
                Vec::new()
            }
            None => Vec::new(),
        };
    }
    match along(event) {
        Some(way) => selected = moved(selected, way, found.len()),
        None => {
            if input.handle_event(&Event::Key(*event)).is_some_and(|changed| changed.value) {
                selected = 0;
            }
        }
    }
    ui.modal = Some(Modal::Palette { input, selected });
    Vec::new()
}

fn choose_one(
    ui: &mut UiState,
    choose: Modal,
    event: &KeyEvent,
    context: Context<'_>,
) -> Vec<Command> {
    let Modal::Choose { workstream, title, about, choices, mut selected } = choose else {
        return Vec::new();
    };
    match event.code {
        KeyCode::Enter => {
            return match choices.into_iter().nth(selected) {
                Some((_, choice)) => chosen(ui, workstream, choice, context),
                None => Vec::new(),
            };
        }
        KeyCode::Char('q') => return Vec::new(),
        KeyCode::Char('j') => selected = moved(selected, 1, choices.len()),
        KeyCode::Char('k') => selected = moved(selected, -1, choices.len()),
        // A number only moves there: what it would do is read before it is done.
        KeyCode::Char(digit @ '1'..='9') => {
            let place = usize::from(digit as u8 - b'1');
            selected = if place < choices.len() { place } else { selected };
        }
        _other => {
            if let Some(way) = along(event) {
                selected = moved(selected, way, choices.len());
            }
        }
    }
    ui.modal = Some(Modal::Choose { workstream, title, about, choices, selected });
    Vec::new()
}

fn chosen(
    ui: &mut UiState,
    id: Option<WorkstreamId>,
    choice: Choice,
    context: Context<'_>,
) -> Vec<Command> {
    let Some(id) = id else {
        return match choice {
            Choice::Act(action) => act(ui, Bound { action, nth: 0 }, context),
            Choice::All(orders) => {
                ui.marked.clear();
                orders.into_iter().map(Command::Order).collect()
            }
            _of_a_workstream => Vec::new(),
        };
    };
    let Some(ws) = context.facts.workstreams.iter().find(|ws| ws.id == id) else {
        return Vec::new();
    };
    match choice {
        Choice::Send(request) => vec![Command::Order(Order::Send(id, request))],
        Choice::Note { tier } => {
            ui.modal = Some(ask::line(id, Purpose::RetryNote { tier }));
            Vec::new()
        }
        Choice::EscalationNote { to } => {
            ui.modal = Some(ask::line(id, Purpose::EscalationNote { to }));
            Vec::new()
        }
        Choice::Rewrite { tier } => {
            ui.modal = Some(rewrite::opened(ws, tier, context.now));
            Vec::new()
        }
        Choice::Tier => {
            ui.modal = Some(ask::retry_from(ws, context.now));
            Vec::new()
        }
        Choice::CompareFrom(from) => {
            ui.modal = Some(diff::ask_to(ws, from));
            Vec::new()
        }
        Choice::Compare(from, to) => {
            diff::show(ui, Compared::Between(from, to));
            Vec::new()
        }
        Choice::All(orders) => orders.into_iter().map(Command::Order).collect(),
        Choice::Shell => ask::shell(ws),
        Choice::Act(action) => {
            facts::select(ui, &id);
            act(ui, Bound { action, nth: 0 }, context)
        }
    }
}

/// Returns which way a key moves in a list that is being typed at.
pub(super) fn along(event: &KeyEvent) -> Option<isize> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Down | KeyCode::Tab => Some(1),
        KeyCode::Up | KeyCode::BackTab => Some(-1),
        KeyCode::Char('n') if ctrl => Some(1),
        KeyCode::Char('p') if ctrl => Some(-1),
        KeyCode::PageDown => Some(10),
        KeyCode::PageUp => Some(-10),
        _other => None,
    }
}

pub(super) fn moved(at: usize, way: isize, of: usize) -> usize {
    at.saturating_add_signed(way).min(of.saturating_sub(1))
}
