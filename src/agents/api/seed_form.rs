//! Replies of the form `FILE: path`, `CONTENT:`, the content, `END_FILE`.
//!
//! Nothing in it is unguessable: content that holds one of its words alone on a line is refused, since where it ends
//! would be a guess.

use super::edit::{Change, Edit, Unclear, Wishes};
use super::relative_path::RelativePath;

/// Where in a reply the reading is.
enum State {
    Outside,
    Named(RelativePath),
    Content(RelativePath, String),
}

/// Says whether a line begins a block.
pub fn begins(line: &str) -> bool {
    name(line).is_some()
}

/// Reads a reply; all of it must make sense.
pub fn read(reply: &str) -> Result<Wishes, Unclear> {
    let mut wishes = Wishes::default();
    let mut state = State::Outside;
    for (index, line) in reply.split_inclusive('\n').enumerate() {
        let unclear = |words: String| Unclear::at(index + 1, words);
        state = next(line, state, &mut wishes).map_err(unclear)?;
    }
    match state {
        State::Outside => Ok(wishes),
        State::Named(path) | State::Content(path, _) => {
            Err(Unclear(format!("the block for {path} has no END_FILE")))
        }
    }
}

fn next(line: &str, state: State, wishes: &mut Wishes) -> Result<State, String> {
    let bare = line.trim();
    let is_content = bare == "CONTENT:" || bare == "CONTENT";
    let is_end = bare == "END_FILE";
    match state {
        State::Outside => match name(line) {
            Some(text) => {
                RelativePath::new(text).map(State::Named).map_err(|error| error.to_string())
            }
            None if is_content || is_end => {
                Err(format!("`{bare}` has no place outside of a block"))
            }
            None => Ok(State::Outside),
        },
        State::Named(path) if is_content => Ok(State::Content(path, String::new())),
        State::Named(path) if bare.is_empty() => Ok(State::Named(path)),
        State::Named(path) => Err(format!("CONTENT is missing in the block for {path}")),
        State::Content(path, text) if is_end => {
            wishes.edits.push(Edit { path, change: Change::Write(text) });
            Ok(State::Outside)
        }
        State::Content(path, _) if is_content || name(line).is_some() => {
            Err(format!("`{bare}` in the content of {path}: is its END_FILE missing?"))
        }
        State::Content(path, mut text) => {
            text.push_str(line);
            Ok(State::Content(path, text))
        }
    }
}

fn name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("FILE:")?.trim().trim_matches('`');
    (!name.is_empty()).then_some(name)
}
