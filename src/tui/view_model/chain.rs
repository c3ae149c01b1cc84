//! The chips of a chain: which tiers were tried, which one works.

use super::mark;
use super::text::Line;
use crate::ipc::facts::{Link, LinkState, WorkstreamFacts};
use crate::tui::theme::Role;

/// Returns the chips in the longest form that fits: all tiers, those that matter and a count, the current one.
pub fn chips(workstream: &WorkstreamFacts, columns: usize) -> Line {
    let chain = &workstream.chain;
    let all = joined(chain);
    if all.width() <= columns {
        return all;
    }
    let tried: Vec<Link> =
        chain.iter().filter(|link| link.state != LinkState::Untried).cloned().collect();
    let mut some = joined(&tried);
    let rest = chain.len() - tried.len();
    if rest > 0 && !tried.is_empty() {
        some.push(format!(" +{rest}"), Role::Dim);
    }
    if !some.is_empty() && some.width() <= columns {
        return some;
    }
    current(workstream, columns)
}

/// Returns the chip of the current tier and its place: `▶claude-api 3/4`.
pub fn current(workstream: &WorkstreamFacts, columns: usize) -> Line {
    let chain = &workstream.chain;
    let tier = workstream.tier.unwrap_or(0);
    let Some(link) = chain.get(tier) else { return Line::new() };
    let mut line = chip(link);
    if chain.len() > 1 {
        line.push(format!(" {}/{}", tier + 1, chain.len()), Role::Dim);
    }
    if line.width() > columns { chip(link).cut(columns) } else { line }
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
