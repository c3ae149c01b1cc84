//! What is taken out of a log: to the clipboard, to a file, to a pager.

use ostler::core::phase::PhaseWord;

use super::stage::{CONFIG, leave, open};
use crate::project::Project;
use crate::pty::Terminal;

/// Says whether the screen has sent this.
fn sent(screen: &Terminal, bytes: &[u8]) -> bool {
    screen.bytes().windows(bytes.len()).any(|part| part == bytes)
}

#[test]
fn lines_are_marked_by_keys_and_copied_by_the_terminal() {
    let (_project, screen) = open((80, 24));
    screen.key("V", "1 marked");
    screen.key("y", "copied 1 line, 8 B");
    assert!(sent(&screen, b"\x1b]52;c;YXQgd29yawo=\x1b\\"), "{:?}", screen.text());
    screen.hides("marked");
    leave(screen);
}

#[test]
fn lines_are_marked_by_the_mouse() {
    let (_project, screen) = open((80, 24));
    let text = screen.text();
    let row = text.lines().position(|line| line.contains("at work")).unwrap() + 1;
    screen.type_in(&format!("\x1b[<0;5;{row}M"));
    screen.key(&format!("\x1b[<32;9;{row}M"), "1 marked");
    screen.key(&format!("\x1b[<0;9;{row}m"), "copied 1 line");
    assert!(sent(&screen, b"YXQgd29yawo="), "{:?}", screen.text());
    leave(screen);
}

#[test]
fn a_log_is_saved_and_nothing_is_written_over_unasked() {
    let (project, screen) = open((80, 24));
    let file = project.root.join("a-2.log");
    screen.key("S", "a-2.log");
    screen.key("\r", "saved 1 line in a-2.log");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "at work\n");
    std::fs::write(&file, "mine").unwrap();
    screen.key("S", "a-2.log");
    screen.key("\r", "is there already");
    screen.key("n", "Mend the fence");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    screen.key("S", "Save the log of a");
    screen.key("\r", "is there already");
    screen.key("y", "saved 1 line");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "at work\n");
    // A place where nothing can be is told.
    screen.key("S", "Save the log of a");
    screen.type_in("/x");
    screen.key("\r", "a-2.log/x cannot be written");
    leave(screen);
}

#[test]
fn a_log_is_opened_in_the_pager_and_the_screen_comes_back() {
    let project = Project::new(CONFIG);
    let mut command = project.command(&[]);
    command.env("PAGER", "look() { cp \"$1\" $HOME/paged; echo looking; read line; }; look");
    command.env("EDITOR", "nowhere-to-be-found --wait");
    let screen = Terminal::start(&command, (80, 24));
    project.until_running("a");
    project.until_phase("b", PhaseWord::Escalated);
    screen.shows("at work");
    screen.type_in("P");
    assert_eq!(project.until_line("paged"), "at work");
    screen.hides("Mend the fence");
    screen.assert_restored();
    screen.key("\r", "Mend the fence");
    screen.key("\x05", "nowhere-to-be-found --wait: the program cannot be run");
    leave(screen);
}
