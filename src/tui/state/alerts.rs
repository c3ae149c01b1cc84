//! Which alert is chosen.

use crate::core::alert::{Alert, Key};
use crate::ipc::facts::Facts;

/// Which alert is chosen; the choice follows it, not its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts {
    /// Its name; none for the first.
    pub chosen: Option<Key>,
}

impl Alerts {
    /// Returns the row of the chosen one.
    pub fn row(&self, facts: &Facts) -> usize {
        let is_it = |alert: &Alert| self.chosen.as_ref() == Some(&alert.key);
        facts.alerts.iter().position(is_it).unwrap_or(0)
    }

    /// Returns the chosen one; none if there is no alert.
    pub fn alert<'a>(&self, facts: &'a Facts) -> Option<&'a Alert> {
        facts.alerts.get(self.row(facts))
    }

    /// Chooses what stands in a row, or the last one.
    pub fn choose(&mut self, row: usize, facts: &Facts) {
        let last = facts.alerts.len().saturating_sub(1);
        self.chosen = facts.alerts.get(row.min(last)).map(|alert| alert.key.clone());
    }
}
