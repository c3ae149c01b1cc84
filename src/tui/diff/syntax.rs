//! From the lines of a changed file to what their pieces are, by the rules that Sublime Text and `bat` have for its language.
//!
//! What a line means depends on all that stands above it. Where the whole text of a side is known, and has the lines of
//! the patch, it is gone through from its beginning; else every hunk is, as if nothing stood above it.

use serde::{Deserialize, Serialize};
use syntect::parsing::{ParseState, Scope, ScopeStack, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::listing::RETURN;
use super::tokens::{FileTokens, Span, Token};
use super::{Hunk, Kind, PatchFile, shown};

/// A line that is longer is shown plain, in bytes: nobody wrote it by hand, and it would take long.
const LINE: usize = 2_000;
/// Of a text that has more lines above the last changed one, only the hunks are gone through.
const LINES: usize = 20_000;

/// The text of a file before and after; none where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
}

/// The rules of all languages. They take some memory, and more for each language that was met.
pub struct Syntaxes {
    set: SyntaxSet,
    meanings: Vec<(Scope, Option<Token>)>,
}

/// What scopes mean, the first that fits; none for those whose inside is plain again.
const MEANINGS: &[(&str, Option<Token>)] = &[
    ("comment", Some(Token::Comment)),
    ("meta.interpolation", None),
    ("meta.template.expression", None),
    ("source.shell.embedded", None),
    ("keyword.operator", None),
    ("keyword", Some(Token::Keyword)),
    ("storage", Some(Token::Keyword)),
    ("variable.language", Some(Token::Keyword)),
    ("entity.name.function", Some(Token::Function)),
    ("entity.name.macro", Some(Token::Function)),
    ("variable.function", Some(Token::Function)),
    ("support.function", Some(Token::Function)),
    ("support.macro", Some(Token::Function)),
    ("markup.underline.link", Some(Token::Function)),
    ("entity.name.label", None),
    ("entity.name.section", Some(Token::Keyword)),
    ("markup.heading", Some(Token::Keyword)),
    ("entity.name", Some(Token::Type)),
    ("entity.other", Some(Token::Type)),
    ("support.type", Some(Token::Type)),
    ("support.class", Some(Token::Type)),
    ("meta.mapping.key", Some(Token::Type)),
    ("constant.character", Some(Token::String)),
    ("constant", Some(Token::Number)),
    ("string", Some(Token::String)),
    ("markup.raw", Some(Token::String)),
];

impl Default for Syntaxes {
    fn default() -> Self {
        let scope = |(name, token): &(&str, _)| Scope::new(name).ok().map(|scope| (scope, *token));
        Self {
            set: two_face::syntax::extra_newlines(),
            meanings: MEANINGS.iter().filter_map(scope).collect(),
        }
    }
}

/// A line that is looked for: its place among the hunks, its number and what it says.
type Wanted<'a> = ((usize, usize), usize, &'a str);

/// One side of a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

impl Side {
    /// Says whether a line stands on this side.
    fn has(self, kind: Kind) -> bool {
        match kind {
            Kind::Same => true,
            Kind::Added => self == Self::New,
            Kind::Removed => self == Self::Old,
            Kind::Remark => false,
        }
    }
}

impl Syntaxes {
    /// Returns what is known of the lines of a file, as far as it got while it could go on.
    pub fn tokens(
        &self,
        file: &PatchFile,
        texts: &Texts,
        goes_on: &dyn Fn() -> bool,
    ) -> FileTokens {
        let mut tokens = FileTokens::default();
        let Some(syntax) = self.language(file, texts) else { return tokens };
        for (side, text) in [(Side::New, &texts.new), (Side::Old, &texts.old)] {
            let wanted = wanted(file, side);
            if wanted.is_empty() {
                continue;
            }
            let whole = text.as_deref().and_then(|text| lines(text, &wanted));
            let hunks = file.hunks.iter().enumerate();
            let mut keep = |at: (usize, usize), spans| {
                let kind = file.hunks.get(at.0).and_then(|hunk| hunk.lines.get(at.1));
                // What is the same on both sides is taken from the new one.
                if side == Side::New || kind.is_some_and(|line| line.kind == Kind::Removed) {
                    tokens.set(at, spans);
                }
            };
            match whole {
                Some(lines) => self.pass(syntax, through(&lines, &wanted), goes_on, &mut keep),
                None => hunks.for_each(|(number, hunk)| {
                    self.pass(syntax, alone(number, hunk, side), goes_on, &mut keep);
                }),
            }
        }
        tokens
    }

