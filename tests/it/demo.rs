//! The demo: everything that it promises, and nothing left of it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;

use crate::project::{Project, Running};
use crate::pty::Terminal;
use crate::screen::stage::in_a_shell;

/// The demo, ten times as fast, with its folder in this project's directory.
fn demo(project: &Project, args: &[&str]) -> Command {
    let mut command = project.command(&[&["demo", "--pace", "0.1"], args].concat());
    command.env("TMPDIR", &project.home);
    command
}

/// The folders of demos.
fn folders(project: &Project) -> Vec<PathBuf> {
    let entries = fs::read_dir(&project.home).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.display().to_string().contains("ostler-demo-")).collect()
}

#[test]
fn headless_it_shows_all_that_can_happen() {
    let project = Project::bare_ground();
    let said = Running::start(demo(&project, &["--headless"]), &project.home).join();
    // Nine are done in the end, and one waits for somebody.
    said.expect(3, &["9 done, 1 escalated", "waits for you: no agent is left in the chain"]);
    for what in [
        // A retry, a rate limit with a stated wait, falling back over two tiers.
        "failed (network)",
        "failed (rate_limit)",
        " as stated",
        "falling back from swift to steady (auth)",
        "falling back from steady to thorough (invalid_response)",
        // A warning, a timeout, a check that fails and then passes, and what it took to get there.
        "is slow: ",
        "(hard_timeout)",
        "falling back from swift to steady (hard_timeout)",
        "0 left",
        "failed (check_failed)",
        "check passed",
        "done: the check passed",
    ] {
        said.expect(3, &[what]);
    }
    assert!(folders(&project).is_empty(), "{:?}", folders(&project));
    project.until_nothing_is_left();
}

#[test]
fn leaving_its_screen_ends_all_and_removes_the_folder() {
    let project = Project::bare_ground();
    fs::create_dir(&project.root).unwrap();
    let mut screen = Terminal::start(&demo(&project, &[]), (80, 24));
    screen.shows("bookshop");
    screen.shows("● ws-0");
    screen.key("Q", "Stop all and leave?");
    screen.shows("removed.");
    screen.type_in("n");
    screen.hides("Stop all and leave?");
    screen.type_in("q");
    assert!(screen.join().code().is_some());
    screen.assert_restored();
    screen.shows("the demo's folder is removed");
    let text = screen.text();
    assert!(!text.contains("goes on") && !text.contains("shows it again"), "{text}");
    assert!(folders(&project).is_empty(), "{:?}", folders(&project));
    project.until_nothing_is_left();
}

#[test]
fn a_shell_can_stop_and_continue_it() {
    let project = Project::bare_ground();
    fs::create_dir(&project.root).unwrap();
    let mut screen = Terminal::start(&in_a_shell(&demo(&project, &[])), (80, 24));
    screen.shows("● ws-0");
    screen.type_in("\x1a");
    screen.shows("BACK IN THE SHELL");
    screen.assert_restored();
    screen.type_in("\r");
    screen.shows("ws-04");
    screen.type_in("q");
    screen.shows("LEFT");
    screen.join();
    screen.assert_restored();
    project.until_nothing_is_left();
}

#[test]
fn so_does_a_terminal_that_goes_away() {
    let project = Project::bare_ground();
    fs::create_dir(&project.root).unwrap();
    let mut screen = Terminal::start(&demo(&project, &[]), (80, 24));
    screen.shows("● ws-0");
    screen.hang_up();
    project.until_nothing_is_left();
    project.until("removed folder", || folders(&project).is_empty().then_some(()));
}

#[test]
fn an_interrupt_ends_it_too() {
    let project = Project::bare_ground();
    let running = Running::start(demo(&project, &["--headless"]), &project.home);
    running.until_out("started (tier 1)");
    running.signal(Signal::TERM);
    running.join();
    project.until_nothing_is_left();
    project.until("removed folder", || folders(&project).is_empty().then_some(()));
}

#[test]
fn what_is_kept_is_a_project_like_any_other() {
    let project = Project::bare_ground();
    fs::create_dir(&project.root).unwrap();
    let mut screen = Terminal::start(&demo(&project, &["--keep"]), (80, 24));
    screen.shows("● ws-0");
    screen.type_in("q");
    assert!(screen.join().code().is_some());
    screen.assert_restored();
    screen.shows("the bookshop is kept");
    let [folder] = folders(&project).try_into().unwrap();
    let ostler = |args: &[&str]| {
        let mut command = project.command(args);
        command.current_dir(folder.join("bookshop")).env("XDG_STATE_HOME", folder.join("state"));
        command.output().unwrap()
    };
    let status = String::from_utf8(ostler(&["status"]).stdout).unwrap();
    assert!(status.contains("ws-10"), "{status}");
    assert_eq!(ostler(&["worker", "--stop"]).status.code(), Some(0));
    project.until_nothing_is_left();
}
