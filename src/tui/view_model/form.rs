//! A new workstream while it is being written down.

use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::dialog::{entry, hint, widest, window};
use super::layout::inner;
use super::line_input::visible;
use super::text::{Line, cut_left, wrap};
use super::text_rows::{TextRows, text_rows};
use super::workstreams::first_shown;
use super::{Dialog, Hit, Row, Selected};
use crate::core::WorkstreamId;
use crate::tui::files::found;
use crate::tui::state::form::{Field, Form, Spot, Stage, Survey};
use crate::tui::theme::Role;

/// No form is wider or higher than this.
const LARGEST: (usize, usize) = (92, 24);
/// The columns of a field's name.
const NAME: usize = 9;
/// No more rows say what is wrong.
const WRONG: usize = 4;

/// What is being drawn: the form, what there is to choose from, and the columns there are.
struct Drawn<'a> {
    form: &'a Form,
    survey: Option<&'a Survey>,
    columns: usize,
    rows: Vec<Row>,
    cursor: Option<(usize, usize)>,
}

/// How many rows the fields have that may have several.
struct Heights {
    prompt: usize,
    files: usize,
    agents: usize,
    after: usize,
}

/// Returns the dialog.
pub fn dialog(body: Rect, form: &Form, survey: Option<&Survey>) -> Dialog {
    let area = window(body, widest(body).min(LARGEST.0), LARGEST.1.min(usize::from(body.height)));
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let below = below(form, columns);
    let heights = heights(form, survey, (columns, height.saturating_sub(below.len())));
    let mut drawn = Drawn { form, survey, columns, rows: Vec::new(), cursor: None };
    drawn.line(Field::Title, &form.title, "made from the prompt if it is empty");
    drawn.prompt(heights.prompt);
    drawn.files(heights.files);
    drawn.agents(heights.agents);
    drawn.line(Field::Check, &form.check, "the project's if it is empty");
    drawn.after(heights.after);
    let Drawn { mut rows, cursor, .. } = drawn;
    rows.extend(below);
    rows.truncate(height);
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let cursor = cursor.map(|(column, row)| Position {
        x: room.x.saturating_add(place(column)),
        y: room.y.saturating_add(place(row)),
    });
    Dialog {
        area,
        title: Line::of(" New workstream ", Role::Text),
        hint: keys(form).cut(columns),
        rows,
        cursor: cursor.filter(|at| form.stage == Stage::Open && room.contains(*at)),
        scroll: None,
    }
}

fn keys(form: &Form) -> Line {
    match (form.stage, form.field) {
        (Stage::Asks, _) => hint(&[("y", "throw it away"), ("any other key", "go on")]),
        (Stage::Saving, _) => hint(&[("Esc", "close")]),
        (Stage::Open, Field::Files) => {
            hint(&[("Enter", "add"), ("Tab", "next"), ("Ctrl-S", "make it"), ("Esc", "cancel")])
        }
        (Stage::Open, Field::Agents | Field::After) => {
            hint(&[("Space", "add"), ("Tab", "next"), ("Ctrl-S", "make it"), ("Esc", "cancel")])
        }
        (Stage::Open, Field::Prompt) => {
            hint(&[("Ctrl-E", "editor"), ("Tab", "next"), ("Ctrl-S", "make it"), ("Esc", "cancel")])
        }
        (Stage::Open, _) => hint(&[("Tab", "next"), ("Ctrl-S", "make it"), ("Esc", "cancel")]),
    }
}

/// Returns what stands below the fields: a question, or what is wrong.
fn below(form: &Form, columns: usize) -> Vec<Row> {
    let say = |text: &str, role: Role| Row::plain(Line::of(format!(" {text}"), role).cut(columns));
    match form.stage {
        Stage::Asks => vec![say("Throw away what was typed?", Role::Warning)],
        Stage::Saving => vec![say("The configuration is read with it …", Role::Dim)],
        Stage::Open => {
            let lines = form.wrong.iter().flat_map(|line| wrap(line, columns.saturating_sub(2)));
            lines.take(WRONG).map(|line| say(&line, Role::Bad)).collect()
        }
    }
}

