//! A small disk of its own, where root may mount one.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::project::Project;

/// A small disk. It must be made before the project that lies on it, so that it goes after it.
pub struct Disk {
    dir: TempDir,
}

impl Disk {
    /// Mounts a disk of this many megabytes; none, and a line that says so, where that is not allowed.
    pub fn new(megabytes: u32) -> Option<Self> {
        let dir = tempfile::Builder::new().prefix("ostler-disk-").tempdir().unwrap();
        let options = format!("size={megabytes}m,mode=700");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "ostler-test"]).arg(dir.path());
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Self { dir });
        }
        eprintln!("skipped: a small disk can be mounted by root only");
        None
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Puts the state of a project on this disk, which must not have one yet.
    pub fn hold_state(&self, project: &Project) {
        symlink(self.path(), project.home.join("state")).unwrap();
    }

    /// Mounts it anew with these options.
    pub fn remount(&self, options: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{options}")]).arg(self.path());
        assert!(mount.status().unwrap().success(), "remount {options}");
    }

    /// Fills it up to so many bytes, and returns the file that does.
    pub fn fill_up_to(&self, left: u64) -> PathBuf {
        let path = self.path().join("filler");
        let stat = rustix::fs::statvfs(self.path()).unwrap();
        let free = stat.f_bavail * stat.f_frsize;
        let file = File::create(&path).unwrap();
        let flags = rustix::fs::FallocateFlags::empty();
        rustix::fs::fallocate(&file, flags, 0, free.saturating_sub(left)).unwrap();
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut unmount = Command::new("umount");
        drop(unmount.arg("--lazy").arg(self.path()).status());
        drop(fs::remove_dir(self.path()));
    }
}
