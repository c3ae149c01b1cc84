//! Replies in the form that is asked for: blocks whose lines begin with the mark.

use super::edit::{Change, Edit, Piece, Unclear, Wishes};
use super::mark::Mark;
use super::relative_path::RelativePath;

/// Where in a reply the reading is.
enum State {
    Outside,
    Write { path: RelativePath, text: String },
    Edit { path: RelativePath, pieces: Vec<Piece>, part: Part },
}

/// Where in an edit the reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Before,
    Search,
    Replace,
}

/// Reads a reply; all of it must make sense.
pub fn read(reply: &str, mark: &Mark) -> Result<Wishes, Unclear> {
    let mut wishes = Wishes::default();
    let mut state = State::Outside;
    for (index, line) in reply.split_inclusive('\n').enumerate() {
        let unclear = |words: String| Unclear::at(index + 1, words);
        state = match mark.words(line) {
            Some(words) => directive(words, state, &mut wishes).map_err(unclear)?,
            None => content(line, state, mark).map_err(unclear)?,
        };
    }
    match state {
        State::Outside if wishes.done || wishes.edits.is_empty() => Ok(wishes),
        State::Outside => {
            Err(Unclear("the line DONE is missing, so this may not be all".to_owned()))
        }
        State::Write { path, .. } | State::Edit { path, .. } => {
            Err(Unclear(format!("the block for {path} has no END with the right mark")))
        }
    }
}

fn directive(words: &str, state: State, wishes: &mut Wishes) -> Result<State, String> {
    let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
    match (word, state) {
        ("WRITE", State::Outside) => {
            let path = path(rest, wishes)?;
            Ok(State::Write { path, text: String::new() })
        }
        ("EDIT", State::Outside) => {
            let path = path(rest, wishes)?;
            Ok(State::Edit { path, pieces: Vec::new(), part: Part::Before })
        }
        ("DELETE", State::Outside) => {
            let path = path(rest, wishes)?;
            wishes.edits.push(Edit { path, change: Change::Delete });
            Ok(State::Outside)
        }
        ("READ", State::Outside) => {
            let path = path(rest, wishes)?;
            wishes.reads.push(path);
            Ok(State::Outside)
        }
        ("DONE", State::Outside) if !wishes.done => {
            wishes.done = true;
            Ok(State::Outside)
        }
        ("END", State::Write { path, text }) => {
            wishes.edits.push(Edit { path, change: Change::Write(text) });
            Ok(State::Outside)
        }
        ("END", State::Edit { path, pieces, part: Part::Replace }) => {
            wishes.edits.push(Edit { path, change: Change::Replace(pieces) });
            Ok(State::Outside)
        }
        ("SEARCH", State::Edit { path, mut pieces, part: Part::Before | Part::Replace }) => {
            pieces.push(Piece::default());
            Ok(State::Edit { path, pieces, part: Part::Search })
        }
        ("REPLACE", State::Edit { path, pieces, part: Part::Search }) => {
            Ok(State::Edit { path, pieces, part: Part::Replace })
        }
        (word, State::Outside) => Err(format!("`{word}` has no place outside of a block")),
        (word, State::Write { path, .. } | State::Edit { path, .. }) => {
            Err(format!("`{word}` has no place here in the block for {path}"))
        }
    }
}

fn content(line: &str, mut state: State, mark: &Mark) -> Result<State, String> {
    match &mut state {
        State::Outside if mark.is_another(line) => return Err("this is not the mark".to_owned()),
        State::Outside => {}
        State::Write { text, .. } => text.push_str(line),
        State::Edit { pieces, part, path } => match (part, pieces.last_mut()) {
            (Part::Search, Some(piece)) => piece.search.push_str(line),
            (Part::Replace, Some(piece)) => piece.replace.push_str(line),
            _ if line.trim().is_empty() => {}
            _ => return Err(format!("text before SEARCH in the block for {path}")),
        },
    }
    Ok(state)
}

fn path(text: &str, wishes: &Wishes) -> Result<RelativePath, String> {
    if wishes.done {
        return Err("there is a block after DONE".to_owned());
    }
    RelativePath::new(text.trim().trim_matches('`')).map_err(|error| error.to_string())
}
