//! From the text of a unified patch to files, hunks and lines.

use super::{Fate, Hunk, Kind, PartHead, Patch, PatchFile, PatchLine, listing, name};

/// What a patch that was cut ends with.
const CUT: &str = "[cut after ";

/// So many lines are shown: the shortest are two bytes long, and each takes far more here.
const LINES: usize = 100_000;

/// A part of a change, as git writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub head: PartHead,
    /// The unified patch.
    pub text: String,
}

/// Reads a unified patch as git writes it; what is none of that is passed over.
pub fn parse(text: &str) -> Patch {
    let mut reading = Reading::default();
    reading.take_part(text, PartHead::default());
    reading.ended()
}

/// Reads the parts of a change.
pub fn parse_parts(parts: Vec<Part>) -> Patch {
    let mut reading = Reading::default();
    for part in parts {
        reading.take_part(&part.text, part.head);
    }
    reading.ended()
}

/// Returns what the last line of a patch that was cut says.
fn cut_words(line: &str) -> Option<String> {
    line.starts_with(CUT).then(|| line.trim_matches(['[', ']']).to_owned())
}

/// A patch of which some lines are read.
#[derive(Debug, Default)]
struct Reading {
    parts: Vec<PartHead>,
    lines: usize,
    files: Vec<PatchFile>,
    cut: Option<String>,
    /// The numbers of the next lines, old and new.
    at: (u32, u32),
    /// How many lines of the hunk are still to come, old and new.
    left: (u32, u32),
}

impl Reading {
    /// Takes a part, or as many of its lines as are still shown.
    fn take_part(&mut self, text: &str, head: PartHead) {
        self.parts.push(head);
        self.left = (0, 0);
        let mut last = None;
        for line in text.split_terminator('\n') {
            if self.lines < LINES {
                self.lines += 1;
                self.take(line);
            } else {
                last = Some(line);
            }
        }
        // The last line says so where it was cut before.
        if let Some(last) = last.filter(|_| self.cut.is_none()) {
            let here = || format!("only its first {LINES} lines are shown");
            self.cut = Some(cut_words(last).unwrap_or_else(here));
        }
    }

    fn ended(self) -> Patch {
        let Self { parts, files, cut, .. } = self;
        listing::listed(Patch { parts, files, cut, ..Patch::default() })
    }

    fn take(&mut self, line: &str) {
        if self.left != (0, 0) && self.take_line(line) {
            return;
        }
        self.left = (0, 0);
        if let Some(paths) = line.strip_prefix("diff --git ") {
            let (path, part) = (name::second(paths), self.parts.len().saturating_sub(1));
            self.files.push(PatchFile { path, part, ..PatchFile::default() });
        } else if let Some(words) = cut_words(line) {
            self.cut = Some(words);
        } else if let Some(file) = self.files.last_mut() {
            if let Some(numbers) = line.strip_prefix("@@ -") {
                (self.at, self.left) = ranges(numbers);
                file.hunks.push(Hunk { header: line.to_owned(), lines: Vec::new() });
            } else if let Some(remark) = line.strip_prefix("\\ ") {
                if let Some(hunk) = file.hunks.last_mut() {
                    let text = remark.to_owned();
                    let kind = Kind::Remark;
                    hunk.lines.push(PatchLine { kind, old: None, new: None, text, pair: None });
                }
            } else {
                head(file, line.trim_end_matches('\r'));
            }
        }
    }

    /// Takes a line of a hunk; says whether it is one.
    fn take_line(&mut self, line: &str) -> bool {
        let Some(file) = self.files.last_mut() else { return false };
        // An empty line may have lost its sign on the way.
        let sign = line.chars().next().unwrap_or(' ');
        let kind = match sign {
            ' ' => Kind::Same,
            '+' => Kind::Added,
            '-' => Kind::Removed,
            '\\' => Kind::Remark,
            _other => return false,
        };
        let is_old = matches!(kind, Kind::Same | Kind::Removed);
        let is_new = matches!(kind, Kind::Same | Kind::Added);
        let number = |is_there: bool, next: &mut u32, left: &mut u32| {
            is_there.then(|| {
                *left = left.saturating_sub(1);
                let number = *next;
                *next = next.saturating_add(1);
                number
            })
        };
        let old = number(is_old, &mut self.at.0, &mut self.left.0);
        let new = number(is_new, &mut self.at.1, &mut self.left.1);
        file.added += u32::from(kind == Kind::Added);
        file.removed += u32::from(kind == Kind::Removed);
        let text = line.get(sign.len_utf8()..).unwrap_or_default();
        let text = if kind == Kind::Remark { text.trim_start() } else { text };
        if let Some(hunk) = file.hunks.last_mut() {
            hunk.lines.push(PatchLine { kind, old, new, text: text.to_owned(), pair: None });
        }
        true
    }
}

/// Takes what stands above the hunks of a file.
fn head(file: &mut PatchFile, line: &str) {
    if line.starts_with("new file") {
        file.fate = Fate::Added;
    } else if line.starts_with("deleted file") {
        file.fate = Fate::Deleted;
    } else if let Some(from) = line.strip_prefix("rename from ") {
        file.fate = Fate::Renamed;
        let from = name::path(from, "").unwrap_or_else(|| from.to_owned());
        file.remarks.push(format!("it was {from}"));
        file.from = Some(from);
    } else if let Some(to) = line.strip_prefix("rename to ").and_then(|to| name::path(to, "")) {
        file.path = to;
    } else if let Some(path) = line.strip_prefix("+++ ").and_then(|path| name::path(path, "b/")) {
        file.path = path;
    } else if line.starts_with("Binary files") || line.starts_with("GIT binary patch") {
        file.remarks.push("it is binary, so no lines are shown".to_owned());
    } else if line.starts_with("old mode") || line.starts_with("new mode") {
        file.remarks.push(line.to_owned());
    }
}

/// Reads `3,4 +5,6 @@ …`: the first lines, and how many there are.
fn ranges(numbers: &str) -> ((u32, u32), (u32, u32)) {
    let (old, rest) = numbers.split_once(" +").unwrap_or((numbers, ""));
    let new = rest.split_once(" @@").map_or(rest, |(new, _)| new);
    let range = |text: &str| {
        let (first, count) = text.split_once(',').unwrap_or((text, "1"));
        (first.parse().unwrap_or(0), count.parse().unwrap_or(0))
    };
    let ((old, old_count), (new, new_count)) = (range(old), range(new));
    ((old, new), (old_count, new_count))
}
