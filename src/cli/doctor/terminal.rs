//! The terminal: what the screen can show in it.

use std::io::IsTerminal as _;
use std::process::Command;
use std::time::Duration;

use super::check::Check;
use crate::supervisor::brief;
use crate::tui::terminal::Dialect;
use crate::tui::theme::Surroundings;
use crate::tui::theme::depth::{Depth, Glyphs};

const LIMIT: Duration = Duration::from_secs(1);

pub(super) fn look(checks: &mut Vec<Check>) {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let is_there = std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    checks.push(kind(variable("TERM").as_deref(), is_there));
    let shows = Surroundings::detect(variable);
    checks.push(colours(shows.depth, variable("NO_COLOR").is_some()));
    checks.push(signs(shows.glyphs));
    if variable("TMUX").is_some() {
        checks.push(tmux(option("allow-passthrough").as_deref()));
    }
}

fn kind(term: Option<&str>, is_there: bool) -> Check {
    let name = term.unwrap_or("not set");
    match (term.and_then(Dialect::of), is_there) {
        (_, false) => Check::ok("terminal", "none here; `ostler up --headless` needs none"),
        (None, true) => Check::warn(
            "terminal",
            format!("TERM is {name}, so no screen can be drawn"),
            "set TERM to what your terminal is, such as xterm-256color",
        ),
        (Some(Dialect::Xterm), true) => Check::ok("terminal", format!("TERM is {name}")),
        (Some(Dialect::Plain), true) => Check::ok(
            "terminal",
            format!("TERM is {name}: without window titles and notifications"),
        ),
    }
}

fn colours(depth: Depth, unwanted: bool) -> Check {
    let found = match depth {
        Depth::True => "all",
        Depth::Indexed => "256; with COLORTERM=truecolor all, if your terminal has them",
        Depth::Ansi => "16; set TERM or COLORTERM if your terminal has more",
        Depth::None if unwanted => "none, as NO_COLOR asks",
        Depth::None => "none",
    };
    Check::ok("colours", found)
}

fn signs(glyphs: Glyphs) -> Check {
    match glyphs {
        Glyphs::Unicode => Check::ok("locale", "UTF-8"),
        Glyphs::Ascii => Check::warn(
            "locale",
            "is not UTF-8, so signs are drawn in ASCII and other letters may be wrong",
            "set LANG to one that is, such as C.UTF-8",
        ),
    }
}

fn tmux(passthrough: Option<&str>) -> Check {
    match passthrough {
        Some("on" | "all") => Check::ok("tmux", "allow-passthrough is on"),
        Some(_) => Check::ok(
            "tmux",
            "allow-passthrough is off: what the screen tells the terminal beyond drawing stays in tmux",
        ),
        None => Check::ok("tmux", "it does not say what it lets through"),
    }
}

fn option(name: &str) -> Option<String> {
    let asked = brief::ask(Command::new("tmux").args(["show", "-gv", name]), LIMIT).ok()?;
    asked.is_good.then(|| asked.text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_warned_of() {
        assert_eq!(kind(None, true).state, State::Warn);
        assert_eq!(kind(Some("dumb"), true).state, State::Warn);
        assert_eq!(kind(Some("xterm"), true).state, State::Ok);
        assert_eq!(kind(None, false).state, State::Ok);
        assert_eq!(signs(Glyphs::Ascii).state, State::Warn);
        assert_eq!(signs(Glyphs::Unicode).state, State::Ok);
        assert!(colours(Depth::None, true).found.contains("NO_COLOR"));
        for said in [Some("on"), Some("off"), None] {
            assert_eq!(tmux(said).state, State::Ok);
        }
    }
}
