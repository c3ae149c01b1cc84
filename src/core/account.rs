//! What an agent's output told of an attempt, beside how it ended.

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::verdict::Evidence;

/// What an agent's output told of an attempt, beside how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// A step that failed on the way, whatever the agent made of it; the last one, but a refused permission stays.
    pub hint: Option<Hint>,
}

/// A step that failed on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// What kind of failure it was.
    pub class: FailureClass,
    /// Where that was read.
    pub evidence: Evidence,
}

impl Account {
    /// Returns the permission that was refused on the way, if one was.
    pub fn denied(&self) -> Option<&Hint> {
        self.hint.as_ref().filter(|hint| hint.class == FailureClass::Denied)
    }
}
