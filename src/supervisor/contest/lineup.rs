//! Who takes part.

use crate::agents::api::failure::Failure;
use crate::agents::api::report::Report;
use crate::core::bar::Bar;
use crate::core::contest::{Contending, Entrant};
use crate::core::phase::ChosenBy;
use crate::core::{AgentName, FailureClass};
use crate::supervisor::inner::{Call, machine};
use crate::supervisor::slots::{Slot, Slots};

/// Those that take part.
#[derive(Debug)]
pub(super) struct Lineup {
    /// How it is decided between them.
    pub how: Contending,
    /// Who they are.
    pub entrants: Vec<Entrant>,
    /// The trials of agents that have to show that they work again.
    _trials: Vec<Slot>,
}

impl Lineup {
    /// Finds those that take part: those that were let go, but for such whose agent is being tried elsewhere.
    pub fn of(call: &Call, how: Contending, report: &mut Report<'_>) -> Result<Self, Failure> {
        let slots = Slots::new(call.dir.slots());
        let (mut entrants, mut trials) = (Vec::new(), Vec::new());
        let is_chosen = call.launch.chosen == ChosenBy::Operator;
        for entrant in &call.launch.entrants {
            if !is_chosen && is_on_trial(call, &entrant.agent) {
                let Some(trial) = slots.take_trial(&entrant.agent).map_err(machine)? else {
                    let (agent, what) = (&entrant.agent, how.word());
                    report.note(&format!("{agent} is left out of the {what}: it is being tried"));
                    continue;
                };
                trials.push(trial);
            }
            entrants.push(entrant.clone());
        }
        let lineup = Self { how, entrants, _trials: trials };
        match lineup.entrants.as_slice() {
            [] => {
                let words = format!("no agent of {} may be used now", how.called());
                Err(Failure::new(FailureClass::ProbeFailed, words))
            }
            [only] => {
                report.aside(&format!("only {} takes part, so it works alone", only.agent));
                Ok(lineup)
            }
            _several => Ok(lineup),
        }
    }

    /// Returns what one of them is called: its agent's name, with its number where another one has the same agent.
    pub fn name(&self, entrant: &Entrant) -> String {
        let same = self.entrants.iter().filter(|other| other.agent == entrant.agent);
        match same.count() {
            0 | 1 => entrant.agent.to_string(),
            _several => format!("{}#{}", entrant.agent, entrant.number),
        }
    }
}

fn is_on_trial(call: &Call, agent: &AgentName) -> bool {
    call.state.guarded.bars.get(agent).is_some_and(|bar| matches!(bar, Bar::Trial { .. }))
}
