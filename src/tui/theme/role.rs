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
    /// The ground of a line that was added.
    Added,
    /// The ground of a line that was removed.
    Removed,
    /// The ground of what differs in a line that was added.
    AddedWord,
    /// The ground of what differs in a line that was removed.
    RemovedWord,
    /// A word of a programming language.
    Keyword,
    /// Text in quotes.
    String,
    /// A comment.
    Comment,
    /// A number, or another constant.
    Number,
    /// The name of a function.
    Function,
    /// The name of a type, a tag or a key.
    Type,
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
        Self::Added,
        Self::Removed,
        Self::AddedWord,
        Self::RemovedWord,
        Self::Keyword,
        Self::String,
        Self::Comment,
        Self::Number,
        Self::Function,
        Self::Type,
    ];

    /// Says whether text of other roles stands on it, one that has changed.
    pub fn is_ground(self) -> bool {
        matches!(self, Self::Added | Self::Removed | Self::AddedWord | Self::RemovedWord)
    }
}
