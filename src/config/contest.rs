//! Agents of a chain that work side by side: what is written of them, put together.

use super::agent::Agents;
use super::finding::Finding;
use super::form;
use super::plan::{Agent, ContestPlan, Limits};
use super::read::At;
use super::source::Place;
use super::value::Contenders;
use crate::core::AgentName;
use crate::core::contest::Contending;

/// A contest as it is written: how it is decided, of how many, and where that stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    how: Contending,
    count: usize,
    place: Place,
}

/// What is written of contests at one level.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written {
    /// Nothing.
    Nothing,
    /// That there is none, or something wrong, which was recorded.
    None,
    /// One.
    One(Wanted),
}

impl Written {
    /// Returns the contest that is wanted here, or else at the level below.
    pub fn over(self, below: Self) -> Option<Wanted> {
        match (self, below) {
            (Self::One(wanted), _) | (Self::Nothing, Self::One(wanted)) => Some(wanted),
            (Self::None, _) | (Self::Nothing, Self::Nothing | Self::None) => None,
        }
    }
}

/// Reads what the project says.
pub(super) fn of_project(form: &form::Project, findings: &mut Vec<Finding>) -> Written {
    written(form.race.as_ref(), form.vote.as_ref(), findings)
}

/// Reads what a workstream says.
pub(super) fn of_workstream(form: &form::Workstream, findings: &mut Vec<Finding>) -> Written {
    written(form.race.as_ref(), form.vote.as_ref(), findings)
}

fn written(
    race: Option<&At<Contenders>>,
    vote: Option<&At<Contenders>>,
    findings: &mut Vec<Finding>,
) -> Written {
    let wanted = |how, at: Option<&At<Contenders>>| {
        let At { value: Contenders(count), place } = at?;
        Some(Wanted { how, count: (*count)? as usize, place: *place })
    };
    match (wanted(Contending::Race, race), wanted(Contending::Vote, vote)) {
        (Some(race), Some(vote)) => {
            let finding = Finding::error("agents cannot both race and vote").at(vote.place);
            let finding = finding.also(race.place, "the race");
            findings.push(finding.help("keep `race`, where the first whose work passes wins, or `vote`, where all must end"));
            Written::None
        }
        (Some(wanted), None) | (None, Some(wanted)) => Written::One(wanted),
        (None, None) if race.is_some() || vote.is_some() => Written::None,
        (None, None) => Written::Nothing,
    }
}

/// A chain, and who works side by side at its first tier.
pub(super) type Chain = (Vec<AgentName>, Option<ContestPlan>);

/// Puts the first agents of a chain side by side; none if that cannot be, which is recorded.
///
/// A chain of fewer agents is gone through again.
pub(super) fn put_together(
    chain: Vec<AgentName>,
    wanted: Option<Wanted>,
    limits: &Limits,
    agents: &mut Agents<'_>,
) -> Option<Chain> {
    let Some(wanted) = wanted else { return Some((chain, None)) };
    let contestants: Vec<AgentName> = chain.iter().cycle().take(wanted.count).cloned().collect();
    if let Some((message, help)) = wrong(&contestants, wanted, limits, agents) {
        agents.findings.push(Finding::error(message).at(wanted.place).help(help));
        return None;
    }
    let word = wanted.how.word();
    let stands = agents.named(&At { value: word.to_owned(), place: wanted.place })?;
    if agents.done.get(&stands).and_then(|agent| agent.contends) != Some(wanted.how) {
        let message =
            format!("`{word}` is the name of an agent of yours, and is needed for the {word}");
        let finding = Finding::error(message).at(wanted.place);
        agents.findings.push(finding.help("give that agent another name"));
        return None;
    }
    let rest = chain.into_iter().skip(wanted.count);
    let tiers = std::iter::once(stands).chain(rest).collect();
    Some((tiers, Some(ContestPlan { how: wanted.how, contestants })))
}

/// Says what keeps these agents from working side by side, and what to do about it.
fn wrong(
    contestants: &[AgentName],
    wanted: Wanted,
    limits: &Limits,
    agents: &Agents<'_>,
) -> Option<(String, String)> {
    let (word, count) = (wanted.how.word(), wanted.count);
    let known = |name: &AgentName| agents.done.get(name);
    if let Some(replica) =
        contestants.iter().find(|name| known(name).is_some_and(Agent::is_replica))
    {
        let message = format!(
            "`{replica}` is among the first {count}, and a replica cannot work side by side with others"
        );
        return Some((message, "let it stand behind them in the chain".to_owned()));
    }
    let most = limits.parallel.saturating_sub(limits.standby).max(1);
    if count > most {
        let kept = match limits.standby {
            0 => String::new(),
            standby => format!(", of which `limits.standby` keeps {standby}"),
        };
        let message = format!(
            "`{word}: {count}` takes {count} slots, and `limits.parallel` is {}{kept}",
            limits.parallel
        );
        return Some((
            message,
            format!(
                "let fewer agents work side by side, or raise `limits.parallel` to {}",
                count + limits.standby
            ),
        ));
    }
    contestants.iter().find_map(|name| {
        let wants = contestants.iter().filter(|other| *other == name).count();
        let capacity = known(name)?.capacity.filter(|most| wants > *most)?;
        let message = format!(
            "`{word}: {count}` has `{name}` work {wants} times, and its `capacity` is {capacity}"
        );
        Some((message, "name more agents in the chain, or raise its capacity".to_owned()))
    })
}
