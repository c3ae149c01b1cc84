//! The program while it runs, and what it has said.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;

use super::{LIMIT, left, wait};

/// What the program has said, and how it ended.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Said {
    /// Checks the exit code, and that the words are in what it printed or complained of.
    #[track_caller]
    pub fn expect(&self, code: i32, words: &[&str]) -> &Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{all}");
        for word in words {
            assert!(all.contains(word), "`{word}` is not in:\n{all}");
        }
        self
    }
}

/// The program while it runs; killed if the test ends before it.
pub struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Running {
    pub fn start(mut command: Command, home: &Path) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let (out, err) = (home.join(format!("{number}.out")), home.join(format!("{number}.err")));
        command.stdin(Stdio::null());
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        Self { child: command.spawn().unwrap(), out, err }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    pub fn out(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// Waits until it has printed these words.
    pub fn until_out(&self, words: &str) -> String {
        let found = wait(LIMIT, || Some(self.out()).filter(|out| out.contains(words)));
        found.unwrap_or_else(|| panic!("`{words}` is not in:\n{}", self.out()))
    }

    pub fn signal(&self, signal: Signal) {
        left::signal(self.child.id(), signal);
    }

    /// Says whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    pub fn join(mut self) -> Said {
        let child = &mut self.child;
        let status = wait(LIMIT * 2, || child.try_wait().unwrap());
        let (out, err) = (self.out(), fs::read_to_string(&self.err).unwrap());
        let status = status.unwrap_or_else(|| panic!("it does not end:\n{out}{err}"));
        Said { code: status.code(), out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}
