//! Reading logs: following them, scrolling back through all of one, and searching.

use super::stage::{CONFIG, leave, open_with};

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
