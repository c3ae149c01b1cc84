//! Which sequences a terminal is sent, by its name: one that it does not know may be shown as text.

/// Which sequences a terminal knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Those of xterm; what else there is of its kind passes over the few that it lacks.
    #[default]
    Xterm,
    /// Movements, colours and private modes alone: no titles, no notifications, no keyboard flags, no other screen.
    Plain,
}

/// How the names of terminals begin on which nothing can be drawn at a place.
const NONE: &[&str] = &["dumb", "unknown", "network", "dialup", "emacs", "vt52"];
/// How the names of those begin that know the plain sequences only, or did when many of those in use were made.
const PLAIN: &[&str] =
    &["linux", "vt", "ansi", "pcansi", "cons25", "wsvt", "cygwin", "sun", "mach", "hurd", "eterm"];

impl Dialect {
    /// Returns the dialect of the terminal with this name (`TERM`); none if no screen can be drawn on it.
    pub fn of(name: &str) -> Option<Self> {
        let begins_as = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
        if name.is_empty() || begins_as(NONE) {
            None
        } else if begins_as(PLAIN) {
            Some(Self::Plain)
        } else {
            Some(Self::Xterm)
        }
    }
}
