//! Lines that people read, while they are put together.

use serde_json::Value;

use crate::tui::log::sgr::{Attributes, Ink, Sgr};

/// One line: pieces of text, and how each looks. The texts are not cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The pieces from left to right.
    pub pieces: Vec<(String, Sgr)>,
}

impl Said {
    /// Returns the text without its looks.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Dim,
    Strong,
    /// What it thinks, and does not say.
    Thought,
    /// A tool that it uses.
    Tool,
    Good,
    Warning,
    Bad,
}

impl Look {
    fn sgr(self) -> Sgr {
        let mut sgr = Sgr::default();
        let attributes: &[Attributes] = match self {
            Self::Plain | Self::Warning | Self::Bad => &[],
            Self::Dim => &[Attributes::DIM],
            Self::Strong | Self::Tool | Self::Good => &[Attributes::BOLD],
            Self::Thought => &[Attributes::DIM, Attributes::ITALIC],
        };
        for attribute in attributes {
            sgr.attributes.insert(*attribute);
        }
        sgr.fg = match self {
            Self::Plain | Self::Dim | Self::Strong | Self::Thought => Ink::Default,
            Self::Tool => Ink::Indexed(6),
            Self::Good => Ink::Indexed(2),
            Self::Warning => Ink::Indexed(3),
            Self::Bad => Ink::Indexed(1),
        };
        sgr
    }
}

/// How much of a longer text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Whole,
    /// So many lines from its beginning.
    First(usize),
}

/// Lines that are being put together.
#[derive(Debug, Default)]
pub(super) struct Saying(Vec<Said>);

impl Saying {
    pub(super) fn lines(self) -> Vec<Said> {
        self.0
    }

    /// Begins a line with these pieces. What stands after a line break in one of them is left out.
    pub(super) fn line(&mut self, pieces: &[(&str, Look)]) {
        let pieces = pieces.iter().filter(|(text, _)| !text.is_empty());
        let pieces = pieces.map(|(text, look)| (first_line(text).to_owned(), look.sgr()));
        self.0.push(Said { pieces: pieces.collect() });
    }

    /// Adds a text of any number of lines, each behind `indent`; empty ones at its ends are left out.
    pub(super) fn text(&mut self, indent: &str, text: &str, (look, length): (Look, Length)) {
        let text = text.trim_matches(['\n', '\r']);
        if text.trim().is_empty() {
            return;
        }
        let limit = match length {
            Length::Whole => usize::MAX,
            Length::First(limit) => limit,
        };
        let mut lines = text.lines();
        for line in lines.by_ref().take(limit) {
            self.0.push(Said {
                pieces: vec![(indent.to_owned(), Sgr::default()), (line.to_owned(), look.sgr())],
            });
        }
        match lines.count() {
            0 => {}
            1 => self.line(&[(indent, Look::Plain), ("… 1 more line", Look::Dim)]),
            more => {
                self.line(&[(indent, Look::Plain), (&format!("… {more} more lines"), Look::Dim)]);
            }
        }
    }

    /// Adds a text by which the agent itself speaks.
    pub(super) fn speech(&mut self, text: &str) {
        self.text("", text, (Look::Plain, Length::Whole));
    }

    /// Adds what it thinks.
    pub(super) fn thought(&mut self, text: &str) {
        self.text("", text, (Look::Thought, Length::First(12)));
    }

    /// Adds what it was asked to do.
    pub(super) fn asked(&mut self, text: &str) {
        self.text("› ", text, (Look::Dim, Length::First(3)));
    }

    /// Adds what a tool answered.
    pub(super) fn output(&mut self, text: &str) {
        self.text("  ", text, (Look::Dim, Length::First(10)));
    }

    /// Adds what went wrong.
    pub(super) fn trouble(&mut self, text: &str) {
        self.marked("✖ ", text, Look::Bad);
    }

    /// Adds what may pass by itself.
    pub(super) fn warning(&mut self, text: &str) {
        self.marked("! ", text, Look::Warning);
    }

    /// Adds what is good to know and no more.
    pub(super) fn aside(&mut self, text: &str) {
        self.marked("· ", text, Look::Dim);
    }

    /// Adds that it has done what it was asked to do; `figures` say what that took.
    pub(super) fn done(&mut self, words: &str, figures: &[String]) {
        let mut pieces = vec![("✔ ", Look::Good), (words, Look::Good)];
        for figure in figures {
            pieces.extend([(" · ", Look::Dim), (figure.as_str(), Look::Dim)]);
        }
        self.line(&pieces);
    }

    /// Adds that it has ended with an error.
    pub(super) fn failed(&mut self, words: &str, figures: &[String]) {
        self.trouble(words);
        if !figures.is_empty() {
            self.aside(&figures.join(" · "));
        }
    }

    fn marked(&mut self, mark: &str, text: &str, look: Look) {
        let before = self.0.len();
        self.text("  ", text, (look, Length::First(10)));
        if let Some((indent, sgr)) = self.0.get_mut(before).and_then(|line| line.pieces.first_mut())
        {
            (*indent, *sgr) = (mark.to_owned(), look.sgr());
        }
    }
}

fn first_line(text: &str) -> &str {
    let full = text.lines().find(|line| !line.trim().is_empty());
    full.or_else(|| text.lines().next()).unwrap_or_default()
}

/// Returns the text at the end of a path such as `/message/content`; empty if there is none.
pub(super) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the list at the end of a path; empty if there is none.
pub(super) fn items<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Returns what stands for a text: itself, the texts of a list of blocks, or any other value as JSON.
pub(super) fn any_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(blocks) if blocks.iter().any(|block| block.get("text").is_some()) => {
            let texts = blocks.iter().filter_map(|block| block.get("text")?.as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}
