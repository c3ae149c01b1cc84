//! The chips of a chain: which tiers were tried, which one works.

use super::mark;
use super::text::Line;
use crate::ipc::facts::{Link, LinkState, WorkstreamFacts};
use crate::tui::theme::Role;

/// Returns the chips in the longest form that fits: all tiers by name; those not tried as a count; only the current one
/// by name, the others by their marks; only marks.
pub fn chips(workstream: &WorkstreamFacts, columns: usize) -> Line {
    let chain = &workstream.chain;
    let current = workstream.tier.unwrap_or(0);
    let tried = chain.iter().rposition(|link| link.state != LinkState::Untried);
    let tried = tried.map_or(0, |last| last + 1).max(current + 1).min(chain.len());
    let mut counted = joined(&chain[..tried]);
    if tried < chain.len() {
        counted.push(format!(" +{}", chain.len() - tried), Role::Dim);
    }
    [joined(chain), counted, around(chain, current)]
        .into_iter()
        .find(|line| line.width() <= columns)
        .unwrap_or_else(|| marks(workstream, columns))
}

/// Returns the chain with one mark a tier: `✖✖▶·`.
pub fn marks(workstream: &WorkstreamFacts, columns: usize) -> Line {
    let mut line = Line::new();
    for link in &workstream.chain {
        line.append(sign(link));
    }
    line.cut(columns)
}

/// Returns the chain with one name: `✖ ✖ ▶claude-api ·`.
fn around(chain: &[Link], current: usize) -> Line {
    let mut line = Line::new();
    for (tier, link) in chain.iter().enumerate() {
        if !line.is_empty() {
            line.push(" ", Role::Dim);
        }
        line.append(if tier == current { chip(link) } else { sign(link) });
    }
    line
}

fn sign(link: &Link) -> Line {
    let mark = mark::link(link.state);
    Line::of(if mark.sign.is_empty() { "·" } else { mark.sign }, mark.role)
}

fn joined(chain: &[Link]) -> Line {
    let mut line = Line::new();
    for link in chain {
        if !line.is_empty() {
            line.push(" ", Role::Dim);
        }
        line.append(chip(link));
    }
    line
}

fn chip(link: &Link) -> Line {
    let mark = mark::link(link.state);
    match link.state {
        LinkState::Running | LinkState::Probing => {
            Line::of(mark.sign, mark.role).with(&link.agent, Role::Strong)
        }
        LinkState::Untried
        | LinkState::Waiting
        | LinkState::Failed
        | LinkState::Skipped
        | LinkState::Succeeded
        | LinkState::Stopped => Line::of(&link.agent, Role::Dim).with(mark.sign, mark.role),
    }
}
