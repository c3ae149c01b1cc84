//! The words in which a line differs from the one that took its place.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Lines that are longer are not compared word by word, in bytes.
const LINE: usize = 500;

/// Returns where two lines differ, in bytes of the old and of the new one; nothing where they have too little in common
/// for that to help.
pub fn words(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let nothing = (Vec::new(), Vec::new());
    if old.len().max(new.len()) > LINE {
        return nothing;
    }
    let (before, after) = (split(old), split(new));
    let steps = capture_diff_slices(Algorithm::Myers, &before, &after);
    let mut found = nothing;
    for step in steps.iter().filter(|step| step.tag() != DiffTag::Equal) {
        add(&mut found.0, range(&before, step.old_range(), old));
        add(&mut found.1, range(&after, step.new_range(), new));
    }
    let same = |line: &str, ranges: &[Range<usize>]| {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let differ: usize =
            ranges.iter().filter_map(|range| line.get(range.clone())).map(letters).sum();
        letters(line).saturating_sub(differ)
    };
    let letters = |line: &str| line.chars().filter(|c| c.is_alphanumeric()).count();
    // Where less than a third of the letters stayed, it is another line.
    if same(new, &found.1) * 3 < letters(new).max(letters(old)) {
        return (Vec::new(), Vec::new());
    }
    found
}

fn add(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    if range.is_empty() {
        return;
    }
    match ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _other => ranges.push(range),
    }
}

/// Returns the bytes that words take in a line, which is all of these words.
fn range(words: &[&str], these: Range<usize>, line: &str) -> Range<usize> {
    let start: usize = words.iter().take(these.start).map(|word| word.len()).sum();
    let length: usize = words.iter().take(these.end).skip(these.start).map(|word| word.len()).sum();
    start..(start + length).min(line.len())
}

/// Splits a line into words, runs of spaces, and signs.
fn split(line: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Class {
        Word,
        Space,
        Sign,
    }
    let class = |c: char| match c {
        '_' => Class::Word,
        _ if c.is_alphanumeric() => Class::Word,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Sign,
    };
    let mut parts = Vec::new();
    let (mut begin, mut before) = (0, None);
    for (at, c) in line.char_indices() {
        let this = class(c);
        let goes_on = this != Class::Sign && before.as_ref() == Some(&this);
        if at > 0 && !goes_on {
            parts.extend(line.get(begin..at));
            begin = at;
        }
        before = Some(this);
    }
    parts.extend(line.get(begin..).filter(|rest| !rest.is_empty()));
    parts
}
