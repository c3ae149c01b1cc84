//! A small disk that can be filled.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system of its own, gone with this.
pub struct Disk {
    place: PathBuf,
}

impl Disk {
    /// Mounts one; none where that is not allowed.
    pub fn mount(place: &Path) -> Option<Self> {
        fs::create_dir_all(place).ok()?;
        let options = ["-t", "tmpfs", "-o", "size=48m,mode=700", "chaos"];
        run(Command::new("mount").args(options).arg(place))
            .then(|| Self { place: place.to_owned() })
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let Ok(mut file) = File::create(self.filler()) else { return };
        for size in [1 << 20, 1 << 12] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Frees what was filled.
    pub fn free(&self) {
        drop(fs::remove_file(self.filler()));
    }

    /// Copies what is on it to where it stays.
    pub fn copy_to(&self, place: &Path) {
        run(Command::new("cp").arg("-a").arg(&self.place).arg(place));
    }

    fn filler(&self) -> PathBuf {
        self.place.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever still has it open does not hold it up.
        run(Command::new("umount").arg("-l").arg(&self.place));
    }
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
