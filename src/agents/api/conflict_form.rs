//! Replies of the form that models fall back to: a path, a fence, and pieces between conflict markers.
//!
//! ````text
//! src/error.rs
//! ```rust
//! <<<<<<< SEARCH
//! what is there
//! =======
//! what takes its place
//! >>>>>>> REPLACE
//! ```
//! ````

use super::edit::{Change, Edit, Piece, Unclear, Wishes};
use super::relative_path::RelativePath;

const SEARCH: &str = "<<<<<<< SEARCH";
const MIDDLE: &str = "=======";
const REPLACE: &str = ">>>>>>> REPLACE";

/// Where in a reply the reading is.
enum State {
    Outside,
    Search(Piece),
    Replace(Piece),
}

/// Reads a reply; all of its pieces must make sense. Several pieces for a file are one edit.
pub fn read(reply: &str) -> Result<Wishes, Unclear> {
    let mut wishes = Wishes::default();
    let mut state = State::Outside;
    let mut named: Option<RelativePath> = None;
    let mut before = "";
    for (index, line) in reply.split_inclusive('\n').enumerate() {
        let unclear = |words: &str| Unclear::at(index + 1, words);
        let bare = line.trim_end();
        state = match (bare, state) {
            (SEARCH, State::Outside) => {
                named = RelativePath::new(path_of(before)).ok().or(named);
                State::Search(Piece::default())
            }
            (SEARCH | REPLACE, State::Search(_)) | (SEARCH, State::Replace(_)) => {
                return Err(unclear("a marker in the wrong place"));
            }
            (MIDDLE, State::Search(piece)) => State::Replace(piece),
            (MIDDLE, State::Replace(_)) => return Err(unclear("a second =======")),
            (REPLACE, State::Replace(piece)) => {
                let path =
                    named.clone().ok_or_else(|| unclear("no file is named for this piece"))?;
                add(&mut wishes, path, piece);
                State::Outside
            }
            (_, State::Outside) => {
                if !bare.is_empty() && !bare.starts_with("```") {
                    before = bare;
                }
                State::Outside
            }
            (_, State::Search(mut piece)) => {
                piece.search.push_str(line);
                State::Search(piece)
            }
            (_, State::Replace(mut piece)) => {
                piece.replace.push_str(line);
                State::Replace(piece)
            }
        };
    }
    match state {
        State::Outside => Ok(wishes),
        State::Search(_) | State::Replace(_) => {
            Err(Unclear("the last piece has no `>>>>>>> REPLACE`".to_owned()))
        }
    }
}

fn add(wishes: &mut Wishes, path: RelativePath, piece: Piece) {
    if let Some(edit) = wishes.edits.iter_mut().find(|edit| edit.path == path)
        && let Change::Replace(pieces) = &mut edit.change
    {
        pieces.push(piece);
        return;
    }
    let change = Change::Replace(vec![piece]);
    wishes.edits.push(Edit { path, change });
}

fn path_of(line: &str) -> &str {
    line.trim().trim_end_matches(':').trim_matches(|c| matches!(c, '`' | '*'))
}
