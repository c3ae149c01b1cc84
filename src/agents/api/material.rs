//! The files that a model is shown, cut to the room that there is.
//!
//! What is declared first is worth most. A file that does not fit is cut at its end to half of the room that is left, so
//! that smaller ones behind it are shown too, and left out where that is next to nothing; the list of other files comes
//! last and is the first to go. The prompt is never cut but for its hand-off, from the end.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::conversation::{bytes_as_tokens, tokens_of};
use super::mark::Mark;
use super::relative_path::RelativePath;
use super::root::Root;
use super::scope::Scope;

/// A part of a file that is smaller than this is not worth showing, in bytes.
const WORTH: usize = 2 * 1024;
/// Where the hand-off begins in a prompt.
const HAND_OFF: &str = "\n---\n\n# Hand-off\n";

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// The text.
    pub text: String,
    /// The files that are whole in it.
    pub whole: BTreeSet<RelativePath>,
    /// What was cut or left out, one line each, for the log.
    pub notes: Vec<String>,
    /// The files that are in it, whole or in part.
    pub shown: usize,
}

/// What there is to show from.
#[derive(Debug)]
pub struct Source<'a> {
    /// The worktree.
    pub root: &'a Root,
    /// What was declared.
    pub scope: &'a Scope,
    /// The files that git knows.
    pub tracked: &'a BTreeSet<RelativePath>,
    /// The mark between files.
    pub mark: &'a Mark,
}

impl Source<'_> {
    /// Puts the first message together, in at most `room` tokens; none if the goal alone is larger.
    pub fn first(&self, prompt: &str, room: u64) -> Option<Material> {
        let mut material = Material::default();
        let mut prompt = prompt.trim_end().to_owned();
        if tokens_of(&prompt) > room {
            let goal = prompt.find(HAND_OFF)?;
            let mut end = usize::try_from(room.saturating_sub(64) * 3).unwrap_or(usize::MAX);
            end = end.min(prompt.len());
            while !prompt.is_char_boundary(end) {
                end -= 1;
            }
            if end < goal {
                return None;
            }
            material.notes.push(format!(
                "cut {} bytes from the end of the hand-off: the prompt does not fit",
                prompt.len() - end
            ));
            prompt.truncate(end);
        }
        material.text = prompt;
        material.text.push('\n');
        let files = self.declared();
        if !files.is_empty() {
            material.text.push_str("\n# The files as they are now\n");
        }
        self.show(&files, room, &mut material);
        self.list(&files, room, &mut material);
        Some(material)
    }

    /// Shows files that the model asked for.
    pub fn wanted(&self, files: &[RelativePath], room: u64) -> Material {
        let mut material = Material::default();
        let (known, unknown): (Vec<_>, Vec<_>) =
            files.iter().cloned().partition(|path| self.may_show(path));
        for path in unknown {
            let _infallible = writeln!(material.text, "There is no file {path} that can be shown.");
        }
        self.show(&known, room, &mut material);
        material
    }

    fn may_show(&self, path: &RelativePath) -> bool {
        self.tracked.contains(path) || (!self.scope.is_all() && self.scope.allows(path))
    }

    /// Returns the declared files, and those below declared directories.
    fn declared(&self) -> Vec<RelativePath> {
        let mut files: Vec<RelativePath> = Vec::new();
        for place in self.scope.places() {
            if place.is_directory {
                let below = self.tracked.iter().filter(|path| path.is_within(place.path.text()));
                files.extend(below.cloned());
            } else {
                files.push(place.path.clone());
            }
        }
        let mut known = BTreeSet::new();
        files.retain(|path| known.insert(path.clone()));
        files
    }

    fn show(&self, files: &[RelativePath], room: u64, into: &mut Material) {
        for path in files {
            let old = match self.root.read(path) {
                Ok(Some(old)) => old,
                Ok(None) => {
                    let _infallible = write!(into.text, "\n{path} is not there yet.\n");
                    continue;
                }
                Err(error) => {
                    into.notes.push(format!("left out {path}: {error}"));
                    continue;
                }
            };
            let Some(text) = String::from_utf8(old.bytes).ok().filter(|text| !text.contains('\0'))
            else {
                into.notes.push(format!("left out {path}: it is not text"));
                continue;
            };
            self.add(path, &text, room, into);
        }
    }

    fn add(&self, path: &RelativePath, text: &str, room: u64, into: &mut Material) {
        let left = room.saturating_sub(tokens_of(&into.text) + 64);
        let left = usize::try_from(left.saturating_mul(3)).unwrap_or(usize::MAX);
        let mut end = text.len();
        if text.len() > left {
            end = left / 2;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            end = text[..end].rfind('\n').map_or(0, |at| at + 1);
        }
        let size = text.len().div_ceil(1024);
        if end < text.len() && end < WORTH {
            into.notes.push(format!("left out {path} ({size} KiB): it does not fit"));
            let _infallible =
                write!(into.text, "\n{path} ({size} KiB) is there, but too large to show.\n");
            return;
        }
        into.text.push('\n');
        into.text.push_str(&self.mark.line(&format!("FILE {path}")));
        into.text.push_str(&text[..end]);
        if !into.text.ends_with('\n') {
            into.text.push('\n');
        }
        into.shown += 1;
        if end < text.len() {
            let lines = text[end..].lines().count();
            into.notes.push(format!("cut {path} ({size} KiB): its last {lines} lines do not fit"));
            into.text.push_str(&self.mark.line(&format!("END; {lines} more lines are not shown")));
        } else {
            into.text.push_str(&self.mark.line("END"));
            into.whole.insert(path.clone());
        }
    }

    /// Adds the names of the other files, as many as there is room for in a tenth of it.
    fn list(&self, shown: &[RelativePath], room: u64, into: &mut Material) {
        let left = room.saturating_sub(tokens_of(&into.text)).min(room / 10);
        let others: Vec<&RelativePath> =
            self.tracked.iter().filter(|path| !shown.contains(path)).collect();
        let mut text = String::from("\n# Other files of the repository\n\n");
        let mut listed = 0;
        for path in &others {
            if bytes_as_tokens(text.len() + path.text().len() + 64) > left {
                break;
            }
            let _infallible = writeln!(text, "{path}");
            listed += 1;
        }
        if listed < others.len() {
            let rest = others.len() - listed;
            into.notes.push(format!("left {rest} names out of the list of other files"));
            let _infallible = writeln!(text, "({rest} more are not listed)");
        }
        if listed > 0 {
            into.text.push_str(&text);
        }
    }
}
