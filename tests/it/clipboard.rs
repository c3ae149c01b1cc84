//! The clipboard: how terminals are asked to fill it, and by which program it is filled.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use ostler::tui::clipboard::{MOST, programs, sequences};

/// Looks names up in a list.
fn environment<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

fn asked(set: &[(&str, &str)], text: &str) -> Option<String> {
    sequences(text, environment(set)).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn named(set: &[(&str, &str)]) -> Vec<&'static str> {
    programs(environment(set)).into_iter().map(|program| program.name).collect()
}

#[test]
fn a_terminal_is_asked_in_base_64() {
    let xterm = &[("TERM", "xterm-256color")];
    assert_eq!(asked(xterm, "at work\n").unwrap(), "\x1b]52;c;YXQgd29yawo=\x1b\\");
    assert!(asked(xterm, &"x".repeat(MOST)).is_some());
    assert_eq!(asked(xterm, &"x".repeat(MOST + 1)), None, "it is too long");
    for name in ["linux", "vt220", "dumb"] {
        assert_eq!(asked(&[("TERM", name)], "x"), None, "it would be shown as text");
    }
}

#[test]
fn what_lies_between_is_told_to_pass_it_on() {
    let tmux =
        asked(&[("TERM", "tmux-256color"), ("TMUX", "/tmp/tmux-0/default,1,0")], "x").unwrap();
    assert_eq!(tmux, "\x1b]52;c;eA==\x1b\\\x1bPtmux;\x1b\x1b]52;c;eA==\x1b\x1b\\\x1b\\");
    let both = &[("TERM", "screen"), ("TMUX", "/tmp/tmux-0/default,1,0"), ("STY", "1.tty")];
    assert_eq!(
        asked(both, "x"),
        asked(&[("TERM", "screen")], "x"),
        "one of them would show what is for the other"
    );
    let screen = asked(&[("TERM", "screen"), ("STY", "1.tty")], &"x".repeat(300)).unwrap();
    let parts: Vec<&str> = screen.split_inclusive("\x1b\\").collect();
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|part| part.starts_with("\x1bP") && part.len() <= 244));
    assert!(screen.ends_with("\x07\x1b\\"));
}

#[test]
fn a_program_is_taken_only_where_it_fills_the_operators_clipboard() {
    let home = ["pbcopy", "clip.exe"];
    assert_eq!(named(&[]), home);
    assert_eq!(named(&[("WAYLAND_DISPLAY", "wayland-0")])[0], "wl-copy");
    assert_eq!(named(&[("DISPLAY", ":0")])[..2], ["xclip", "xsel"]);
    // Over ssh the displays of this machine are somebody else's.
    let far = ("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.1 22");
    assert!(named(&[far, ("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")]).is_empty());
    assert_eq!(named(&[far, ("DISPLAY", "localhost:10.0")]), ["xclip", "xsel"]);
    assert_eq!(named(&[far, ("TMUX", "/tmp/tmux-0/default,1,0")]), ["tmux"]);
}
