//! How much room is left where a project writes.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::state_dir::StateDir;
use crate::config::plan::Plan;
use crate::core::room::{Room, bytes};
use crate::worktree::Project;

/// The places that a project writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    places: [PathBuf; 3],
    floor: u64,
}

/// A place and the room that is left there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place.
    pub path: PathBuf,
    /// The bytes that are free for this user.
    pub free: u64,
}

impl Disk {
    /// Returns the places of a project: its state, its worktrees and its repository.
    pub fn of(dir: &StateDir, project: &Project, plan: &Plan) -> Self {
        let common = project.common_dir().to_owned();
        let places = [dir.path().to_owned(), plan.worktrees.clone(), common];
        Self { places, floor: plan.limits.min_free_disk }
    }

    /// Returns the place with the least room; none if there is no floor, or no place can be looked at.
    pub fn least(&self) -> Option<Place> {
        if self.floor == 0 {
            return None;
        }
        let mut seen = BTreeSet::new();
        let found = self.places.iter().filter_map(|path| {
            let path = existing(path)?;
            let is_new = seen.insert(fs::metadata(&path).ok()?.dev());
            let free = is_new.then(|| free(&path).ok().flatten())??;
            Some(Place { path, free })
        });
        found.min_by_key(|place| place.free)
    }

    /// Decides whether there is room, after this was decided before.
    pub fn room(&self, before: Room) -> (Room, Option<Place>) {
        match self.least() {
            None => (Room::Enough, None),
            Some(place) => (before.after(place.free, self.floor), Some(place)),
        }
    }

    /// Says in words that there is too little room now; none if there is enough.
    pub fn short_of(&self) -> Option<String> {
        match self.room(Room::Enough) {
            (Room::Short { .. }, Some(place)) => Some(place.words()),
            _enough => None,
        }
    }
}

impl Place {
    /// Says in words that nothing starts for want of room; none if there is enough.
    pub fn banner(&self, room: Room) -> Option<String> {
        let words = room.words()?;
        Some(format!("too little room in {}: {words}; nothing starts", self.path.display()))
    }

    /// Says in words how little there is.
    pub fn words(&self) -> String {
        format!("only {} were free in {}", bytes(self.free), self.path.display())
    }
}

/// Returns the bytes that are free for this user in a file system; none if it does not count them.
pub fn free(path: &Path) -> io::Result<Option<u64>> {
    let stat = rustix::fs::statvfs(path)?;
    Ok((stat.f_blocks > 0).then(|| stat.f_bavail.saturating_mul(stat.f_frsize)))
}

/// Returns the path, or the nearest one above it that is there.
fn existing(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|path| path.exists()).map(Path::to_path_buf)
}
