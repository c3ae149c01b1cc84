//! The files a configuration was read from, and places in them.

use std::fs::{self, File};
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::node::Node;

/// No file of a configuration is larger, in bytes.
pub const MAX_SIZE: u64 = 1024 * 1024;

/// A place in one of the files of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    source: u32,
    start: u32,
    end: u32,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// What people know it as: relative to the project where it lies in it.
    pub name: String,
    /// Its text, without a byte-order mark.
    pub text: String,
    /// What it says; none if it is no YAML.
    pub tree: Option<Node>,
}

/// The files that were read, in the order in which they were.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    list: Vec<Source>,
    paths: Vec<PathBuf>,
}

impl Place {
    /// Returns the place of these bytes in the file with this number.
    pub fn new(source: usize, span: &Range<usize>) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { source: number(source), start: number(span.start), end: number(span.end) }
    }

    /// Returns its bytes.
    pub fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the number of its file.
    pub fn source(self) -> usize {
        self.source as usize
    }
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.list.push(Source { name: name.into(), text: text.into(), tree: None });
        self.list.len() - 1
    }

    /// Remembers what a file says, so that messages can name the path of keys to a place.
    pub fn keep_tree(&mut self, source: usize, tree: Node) {
        if let Some(source) = self.list.get_mut(source) {
            source.tree = Some(tree);
        }
    }

    /// Returns the file with this number.
    pub fn get(&self, source: usize) -> Option<&Source> {
        self.list.get(source)
    }

    /// Remembers that the configuration depends on this file or folder, be it there or not.
    pub fn depends_on(&mut self, path: &Path) {
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }

    /// Returns all that the configuration depends on.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Returns the line of a place, from 1, and its column in characters, from 1.
    pub fn position(&self, place: Place) -> Option<(usize, usize)> {
        let before = self.get(place.source())?.text.get(..place.span().start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        Some((line, column))
    }

    /// Returns what to underline for a place: within one line, and something wherever the line has something.
    pub fn underline(&self, place: Place) -> Range<usize> {
        let text = self.get(place.source()).map_or("", |source| source.text.as_str());
        let Range { start, end } = place.span();
        let (start, end) = (start.min(text.len()), end.min(text.len()));
        let line_end = text.get(start..).and_then(|rest| rest.find('\n'));
        let line_end = line_end.map_or(text.len(), |at| start + at);
        let end = if end <= start { line_end } else { end.min(line_end) };
        let shown = text.get(start..end).unwrap_or_default().trim_end();
        start..start + shown.len()
    }
}

/// Reads a file whole; the error says what is wrong with it, without its name.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let meta = fs::metadata(path).map_err(|error| reason(&error))?;
    if meta.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if !meta.is_file() {
        return Err("it is not an ordinary file".to_owned());
    }
    let file = File::open(path).map_err(|error| reason(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err("it is larger than 1 MiB".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].split(|byte| *byte == b'\n').count();
        format!("it is not UTF-8 text (line {line})")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Says why the system could not do something, in lower case and without its error number.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}

/// Returns what people call a file: its path from the project, or else the whole of it.
pub(super) fn name(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
