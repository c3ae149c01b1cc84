//! The text of a changed line: its words by what they are, on the ground of what became of it.

use std::ops::Range;

use super::text::{Line, Piece, window};
use crate::tui::diff::{Kind, Patch, PatchLine, Place, Span, Token, Tokens, words};
use crate::tui::log::Finder;
use crate::tui::theme::Role;

/// What there is to know of all rows.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The change.
    pub patch: &'a Patch,
    /// What is known of its lines.
    pub tokens: &'a Tokens,
    /// The columns of a line number.
    pub digits: usize,
    /// The columns of the text that lie beside the left edge.
    pub left: usize,
    /// What is marked as found.
    pub find: Option<&'a Finder>,
}

impl Look<'_> {
    /// Adds a text, what was found in it marked.
    pub fn marked(&self, mut out: Line, text: &str, role: Role) -> Line {
        let mut at = 0;
        for range in self.find.into_iter().flat_map(|find| find.ranges(text)) {
            out.push(text.get(at..range.start).unwrap_or_default(), role);
            out.push(text.get(range.clone()).unwrap_or_default(), Role::Found);
            at = range.end;
        }
        out.with(text.get(at..).unwrap_or_default(), role)
    }
}

/// Returns the text of a line with its sign, as much as fits into so many columns.
pub fn text(place: Place, line: &PatchLine, look: Look<'_>, columns: usize) -> Line {
    let ground = ground(line.kind);
    let mut out = Line::of(sign(line.kind), role(line.kind)).on(ground);
    let room = columns.saturating_sub(out.width());
    // One column more shows that something is missing.
    let (before, shown) = window(&line.text, (look.left, room + 1));
    out.append(Line::of(" ".repeat(before), Role::Text).on(ground));
    let found: Vec<Range<usize>> = line
        .text
        .get(shown.clone())
        .map(|text| look.find.into_iter().flat_map(|find| find.ranges(text)))
        .into_iter()
        .flatten()
        .map(|range| range.start + shown.start..range.end + shown.start)
        .collect();
    let tokens = look.tokens.line(place);
    let differs = differs(place, line, look.patch);
    let word = word_ground(line.kind);
    for piece in pieces(&shown, tokens, &[&found, &differs]) {
        let at = piece.start;
        let is_in = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(&at));
        let role = match (line.kind, is_in(&found)) {
            (_, true) => Role::Found,
            (Kind::Remark, false) => Role::Dim,
            (_, false) => token_at(tokens, at).map_or(Role::Text, role_of),
        };
        let ground = if is_in(&differs) { word } else { ground };
        let text = line.text.get(piece).unwrap_or_default().to_owned();
        out.pieces.push(Piece { text, role, ground });
    }
    let missing = columns.saturating_sub(out.width());
    if ground.is_some() {
        out.append(Line::of(" ".repeat(missing), Role::Text).on(ground));
    }
    out.cut(columns)
}

/// Returns where a line differs from the one on the other side, in bytes.
fn differs(place: Place, line: &PatchLine, patch: &Patch) -> Vec<Range<usize>> {
    let other = line.pair.and_then(|pair| {
        let Place::Line(file, hunk, _) = place else { return None };
        patch.line(Place::Line(file, hunk, usize::try_from(pair).ok()?))
    });
    match (line.kind, other) {
        (Kind::Removed, Some(new)) => words(&line.text, &new.text).0,
        (Kind::Added, Some(old)) => words(&old.text, &line.text).1,
        (Kind::Removed | Kind::Added | Kind::Same | Kind::Remark, _) => Vec::new(),
    }
}

/// Divides what is shown of a line wherever something begins or ends.
fn pieces(
    shown: &Range<usize>,
    tokens: &[Span],
    marks: &[&[Range<usize>]],
) -> impl Iterator<Item = Range<usize>> {
    let of_tokens = tokens.iter().flat_map(|span| [span.start, span.end]);
    let of_marks = marks.iter().flat_map(|all| all.iter().flat_map(|mark| [mark.start, mark.end]));
    let inside = of_tokens.chain(of_marks).filter(|at| shown.contains(at));
    let mut cuts: Vec<usize> = inside.chain([shown.start, shown.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let ends: Vec<usize> = cuts.iter().skip(1).copied().collect();
    cuts.into_iter().zip(ends).map(|(start, end)| start..end)
}

fn token_at(tokens: &[Span], at: usize) -> Option<Token> {
    let next = tokens.partition_point(|span| span.end <= at);
    tokens.get(next).filter(|span| span.start <= at).map(|span| span.token)
}

fn role_of(token: Token) -> Role {
    match token {
        Token::Keyword => Role::Keyword,
        Token::String => Role::String,
        Token::Comment => Role::Comment,
        Token::Number => Role::Number,
        Token::Function => Role::Function,
        Token::Type => Role::Type,
    }
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Same => " ",
        Kind::Added => "+",
        Kind::Removed => "-",
        Kind::Remark => "\\",
    }
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Same => Role::Text,
        Kind::Added => Role::Good,
        Kind::Removed => Role::Bad,
        Kind::Remark => Role::Dim,
    }
}

fn ground(kind: Kind) -> Option<Role> {
    match kind {
        Kind::Same | Kind::Remark => None,
        Kind::Added => Some(Role::Added),
        Kind::Removed => Some(Role::Removed),
    }
}

fn word_ground(kind: Kind) -> Option<Role> {
    match kind {
        Kind::Same | Kind::Remark => None,
        Kind::Added => Some(Role::AddedWord),
        Kind::Removed => Some(Role::RemovedWord),
    }
}
