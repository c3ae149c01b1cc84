//! Worktrees: made, saved, put back, compared and removed.
//!
//! Libgit2 (`git2`) reads and the `git` program writes. Reading happens often and must not start a process each time;
//! writing must be what git itself does with filters, sparse checkouts, split indexes and hash functions. Where libgit2
//! cannot open a repository (SHA-256, reftable) the program reads as well, so every repository works.
//!
//! For each workstream there is
//! - a branch `ostler/<id>`,
//! - a ref `refs/ostler/<id>/base`: the commit that it started from,
//! - a ref `refs/ostler/<id>/<name>` for every checkpoint, `rescue-<n>` among them,
//! - a worktree, marked by a file `ostler` in its private git directory.
//!
//! All functions block: they read disks, start `git` and may wait for another process that adds a worktree.

pub mod bring;
pub mod checkpoint;
mod compare;
mod copy;
pub mod diff;
mod diff_library;
mod diff_program;
pub mod error;
mod exclude;
mod git;
pub mod history;
mod names;
mod occupants;
mod packing;
pub mod prepare;
pub mod project;
mod reader;
mod registered;
pub mod remove;
pub mod restore;
mod snapshot;
mod text;
mod tracked;
pub mod tree;
mod turn;

pub use bring::Brought;
pub use checkpoint::Checkpoint;
pub use diff::{Change, ChangedFile};
pub use error::WorktreeError;
pub use history::Commit;
pub use prepare::{How, PrepareSpec, Prepared, prepare};
pub use project::Project;
pub use remove::{BranchFate, Removed, remove};
pub use tree::Worktree;
