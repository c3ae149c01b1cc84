//! Which lines of a stream of events need not be read, since nothing in them can match.
//!
//! To read an event takes far longer than to look for a word in its bytes. So a pattern is asked for runs of letters of
//! which every match has one: a line without them is passed over. A run is only taken where the text that people read
//! cannot have it unless the bytes have it too: letters stand in JSON as they are or as `\u….`, and no letters are put
//! side by side that stood apart.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The words that are put beside what an event says; a run that is part of one says nothing about the bytes.
const OURS: &[&str] = &[
    "API",
    "retry",
    "denied",
    "rate",
    "limit",
    "the",
    "conversation",
    "was",
    "made",
    "shorter",
    "session",
    "done",
    "turn",
    "turns",
    "tokens",
    "in",
    "out",
    "it",
    "failed",
    "ended",
    "answer",
    "answered",
    "exit",
    "plan",
    "search",
    "more",
    "line",
    "lines",
    "premium",
    "request",
    "requests",
    "service",
    "interrupted",
    "log",
    "of",
    "attempt",
    "min",
];
/// What the bytes have where a line of trouble is made of an event that may have none of its words.
const TROUBLE: &str = r#"(?i:error|warn|panic|fail|fatal|exception|traceback|denied)|is_error"\s*:\s*true|rate_limit_event|api_retry|turn_retry|"abort"|"exit_code"\s*:\s*-?[1-9]|"result"|step_finish|"note"|"wait"|(?m:^|\r|"|\\[nr])! |✖|⚠|\\u2716|\\u26[aA]0"#;
/// ASCII that stands there as its number, and the two letters that are the same as one of it where case does not matter.
const NUMBERED_ASCII: &str = r"\\u00[0-7]|\\u017[fF]|\\u212[aA]";
/// More runs than this are not looked for.
const MOST: usize = 64;
/// A character that may be one of more than this ends a run.
const CHOICES: usize = 8;
/// A number is written with an `e` and so many digits at most, which are no run.
const EXPONENT: usize = 4;

/// A run of letters; each of them is one of these.
type Run = Vec<Vec<char>>;

/// What a line has that must be read.
#[derive(Clone, Debug)]
pub(super) struct Prefilter(Regex);

impl Prefilter {
    /// Makes one for a pattern; none if every line must be read.
    pub fn of(pattern: &str, ignore_case: bool) -> Option<Self> {
        let parser = ParserBuilder::new()
            .case_insensitive(ignore_case)
            .multi_line(true)
            .crlf(true)
            .utf8(false)
            .build()
            .parse(pattern);
        let runs = needed(&parser.ok()?)?;
        let letters = || runs.iter().flatten().flatten();
        let numbered = if letters().all(|c| c.is_ascii() || matches!(c, 'ſ' | 'K')) {
            NUMBERED_ASCII
        } else {
            r"\\u"
        };
        let runs: Vec<String> = runs.iter().map(written).collect();
        Self::build(&format!("{}|{numbered}|\x1b", runs.join("|")))
    }

    /// Makes the one for lines that tell of trouble.
    pub fn trouble() -> Option<Self> {
        Self::build(&format!("{TROUBLE}|{NUMBERED_ASCII}|\x1b"))
    }

    fn build(pattern: &str) -> Option<Self> {
        RegexBuilder::new(pattern).build().ok().map(Self)
    }

    /// Returns where the first line begins that must be read; the end if none must.
    pub fn first(&self, bytes: &[u8]) -> usize {
        self.0.find(bytes).map_or(bytes.len(), |found| {
            memchr::memrchr(b'\n', &bytes[..found.start()]).map_or(0, |feed| feed + 1)
        })
    }
}

/// Returns runs of which every match has one; none if there are no such runs.
fn needed(hir: &Hir) -> Option<Vec<Run>> {
    match hir.kind() {
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(needed(branch)?);
            }
            (all.len() <= MOST).then_some(all)
        }
        HirKind::Concat(parts) => of_parts(parts),
        HirKind::Literal(_) | HirKind::Class(Class::Unicode(_)) => {
            of_parts(std::slice::from_ref(hir))
        }
        HirKind::Class(_) | HirKind::Repetition(_) | HirKind::Look(_) | HirKind::Empty => None,
    }
}

/// Returns the best runs of what stands one after the other: those whose shortest is the longest.
fn of_parts(parts: &[Hir]) -> Option<Vec<Run>> {
    let mut found = Vec::new();
    let mut run = Run::new();
    for part in parts {
        if let Some(more) = characters(part) {
            for choices in more {
                match choices {
                    Some(choices) => run.push(choices),
                    None => found.push(vec![std::mem::take(&mut run)]),
                }
            }
            continue;
        }
        // What stands at no place of its own parts nothing.
        if matches!(part.kind(), HirKind::Look(_) | HirKind::Empty) {
            continue;
        }
        found.push(vec![std::mem::take(&mut run)]);
        found.extend(needed(part));
    }
    found.push(vec![run]);
    found.retain(|runs| runs.iter().all(proves));
    found.into_iter().max_by_key(|runs| runs.iter().map(Vec::len).min())
}

/// Returns the letters that a part is made of, `None` for what is no letter; nothing if it is not made of characters.
fn characters(part: &Hir) -> Option<Vec<Option<Vec<char>>>> {
    let letters = |choices: Vec<char>| choices.iter().all(|c| is_letter(*c)).then_some(choices);
    match part.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            Some(text.chars().map(|c| letters(vec![c])).collect())
        }
        HirKind::Class(Class::Unicode(class)) => {
            let choices = class.iter().flat_map(|range| range.start()..=range.end());
            let choices: Vec<char> = choices.take(CHOICES + 1).collect();
            let few = choices.len() <= CHOICES && !choices.is_empty();
            Some(vec![few.then_some(choices).and_then(letters)])
        }
        _ => None,
    }
}

/// Says whether a character stands in JSON as it is or by its number, and in no other way.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Says whether what people read can have a run only if the bytes have it.
fn proves(run: &Run) -> bool {
    let is_word = |choices: &Vec<char>| choices.iter().all(|c| !c.is_numeric());
    let words = run.iter().filter(|choices| is_word(choices)).count();
    // Numbers are written anew: as 1000.0, 12.9k or 1e300.
    let is_number = match run.first() {
        Some(first) if words == 1 => !is_word(first) || run.len() <= EXPONENT,
        _ => words == 0,
    };
    !is_number && !OURS.iter().any(|word| has(word, run))
}

fn has(word: &str, run: &Run) -> bool {
    let word: Vec<char> = word.chars().collect();
    word.windows(run.len()).any(|part| part.iter().zip(run).all(|(c, any)| any.contains(c)))
}

/// Writes a run as a regular expression.
fn written(run: &Run) -> String {
    run.iter()
        .map(|choices| match choices.as_slice() {
            [one] => one.to_string(),
            several => format!("[{}]", several.iter().collect::<String>()),
        })
        .collect()
}
