//! What a machine lacks for a while, as the words of errors tell.
//!
//! Keepers and git tell in words why they could not do something. What is recognised here passes without anybody changing
//! the configuration, and says nothing about the agent.

/// Something that the machine lacks, most likely for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// A disk is full.
    Space,
    /// The user's share of a disk is used up.
    Quota,
    /// No file can be opened any more.
    Files,
    /// There is no memory.
    Memory,
    /// No process or thread can be made.
    Processes,
    /// A disk cannot be written to.
    Writing,
    /// Another process holds a lock of the repository, or left it behind.
    Lock,
    /// Our own files were removed; their owner writes them again.
    Home,
}

/// The number of an error as the system's words end with it, and the words of programs that do not tell the number.
const WORDS: &[(&str, Lack)] = &[
    ("(os error 28)", Lack::Space),
    ("No space left on device", Lack::Space),
    ("(os error 122)", Lack::Quota),
    ("Disk quota exceeded", Lack::Quota),
    ("(os error 23)", Lack::Files),
    ("(os error 24)", Lack::Files),
    ("Too many open files", Lack::Files),
    ("(os error 12)", Lack::Memory),
    ("Cannot allocate memory", Lack::Memory),
    ("Out of memory", Lack::Memory),
    ("(os error 11)", Lack::Processes),
    ("Resource temporarily unavailable", Lack::Processes),
    ("(os error 30)", Lack::Writing),
    ("Read-only file system", Lack::Writing),
    (".lock': File exists", Lack::Lock),
    ("another process has held", Lack::Lock),
    ("its run directory was removed while it began", Lack::Home),
];

impl Lack {
    /// Finds what was lacking in the words of an error of the system, a keeper or git; none if it was nothing that passes.
    pub fn named_in(words: &str) -> Option<Self> {
        WORDS.iter().find(|(word, _)| words.contains(word)).map(|(_, lack)| *lack)
    }

    /// Says what can be done about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Space => "make room on that disk",
            Self::Quota => "make room in your share of that disk (`quota` shows it)",
            Self::Files => "raise the limit on open files (`ulimit -n`)",
            Self::Memory => "end something that takes memory",
            Self::Processes => "raise the limit on processes (`ulimit -u`), or end some",
            Self::Writing => "make that disk writable again",
            Self::Lock => "if no git command is at work there, remove that file",
            Self::Home => "keep other programs away from the state folder",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        for (words, lack) in [
            ("`x` cannot be written: No space left on device (os error 28)", Some(Lack::Space)),
            ("unable to write new index file; Disk quota exceeded", Some(Lack::Quota)),
            ("git could not be started: Too many open files (os error 24)", Some(Lack::Files)),
            ("fork: Resource temporarily unavailable", Some(Lack::Processes)),
            ("could not be made: Read-only file system (os error 30)", Some(Lack::Writing)),
            ("Unable to create '/r/.git/refs/x.lock': File exists.", Some(Lack::Lock)),
            ("`aider` was not found on PATH; install it or set its command", None),
            ("could not be made: Permission denied (os error 13)", None),
            ("could not be made: File exists (os error 17)", None),
            ("its run directory was removed while it began: it has no spec.json", Some(Lack::Home)),
            ("(os error 112)", None),
        ] {
            assert_eq!(Lack::named_in(words), lack, "{words}");
        }
    }
}
