//! Which theme the screen is seen in.

/// A theme that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is called.
    pub name: String,
    /// What it is loaded by: its name if it is built in, or else its path.
    pub source: String,
}

/// Which theme the screen is seen in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// Those that there are.
    pub known: Vec<Known>,
    /// The one that was chosen here, by what it is loaded by; none for that of the configuration.
    pub chosen: Option<String>,
}
