//! From the text of a unified patch to files, hunks and lines.

use super::{Fate, Hunk, Kind, Patch, PatchFile, PatchLine, listing, name};

/// What a patch that was cut ends with.
const CUT: &str = "[cut after ";

/// So many lines are shown: the shortest are two bytes long, and each takes far more here.
const LINES: usize = 100_000;

/// Reads a unified patch as git writes it; what is none of that is passed over.
pub fn parse(text: &str) -> Patch {
    let mut reading = Reading::default();
    let mut lines = text.lines();
    lines.by_ref().take(LINES).for_each(|line| reading.take(line));
    let Reading { files, mut cut, .. } = reading;
    // The last line says so where it was cut before.
    if let Some(last) = lines.last().filter(|_| cut.is_none()) {
        let here = || format!("only its first {LINES} lines are shown");
        cut = Some(cut_words(last).unwrap_or_else(here));
    }
    listing::listed(Patch { files, cut, ..Patch::default() })
}

/// Returns what the last line of a patch that was cut says.
fn cut_words(line: &str) -> Option<String> {
    line.starts_with(CUT).then(|| line.trim_matches(['[', ']']).to_owned())
}

/// A patch of which some lines are read.
#[derive(Debug, Default)]
struct Reading {
    files: Vec<PatchFile>,
    cut: Option<String>,
    /// The numbers of the next lines, old and new.
    at: (u32, u32),
    /// How many lines of the hunk are still to come, old and new.
    left: (u32, u32),
}

impl Reading {
    fn take(&mut self, line: &str) {
        if self.left != (0, 0) && self.take_line(line) {
            return;
        }
        self.left = (0, 0);
        if let Some(paths) = line.strip_prefix("diff --git ") {
            let path = name::second(paths);
            self.files.push(PatchFile { path, ..PatchFile::default() });
        } else if let Some(words) = cut_words(line) {
            self.cut = Some(words);
        } else if let Some(file) = self.files.last_mut() {
            if let Some(numbers) = line.strip_prefix("@@ -") {
                (self.at, self.left) = ranges(numbers);
                file.hunks.push(Hunk { header: line.to_owned(), lines: Vec::new() });
            } else if let Some(remark) = line.strip_prefix("\\ ") {
                if let Some(hunk) = file.hunks.last_mut() {
                    let text = remark.to_owned();
                    hunk.lines.push(PatchLine { kind: Kind::Remark, old: None, new: None, text });
                }
            } else {
                head(file, line);
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
        let text = text.replace('\t', "    ");
        if let Some(hunk) = file.hunks.last_mut() {
            hunk.lines.push(PatchLine { kind, old, new, text });
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
