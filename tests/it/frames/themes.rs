//! What the themes look like, and whether they can be read.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::fmt::Write as _;

use ostler::tui::log::{Ink, Sgr};
use ostler::tui::state::{Focus, Modal, UiState, View};
use ostler::tui::theme::{Depth, Glyphs, Role, Surroundings, Theme};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::fixture::{facts, ui};
use super::picture::{draw, look_at, model, text, theme};

/// Returns what a frame looks like, each look once, with the first text that has it.
fn looks(buffer: &Buffer) -> String {
    let mut seen: Vec<(String, String)> = Vec::new();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let look = format!("{} on {} {:?}", cell.fg, cell.bg, cell.modifier);
            match seen.iter_mut().find(|(known, _)| *known == look) {
                Some((_, sample)) if sample.chars().count() < 24 => sample.push_str(cell.symbol()),
                Some(_) => {}
                None => seen.push((look, cell.symbol().to_owned())),
            }
        }
    }
    seen.sort();
    seen.iter().fold(String::new(), |mut out, (look, sample)| {
        writeln!(out, "{look:<52} {}", sample.trim_end()).unwrap();
        out
    })
}

const THEMES: &[&str] =
    &["dark", "light", "high-contrast", "colour-blind", "tritan", "terminal-16", "mono"];

#[test]
fn every_theme() {
    for name in THEMES {
        let (buffer, _) = draw(&model(&facts(), &ui(), (80, 24)), &theme(name));
        look_at(&format!("theme_{name}"), &buffer);
        insta::assert_snapshot!(format!("theme_{name}"), looks(&buffer));
    }
}

#[test]
fn every_depth() {
    for depth in [Depth::Indexed, Depth::Ansi, Depth::None] {
        let around = Surroundings { depth, glyphs: Glyphs::Unicode };
        let theme = Theme::load(Some("dark"), around).unwrap();
        let (buffer, _) = draw(&model(&facts(), &ui(), (80, 24)), &theme);
        insta::assert_snapshot!(format!("depth_{depth:?}").to_lowercase(), looks(&buffer));
        let has_no_colour =
            buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset);
        assert_eq!(has_no_colour, depth == Depth::None);
    }
}

#[test]
fn ascii_terminals_get_ascii_in_the_same_columns() {
    let around = Surroundings { depth: Depth::True, glyphs: Glyphs::Ascii };
    let theme = Theme::load(None, around).unwrap();
    for ui in [ui(), UiState { modal: Some(Modal::Why { scroll: 0 }), ..ui() }] {
        let model = model(&facts(), &ui, (80, 24));
        let (buffer, _) = draw(&model, &theme);
        assert!(buffer.content.iter().all(|cell| cell.symbol().is_ascii()));
        assert!(buffer.content.iter().all(|cell| cell.symbol().len() == 1));
    }
    let model = model(&facts(), &ui(), (80, 24));
    insta::assert_snapshot!("ascii_80x24", text(&draw(&model, &theme).0));
}

#[test]
fn text_can_be_read_in_every_theme() {
    use ostler::tui::theme::colour::{contrast, rgb};
    for (name, least) in [
        ("dark", 4.5),
        ("light", 4.5),
        ("high-contrast", 7.0),
        ("colour-blind", 4.5),
        ("tritan", 4.5),
    ] {
        for depth in [Depth::True, Depth::Indexed] {
            let theme =
                Theme::load(Some(name), Surroundings { depth, glyphs: Glyphs::Unicode }).unwrap();
            let ground = theme.background();
            let under = |role| theme.style(role).bg.unwrap_or(ground);
            for role in Role::ALL {
                let decoration = matches!(role, Role::Border | Role::BorderFocus | Role::BarRest);
                let Some(fg) = theme.style(*role).fg.filter(|_| !decoration) else { continue };
                let grounds = match theme.style(*role).bg {
                    Some(own) => vec![own],
                    None => vec![ground, under(Role::Selection), under(Role::Dialog)],
                };
                for bg in grounds {
                    let found = contrast(rgb(fg).unwrap(), rgb(bg).unwrap());
                    assert!(found >= least, "{name} {depth:?}: {role:?} {fg} on {bg}: {found:.2}");
                }
            }
            for index in 0..16 {
                let sgr = Sgr { fg: Ink::Indexed(index), ..Sgr::default() };
                let fg = theme.ink(sgr).fg.unwrap();
                let found = contrast(rgb(fg).unwrap(), rgb(ground).unwrap());
                let least = if index == 0 { 2.5 } else { 4.5 };
                assert!(found >= least, "{name} {depth:?}: palette {index} {fg}: {found:.2}");
            }
        }
    }
}

