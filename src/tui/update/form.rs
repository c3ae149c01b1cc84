//! Keys while a new workstream is being written down.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler as _;
use tui_input::{Input, InputRequest};

use super::Command;
use super::modal::{LINE_LIMIT, along, moved};
use crate::core::WorkstreamId;
use crate::core::phase::PhaseWord;
use crate::ipc::facts::Facts;
use crate::tui::files;
use crate::tui::state::form::{Field, Form, Spot, Stage, Survey};
use crate::tui::state::{Modal, UiState};

/// What is said where nobody could do the work.
const NO_AGENT: &str = "No agent is installed here, so nobody could do it: install one (`ostler agents` lists those that \
                        are known), or name a program under `agents:` in ostler.yaml.";

pub(super) fn open(ui: &mut UiState, facts: &Facts) -> Vec<Command> {
    let open = facts.workstreams.iter().filter(|ws| ws.phase != PhaseWord::Done);
    let others = open.map(|ws| (ws.id.clone(), ws.title.clone())).collect();
    ui.modal = Some(Modal::New(Box::new(Form { others, ..Form::default() })));
    vec![Command::Survey]
}

pub(super) fn key(ui: &mut UiState, event: &KeyEvent) -> Vec<Command> {
    let Some(Modal::New(mut form)) = ui.modal.take() else { return Vec::new() };
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let leaves = event.code == KeyCode::Esc || (ctrl && event.code == KeyCode::Char('c'));
    let mut commands = Vec::new();
    match form.stage {
        Stage::Asks => {
            if is_yes(event) {
                return commands;
            }
            form.stage = Stage::Open;
        }
        // What it leads to is told when it is known, with the form or without it.
        Stage::Saving if leaves => return commands,
        Stage::Saving => {}
        Stage::Open if leaves && form.is_blank() => return commands,
        Stage::Open if leaves => form.stage = Stage::Asks,
        Stage::Open => match event.code {
            KeyCode::Char('s') if ctrl => commands = submit(&mut form, ui.survey.as_deref()),
            KeyCode::Char('e') if ctrl => commands.push(Command::Edit(form.prompt.text())),
            KeyCode::Tab => turn(&mut form, 1),
            KeyCode::BackTab => turn(&mut form, -1),
            _other => typed(&mut form, event, ui.survey.as_deref()),
        },
    }
    ui.modal = Some(Modal::New(form));
    commands
}

/// Only a plain `y` throws text away.
pub(super) fn is_yes(event: &KeyEvent) -> bool {
    let plain = (event.modifiers - KeyModifiers::SHIFT).is_empty();
    plain && matches!(event.code, KeyCode::Char('y' | 'Y'))
}

fn turn(form: &mut Form, places: isize) {
    go_to(form, form.field.beside(places));
}

fn go_to(form: &mut Form, field: Field) {
    form.field = field;
    form.pointed = 0;
}

fn submit(form: &mut Form, survey: Option<&Survey>) -> Vec<Command> {
    if form.prompt.is_blank() {
        go_to(form, Field::Prompt);
        form.wrong = vec!["Say what is to be done.".to_owned()];
        return Vec::new();
    }
    let is_alone = |survey: &Survey| survey.agents.is_empty() && survey.chain.is_empty();
    if form.chain.is_empty() && survey.is_some_and(is_alone) {
        form.wrong = vec![NO_AGENT.to_owned()];
        return Vec::new();
    }
    form.wrong.clear();
    form.stage = Stage::Saving;
    vec![Command::Create(Box::new(form.draft()))]
}

fn typed(form: &mut Form, event: &KeyEvent, survey: Option<&Survey>) {
    match form.field {
        Field::Prompt => form.prompt.key(event),
        Field::Title | Field::Check if event.code == KeyCode::Enter => turn(form, 1),
        Field::Title | Field::Check if event.code == KeyCode::Down => turn(form, 1),
        Field::Title | Field::Check if event.code == KeyCode::Up => turn(form, -1),
        Field::Title => line(&mut form.title, event),
        Field::Check => line(&mut form.check, event),
        Field::Files => of_files(form, event, survey),
        Field::Agents => of_agents(form, event, survey),
        Field::After => of_others(form, event),
    }
}

fn line(input: &mut Input, event: &KeyEvent) {
    if input.value().chars().count() < LINE_LIMIT || !matches!(event.code, KeyCode::Char(_)) {
        input.handle_event(&Event::Key(*event));
    }
}

