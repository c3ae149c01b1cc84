//! Whether a running agent will come to an end by itself, by its own words.

use super::pattern::Line;
use super::rules::{Rules, first};
use super::tally::Spot;
use crate::core::FailureClass;
use crate::core::verdict::Evidence;

/// What shows that an agent will not come to an end by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hopeless {
    /// What kind of failure it is.
    pub class: FailureClass,
    /// What it said.
    pub evidence: Evidence,
}

/// How often each of the rules was met since the agent last went on.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    times: Vec<u32>,
}

impl Watch {
    /// Takes the next line, and returns what it shows, each time that it does.
    pub(super) fn take(
        &mut self,
        rules: &Rules,
        line: Line<'_>,
        spot: Spot<'_>,
    ) -> Option<Hopeless> {
        if rules.abort_on.is_empty() || first(&rules.ignore, line).is_some() {
            return None;
        }
        self.times.resize(rules.abort_on.len(), 0);
        let Some(met) = rules.abort_on.iter().position(|rule| rule.matcher.is_match(line)) else {
            if [&rules.recovered, &rules.tool, &rules.success]
                .into_iter()
                .any(|list| first(list, line).is_some())
            {
                self.times.clear();
            }
            return None;
        };
        let (rule, times) = (&rules.abort_on[met], &mut self.times[met]);
        *times = times.saturating_add(1);
        (*times >= rule.times).then(|| {
            let (name, line) = (rule.name.clone(), rules.words(spot.text));
            let evidence = Evidence { rule: name, line, offset: Some(spot.offset) };
            Hopeless { class: rule.class, evidence }
        })
    }
}