#[test]
fn changed_lines_can_be_read_in_every_theme() {
    use ostler::tui::theme::colour::{contrast, rgb};
    let tokens = [
        Role::Text,
        Role::Keyword,
        Role::String,
        Role::Comment,
        Role::Number,
        Role::Function,
        Role::Type,
    ];
    let grounds = [Role::Added, Role::Removed, Role::AddedWord, Role::RemovedWord];
    for name in THEMES {
        for depth in [Depth::True, Depth::Indexed, Depth::Ansi] {
            let theme =
                Theme::load(Some(name), Surroundings { depth, glyphs: Glyphs::Unicode }).unwrap();
            for ground in grounds {
                let word = matches!(ground, Role::AddedWord | Role::RemovedWord);
                let plain = theme.over(if word { Role::Added } else { ground }, Role::Text);
                // What differs within a line is seen, whatever the terminal shows.
                assert!(!word || theme.over(ground, Role::Text) != plain, "{name} {depth:?}");
                for role in tokens {
                    let style = theme.over(ground, role);
                    let is_own = style.fg == theme.style(role).fg;
                    if depth != Depth::Ansi && !["terminal-16", "mono"].contains(name) {
                        assert!(is_own, "{name} {depth:?}: {role:?} has no colour on {ground:?}");
                    }
                    let bg = style.bg.unwrap_or(theme.background());
                    let Some((fg, bg)) = style.fg.and_then(rgb).zip(rgb(bg)) else { continue };
                    let least = if *name == "high-contrast" { 7.0 } else { 4.5 };
                    let found = contrast(fg, bg);
                    assert!(found >= least, "{name} {depth:?}: {role:?} on {ground:?}: {found:.2}");
                }
            }
            // The state of a line is told by its sign, which stands out where the line has no ground of its own.
            for (ground, sign) in [(Role::Added, Role::Good), (Role::Removed, Role::Bad)] {
                let style = theme.over(ground, sign);
                let is_block = style.add_modifier.contains(Modifier::REVERSED);
                assert_eq!(style.bg.is_none(), is_block, "{name} {depth:?}");
                let Some((fg, bg)) = style.fg.and_then(rgb).zip(style.bg.and_then(rgb)) else {
                    continue;
                };
                assert!(contrast(fg, bg) >= 4.5, "{name} {depth:?}: {sign:?} on {ground:?}");
            }
        }
    }
}

#[test]
fn a_change_in_every_theme() {
    let ui = UiState { view: View::Diff, focus: Focus::Log, ..ui() };
    for name in THEMES {
        let (buffer, _) = draw(&model(&facts(), &ui, (120, 40)), &theme(name));
        look_at(&format!("diff_{name}"), &buffer);
        insta::assert_snapshot!(format!("diff_{name}"), looks(&buffer));
    }
    for depth in [Depth::Indexed, Depth::Ansi, Depth::None] {
        let around = Surroundings { depth, glyphs: Glyphs::Unicode };
        let theme = Theme::load(Some("dark"), around).unwrap();
        let (buffer, _) = draw(&model(&facts(), &ui, (120, 40)), &theme);
        insta::assert_snapshot!(format!("diff_{depth:?}").to_lowercase(), looks(&buffer));
    }
}

