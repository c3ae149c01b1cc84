//! The moments at which somebody is hit, and how a workstream is held there.

use ostler::core::phase::PhaseWord;

/// What is being done for the workstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// git makes its worktree.
    Preparing,
    /// Its agent is asked whether it can work.
    Probing,
    /// The checkpoint before the attempt is written.
    Starting,
    /// Its agent works.
    Running,
    /// Its agent got TERM for its hard timeout and takes its time.
    Stopping,
    /// Its agent has ended, and the checkpoint after it is written.
    Saving,
    /// Its check runs.
    Checking,
}

impl Moment {
    /// In the order in which they come.
    pub const ALL: [Self; 7] = [
        Self::Preparing,
        Self::Probing,
        Self::Starting,
        Self::Running,
        Self::Stopping,
        Self::Saving,
        Self::Checking,
    ];

    /// Those at which there is a keeper.
    pub const KEPT: [Self; 4] = [Self::Running, Self::Stopping, Self::Saving, Self::Checking];

    /// The gate at which scripts wait then.
    pub fn gate(self) -> &'static str {
        match self {
            Self::Preparing => "worktree",
            Self::Probing => "probe",
            Self::Starting | Self::Saving => "commit",
            Self::Running => "agent",
            Self::Stopping => "term",
            Self::Checking => "check",
        }
    }

    /// The phase in which its workstream is.
    pub fn phase(self) -> PhaseWord {
        match self {
            Self::Preparing => PhaseWord::Preparing,
            Self::Probing => PhaseWord::Probing,
            Self::Starting => PhaseWord::Starting,
            Self::Running => PhaseWord::Running,
            Self::Stopping => PhaseWord::Stopping,
            Self::Saving => PhaseWord::Draining,
            Self::Checking => PhaseWord::Checking,
        }
    }
}