    /// Returns the language of a file, by its name or its first line.
    fn language(&self, file: &PatchFile, texts: &Texts) -> Option<&SyntaxReference> {
        let name = file.path.rsplit('/').next()?;
        let end = name.rsplit_once('.').map(|(_, end)| end);
        let by_name = [Some(name), end];
        let by_name =
            by_name.into_iter().flatten().find_map(|name| self.set.find_syntax_by_extension(name));
        let begin = texts.new.as_deref().or(texts.old.as_deref());
        let in_patch = || {
            let lines = file.hunks.first()?.lines.iter();
            let first = lines.clone().find(|line| line.new.or(line.old) == Some(1))?;
            Some(first.text.as_str())
        };
        let first = begin.and_then(|text| text.lines().next()).or_else(in_patch);
        let first = first.filter(|line| line.len() <= LINE);
        by_name
            .or_else(|| first.and_then(|line| self.set.find_syntax_by_first_line(line)))
            .filter(|syntax| syntax.name != "Plain Text")
    }

    /// Goes through lines from the beginning of a text on; `keep` gets what those with a place among the hunks are.
    fn pass<'a>(
        &self,
        syntax: &SyntaxReference,
        lines: impl Iterator<Item = (Option<(usize, usize)>, &'a str)>,
        goes_on: &dyn Fn() -> bool,
        keep: &mut dyn FnMut((usize, usize), Vec<Span>),
    ) {
        let (mut state, mut stack) = (ParseState::new(syntax), ScopeStack::new());
        let mut text = String::new();
        for (place, line) in lines {
            if line.len() > LINE {
                continue;
            }
            if !goes_on() {
                return;
            }
            text.clear();
            text.push_str(line);
            text.push('\n');
            let Ok(steps) = state.parse_line(&text, &self.set) else { return };
            let mut spans = Vec::new();
            let (mut at, mut token) = (0, self.meaning(&stack));
            for (end, step) in steps {
                take(&mut spans, (at, end.min(line.len())), token);
                at = end;
                if stack.apply(&step).is_err() {
                    return;
                }
                // Going back to what was there before means the same as it did then.
                if step != ScopeStackOp::Noop {
                    token = self.meaning(&stack);
                }
            }
            take(&mut spans, (at, line.len()), token);
            if let Some(place) = place {
                keep(place, spans);
            }
        }
    }

    /// Returns what text within these scopes is: the innermost that means something says it.
    fn meaning(&self, stack: &ScopeStack) -> Option<Token> {
        let known = |scope: &Scope| {
            self.meanings.iter().find(|(known, _)| known.is_prefix_of(*scope)).map(|found| found.1)
        };
        stack.scopes.iter().rev().find_map(known).flatten()
    }
}

/// Adds a piece, to the one before it if that is the same.
fn take(spans: &mut Vec<Span>, (start, end): (usize, usize), token: Option<Token>) {
    let Some(token) = token.filter(|_| start < end) else { return };
    match spans.last_mut() {
        Some(last) if last.end == start && last.token == token => last.end = end,
        _other => spans.push(Span { start, end, token }),
    }
}

/// Returns the lines of a file that are looked for on one side.
fn wanted(file: &PatchFile, side: Side) -> Vec<Wanted<'_>> {
    let mut wanted = Vec::new();
    for (hunk, lines) in file.hunks.iter().enumerate() {
        for (line, this) in lines.lines.iter().enumerate().filter(|(_, this)| side.has(this.kind)) {
            let number = if side == Side::New { this.new } else { this.old };
            let number = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            wanted.push(((hunk, line), number, this.text.as_str()));
        }
    }
    wanted
}

/// Returns a text's lines to the last that is looked for; none if there are too many, or if it is another text.
fn lines(text: &str, wanted: &[Wanted<'_>]) -> Option<Vec<String>> {
    let last = wanted.last().map_or(0, |(_, number, _)| *number);
    if last > LINES {
        return None;
    }
    let lines: Vec<String> = text.split('\n').take(last).map(shown).collect();
    let is_there = |(_, number, says): &Wanted<'_>| {
        let says = says.strip_suffix(RETURN).unwrap_or(says);
        number.checked_sub(1).and_then(|at| lines.get(at)).is_some_and(|line| line == says)
    };
    wanted.iter().all(is_there).then_some(lines)
}

/// Returns all lines, those that are looked for with their places.
fn through<'a>(
    lines: &'a [String],
    wanted: &'a [Wanted<'_>],
) -> impl Iterator<Item = (Option<(usize, usize)>, &'a str)> {
    let mut wanted = wanted.iter().peekable();
    lines.iter().enumerate().map(move |(at, line)| {
        let place = wanted.next_if(|(_, number, _)| *number == at + 1).map(|(place, ..)| *place);
        (place, line.as_str())
    })
}

/// Returns the lines of a hunk that are on one side.
fn alone(
    number: usize,
    hunk: &Hunk,
    side: Side,
) -> impl Iterator<Item = (Option<(usize, usize)>, &str)> {
    let lines = hunk.lines.iter().enumerate().filter(move |(_, line)| side.has(line.kind));
    lines.map(move |(line, this)| (Some((number, line)), this.text.as_str()))
}
