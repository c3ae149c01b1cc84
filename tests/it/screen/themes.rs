//! Themes of the user's own.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;

use vt100::Color;

use super::stage::{CONFIG, leave};
use crate::project::{Project, QUICK};

/// The user's own theme `dusk`.
fn dusk(project: &Project, text: &str) {
    let folder = project.home.join("config/ostler/themes");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("dusk.yaml"), text).unwrap();
}

#[test]
fn a_name_is_enough_for_one_of_the_users_own() {
    let project = Project::new(&format!("theme: dusk{CONFIG}"));
    dusk(&project, "extends: light\nbackground: \"#102030\"\n");
    project.ok(&["check"]);
    let mut command = project.command(&[]);
    command.env("COLORTERM", "truecolor");
    let screen = crate::pty::Terminal::start(&command, (80, 24));
    screen.shows("Mend the fence");
    let ground = screen.look(|screen| screen.cell(22, 70).unwrap().bgcolor());
    assert_eq!(ground, Color::Rgb(0x10, 0x20, 0x30));
    leave(screen);
}

#[test]
fn a_mistake_in_one_is_told_with_its_place_before_anything_starts() {
    let project = Project::new(&format!("theme: dusk{CONFIG}"));
    for (text, told) in [
        (
            "roles:\n  accent:\n    bold: true\n    fg: reddish\n",
            "dusk.yaml:4:9: `reddish` is no colour",
        ),
        ("roles:\n  acent: {}\n", "dusk.yaml:2:3: unknown variant `acent`"),
        ("extends: drak\n", "dusk.yaml:1:10: there is no theme `drak` to extend"),
        ("colours: []\n", "dusk.yaml:1:1: unknown field `colours`"),
    ] {
        dusk(&project, text);
        project.run(&["check"]).expect(2, &[told]);
        let mut screen = project.screen((80, 24));
        assert_eq!(screen.join().code(), Some(2));
        screen.shows("dusk.yaml:");
    }
    project.configure_as(&format!("{QUICK}theme: dask{CONFIG}"));
    project.run(&["check"]).expect(2, &["there is no theme `dask`", "did you mean `dusk`?"]);
    assert!(!project.root.join(".worktrees").exists());
}

/// The colour of the ground, where nothing is.
fn ground(screen: &crate::pty::Terminal) -> Color {
    screen.look(|screen| screen.cell(22, 70).unwrap().bgcolor())
}

#[test]
fn one_is_seen_while_it_is_chosen_and_a_changed_file_at_once() {
    let project = Project::new(&format!("theme: dusk{CONFIG}"));
    dusk(&project, "background: \"#102030\"\n");
    let mut command = project.command(&[]);
    command.env("COLORTERM", "truecolor");
    let screen = crate::pty::Terminal::start(&command, (80, 24));
    screen.shows("Mend the fence");
    assert_eq!(ground(&screen), Color::Rgb(0x10, 0x20, 0x30));
    dusk(&project, "background: \"#112131\"\n");
    screen.until("the new ground", |_| {
        (ground(&screen) == Color::Rgb(0x11, 0x21, 0x31)).then_some(())
    });
    // The list is at the first one; each is seen when it is come to, and Esc goes back.
    screen.key("C", "high-contrast");
    screen.type_in("j");
    let seen = screen.until("another ground", |_| {
        Some(ground(&screen)).filter(|ground| *ground != Color::Rgb(0x11, 0x21, 0x31))
    });
    assert_ne!(seen, Color::Default);
    screen.type_in("\x1b");
    screen.until("the old ground", |_| {
        (ground(&screen) == Color::Rgb(0x11, 0x21, 0x31)).then_some(())
    });
    screen.key("C", "dusk");
    screen.type_in("jj\r");
    screen.shows("seen in high-contrast until you leave");
    leave(screen);
}
