//! What files become, worked out whole before anything is touched.

use std::collections::BTreeSet;

use super::edit::{Change, Edit, Piece};
use super::relative_path::RelativePath;
use super::root::{Kind, LARGEST, Old, PlaceError, Root};
use super::scope::Scope;

/// The most files that one reply may change.
const MOST: usize = 200;

/// A file that is to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The file.
    pub path: RelativePath,
    /// As it is; none if it is not there.
    pub old: Option<Old>,
    /// What is to be in it; none if it is to go.
    pub new: Option<Vec<u8>>,
}

/// Why an edit cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The file may not be changed.
    #[error("{0} is not one of the files that may be changed")]
    NotDeclared(RelativePath),
    /// What is there stands in the way.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// There are more edits than a reply may have.
    #[error("{0} files at once are more than the {MOST} that are taken")]
    TooMany(usize),
    /// The file is not there.
    #[error(
        "{0} is not there, so it can neither be edited nor deleted; a new file is written whole"
    )]
    Absent(RelativePath),
    /// The file was not shown whole, so its whole content cannot be known.
    #[error("{0} was not shown whole, so it must be changed piece by piece (EDIT)")]
    NotSeen(RelativePath),
    /// It is no text.
    #[error("{0} is not text")]
    NotText(RelativePath),
    /// A piece to be replaced is not there, not once, or empty.
    #[error("{path}: {problem}")]
    Piece {
        /// The file.
        path: RelativePath,
        /// What is wrong.
        problem: String,
    },
}

/// Works out what the files become, or why that cannot be; `seen` are those that were shown whole.
pub fn plan(
    edits: &[Edit],
    root: &Root,
    scope: &Scope,
    seen: &BTreeSet<RelativePath>,
) -> Result<Vec<Planned>, Vec<Refusal>> {
    if edits.len() > MOST {
        return Err(vec![Refusal::TooMany(edits.len())]);
    }
    let (mut planned, mut refused) = (Vec::new(), Vec::new());
    for edit in edits {
        match one(edit, root, scope, seen) {
            Ok(done) => planned.push(done),
            Err(refusal) => refused.push(refusal),
        }
    }
    if refused.is_empty() { Ok(planned) } else { Err(refused) }
}

fn one(
    edit: &Edit,
    root: &Root,
    scope: &Scope,
    seen: &BTreeSet<RelativePath>,
) -> Result<Planned, Refusal> {
    let path = &edit.path;
    if !scope.allows(path) {
        return Err(Refusal::NotDeclared(path.clone()));
    }
    if root.kind(path)? == Kind::Directory {
        return Err(PlaceError::NotFile(path.clone()).into());
    }
    let old = root.read(path)?;
    let new = match (&edit.change, &old) {
        (Change::Write(text), None) => Some(text.clone()),
        (Change::Write(text), Some(_)) if seen.contains(path) => Some(text.clone()),
        (Change::Write(_), Some(_)) => return Err(Refusal::NotSeen(path.clone())),
        (Change::Replace(pieces), None) => match pieces.as_slice() {
            [piece] if piece.search.trim().is_empty() => Some(piece.replace.clone()),
            _ => return Err(Refusal::Absent(path.clone())),
        },
        (Change::Replace(pieces), Some(old)) => {
            let text = std::str::from_utf8(&old.bytes);
            let text = text.map_err(|_| Refusal::NotText(path.clone()))?;
            let new = replaced(text, pieces);
            Some(new.map_err(|problem| Refusal::Piece { path: path.clone(), problem })?)
        }
        (Change::Delete, Some(_)) => None,
        (Change::Delete, None) => return Err(Refusal::Absent(path.clone())),
    };
    let new = new.map(String::into_bytes);
    if let Some(bytes) = &new {
        if bytes.contains(&0) {
            return Err(Refusal::NotText(path.clone()));
        }
        if bytes.len() as u64 > LARGEST {
            let bytes = bytes.len() as u64;
            return Err(PlaceError::TooLarge { path: path.clone(), bytes }.into());
        }
    }
    Ok(Planned { path: path.clone(), old, new })
}