fn of_files(form: &mut Form, event: &KeyEvent, survey: Option<&Survey>) {
    let known = survey.map_or(&[][..], |survey| &survey.files);
    let found = files::found(form.pattern.value(), known, &form.files);
    match event.code {
        KeyCode::Enter => {
            if let Some(file) = found.get(form.pointed) {
                form.files.push((*file).to_owned());
                (form.pattern, form.pointed) = (Input::default(), 0);
            }
        }
        KeyCode::Backspace if form.pattern.value().is_empty() => {
            form.files.pop();
        }
        _other => {
            if let Some(way) = along(event) {
                form.pointed = moved(form.pointed, way, found.len());
            } else {
                line(&mut form.pattern, event);
                form.pointed = 0;
            }
        }
    }
}

fn of_agents(form: &mut Form, event: &KeyEvent, survey: Option<&Survey>) {
    let agents = survey.map_or(&[][..], |survey| &survey.agents);
    match event.code {
        KeyCode::Enter | KeyCode::Char(' ') => {
            if let Some(agent) = agents.get(form.pointed) {
                toggle(&mut form.chain, agent);
            }
        }
        KeyCode::Backspace => form.chain.clear(),
        _other => point(form, event, agents.len()),
    }
}

fn of_others(form: &mut Form, event: &KeyEvent) {
    match event.code {
        KeyCode::Enter | KeyCode::Char(' ') => {
            if let Some((id, _)) = form.others.get(form.pointed) {
                toggle(&mut form.after, id);
            }
        }
        KeyCode::Backspace => form.after.clear(),
        _other => point(form, event, form.others.len()),
    }
}

/// Moves along a list of which several can be chosen.
fn point(form: &mut Form, event: &KeyEvent, of: usize) {
    let way = match event.code {
        KeyCode::Char('j') => Some(1),
        KeyCode::Char('k') => Some(-1),
        _other => along(event),
    };
    if let Some(way) = way {
        form.pointed = moved(form.pointed, way, of);
    }
}

/// Adds one at the end of those that are chosen, or takes it out.
fn toggle<T: Clone + PartialEq>(chosen: &mut Vec<T>, one: &T) {
    match chosen.iter().position(|known| known == one) {
        Some(place) => drop(chosen.remove(place)),
        None => chosen.push(one.clone()),
    }
}

/// Puts pasted text into the field that is being typed at.
pub(super) fn paste(form: &mut Form, text: &str) {
    if form.stage != Stage::Open {
        return;
    }
    match form.field {
        Field::Title => insert(&mut form.title, text),
        Field::Check => insert(&mut form.check, text),
        Field::Prompt => form.prompt.insert(text),
        Field::Files => {
            insert(&mut form.pattern, text);
            form.pointed = 0;
        }
        Field::Agents | Field::After => {}
    }
}

/// Puts text into a line, of which line breaks become spaces.
pub(super) fn insert(input: &mut Input, text: &str) {
    let room = LINE_LIMIT.saturating_sub(input.value().chars().count());
    for character in text.trim_end().chars().take(room) {
        let character = if character.is_control() { ' ' } else { character };
        input.handle(InputRequest::InsertChar(character));
    }
}

/// Goes to the field, or to the line of the list, that was clicked on.
pub(super) fn click(ui: &mut UiState, entry: usize) -> Vec<Command> {
    let Some(Modal::New(form)) = &mut ui.modal else { return Vec::new() };
    if form.stage != Stage::Open {
        return Vec::new();
    }
    match Spot::numbered(entry) {
        Spot::Field(field) => go_to(form, field),
        Spot::Listed(place) => {
            form.pointed = place;
            return key(ui, &KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
        }
    }
    Vec::new()
}

/// Takes what became of a new workstream.
pub fn made(ui: &mut UiState, made: Result<WorkstreamId, String>) {
    let waits = match &mut ui.modal {
        Some(Modal::New(form)) if form.stage == Stage::Saving => Some(form),
        _other => None,
    };
    match (made, waits) {
        (Ok(id), waits) => {
            if waits.is_some() {
                ui.modal = None;
            }
            ui.hint = Some(format!("{id} was made; it begins when it is its turn"));
            ui.awaited = Some(id);
        }
        (Err(why), Some(form)) => {
            form.stage = Stage::Open;
            form.wrong = why.lines().map(str::to_owned).collect();
        }
        (Err(why), None) => ui.hint = Some(format!("nothing was made: {why}")),
    }
}

/// Takes what the operator's editor has saved, or why it did not.
pub fn edited(ui: &mut UiState, edited: Result<String, String>) {
    let area = match &mut ui.modal {
        Some(Modal::New(form)) => Some(&mut form.prompt),
        Some(Modal::Rewrite(rewrite)) => Some(&mut rewrite.text),
        _other => None,
    };
    match (edited, area) {
        (Ok(text), Some(area)) => *area = crate::tui::state::TextArea::of(&text),
        (Ok(_), None) => {}
        (Err(why), _) => ui.hint = Some(why),
    }
}
