//! What fills the screen.

/// What fills the screen below the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The workstreams and the log of the selected one.
    #[default]
    Workstreams,
    /// What waits for the operator.
    Inbox,
    /// What every workstream was at, over time.
    Timeline,
    /// The logs of several of them at once.
    Grid,
    /// How the files of the selected one have changed.
    Diff,
    /// All that is known of the selected one.
    Detail,
    /// All that was told.
    Notices,
    /// How the agents and the fleet fare.
    Agents,
    /// What is wrong now.
    Alerts,
    /// What was found in all logs.
    Found,
}

impl View {
    /// Says whether the selected workstream is in sight, so that it can be decided about.
    pub fn shows_selected(self) -> bool {
        match self {
            Self::Workstreams
            | Self::Inbox
            | Self::Timeline
            | Self::Grid
            | Self::Diff
            | Self::Detail => true,
            Self::Notices | Self::Agents | Self::Alerts | Self::Found => false,
        }
    }

    /// Says whether it is a list of what is decided about.
    pub fn is_decided_in(self) -> bool {
        matches!(self, Self::Workstreams | Self::Inbox | Self::Agents | Self::Alerts)
    }

    /// Says whether it is one long text.
    pub fn is_page(self) -> bool {
        matches!(self, Self::Detail | Self::Notices)
    }
}
