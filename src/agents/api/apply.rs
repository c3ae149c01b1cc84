//! All changes or none.
//!
//! New contents are staged in files beside those that they replace, and then renamed. Before that, each old file gets a
//! second name, by which it comes back if a later step fails.

use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Mode, OFlags, fchmod, linkat, openat, renameat, unlinkat};
use rustix::io::Errno;

use super::plan::Planned;
use super::relative_path::RelativePath;
use super::root::{PlaceError, Root, read_in};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A file is not as it was when the change was worked out.
    #[error("{0} was changed by somebody else in the meantime")]
    Changed(RelativePath),
    /// What is there stands in the way.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The system refused.
    #[error("{path}: {source}")]
    System {
        /// The file.
        path: RelativePath,
        /// Why.
        source: io::Error,
    },
    /// A step failed, and so did taking back those before it.
    #[error(
        "{error}; and then {path} could not be put back: {source}; restore the checkpoint before this attempt"
    )]
    NotTakenBack {
        /// The step that failed.
        error: Box<ApplyError>,
        /// The file that is not as it was.
        path: RelativePath,
        /// Why.
        source: io::Error,
    },
}

/// One file on its way.
struct Step<'a> {
    planned: &'a Planned,
    parent: OwnedFd,
    /// The staged content.
    staged: Option<String>,
    /// The second name of the old file.
    kept: Option<String>,
    /// The file has changed.
    done: bool,
}

/// Changes the files; if anything fails, all of them are as they were.
pub fn apply(root: &Root, planned: &[Planned]) -> Result<(), ApplyError> {
    let prefix = format!(".ostler-{:016x}", RandomState::new().build_hasher().finish());
    let mut steps = Vec::new();
    let mut made = Vec::new();
    let outcome = stage(root, planned, &prefix, &mut steps, &mut made)
        .and_then(|()| steps.iter_mut().try_for_each(|step| commit(step, &prefix)));
    let Err(error) = outcome else {
        steps.iter().for_each(Step::tidy);
        return Ok(());
    };
    let mut lost = None;
    for step in steps.iter().rev() {
        if let Err(source) = take_back(step) {
            lost = Some((step.planned.path.clone(), source));
        }
    }
    if lost.is_none() {
        steps.iter().for_each(Step::tidy);
    }
    for (parent, name) in made.iter().rev() {
        // A directory that somebody else used in the meantime stays.
        let _in_use = unlinkat(parent, name.as_str(), AtFlags::REMOVEDIR);
    }
    Err(match lost {
        None => error,
        Some((path, source)) => {
            ApplyError::NotTakenBack { error: Box::new(error), path, source: source.into() }
        }
    })
}

fn stage<'a>(
    root: &Root,
    planned: &'a [Planned],
    prefix: &str,
    steps: &mut Vec<Step<'a>>,
    made: &mut Vec<(OwnedFd, String)>,
) -> Result<(), ApplyError> {
    for (index, planned) in planned.iter().enumerate() {
        let parent = root.parent(&planned.path, made)?;
        steps.push(Step { planned, parent, staged: None, kept: None, done: false });
        let (Some(step), Some(bytes)) = (steps.last_mut(), &planned.new) else { continue };
        let name = format!("{prefix}-{index}");
        let failed = |source| ApplyError::System { path: planned.path.clone(), source };
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let readable = Mode::from_raw_mode(0o666);
        let file = openat(&step.parent, name.as_str(), flags | OFlags::CLOEXEC, readable);
        let mut file = File::from(file.map_err(|error| failed(error.into()))?);
        step.staged = Some(name);
        if let Some(old) = &planned.old {
            fchmod(&file, old.mode).map_err(|error| failed(error.into()))?;
        }
        file.write_all(bytes).and_then(|()| file.sync_data()).map_err(failed)?;
    }
    Ok(())
}

fn commit(step: &mut Step<'_>, prefix: &str) -> Result<(), ApplyError> {
    let path = &step.planned.path;
    let failed = |error: Errno| ApplyError::System { path: path.clone(), source: error.into() };
    if read_in(&step.parent, path)? != step.planned.old {
        return Err(ApplyError::Changed(path.clone()));
    }
    let (_, name) = path.split();
    if step.planned.old.is_some() {
        let kept = match &step.staged {
            Some(staged) => format!("{staged}-old"),
            None => format!("{prefix}-gone-{name}"),
        };
        keep(&step.parent, name, &kept).map_err(failed)?;
        step.kept = Some(kept);
    }
    match &step.staged {
        Some(staged) => {
            renameat(&step.parent, staged.as_str(), &step.parent, name).map_err(failed)?;
            step.staged = None;
        }
        None => match unlinkat(&step.parent, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(failed(error)),
        },
    }
    step.done = true;
    Ok(())
}

/// Gives a file a second name, or another one where the file system knows no second names.
fn keep(parent: &OwnedFd, name: &str, kept: &str) -> Result<(), Errno> {
    match linkat(parent, name, parent, kept, AtFlags::empty()) {
        Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => {
            renameat(parent, name, parent, kept)
        }
        outcome => outcome,
    }
}

/// Puts a file back as it was; what is staged for it is left to [`Step::tidy`].
fn take_back(step: &Step<'_>) -> Result<(), Errno> {
    let (_, name) = step.planned.path.split();
    match &step.kept {
        Some(kept) => renameat(&step.parent, kept.as_str(), &step.parent, name),
        None if step.done => unlinkat(&step.parent, name, AtFlags::empty()),
        None => Ok(()),
    }
}

impl Step<'_> {
    /// Removes what was only there on the way; two names of one file are still two after it was renamed to the other.
    fn tidy(&self) {
        for name in self.staged.iter().chain(&self.kept) {
            let _gone = unlinkat(&self.parent, name.as_str(), AtFlags::empty());
        }
    }
}
