//! From a line of JSON to lines that people read.

use serde_json::Value;

use super::said::{Said, Saying};
use super::{claude, codex, copilot, gemini, goose, opencode, ostler};
use crate::core::stream::Stream;

/// Returns what a line says, in lines that people read; none of them if it says nothing worth reading.
///
/// A line that is torn, or of a kind that is not known, returns nothing at all: it is to be shown as it is.
pub fn readable(stream: Stream, line: &[u8]) -> Option<Vec<Said>> {
    let line = line.trim_ascii();
    if !line.starts_with(b"{") {
        return None;
    }
    let event: Value = serde_json::from_slice(line).ok()?;
    let mut saying = Saying::default();
    let is_known = match stream {
        Stream::Claude => claude::say(&event, &mut saying),
        Stream::Codex => codex::say(&event, &mut saying),
        Stream::Copilot => copilot::say(&event, &mut saying),
        Stream::Gemini => gemini::say(&event, &mut saying),
        Stream::Goose => goose::say(&event, &mut saying),
        Stream::Opencode => opencode::say(&event, &mut saying),
        Stream::Ostler => ostler::say(&event, &mut saying),
    };
    is_known.then(|| saying.lines())
}
