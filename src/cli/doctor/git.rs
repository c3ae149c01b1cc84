//! The `git` program.

use std::process::Command;
use std::time::Duration;

use super::check::Check;
use crate::supervisor::brief;

const LIMIT: Duration = Duration::from_secs(5);
/// Worktrees cannot be repaired by an older one.
const LEAST: (u32, u32) = (2, 30);
/// An older one ignores a setting that keeps it out of bare repositories that somebody planted.
const SAFE: (u32, u32) = (2, 38);

pub(super) fn program() -> Check {
    match brief::ask(Command::new("git").arg("--version"), LIMIT) {
        Ok(answer) => judge(&answer.text),
        Err(error) => Check::bad("git", error.to_string(), "install git, or put it on PATH"),
    }
}

fn judge(said: &str) -> Check {
    let word = said.trim().trim_start_matches("git version ");
    let mut numbers = word.split('.').map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else {
        return Check::warn("git", format!("`{word}` is no version"), "see `git --version`");
    };
    let found = format!("version {word}");
    if (major, minor) < LEAST {
        let advice = format!("install git {}.{} or newer", LEAST.0, LEAST.1);
        return Check::bad("git", format!("{found} is too old"), advice);
    }
    if (major, minor) < SAFE {
        let advice = format!("install git {}.{} or newer", SAFE.0, SAFE.1);
        return Check::warn("git", format!("{found} looks into planted repositories"), advice);
    }
    Check::ok("git", found)
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        for (said, state) in [
            ("git version 2.47.3\n", State::Ok),
            ("git version 2.39.5 (Apple Git-154)\n", State::Ok),
            ("git version 3.0\n", State::Ok),
            ("git version 2.34.1\n", State::Warn),
            ("git version 2.25.1\n", State::Bad),
            ("git version 1.9\n", State::Bad),
            ("hello\n", State::Warn),
        ] {
            assert_eq!(judge(said).state, state, "{said}");
        }
    }
}
