//! Which files may be changed.

use std::path::PathBuf;

use super::failure::Failure;
use super::relative_path::RelativePath;
use super::root::{Kind, Root};
use crate::core::FailureClass;

/// The files that were declared, as far as they bind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The declared files and directories, in their order.
    places: Vec<Place>,
    /// None or all of the worktree was declared: any file in it may be changed.
    all: bool,
}

/// A declared file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub path: RelativePath,
    /// Files below it are meant too.
    pub is_directory: bool,
}

impl Scope {
    /// Reads what was declared; a name with a slash at its end, or that is one now, is a directory.
    pub fn new(declared: &[PathBuf], root: &Root) -> Result<Self, Failure> {
        let mut scope = Self { places: Vec::new(), all: declared.is_empty() };
        for path in declared {
            let text = path.to_string_lossy();
            let bare = text.trim_end_matches('/');
            if matches!(bare, "." | "./") || text == "./" {
                scope.all = true;
                continue;
            }
            let path = RelativePath::new(bare).map_err(|error| {
                Failure::new(
                    FailureClass::Config,
                    format!("{error}; correct `files:` in ostler.yaml"),
                )
            })?;
            let is_directory =
                bare.len() < text.len() || matches!(root.kind(&path), Ok(Kind::Directory));
            scope.places.push(Place { path, is_directory });
        }
        Ok(scope)
    }

    /// Returns what was declared, in its order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Says whether any file of the worktree may be changed.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// Says whether a file may be changed.
    pub fn allows(&self, path: &RelativePath) -> bool {
        self.all
            || self.places.iter().any(|place| {
                *path == place.path || (place.is_directory && path.is_within(place.path.text()))
            })
    }
}