#[test]
fn an_agents_text_never_vanishes_into_the_ground() {
    let dark = theme("dark");
    let almost_black = Sgr { fg: Ink::Rgb(20, 20, 20), ..Sgr::default() };
    assert_eq!(dark.ink(almost_black).fg, None);
    assert_eq!(theme("light").ink(almost_black).fg, Some(Color::Rgb(20, 20, 20)));
}

#[test]
fn a_terminal_is_known_by_its_environment() {
    let seen = |pairs: &[(&str, &str)]| {
        Surroundings::detect(|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    for (pairs, depth) in [
        (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..], Depth::True),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit"), ("NO_COLOR", "")], Depth::True),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit"), ("NO_COLOR", "1")], Depth::None),
        (&[("TERM", "dumb"), ("FORCE_COLOR", "3")], Depth::None),
        (&[("TERM", "xterm-direct")], Depth::True),
        (&[("TERM", "xterm-kitty")], Depth::True),
        (&[("TERM", "screen-256color")], Depth::Indexed),
        (&[("TERM", "xterm"), ("FORCE_COLOR", "2")], Depth::Indexed),
        (&[("TERM", "xterm")], Depth::Ansi),
        (&[("TERM", "linux")], Depth::Ansi),
        (&[("TERM", "vt220")], Depth::None),
        (&[("TERM", "vt220"), ("FORCE_COLOR", "1")], Depth::Ansi),
        (&[("TERM", "xterm-mono")], Depth::None),
        (&[], Depth::Ansi),
    ] {
        assert_eq!(seen(pairs).depth, depth, "{pairs:?}");
    }
    for (pairs, glyphs) in [
        (&[("LANG", "de_DE.UTF-8")][..], Glyphs::Unicode),
        (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], Glyphs::Ascii),
        (&[("LC_CTYPE", "C.utf8"), ("LANG", "C")], Glyphs::Unicode),
        (&[("LANG", "C.UTF-8"), ("TERM", "linux")], Glyphs::Ascii),
        (&[("LANG", "C.UTF-8"), ("TERM", "vt102")], Glyphs::Ascii),
        (&[], Glyphs::Ascii),
    ] {
        assert_eq!(seen(pairs).glyphs, glyphs, "{pairs:?}");
    }
}

#[test]
fn the_configuration_knows_all_that_are_built_in() {
    let names: Vec<&str> = ostler::tui::theme::BUILT_IN.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ostler::config::theme::BUILT_IN);
}

#[test]
fn a_theme_of_the_users_own_says_only_what_differs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.yaml");
    let load = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Theme::load(path.to_str(), Surroundings::default())
    };
    let mine = load("extends: light\nroles: { accent: { fg: \"#ff0000\" } }\n").unwrap();
    assert_eq!(mine.style(Role::Accent).fg, Some(Color::Rgb(255, 0, 0)));
    assert_eq!(mine.style(Role::Text), theme("light").style(Role::Text));
    assert_eq!(mine.background(), theme("light").background());
    let numbers = load("roles: { accent: { fg: 5 }, text: { fg: '6' } }\n").unwrap();
    assert_eq!(numbers.style(Role::Accent).fg, Some(Color::Indexed(5)));
    let clear = load("background: terminal\n").unwrap();
    assert_eq!(clear.background(), Color::Reset);
    assert_eq!(clear.style(Role::Good), theme("dark").style(Role::Good));

    let wrong = |text: &str| load(text).unwrap_err().to_string();
    assert!(wrong("roles: { acent: {} }\n").contains("acent"));
    assert!(wrong("roles: { accent: { fg: reddish } }\n").contains("`reddish` is no colour"));
    assert!(wrong("extends: drak\n").contains("there are dark, light"));
    assert_eq!(load("# nothing yet\n").unwrap().background(), theme("dark").background());
    let missing = Theme::load(Some("./nowhere.yaml"), Surroundings::default()).unwrap_err();
    assert!(missing.to_string().contains("cannot read the theme ./nowhere.yaml"));
    let unknown = Theme::load(Some("drak"), Surroundings::default()).unwrap_err();
    assert!(unknown.to_string().contains("there is no theme `drak`"));
}
