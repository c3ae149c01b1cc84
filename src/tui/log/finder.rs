//! A pattern ready to be looked for.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use super::prefilter::Prefilter;

/// A compiled pattern takes no more memory than this, in bytes.
const MAX_PATTERN: usize = 4 * 1024 * 1024;

/// A pattern ready to be looked for.
#[derive(Clone, Debug)]
pub struct Finder {
    regex: Regex,
    /// What comes before a word, so that it does not count.
    denial: Option<Regex>,
    /// Which events must be read; without one, all.
    prefilter: Option<Prefilter>,
}

/// Whether case matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// If the pattern has a capital letter.
    Smart,
    /// It does not.
    Ignored,
}

/// The words by which programs tell of trouble, and the signs by which events are marked that do.
const TROUBLE: &str = r"(?i)\b(?:errors?|warn(?:ings?)?|panic(?:s|ked)?|fail(?:s|ed|ures?)?|fatal|exceptions?|traceback|denied)\b|^(?:[✖⚠]|!) ";
/// `0 failed` and `no errors` tell of none.
const DENIAL: &str = r"(?i)(?:^|[^0-9a-z.,])(?:0|no|zero|without)(?: \w+)? $";
/// A denial is looked for in so many bytes before the word.
const DENIED_WITHIN: usize = 32;

/// Returns what is wrong with a regular expression, in a few words; none if nothing is.
pub fn complaint(pattern: &str) -> Option<String> {
    match RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build() {
        Ok(_) => None,
        Err(regex::Error::CompiledTooBig(_)) => Some("it is too large".to_owned()),
        // The last line says what it is; those before show where.
        Err(error) => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            Some(last.trim_start_matches("error: ").to_owned())
        }
    }
}

impl Finder {
    /// Makes one of what was typed: a regular expression, or plain text if it is not a valid one; none if it is empty.
    ///
    /// Case matters only if the pattern has a capital letter.
    pub fn new(pattern: &str) -> Option<Self> {
        Self::with(pattern, Case::Smart)
    }

    /// The same where case matters as is said.
    pub fn with(pattern: &str, case: Case) -> Option<Self> {
        let build = |pattern: &str, ignore_case: bool| {
            RegexBuilder::new(pattern)
                .case_insensitive(ignore_case)
                .multi_line(true)
                .crlf(true)
                .size_limit(MAX_PATTERN)
                .build()
                .ok()
        };
        if pattern.is_empty() {
            return None;
        }
        let ignore_case = case == Case::Ignored || !pattern.chars().any(char::is_uppercase);
        let make = |pattern: &str| {
            let regex = build(pattern, ignore_case)?;
            Some(Self { regex, denial: None, prefilter: Prefilter::of(pattern, ignore_case) })
        };
        make(pattern).or_else(|| make(&regex::escape(pattern)))
    }

    /// The same, but no event is passed over unread; it finds the same, and takes longer.
    #[must_use]
    pub fn unfiltered(self) -> Self {
        Self { prefilter: None, ..self }
    }

    /// Returns what finds lines that tell of an error, a warning or a failure, as far as ordinary words do.
    pub fn trouble() -> Option<Self> {
        let regex = RegexBuilder::new(TROUBLE).multi_line(true).crlf(true).build().ok()?;
        let denial = Regex::new(DENIAL).ok();
        Some(Self { regex, denial, prefilter: Prefilter::trouble() })
    }

    /// Returns where the first line begins that must be read if it is an event; the end if none must.
    pub(super) fn first_event(&self, bytes: &[u8]) -> usize {
        self.prefilter.as_ref().map_or(0, |filter| filter.first(bytes))
    }

    /// Returns the first match at an offset or after it.
    pub(super) fn find_at(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let mut from = at;
        while from <= text.len() {
            let found = self.regex.find_at(text, from)?;
            let before = &text[found.start().saturating_sub(DENIED_WITHIN)..found.start()];
            let line = memchr::memrchr(b'\n', before).map_or(before, |feed| &before[feed + 1..]);
            if self.denial.as_ref().is_none_or(|denial| !denial.is_match(line)) {
                return Some(found.range());
            }
            from = found.end().max(from + 1);
        }
        None
    }

    /// Returns where it is found in a line.
    pub fn ranges<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.regex
            .find_iter(text.as_bytes())
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
    }
}
