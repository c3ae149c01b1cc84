//! Reading logs: following them, scrolling back through all of one, and searching.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use serde_json::json;

use super::stage::{CONFIG, leave, open_with};
use crate::project::Project;
use crate::pty::Terminal;

/// The same with much to read: a thousand lines, and more when told.
fn long() -> String {
    CONFIG.replace(
        "echo at work; while",
        "seq 1 1000; printf \"\\\\033[31mred\\\\033[0m\\\\n\"; echo at work; while [ ! -e $HOME/more ]; do sleep 0.1; done; seq 2001 2100; while",
    )
}

#[test]
fn a_log_is_followed_left_and_followed_again() {
    let (project, screen) = open_with(&long(), (80, 24));
    screen.shows("following");
    screen.shows("1000");
    // Its colours are kept.
    let red = screen.look(|cells| {
        let (rows, columns) = cells.size();
        let all =
            (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        let mut red = all.filter_map(|(row, column)| cells.cell(row, column));
        red.any(|cell| cell.contents() == "r" && cell.fgcolor() != vt100::Color::Default)
    });
    assert!(red, "{}", screen.text());
    // One page up, and what comes no longer moves what is read.
    screen.type_in("\x1b[5~");
    screen.hides("at work");
    screen.hides("following");
    let before = screen.text();
    project.touch("more");
    project.until("more output", || project.log("a", 2).contains("2100").then_some(()));
    screen.hides(" following");
    let line = |text: &str| text.lines().nth(12).unwrap().get(..20).unwrap().to_owned();
    assert_eq!(line(&before), line(&screen.text()));
    screen.type_in("f");
    screen.shows("2100");
    screen.shows("following");
    leave(screen);
}

#[test]
fn the_whole_log_can_be_read() {
    let (_project, screen) = open_with(&long(), (80, 24));
    screen.type_in("\t");
    screen.type_in("g");
    screen.until("first line", |text| {
        text.lines().any(|it| it.trim_matches(['│', '┃', ' ']) == "1").then_some(())
    });
    screen.hides("following");
    screen.type_in("j");
    screen.until("second line at the top", |text| {
        let first = text.lines().skip_while(|it| !it.contains("log · slow")).nth(1)?;
        (first.trim_matches(['│', '┃', ' ']) == "2").then_some(())
    });
    screen.type_in("G");
    screen.shows("at work");
    leave(screen);
}

#[test]
fn a_log_is_searched() {
    let (_project, screen) = open_with(&long(), (80, 24));
    screen.key("/", "Search the log of a");
    screen.type_in("777");
    screen.type_in("\r");
    screen.until("match", |text| {
        text.lines().any(|it| it.trim_matches(['│', '┃', ' ']) == "777").then_some(())
    });
    screen.shows("1/1");
    // Many are counted, and which of them one is at.
    screen.key("/", "Search the log of a");
    screen.type_in("^99[0-3]$");
    screen.type_in("\r");
    screen.shows("4/4");
    screen.key("N", "3/4");
    screen.key("n", "4/4");
    screen.key("n", "1/4");
    leave(screen);
}

#[test]
fn all_logs_are_searched_at_once() {
    let (_project, screen) = open_with(&long(), (100, 24));
    screen.key("F", "Search all logs");
    screen.type_in("broken|all is|^at w");
    screen.key("\r", "4 lines in 4 of 4 logs");
    for words in ["▸a  2  slow", "a  1  bad", "b  1  bad", "c  1  good"] {
        screen.shows(words);
    }
    screen.key("j", "▸a  1  bad");
    screen.key("\r", "a · log · bad · attempt 1");
    screen.shows("1/1");
    screen.key("\x1b", "Found /broken");
    screen.key("gjjj", "▸c  1  good");
    screen.key("\r", "c · log · good · attempt 1");
    screen.key("\x1b", "Found /broken");
    screen.key("\x1b", "Mend the fence");
    leave(screen);
}

#[test]
fn trouble_times_and_long_lines_are_seen() {
    let config = CONFIG.replace(
        "echo at work; while",
        "seq 1 200; echo warning: it is late; seq 1 200; echo test 7 FAILED; seq 1 200; echo 0 errors; \
         printf \"%0300d\" 7; echo end; echo at work; while",
    );
    let (_project, screen) = open_with(&config, (80, 24));
    screen.key("{", "error, warning or failure 2 of 2");
    screen.shows("test 7 FAILED");
    screen.key("{", "error, warning or failure 1 of 2");
    screen.shows("warning: it is late");
    screen.key("}", "error, warning or failure 2 of 2");
    screen.key("f", "7end");
    screen.key("W", "cut ·");
    screen.shows("00…");
    screen.hides("7end");
    for _ in 0..35 {
        screen.type_in("l");
    }
    screen.key("l", "7end");
    screen.key("W", "following");
    // Beside each line stands when it was written; the beginning of the attempt is where it all was.
    screen.type_in("#");
    let is_time = |text: &str| text.as_bytes().get(2) == Some(&b':') && text.len() == 8;
    screen.until("times", |text| {
        let line = text.lines().find(|line| line.contains("at work"))?;
        line.split_whitespace().any(|word| is_time(word.trim_start_matches('~'))).then_some(())
    });
    screen.type_in("#");
    screen.until("no times", |text| {
        let line = text.lines().find(|line| line.contains("at work"))?;
        line.split_whitespace().all(|word| !is_time(word.trim_start_matches('~'))).then_some(())
    });
    screen.key("@", "Go to a time in the log of a");
    screen.type_in("+0s");
    screen.key("\r", "594 lines below");
    screen.key("@", "Go to a time in the log of a");
    screen.type_in("later");
    screen.key("\r", "`later` is no time");
    screen.type_in("\x1b");
    screen.hides("Go to a time");
    leave(screen);
}

#[test]
fn the_logs_of_earlier_attempts_are_there() {
    let (_project, screen) = open_with(CONFIG, (80, 24));
    screen.key("[", "a · log · bad · attempt 1");
    screen.shows("broken");
    screen.key("]", "a · log · slow · attempt 2");
    screen.shows("at work");
    leave(screen);
}

#[test]
fn events_are_shown_as_lines_to_read_or_as_they_were_written() {
    let config = CONFIG.replace(
        "slow: { command: [sh, -c, 'echo at work;",
        "slow: { preset: claude-code, probe: ['true'], command: [sh, -c, 'cat $HOME/events; echo at work;",
    );
    let (project, screen) = open_events(&config);
    screen.shows("  test result: ok");
    screen.shows("All 120 tests pass.");
    let lines = screen.text();
    assert!(!lines.contains("tool_use_id"), "{lines}");
    // A page up and back by rows of events.
    screen.type_in("\t");
    screen.type_in("g");
    screen.shows("· claude-sonnet-5");
    screen.shows("▸ Bash  cargo test");
    screen.type_in("j");
    screen.hides("· claude-sonnet-5");
    screen.type_in("k");
    screen.shows("· claude-sonnet-5");
    screen.type_in("v");
    screen.shows("raw ·");
    screen.shows("\"subtype\":\"init\"");
    screen.type_in("v");
    screen.hides("raw ·");
    screen.shows("· claude-sonnet-5");
    // What is searched is what is read.
    screen.key("/", "Search the log of a");
    screen.type_in("tests pass");
    screen.type_in("\r");
    screen.shows("1/1");
    leave(screen);
    drop(project);
}

/// A screen on an agent that tells what it does in JSON.
fn open_events(config: &str) -> (Project, Terminal) {
    let project = Project::new(config);
    let events = [
        json!({ "type": "system", "subtype": "init", "model": "claude-sonnet-5", "permissionMode": "acceptEdits", "session_id": "s1" }),
        json!({ "type": "assistant", "message": { "content": [{ "type": "tool_use", "id": "t1", "name": "Bash", "input": { "command": "cargo test" } }] } }),
        json!({ "type": "user", "message": { "content": [{ "type": "tool_result", "tool_use_id": "t1", "content": "running 120 tests\n\u{1b}[32mtest result: ok\u{1b}[0m" }] } }),
        json!({ "type": "assistant", "message": { "content": [{ "type": "text", "text": "All 120 tests pass.\n\nI commit.\n1\n2\n3\n4\n5" }] } }),
    ];
    let text: String = events.iter().map(|event| event.to_string() + "\n").collect();
    std::fs::write(project.home.join("events"), text).unwrap();
    let screen = project.screen((100, 16));
    project.until_running("a");
    screen.shows("at work");
    (project, screen)
}

#[test]
fn what_ostler_told_of_an_attempt_is_a_place_in_its_log() {
    let (project, screen) = open_with(&long(), (120, 40));
    // The log of the first attempt has no word of trouble; that it failed is known all the same.
    screen.key("[", "attempt 1");
    screen.key("}", "bad failed (exit_code)");
    screen.key("{", "bad failed (exit_code)");
    // One that has seen nothing of it knows it, too.
    leave(screen);
    let screen = project.screen((120, 40));
    screen.shows("at work");
    screen.key("[", "attempt 1");
    screen.key("}", "bad failed (exit_code)");
    leave(screen);
}

#[test]
fn a_log_that_was_removed_can_still_be_searched() {
    let (project, screen) = open_with(&long(), (80, 24));
    screen.shows("1000");
    let log = project.workstream("a")["log"].as_str().unwrap().to_owned();
    std::fs::remove_file(log).unwrap();
    screen.key("/", "Search the log of a");
    screen.type_in("^77.$");
    screen.type_in("\r");
    screen.shows("10/10");
    screen.key("n", "1/10");
    leave(screen);
}
