//! What a piece of the screen is, apart from what it looks like.

use serde::Deserialize;

/// What a piece of the screen is, apart from what it looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Text that is read.
    #[default]
    Text,
    /// Text that is read when it is looked for.
    Dim,
    /// Text that stands out: titles and names.
    Strong,
    /// What the eye should find first.
    Accent,
    /// The frame of a pane.
    Border,
    /// The frame of the pane that the movement keys go to.
    BorderFocus,
    /// The title of a pane.
    Title,
    /// The title of the pane that the movement keys go to.
    TitleFocus,
    /// The line at the top.
    Header,
    /// A key in the footer.
    Key,
    /// What a key does.
    KeyText,
    /// Laid over the selected row.
    Selection,
    /// It went well.
    Good,
    /// It failed.
    Bad,
    /// It should be looked at.
    Warning,
    /// It is at work.
    Info,
    /// It waits for the operator.
    Waiting,
    /// It is at rest.
    Quiet,
    /// What is done of a progress bar.
    Bar,
    /// What is not.
    BarRest,
    /// A bar that is an estimate.
    Estimate,
    /// Laid over what a search has found.
    Found,
    /// Something is wrong as a whole.
    Banner,
    /// The ground of a window that lies over the view.
    Dialog,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Dim,
        Self::Strong,
        Self::Accent,
        Self::Border,
        Self::BorderFocus,
        Self::Title,
        Self::TitleFocus,
        Self::Header,
        Self::Key,
        Self::KeyText,
        Self::Selection,
        Self::Good,
        Self::Bad,
        Self::Warning,
        Self::Info,
        Self::Waiting,
        Self::Quiet,
        Self::Bar,
        Self::BarRest,
        Self::Estimate,
        Self::Found,
        Self::Banner,
        Self::Dialog,
    ];
}
