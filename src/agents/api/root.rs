//! The worktree as seen by somebody who trusts no name in it.
//!
//! A path is walked one directory at a time, from a directory that is held open, and no symbolic link is followed: what
//! is exchanged on the way while it is walked leads nowhere else.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fstat, mkdirat, open, openat, statat};
use rustix::io::Errno;

use super::relative_path::RelativePath;

/// The largest file that is read or written, in bytes.
pub const LARGEST: u64 = 2 * 1024 * 1024;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is there.
    Absent,
    /// A regular file with one name.
    File,
    /// A directory.
    Directory,
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Its permissions.
    pub mode: Mode,
}

/// Why something in the worktree is left alone.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A directory on the way is a link or no directory.
    #[error("`{0}` is not a plain directory, so nothing is written through it")]
    NotDirectory(String),
    /// A directory on the way is another repository.
    #[error("`{0}` is a repository of its own, so nothing is written in it")]
    Repository(String),
    /// It is a link, a directory, a device or a pipe.
    #[error("{0} is not a plain file")]
    NotFile(RelativePath),
    /// It has a second name somewhere.
    #[error("{0} has another name elsewhere (a hard link), where a change would be a surprise")]
    HardLink(RelativePath),
    /// It is larger than [`LARGEST`].
    #[error("{path} has {} KiB; at most {} KiB are read or written", bytes / 1024, LARGEST / 1024)]
    TooLarge {
        /// The file.
        path: RelativePath,
        /// Its size.
        bytes: u64,
    },
    /// The system refused.
    #[error("{path}: {source}")]
    System {
        /// The file or directory.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// The worktree, held open.
#[derive(Debug)]
pub struct Root {
    directory: OwnedFd,
}

/// What of a mode are permissions.
const PERMISSIONS: Mode = Mode::RWXU.union(Mode::RWXG).union(Mode::RWXO);
/// How directories are opened.
const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Root {
    /// Opens the worktree.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { directory: open(path, flags, Mode::empty())? })
    }

    /// Returns what a path leads to.
    pub fn kind(&self, path: &RelativePath) -> Result<Kind, PlaceError> {
        let (above, name) = path.split();
        let Some(parent) = self.walk(&above, |_, _| Ok(false))? else { return Ok(Kind::Absent) };
        match statat(&parent, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(Kind::Absent),
            Err(error) => Err(system(path.text(), error)),
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                Ok(Kind::Directory)
            }
            Ok(stat) => plain(path, &stat).map(|()| Kind::File),
        }
    }

    /// Reads a file; none if it is not there.
    pub fn read(&self, path: &RelativePath) -> Result<Option<Old>, PlaceError> {
        let (above, _) = path.split();
        match self.walk(&above, |_, _| Ok(false))? {
            Some(parent) => read_in(&parent, path),
            None => Ok(None),
        }
    }

    /// Opens the directory of a file, and makes those that are missing; `made` is told each of them.
    pub fn parent(
        &self,
        path: &RelativePath,
        made: &mut Vec<(OwnedFd, String)>,
    ) -> Result<OwnedFd, PlaceError> {
        let (above, _) = path.split();
        let parent = self.walk(&above, |parent, name| {
            match mkdirat(parent, name, Mode::from_raw_mode(0o777)) {
                Ok(()) => made.push((duplicate(parent)?, name.to_owned())),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error),
            }
            Ok(true)
        })?;
        parent.ok_or_else(|| system(path.text(), Errno::NOENT))
    }

    /// Walks down directories; `absent` may make one that is missing and say so.
    fn walk(
        &self,
        names: &[&str],
        mut absent: impl FnMut(&OwnedFd, &str) -> Result<bool, Errno>,
    ) -> Result<Option<OwnedFd>, PlaceError> {
        let mut current = duplicate(&self.directory).map_err(|error| system(".", error))?;
        for (depth, name) in names.iter().enumerate() {
            let shown = || names[..=depth].join("/");
            let mut next = openat(&current, *name, DIRECTORY, Mode::empty());
            if matches!(next, Err(Errno::NOENT)) {
                if !absent(&current, name).map_err(|error| system(&shown(), error))? {
                    return Ok(None);
                }
                next = openat(&current, *name, DIRECTORY, Mode::empty());
            }
            current = match next {
                Ok(next) => next,
                Err(Errno::LOOP | Errno::NOTDIR | Errno::MLINK) => {
                    return Err(PlaceError::NotDirectory(shown()));
                }
                Err(error) => return Err(system(&shown(), error)),
            };
            if statat(&current, ".git", AtFlags::SYMLINK_NOFOLLOW).is_ok() {
                return Err(PlaceError::Repository(shown()));
            }
        }
        Ok(Some(current))
    }
}

/// Reads a file in a directory; none if it is not there.
pub fn read_in(parent: &OwnedFd, path: &RelativePath) -> Result<Option<Old>, PlaceError> {
    let (_, name) = path.split();
    // Without waiting: to open a pipe would hang.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(parent, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP | Errno::MLINK | Errno::NXIO) => {
            return Err(PlaceError::NotFile(path.clone()));
        }
        Err(error) => return Err(system(path.text(), error)),
    };
    let stat = fstat(&file).map_err(|error| system(path.text(), error))?;
    plain(path, &stat)?;
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|source| PlaceError::System { path: path.to_string(), source })?;
    if bytes.len() as u64 > LARGEST {
        return Err(PlaceError::TooLarge { path: path.clone(), bytes: bytes.len() as u64 });
    }
    Ok(Some(Old { bytes, mode: Mode::from_raw_mode(stat.st_mode) & PERMISSIONS }))
}

/// Opens a directory once more.
fn duplicate(directory: &OwnedFd) -> Result<OwnedFd, Errno> {
    rustix::io::fcntl_dupfd_cloexec(directory, 0)
}

fn plain(path: &RelativePath, stat: &Stat) -> Result<(), PlaceError> {
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(PlaceError::NotFile(path.clone()));
    }
    if stat.st_nlink > 1 {
        return Err(PlaceError::HardLink(path.clone()));
    }
    let bytes = u64::try_from(stat.st_size).unwrap_or(0);
    if bytes > LARGEST {
        return Err(PlaceError::TooLarge { path: path.clone(), bytes });
    }
    Ok(())
}

fn system(path: &str, error: Errno) -> PlaceError {
    PlaceError::System { path: path.to_owned(), source: error.into() }
}
