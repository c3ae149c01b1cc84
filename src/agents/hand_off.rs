//! The parts of a hand-off, and how they are cut.

use std::fmt::Write as _;

/// No hand-off is longer, in bytes.
pub const LIMIT: usize = 64 * 1024;
/// The longest difference in a hand-off, in bytes; its beginning is kept.
pub const DIFF_LIMIT: usize = 32 * 1024;
/// The longest check output in a hand-off, in bytes; its end is kept.
pub(super) const CHECK_LIMIT: usize = 16 * 1024;
/// The longest piece of log in a hand-off, in bytes; its end is kept.
const LOG_LIMIT: usize = 4 * 1024;
/// The longest overview of changed files in a hand-off, in bytes.
const OVERVIEW_LIMIT: usize = 4 * 1024;
/// The longest list of steps in a hand-off, in bytes.
const STEPS_LIMIT: usize = 4 * 1024;
/// The longest list of attempts in a hand-off, in bytes; its end is kept.
pub(super) const TRIED_LIMIT: usize = 4 * 1024;
/// Of a part that has no room as a whole, less than this is not worth telling, in bytes.
const WORTH: usize = 300;
/// What is kept free for saying what was left out, in bytes.
const SAYING: usize = 400;

/// What a part is about. This is the order in which parts are read; where there is no room for all, the last goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Tried,
    Steps,
    Overview,
    Check,
    Log,
    Diff,
}

/// A part of a hand-off.
#[derive(Clone, Debug)]
pub(super) struct Part {
    kind: Kind,
    body: String,
    /// What stays of it when there is no room at all.
    least: String,
}

/// Which end of a text is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Beginning,
    End,
}

/// How a part is set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    List,
    /// In a fence.
    Output,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Tried => "What was tried",
            Self::Steps => "What was ticked off",
            Self::Overview => "What has been changed so far",
            Self::Check => "What the check said",
            Self::Log => "The last lines of the last attempt",
            Self::Diff => "The difference so far",
        }
    }

    /// Returns what it is called when it is said to be left out.
    fn name(self) -> &'static str {
        match self {
            Self::Tried => "all attempts but the last",
            Self::Steps => "what was ticked off",
            Self::Overview => "the overview of what has been changed",
            Self::Check => "what the check said",
            Self::Log => "the last lines of the last attempt",
            Self::Diff => "the difference so far",
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Tried => TRIED_LIMIT,
            Self::Steps => STEPS_LIMIT,
            Self::Overview => OVERVIEW_LIMIT,
            Self::Check => CHECK_LIMIT,
            Self::Log => LOG_LIMIT,
            Self::Diff => DIFF_LIMIT,
        }
    }

    fn keep(self) -> Keep {
        match self {
            Self::Tried | Self::Check | Self::Log => Keep::End,
            Self::Steps | Self::Overview | Self::Diff => Keep::Beginning,
        }
    }

    fn form(self) -> Form {
        match self {
            Self::Tried | Self::Steps => Form::List,
            Self::Overview | Self::Check | Self::Log | Self::Diff => Form::Output,
        }
    }
}

impl Part {
    /// Returns a part; none if there is nothing to say.
    pub(super) fn new(kind: Kind, body: &str) -> Option<Self> {
        let body = body.trim_end();
        let is_empty = body.trim().is_empty();
        (!is_empty).then(|| Self { kind, body: body.to_owned(), least: String::new() })
    }

    /// Adds what stays of it when there is no room at all.
    pub(super) fn with_least(mut self, title: &str, body: &str) -> Self {
        section(&mut self.least, title, body);
        self
    }

    /// Returns it as a section whose body has at most so many bytes.
    fn section(&self, limit: usize) -> String {
        let limit = limit.min(self.kind.limit());
        let body = match self.kind.keep() {
            Keep::Beginning => cut_end(&self.body, limit),
            Keep::End => cut_start(&self.body, limit),
        };
        let body = if self.kind.form() == Form::Output { fenced(&body) } else { body };
        let mut text = String::new();
        section(&mut text, self.kind.title(), &body);
        text
    }

    /// Returns as much of it as has room; none if that is not worth telling.
    fn piece(&self, room: usize) -> Option<String> {
        // What is around the body, and what says that it is cut, take some room of their own.
        let around = self.section(0).len();
        let limit = room.checked_sub(around).filter(|limit| *limit >= WORTH)?;
        Some(self.section(limit)).filter(|text| text.len() <= room)
    }
}

/// A hand-off that was cut to its room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HandOff {
    pub(super) text: String,
    /// What is not in it, or not as a whole.
    pub(super) left_out: Vec<String>,
}

/// Returns how long the parts are together when none is cut any further.
pub(super) fn full_length(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.section(usize::MAX).len()).sum()
}

/// Puts parts together that may be so long together, in bytes.
///
/// The first part that has no room as a whole is cut, and those after it are left out but for the least of them. What is
/// missing is said at the end.
pub(super) fn put_together(mut parts: Vec<Part>, room: usize) -> HandOff {
    parts.sort_by_key(|part| part.kind);
    let is_cut = full_length(&parts) > room;
    let mut left = if is_cut { room.saturating_sub(SAYING) } else { room };
    let mut done = HandOff::default();
    for part in &parts {
        let whole = part.section(usize::MAX);
        if whole.len() <= left {
            left -= whole.len();
            done.text.push_str(&whole);
            continue;
        }
        let piece = part.piece(left).filter(|piece| piece.len() > part.least.len());
        left = 0;
        if let Some(piece) = piece {
            done.text.push_str(&piece);
            done.left_out.push(format!("a part of {}", part.kind.name()));
        } else {
            done.text.push_str(&part.least);
            if part.least != whole {
                done.left_out.push(part.kind.name().to_owned());
            }
        }
    }
    if !done.left_out.is_empty() {
        let body = format!("To keep this short: {}.", done.left_out.join("; "));
        section(&mut done.text, "What is left out here", &body);
    }
    done
}

/// Adds a section with a title.
pub(super) fn section(text: &mut String, title: &str, body: &str) {
    let _infallible = write!(text, "\n## {title}\n\n{}\n", body.trim_end());
}

/// Puts a fence around a text that no run of backticks in it can end.
pub(super) fn fenced(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

/// Keeps the beginning of a text, whole lines where there are any.
pub(super) fn cut_end(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    format!("{}\n[{} more bytes are left out]", &text[..end], text.len() - end)
}

/// Keeps the end of a text, whole lines where there are any.
pub(super) fn cut_start(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut start = text.len() - limit;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let start = text[start..].find('\n').map_or(start, |end| start + end + 1);
    format!("[{start} bytes before this are left out]\n{}", &text[start..])
}
