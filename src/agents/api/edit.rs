//! What a reply asks for.

use super::relative_path::RelativePath;

/// A change to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub path: RelativePath,
    /// What is to become of it.
    pub change: Change,
}

/// What is to become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has this content, whether it was there or not.
    Write(String),
    /// Pieces of it are replaced; each piece is found in what was there before.
    Replace(Vec<Piece>),
    /// It goes.
    Delete,
}

/// Whole lines that are replaced by others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// What is there, exactly once.
    pub search: String,
    /// What takes its place.
    pub replace: String,
}

/// What a reply asks for, read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The changes, in the order of the reply.
    pub edits: Vec<Edit>,
    /// Files that it wants to see before it goes on.
    pub reads: Vec<RelativePath>,
    /// It says that this is all; only with marks can it.
    pub done: bool,
}

/// Why a reply cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unclear(pub String);

impl Unclear {
    /// A complaint about a line of the reply, counted from 1.
    pub fn at(line: usize, words: impl std::fmt::Display) -> Self {
        Self(format!("line {line} of the reply: {words}"))
    }
}

/// Reads a reply in the form with marks, or in one of the two plain forms if no line of it has a mark.
pub fn read(reply: &str, mark: &super::mark::Mark) -> Result<Wishes, Unclear> {
    let wishes = if reply.lines().any(|line| mark.words(line).is_some() || mark.is_another(line)) {
        super::mark_form::read(reply, mark)?
    } else if reply.lines().any(super::seed_form::begins) {
        super::seed_form::read(reply)?
    } else {
        super::conflict_form::read(reply)?
    };
    once_each(&wishes.edits)?;
    Ok(wishes)
}

/// A file that is named twice, if only by another case of its letters, is a contradiction.
fn once_each(edits: &[Edit]) -> Result<(), Unclear> {
    for (index, edit) in edits.iter().enumerate() {
        let folded = edit.path.folded();
        if let Some(other) = edits[..index].iter().find(|other| other.path.folded() == folded) {
            let (one, two) = (&other.path, &edit.path);
            return Err(Unclear(format!("there is more than one block for {one} ({two})")));
        }
        let inside = format!("{folded}/");
        let above = edits.iter().find(|other| other.path.folded().starts_with(&inside));
        if let Some(other) = above {
            let (one, two) = (&edit.path, &other.path);
            return Err(Unclear(format!("{one} cannot be a file and the directory of {two}")));
        }
    }
    Ok(())
}