/// Replaces whole lines. Every piece is looked for in the text as it is and must be there once; none may touch another.
fn replaced(text: &str, pieces: &[Piece]) -> Result<String, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let returns = lines.first().is_some_and(|line| line.ends_with("\r\n"));
    let mut places = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let search: Vec<&str> = piece.search.lines().collect();
        let at = find(&lines, &search).map_err(|words| format!("piece {}: {words}", index + 1))?;
        places.push((at, at + search.len(), piece.replace.as_str()));
    }
    places.sort_by_key(|(from, ..)| *from);
    if places.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err("two of its pieces overlap".to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut next = 0;
    for (from, to, replace) in places {
        out.extend(lines[next..from].iter().copied());
        let ends = to < lines.len() || lines.last().is_some_and(|line| line.ends_with('\n'));
        push(&mut out, replace, returns, ends);
        next = to;
    }
    out.extend(lines[next..].iter().copied());
    Ok(out)
}

/// Adds lines with the line ends of the file; the last of the file may have none.
fn push(out: &mut String, replace: &str, returns: bool, ends: bool) {
    let mut lines = replace.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        if lines.peek().is_some() || ends {
            out.push_str(if returns { "\r\n" } else { "\n" });
        }
    }
}

/// Finds the only place of some lines; blanks at their ends count only if that is needed to tell places apart.
fn find(lines: &[&str], search: &[&str]) -> Result<usize, String> {
    if search.iter().all(|line| line.trim().is_empty()) {
        return Err("SEARCH is empty, so nothing says where it goes".to_owned());
    }
    let bare = |line: &str| line.trim_end_matches(['\n', '\r']).to_owned();
    let loose = |line: &str| line.trim_end().to_owned();
    let exact = all(lines, search, bare);
    let found = if exact.is_empty() { all(lines, search, loose) } else { exact };
    match found.as_slice() {
        [at] => Ok(*at),
        [] => Err(format!(
            "the lines of SEARCH are not in the file; the first of them is `{}`",
            crate::agents::plain::cut(search.first().map_or("", |line| line.trim()), 80)
        )),
        several => Err(format!(
            "the lines of SEARCH are in the file {} times; add lines around them",
            several.len()
        )),
    }
}

fn all(lines: &[&str], search: &[&str], form: impl Fn(&str) -> String) -> Vec<usize> {
    let lines: Vec<String> = lines.iter().map(|line| form(line)).collect();
    let search: Vec<String> = search.iter().map(|line| form(line)).collect();
    let windows = lines.windows(search.len()).enumerate();
    windows.filter(|(_, window)| *window == search).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(search: &str, replace: &str) -> Piece {
        Piece { search: search.to_owned(), replace: replace.to_owned() }
    }

    #[test]
    fn pieces_are_found_once_and_replaced() {
        let text = "a\nb\nc\na\nd";
        let new = replaced(text, &[piece("c\na\n", "C\n"), piece("b\n", "B\nB\n")]).unwrap();
        assert_eq!(new, "a\nB\nB\nC\nd");
        assert_eq!(replaced(text, &[piece("d\n", "e\nf\n")]).unwrap(), "a\nb\nc\na\ne\nf");
        assert_eq!(replaced("a\nb\n", &[piece("b\n", "")]).unwrap(), "a\n");
        assert_eq!(replaced("a\r\nb\r\n", &[piece("b\n", "c\nd\n")]).unwrap(), "a\r\nc\r\nd\r\n");
        assert_eq!(replaced("a \nb\n", &[piece("a\n", "c\n")]).unwrap(), "c\nb\n");
    }

    #[test]
    fn what_is_not_there_once_is_refused() {
        let text = "a\nb\nc\na\n";
        for (pieces, words) in [
            (vec![piece("x\n", "y\n")], "not in the file"),
            (vec![piece("a\n", "y\n")], "2 times"),
            (vec![piece("", "y\n")], "empty"),
            (vec![piece("\n \n", "y\n")], "empty"),
            (vec![piece("a\nb\n", "y\n"), piece("b\nc\n", "z\n")], "overlap"),
            (vec![piece("b\n", "y\n"), piece("b\n", "z\n")], "overlap"),
        ] {
            let problem = replaced(text, &pieces).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
