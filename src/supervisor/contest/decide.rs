//! Who wins.

use super::course::Course;
use super::standing::Standing;
use crate::agents::api::failure::Failure;
use crate::core::FailureClass;
use crate::core::contest::Contending;
use crate::supervisor::inner::verdict;

/// Who wins.
pub(super) struct Decision<'a> {
    /// Whose work is brought home.
    pub winner: &'a Standing<'a>,
    /// Why, in words.
    pub words: String,
}

/// Decides who wins, of so many that were to take part; or else says why nobody does.
pub(super) fn decide<'a>(
    standings: &'a [Standing<'a>],
    course: &Course,
    of: usize,
) -> Result<Decision<'a>, Failure> {
    let done: Vec<&Standing<'_>> = standings.iter().filter(|standing| standing.is_done()).collect();
    if done.is_empty() {
        let all: Vec<_> = standings.iter().map(|standing| standing.facts).collect();
        return Err(verdict::failure(&all, "nobody's work passed"));
    }
    match course.how {
        Contending::Race => {
            let first = course.first.and_then(|place| standings.get(place));
            let winner = first.or(done.first().copied()).ok_or_else(|| {
                Failure::new(FailureClass::WorktreeLost, "the winner is not known")
            })?;
            let words = match standings.len() {
                1 => format!("{} did it alone", winner.name),
                many => format!("{} was the first of {many}", winner.name),
            };
            Ok(Decision { winner, words })
        }
        Contending::Vote => majority(standings, &done, of),
    }
}

/// Finds what more than half of them made.
fn majority<'a>(
    standings: &'a [Standing<'a>],
    done: &[&'a Standing<'a>],
    of: usize,
) -> Result<Decision<'a>, Failure> {
    let tree =
        |standing: &Standing<'_>| standing.result().map(|(_, checkpoint)| checkpoint.tree.clone());
    for winner in done {
        let Some(made) = tree(winner) else { continue };
        let same = done.iter().filter(|other| tree(other).as_ref() == Some(&made));
        let names: Vec<&str> = same.map(|standing| standing.name.as_str()).collect();
        if names.len() * 2 > of {
            let words = format!("{} of {of} made the same ({})", names.len(), names.join(", "));
            return Ok(Decision { winner, words });
        }
    }
    let each: Vec<String> = standings.iter().map(Standing::words).collect();
    let words = format!("no result was made by more than half of {of}: {}", each.join(", "));
    let usage = verdict::usage(standings.iter().map(|standing| standing.facts.as_ref()));
    let failure = Failure::new(FailureClass::NoMajority, words);
    Err(Failure { tokens: verdict::tokens(usage), ..failure })
}
