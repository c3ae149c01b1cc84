//! Where the state and the worktrees lie, and how much room is left there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::check::Check;
use crate::config::plan::Plan;
use crate::core::room::{Room, bytes};
use crate::supervisor::disk::{self, Disk};
use crate::supervisor::state_dir::{StateDir, StateError};
use crate::worktree::Project;

pub(super) fn look(project: &Project, plan: &Plan, checks: &mut Vec<Check>) {
    let dir = match StateDir::open(project.common_dir()) {
        Ok(dir) => dir,
        Err(error) => {
            let advice = match &error {
                StateError::Unsafe { fix, .. } => fix.clone(),
                StateError::Newer { .. } => "install the newer ostler".to_owned(),
                StateError::Io { .. } | StateError::NoHome => {
                    "make it writable, or set XDG_STATE_HOME to a directory that is".to_owned()
                }
            };
            checks.push(Check::bad("state", error.to_string(), advice));
            return;
        }
    };
    let mode = fs::metadata(dir.path()).map_or(0, |meta| meta.permissions().mode() & 0o777);
    checks.push(Check::ok("state", format!("{}, mode {mode:o}", dir.path().display())));
    checks.push(file_system("state disk", dir.path()));
    checks.push(file_system("worktrees", existing(&plan.worktrees)));
    let disk = Disk::of(&dir, project, plan);
    let floor = plan.limits.min_free_disk;
    if let (Room::Short { .. }, Some(least)) = disk.room(Room::Enough) {
        let found = format!("only {} are free in {}", bytes(least.free), least.path.display());
        let advice = format!("make room: nothing starts with less than {}", bytes(floor));
        checks.push(Check::bad("free space", found, advice));
    }
}

fn file_system(name: &str, path: &Path) -> Check {
    let free = match disk::free(path) {
        Ok(Some(free)) => format!(", {} free", bytes(free)),
        Ok(None) | Err(_) => String::new(),
    };
    match rustix::fs::statfs(path) {
        Ok(stat) => {
            let kind = Kind::of(stat.f_type & 0xffff_ffff);
            let found = format!("{}{free}, {}", path.display(), kind.name);
            match kind.advice {
                Some(advice) => Check::warn(name, found, advice),
                None => Check::ok(name, found),
            }
        }
        Err(error) => Check::warn(name, format!("{}: {error}", path.display()), "look at it"),
    }
}

/// Returns the path, or the nearest one above it that is there.
fn existing(path: &Path) -> &Path {
    path.ancestors().find(|path| path.exists()).unwrap_or(path)
}

/// A kind of file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    advice: Option<&'static str>,
}

impl Kind {
    /// Recognises a file system by its magic number (statfs(2)).
    fn of(magic: i64) -> Self {
        const SHARED: &str = "locks are not told to other machines: run ostler on one machine only, or \
                              set XDG_STATE_HOME to a local disk";
        const FLEETING: &str =
            "what is there is gone when the machine goes down: set XDG_STATE_HOME to a disk";
        let (name, advice) = match magic {
            0x6969 => ("NFS", Some(SHARED)),
            0x517b | 0xff53_4d42 | 0xfe53_4d42 => ("SMB", Some(SHARED)),
            0x0102_1997 => ("9p", Some(SHARED)),
            0x6573_5546 => ("FUSE", Some("make sure that it keeps locks, as a local disk does")),
            0x0102_1994 | 0x8584_58f6 => ("memory", Some(FLEETING)),
            0xef53 => ("ext4", None),
            0x9123_683e => ("btrfs", None),
            0x5846_5342 => ("xfs", None),
            0x2fc1_2fc1 => ("zfs", None),
            0xf2f5_2010 => ("f2fs", None),
            0x794c_7630 => ("overlay", Some("it goes with its container: mount a volume there")),
            _other => ("of another kind", None),
        };
        Self { name, advice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_and_memory_are_warned_of() {
        for (magic, name, warns) in [
            (0x6969, "NFS", true),
            (0xff53_4d42, "SMB", true),
            (0x0102_1994, "memory", true),
            (0xef53, "ext4", false),
            (0x1234, "of another kind", false),
        ] {
            let kind = Kind::of(magic);
            assert_eq!((kind.name, kind.advice.is_some()), (name, warns), "{magic:x}");
        }
    }
}