/// Divides the rows: the field that is being typed at has most of them, and the prompt, if that is another one, what it
/// needs up to a third.
fn heights(form: &Form, survey: Option<&Survey>, (columns, rows): (usize, usize)) -> Heights {
    let rest = rows.saturating_sub(3);
    let listed = survey.map_or(1, |survey| survey.agents.len().max(1));
    let lines = text_rows(&form.prompt, (columns.saturating_sub(NAME + 3), rows)).total;
    let prompt = lines.clamp(2, (rest / 3).max(2));
    match form.field {
        Field::Title | Field::Prompt | Field::Check => {
            Heights { prompt: rest.saturating_sub(2).max(1), files: 1, agents: 1, after: 1 }
        }
        Field::Files => {
            let files = rest.saturating_sub(prompt + 1).max(3);
            Heights { prompt: rest.saturating_sub(files + 1).max(1), files, agents: 1, after: 1 }
        }
        Field::After => {
            let after = rest.saturating_sub(prompt + 1).clamp(2, form.others.len().max(1) + 1);
            Heights { prompt: rest.saturating_sub(after + 1).max(1), files: 1, agents: 1, after }
        }
        Field::Agents => {
            let agents = rest.saturating_sub(prompt + 1).clamp(2, listed + 1);
            Heights { prompt: rest.saturating_sub(agents + 1).max(1), files: 1, agents, after: 1 }
        }
    }
}

