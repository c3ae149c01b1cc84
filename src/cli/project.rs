//! Which project a command is about, as typed.

use std::path::PathBuf;

use clap::Args;

/// Which project is meant.
#[derive(Clone, Debug, Default, Args)]
pub struct ProjectArguments {
    /// The configuration file; ostler.yaml at the repository's root if not given.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}
