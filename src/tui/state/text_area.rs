//! Several lines of text that are being typed.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler as _;
use tui_input::{Input, InputRequest};

/// No text is longer, in characters; what is typed or pasted beyond that is left out.
const MOST: usize = 64 * 1024;

/// Several lines of text that are being typed; there is always at least one.
#[derive(Clone, Debug)]
pub struct TextArea {
    above: Vec<Input>,
    line: Input,
    below: Vec<Input>,
}

impl Default for TextArea {
    fn default() -> Self {
        Self::of("")
    }
}

impl TextArea {
    /// Returns the lines of a text, the cursor at the end.
    pub fn of(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut above: Vec<Input> = text.trim_end_matches('\n').split('\n').map(input).collect();
        let line = above.pop().unwrap_or_default();
        Self { above, line, below: Vec::new() }
    }

    /// Returns the text.
    pub fn text(&self) -> String {
        self.lines().map(Input::value).collect::<Vec<_>>().join("\n")
    }

    /// Says whether it says nothing.
    pub fn is_blank(&self) -> bool {
        self.lines().all(|line| line.value().trim().is_empty())
    }

    /// Returns the lines.
    pub fn lines(&self) -> impl Iterator<Item = &Input> {
        self.above.iter().chain([&self.line]).chain(self.below.iter().rev())
    }

    /// Returns in which line the cursor is, from 0.
    pub fn row(&self) -> usize {
        self.above.len()
    }

    /// Takes a key.
    pub fn key(&mut self, event: &KeyEvent) {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let (at, end) = (self.line.cursor(), self.line.value().chars().count());
        match event.code {
            KeyCode::Enter => self.split(),
            KeyCode::Char('j' | 'm') if ctrl => self.split(),
            KeyCode::Up => self.up(at),
            KeyCode::Down => self.down(at),
            KeyCode::PageUp => (0..10).for_each(|_| self.up(at)),
            KeyCode::PageDown => (0..10).for_each(|_| self.down(at)),
            KeyCode::Left if at == 0 && !self.above.is_empty() => self.up(usize::MAX),
            KeyCode::Right if at == end && !self.below.is_empty() => self.down(0),
            KeyCode::Backspace if at == 0 => self.join_above(),
            KeyCode::Delete if at == end => self.join_below(),
            KeyCode::Char(_) if self.is_full() && !ctrl => {}
            _other => {
                self.line.handle_event(&Event::Key(*event));
            }
        }
    }

    /// Puts text where the cursor is.
    pub fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.length());
        for character in text.replace("\r\n", "\n").chars().take(room) {
            match character {
                '\n' | '\r' => self.split(),
                '\t' => (0..4).for_each(|_| self.put(' ')),
                control if control.is_control() => {}
                other => self.put(other),
            }
        }
    }

    fn put(&mut self, character: char) {
        self.line.handle(InputRequest::InsertChar(character));
    }

    fn length(&self) -> usize {
        self.lines().map(|line| line.value().chars().count() + 1).sum()
    }

    fn is_full(&self) -> bool {
        self.length() >= MOST
    }

    fn split(&mut self) {
        let before: String = self.line.value().chars().take(self.line.cursor()).collect();
        let after: String = self.line.value().chars().skip(self.line.cursor()).collect();
        self.above.push(input(&before));
        self.line = input(&after).with_cursor(0);
    }

    fn join_above(&mut self) {
        if let Some(above) = self.above.pop() {
            self.line = joined(&above, &self.line);
        }
    }

    fn join_below(&mut self) {
        if let Some(below) = self.below.pop() {
            self.line = joined(&self.line, &below);
        }
    }

    /// Goes to the line above, to this column or the last one.
    fn up(&mut self, column: usize) {
        if let Some(above) = self.above.pop() {
            let left = std::mem::replace(&mut self.line, at(above, column));
            self.below.push(left);
        }
    }

    fn down(&mut self, column: usize) {
        if let Some(below) = self.below.pop() {
            let left = std::mem::replace(&mut self.line, at(below, column));
            self.above.push(left);
        }
    }
}

fn input(text: &str) -> Input {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\t').collect();
    Input::new(plain.replace('\t', "    "))
}

/// Returns a line with the cursor at a column, or at its end.
fn at(line: Input, column: usize) -> Input {
    let end = line.value().chars().count();
    line.with_cursor(column.min(end))
}

fn joined(first: &Input, second: &Input) -> Input {
    let seam = first.value().chars().count();
    Input::new(format!("{}{}", first.value(), second.value())).with_cursor(seam)
}