impl Drawn<'_> {
    /// Adds a row of a field: its name if it is its first one, and what is in it.
    fn row(&mut self, field: Field, first: bool, line: Line) {
        let is_typed_at = self.form.field == field;
        let role = if is_typed_at { Role::Accent } else { Role::Dim };
        let name = if first { name(field) } else { "" };
        let mut row = Line::of(format!(" {name:<w$}", w = NAME - 1), role);
        row.append(line);
        let hit = Some(Hit::Entry(Spot::Field(field).number()));
        self.rows.push(Row { line: row.cut(self.columns), selected: Selected::No, hit });
    }

    fn is_typed_at(&self, field: Field) -> bool {
        self.form.field == field
    }

    fn line(&mut self, field: Field, input: &Input, otherwise: &str) {
        let (shown, column) = visible(input, self.columns.saturating_sub(NAME + 3));
        if self.is_typed_at(field) {
            self.cursor = Some((NAME + 2 + column, self.rows.len()));
        }
        let text = if shown.is_empty() {
            Line::of(otherwise, Role::Dim)
        } else {
            Line::of(shown, Role::Strong)
        };
        let mut line = Line::of("› ", Role::Accent);
        line.append(text);
        self.row(field, true, line);
    }

    fn prompt(&mut self, height: usize) {
        let room = (self.columns.saturating_sub(NAME + 3), height);
        let TextRows { rows, cursor, above, total } = text_rows(&self.form.prompt, room);
        if self.is_typed_at(Field::Prompt) {
            self.cursor = Some((NAME + 2 + cursor.0, self.rows.len() + cursor.1));
        }
        for place in 0..height {
            let text = rows.get(place).map_or("", String::as_str);
            let more = place + 1 == height && above + rows.len() < total;
            let sign = match place {
                0 if above > 0 => "↑ ",
                _ if more => "↓ ",
                0 => "› ",
                _ => "  ",
            };
            let text = match place {
                0 if self.form.prompt.is_blank() => {
                    Line::of("what is to be done; Enter begins a new line", Role::Dim)
                }
                _ => Line::of(text, Role::Strong),
            };
            let mut line = Line::of(sign, Role::Accent);
            line.append(text);
            self.row(Field::Prompt, place == 0, line);
        }
    }

    fn files(&mut self, height: usize) {
        let room = self.columns.saturating_sub(NAME + 3);
        let chosen = match self.form.files.as_slice() {
            [] => Line::of("  any", Role::Dim),
            files => {
                let names = files.join(", ");
                Line::of("  ", Role::Text).with(cut_left(&names, room), Role::Strong)
            }
        };
        self.row(Field::Files, true, chosen);
        if !self.is_typed_at(Field::Files) {
            return;
        }
        let (typed, column) = visible(&self.form.pattern, room);
        self.cursor = Some((NAME + 2 + column, self.rows.len()));
        let typed = match typed.as_str() {
            "" => Line::of("type to find one; Backspace takes the last one out", Role::Dim),
            _ => Line::of(typed, Role::Strong),
        };
        let mut line = Line::of("› ", Role::Accent);
        line.append(typed);
        self.row(Field::Files, false, line);
        let known = self.survey.map_or(&[][..], |survey| &survey.files);
        let found = found(self.form.pattern.value(), known, &self.form.files);
        let none = match (self.survey, known) {
            (None, _) => "reading the names of files …",
            (Some(_), []) => "git knows no files here",
            (Some(_), _) => "nothing matches",
        };
        let lines = found.into_iter().map(|file| Line::of(cut_left(file, room), Role::Text));
        self.list(lines.collect(), height.saturating_sub(2), none);
    }

    fn agents(&mut self, height: usize) {
        let survey = self.survey;
        let usual = survey.map_or(&[][..], |survey| &survey.chain);
        let line = match (self.form.chain.as_slice(), usual, survey) {
            ([], _, None) => Line::of("  reading which there are …", Role::Dim),
            ([], [], _) => Line::of("  none was found here", Role::Warning),
            ([], usual, _) => Line::of("  ", Role::Text)
                .with(usual.join(" → "), Role::Text)
                .with("  the usual chain", Role::Dim),
            (chain, ..) => Line::of("  ", Role::Text).with(chain.join(" → "), Role::Strong),
        };
        self.row(Field::Agents, true, line);
        if !self.is_typed_at(Field::Agents) {
            return;
        }
        let agents = survey.map_or(&[][..], |survey| &survey.agents);
        let lines = agents.iter().map(|agent| {
            let place = self.form.chain.iter().position(|chosen| chosen == agent);
            let place = place.map_or_else(|| "  ".to_owned(), |place| format!("{} ", place + 1));
            Line::of(place, Role::Key).with(agent, Role::Text)
        });
        self.list(lines.collect(), height.saturating_sub(1), "none was found on PATH");
    }

    fn after(&mut self, height: usize) {
        let room = self.columns.saturating_sub(NAME + 3);
        let line = match self.form.after.as_slice() {
            [] => Line::of("  nothing: it begins when there is room", Role::Dim),
            after => {
                let names: Vec<&str> = after.iter().map(WorkstreamId::as_str).collect();
                Line::of("  ", Role::Text).with(cut_left(&names.join(", "), room), Role::Strong)
            }
        };
        self.row(Field::After, true, line);
        if !self.is_typed_at(Field::After) {
            return;
        }
        let lines = self.form.others.iter().map(|(id, title)| {
            let sign = if self.form.after.contains(id) { "✓ " } else { "  " };
            Line::of(sign, Role::Key)
                .with(id.as_str(), Role::Text)
                .with(format!("  {title}"), Role::Dim)
        });
        self.list(lines.collect(), height.saturating_sub(1), "there is no other that is not done");
    }

    /// Adds the lines of a list as far as there is room, the pointed one among them.
    fn list(&mut self, lines: Vec<Line>, height: usize, none: &str) {
        let total = lines.len();
        let pointed = self.form.pointed.min(total.saturating_sub(1));
        let first = first_shown(pointed, height.max(1), total);
        let end = self.rows.len() + height;
        if total == 0 {
            let line = Line::of(format!("{:NAME$}    {none}", ""), Role::Dim);
            self.rows.push(Row::plain(line.cut(self.columns)));
        }
        for (number, text) in lines.into_iter().enumerate().skip(first).take(height) {
            let sign = if number == pointed { "▸ " } else { "  " };
            let mut line = Line::of(format!("{:NAME$}  {sign}", ""), Role::Accent);
            line.append(text);
            let spot = Spot::Listed(number).number();
            let selected = if number == pointed { spot } else { usize::MAX };
            self.rows.push(entry(line.cut(self.columns), spot, selected));
        }
        while self.rows.len() < end {
            self.rows.push(Row::default());
        }
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Title => "Title",
        Field::Prompt => "Prompt",
        Field::Files => "Files",
        Field::Agents => "Agents",
        Field::Check => "Check",
        Field::After => "After",
    }
}
