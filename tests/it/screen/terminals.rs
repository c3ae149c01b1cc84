//! Terminals of many names: what each is sent, byte by byte, and that it comes back clean from everything.

use memchr::memmem;
use rustix::process::Signal;

use super::stage::{CONFIG, in_a_shell, leave, open};
use crate::project::Project;
use crate::pty::Terminal;

/// What a terminal of some name may be sent.
struct Known {
    name: &'static str,
    /// Window titles, notifications, the keyboard's flags.
    extras: bool,
    /// The most that its colours may be, as the last number of `38;5;`; none for no colours.
    colours: Option<u8>,
    unicode: bool,
}

const fn known(name: &'static str, extras: bool, colours: Option<u8>, unicode: bool) -> Known {
    Known { name, extras, colours, unicode }
}

const KNOWN: &[Known] = &[
    known("xterm-256color", true, Some(255), true),
    known("tmux-256color", true, Some(255), true),
    known("screen-256color", true, Some(255), true),
    known("screen", true, Some(15), true),
    known("xterm", true, Some(15), true),
    known("linux", false, Some(15), false),
    known("vt100", false, None, false),
    known("some-name-of-tomorrow", true, Some(15), true),
];

/// Every escape sequence, without its letters that are shown.
fn sequences(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let begins = text.match_indices('\x1b').map(|(at, _)| &text[at + 1..]);
    let whole = begins.map(|rest| match rest.chars().next() {
        Some('[') => {
            let end = rest[1..]
                .find(|it: char| ('@'..='~').contains(&it))
                .map_or(rest.len(), |at| at + 2);
            rest[..end].to_owned()
        }
        _other => rest.chars().take(2).collect(),
    });
    whole.collect()
}

fn check(known: &Known, bytes: &[u8]) {
    let sent = sequences(bytes);
    let name = known.name;
    let any = |is_so: &dyn Fn(&str) -> bool| sent.iter().find(|it| is_so(it)).cloned();
    let extra = any(&|it| {
        it.starts_with(']') || it.starts_with("[>") || it.starts_with("[<") || it.ends_with('t')
    });
    assert_eq!(extra.is_some(), known.extras, "{name}: {extra:?}");
    if !known.extras {
        let kinds = ["H", "J", "h", "l", "m"];
        let other = any(&|it| !it.starts_with('[') || !kinds.iter().any(|kind| it.ends_with(kind)));
        assert_eq!(other, None, "{name}");
    }
    assert_eq!(any(&|it| it.contains("8;2;")), None, "{name}: a colour of all");
    let numbers = sent.iter().filter(|it| it.ends_with('m')).flat_map(|it| {
        let number = |at: usize| it[at + 4..].split([';', 'm']).next()?.parse::<u8>().ok();
        it.match_indices("8;5;").filter_map(|(at, _)| number(at)).collect::<Vec<_>>()
    });
    assert!(numbers.max() <= known.colours, "{name}: colours");
    assert_eq!(bytes.is_ascii(), !known.unicode, "{name}: signs");
    // A frame is drawn as one everywhere: who does not know of it passes over it.
    assert!(memmem::find(bytes, b"\x1b[?2026h").is_some());
}

#[test]
fn each_is_sent_what_it_knows_and_comes_back_clean() {
    let (project, first) = open((80, 24));
    leave(first);
    for known in KNOWN {
        let mut command = project.command(&[]);
        command.env("TERM", known.name);
        let mut terminal = Terminal::start(&in_a_shell(&command), (80, 24));
        terminal.shows("Mend the fence");
        terminal.type_in("\x1a");
        terminal.shows("BACK IN THE SHELL");
        terminal.assert_restored();
        terminal.type_in("\r");
        terminal.shows("Mend the fence");
        for step in 0..40 {
            terminal.resize(60 + step * 3, 16 + step);
        }
        terminal.resize(40, 12);
        terminal.hides("Mend the fence");
        terminal.resize(80, 24);
        terminal.shows("Sweep the yard");
        terminal.type_in("q");
        terminal.shows("LEFT");
        terminal.join();
        terminal.assert_restored();
        check(known, &terminal.bytes());
    }
}

#[test]
fn a_lost_line_gives_back_those_without_another_screen_too() {
    let (project, first) = open((80, 24));
    leave(first);
    let mut command = project.command(&[]);
    command.env("TERM", "linux");
    let mut terminal = Terminal::start(&command, (80, 24));
    terminal.shows("Mend the fence");
    terminal.signal(Signal::HUP);
    terminal.join();
    terminal.assert_restored();
    // What was drawn is gone, wherever it was drawn.
    assert!(memmem::rfind(&terminal.bytes(), b"\x1b[H\x1b[2J\x1b[?1049l").is_some());
}

#[test]
fn nothing_starts_where_no_screen_can_be_drawn() {
    let project = Project::new(CONFIG);
    for (name, told) in
        [("dumb", "TERM is dumb"), ("", "TERM is not set"), ("vt52", "TERM is vt52")]
    {
        let mut command = project.command(&[]);
        command.env("TERM", name);
        let mut terminal = Terminal::start(&command, (80, 24));
        assert_eq!(terminal.join().code(), Some(2), "{name}");
        terminal.shows(told);
        terminal.shows("ostler up --headless");
        assert_eq!(memmem::find(&terminal.bytes(), b"\x1b["), None, "{name}");
        terminal.assert_restored();
    }
    project.until_nothing_is_left();
    assert!(!project.home.join("state/ostler").exists() || project.agent("a").is_none());
}
