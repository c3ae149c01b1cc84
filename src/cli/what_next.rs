//! What the operator can do about workstreams that came to rest.

use std::fmt::Write as _;
use std::path::Path;

use crate::core::{Attempt, PhaseWord};
use crate::ipc::facts::{Facts, WorkstreamFacts};

/// Returns a line about where finished work is, and one for each workstream that waits, under an empty line; nothing if
/// there is neither.
pub fn what_next(facts: &Facts, root: &Path) -> String {
    let mut text = String::new();
    let at_rest = |phase| facts.workstreams.iter().filter(move |ws| ws.phase == phase);
    if let Some(done) = at_rest(PhaseWord::Done).find_map(|ws| place(ws, root)) {
        let _infallible =
            writeln!(text, "Finished work is in the worktrees, not merged: the first is {done}.");
    }
    for ws in at_rest(PhaseWord::Escalated) {
        let left = ws.attempts.last().filter(|attempt| attempt.contest.is_some());
        let takes = left.map(Attempt::left).unwrap_or_default().into_iter();
        let chain = ws.chain.iter().map(|link| link.agent.clone());
        let choices: Vec<String> =
            takes.map(|left| format!("take-{}", left.contestant)).chain(chain).collect();
        let _infallible = writeln!(
            text,
            "{id} waits for you: `ostler answer {id} retry|accept|give-up|{choices}`, or `ostler` and E.",
            id = ws.id,
            choices = choices.join("|"),
        );
    }
    if !text.is_empty() {
        text.insert(0, '\n');
    }
    text
}

fn place(ws: &WorkstreamFacts, root: &Path) -> Option<String> {
    let worktree = ws.worktree.as_deref()?;
    let shown = worktree.strip_prefix(root).unwrap_or(worktree);
    Some(format!("{} on the branch {}", shown.display(), ws.branch.as_deref()?))
}
