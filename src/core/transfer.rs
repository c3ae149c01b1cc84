//! That work went over from one attempt to the next whole.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::AttemptId;

/// What an attempt was handed over, as it was seen just before its agent started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The attempt whose work it goes on with; none where it begins with what the first one began with.
    pub from: Option<AttemptId>,
    /// The git tree of the files that its agent finds.
    pub tree: String,
    /// Whether those are the files of the checkpoint that it goes on from.
    pub files: Files,
    /// The size of its prompt, hand-off included, in bytes; it is read back from where the agent finds it.
    pub prompt_bytes: u64,
}

/// How the files that an agent finds compare with the checkpoint that it goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Files {
    /// They are the same.
    Same,
    /// Somebody has changed something since, such as the operator in a shell.
    Changed,
    /// There is no checkpoint to compare them with.
    Unknown,
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tree = self.tree.get(..10).unwrap_or(&self.tree);
        match self.from {
            Some(from) => write!(f, "takes over from attempt {from}: ")?,
            None => f.write_str("begins anew: ")?,
        }
        let files = match self.files {
            Files::Same => "the files are those that were saved",
            Files::Changed => "the files were changed since they were saved",
            Files::Unknown => "nothing was saved to compare the files with",
        };
        write!(f, "{files} (tree {tree}), its prompt of {} bytes is in place", self.prompt_bytes)
    }
}
