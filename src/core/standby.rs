//! The agent that would take over, asked ahead whether it can work.

use serde::{Deserialize, Serialize};

use super::id::AgentName;
use super::time::{Timestamp, clock};

/// What the agent that would take over said when it was asked ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standby {
    /// The agent.
    pub agent: AgentName,
    /// When it was asked.
    pub at: Timestamp,
    /// Why it cannot work; none if it can.
    pub refused: Option<String>,
}

impl Standby {
    /// Says it in a sentence.
    pub fn words(&self, now: Timestamp) -> String {
        let ago = clock(now.since(self.at));
        match &self.refused {
            None => format!("{} stands by; it could work {ago} ago.", self.agent),
            Some(why) => {
                let why = why.lines().next().unwrap_or_default();
                format!("{} could not take over when it was asked {ago} ago: {why}.", self.agent)
            }
        }
    }
}
