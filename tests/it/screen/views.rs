//! The views beside the list and the inbox, on a real project.

use super::stage::{leave, open, open_with};

#[test]
fn the_timeline_shows_every_attempt_and_leads_to_its_log() {
    let (_project, screen) = open((100, 40));
    screen.key("T", "Timeline");
    for words in ["bad ✖exit_code", "slow", "good ✔succeeded", "━ running", "now╷"] {
        screen.shows(words);
    }
    screen.key("j", "▸◐ b");
    screen.key("\r", "b · log · bad · attempt 1");
    screen.key("\x1b", "Timeline");
    screen.type_in("\x1b");
    screen.shows("b · log · bad · attempt 1");
    leave(screen);
}

#[test]
fn the_grid_shows_several_logs_at_once() {
    let (project, screen) = open((100, 40));
    screen.key("L", "▸a · slow");
    for words in ["b · bad", "c · good", "at work", "broken", "all is well"] {
        screen.shows(words);
    }
    screen.key("l", "▸b · bad");
    screen.key("++", "▸b · bad");
    screen.hides("all is well");
    // What is written to a log in sight is seen there.
    screen.key("g", "▸a · slow");
    project.touch("go");
    screen.shows("2 done");
    screen.key("\r", "a · log · slow · attempt 2");
    screen.key("\x1b", "▸a · slow");
    screen.type_in("\x1b");
    screen.shows("Sweep the yard");
    leave(screen);
}

#[test]
fn the_change_of_a_workstream_is_shown_as_a_whole_and_by_attempt() {
    let (project, screen) = open((100, 40));
    screen.key("3", "▸✔ c");
    screen.key("D", "c · diff · all changes");
    for words in ["A x", "1 file, +1 −0", "+x"] {
        screen.shows(words);
    }
    screen.key("[", "c · diff · attempt 1 · good");
    screen.shows("+x");
    // What is there now is read again on demand.
    std::fs::write(project.root.join(".worktrees/c/y"), "why\n").unwrap();
    screen.key("]", "c · diff · all changes");
    screen.key("f", "A y");
    screen.shows("+why");
    // Any two states are compared, and what is shown is searched.
    screen.key("&", "what attempt 1 found");
    screen.key("jj\r", "from what attempt 1 left to");
    screen.key("\r", "after attempt 1 → now");
    screen.shows("1 file, +1 −0");
    screen.key("/", "Search the diff of c");
    screen.type_in("WHY|why");
    screen.key("\r", "1/1");
    screen.type_in("\x1b");
    screen.hides("1/1");
    screen.key("\x1b", "Sweep the yard");
    leave(screen);
}

#[test]
fn a_change_is_coloured_and_divided_by_what_made_it() {
    let config = super::stage::CONFIG.replace(
        "echo all is well; echo x > x",
        "echo all is well; echo \"// why\" > x.rs; git add . && git -c user.name=me -c user.email=me@here commit -qm \"Say why\"; echo x > x",
    );
    let (_project, screen) = open_with(&config, (100, 40));
    screen.key("3", "▸✔ c");
    screen.key("D", "+// why");
    // The colours come when the text stands there already.
    screen.until("a comment that looks like one", |_| {
        screen.look(|screen| {
            let rows: Vec<String> = screen.rows(0, 100).collect();
            let row = rows.iter().position(|row| row.contains("+// why"))?;
            let mut cells = (0..100).filter_map(|column| screen.cell(row.try_into().ok()?, column));
            cells.any(|cell| cell.contents() == "w" && (cell.italic() || cell.dim())).then_some(())
        })
    });
    screen.key("%", "c · diff · all changes · by commit");
    screen.shows("in no commit");
    screen.shows(" Say why");
    screen.key("%", "by attempt");
    screen.shows("attempt 1 · good");
    screen.key("%", "by task");
    screen.shows("task not known · in no commit");
    screen.type_in("%");
    screen.hides("by task");
    screen.key("\x1b", "Sweep the yard");
    leave(screen);
}

#[test]
fn detail_and_notices_are_read_and_left() {
    let (_project, screen) = open((100, 40));
    screen.key("I", "a · Mend the fence");
    for words in ["What is to be done", "do it", "exit_code", "what attempt 1 left"] {
        screen.shows(words);
    }
    screen.key("\x1b", "Paint the door");
    screen.key("H", "Notices");
    screen.shows("attempt 1: good started");
    screen.shows("new •");
    screen.key("\x1b", "Paint the door");
    leave(screen);
}

#[test]
fn several_are_selected_and_decided_about_at_once() {
    let (project, screen) = open((100, 40));
    screen.key(" ", "1 selected");
    screen.key("j ", "2 selected");
    screen.key("x", "Stop 2: a, b?");
    screen.shows("a slow (pid");
    screen.key("y", "stopped");
    for id in ["a", "b"] {
        project.until_phase(id, ostler::core::PhaseWord::Stopped);
    }
    screen.key("M", "· Paint the door");
    screen.shows("accept");
    screen.type_in("\x1b");
    screen.hides("accept");
    leave(screen);
}
