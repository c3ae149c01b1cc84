//! The bell of a real terminal, and the list on its screen.

use ostler::core::phase::PhaseWord;

use crate::project::Project;
use crate::pty::Terminal;
use crate::screen::stage::{CONFIG, leave};

fn count(screen: &Terminal, of: &[u8]) -> usize {
    memchr::memmem::find_iter(&screen.bytes(), of).count()
}

fn opened(environment: &[(&str, &str)]) -> (Project, Terminal) {
    let project = Project::new(CONFIG);
    let mut command = project.command(&[]);
    command.envs(environment.iter().copied());
    let screen = Terminal::start(&command, (120, 30));
    project.until_running("a");
    project.until_phase("b", PhaseWord::Escalated);
    project.until_phase("c", PhaseWord::Done);
    screen.shows("▲ high b");
    (project, screen)
}

#[test]
fn the_bell_rings_once_for_what_is_new_and_never_for_what_was_told() {
    let (project, screen) = opened(&[]);
    let nine = b"\x1b]9;ostler repo: b: ";
    screen.until("a bell", |_| (count(&screen, b"\x07") == 1).then_some(()));
    // The frame that it came with was whole, and nothing was written into the notification.
    let bytes = screen.bytes();
    let bell = memchr::memchr(0x07, &bytes).expect("a bell");
    assert!(bytes[..bell].ends_with(b"\x1b[?2026l"), "{:?}", &bytes[bell.saturating_sub(20)..bell]);
    assert!(bytes[bell + 1..].starts_with(nine));
    for (key, words) in [("!", "you must act"), ("\x1b", "Workstreams"), ("H", "Notices")] {
        screen.key(key, words);
    }
    // The same process sees nothing new in it, however much is drawn.
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    screen.shows("2 done");
    screen.key("\x1b", "Workstreams");
    assert_eq!((count(&screen, b"\x07"), count(&screen, nine)), (1, 1));
    assert_eq!(count(&screen, b"\x1b]777;notify;ostler repo;b: "), 1);
    leave(screen);
    // And neither does the next one.
    let screen = project.screen((120, 30));
    screen.shows("▲ high b");
    leave_quietly(screen);
}

#[track_caller]
fn leave_quietly(mut screen: Terminal) {
    screen.type_in("q");
    assert!(screen.join().success());
    screen.assert_restored();
    assert_eq!((count(&screen, b"\x07"), count(&screen, b"\x1b]9;")), (0, 0));
}

#[test]
fn where_nothing_happens_nothing_is_written() {
    let project = Project::new(&CONFIG.replace("chain: [bad, slow, good]", "chain: [good]"));
    let screen = project.screen((120, 30));
    screen.shows("▲ high b");
    screen.shows("at rest");
    screen.until("a bell", |_| (count(&screen, b"\x07") == 1).then_some(()));
    screen.key("!", "not acknowledged");
    let before = screen.bytes().len();
    // What another process writes into the project's state is heard of, and changes nothing here.
    project.ok(&["alerts"]);
    std::fs::write(project.state().join("stirred"), "").expect("a file");
    assert_eq!(screen.bytes().len(), before);
    screen.type_in("\x1b");
    screen.shows("Workstreams");
    leave(screen);
}

#[test]
fn in_tmux_it_is_passed_through() {
    let (project, screen) = opened(&[("TMUX", "/tmp/tmux-0/default,1,0")]);
    let passed = b"\x07\x1bPtmux;\x1b\x1b]9;ostler repo: b: ";
    screen.until("a bell", |_| (count(&screen, passed) == 1).then_some(()));
    assert_eq!(count(&screen, b"\x1bPtmux;\x1b\x1b]777;notify;ostler repo;b: "), 1);
    assert_eq!(count(&screen, b"\x1b\x1b\\\x1b\\"), 2, "both end, and so does what is passed");
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    leave(screen);
}

#[test]
fn the_list_leads_to_the_workstream_and_takes_note() {
    let (project, screen) = opened(&[]);
    screen.key("!", "not acknowledged");
    screen.key("\r", "▸◐");
    screen.shows("b · log · bad");
    screen.key("!", "not acknowledged");
    screen.key("K", "✓");
    screen.key("G", "it is silent until it gets worse");
    screen.hides("▲ high b");
    project.until("acknowledgement", || {
        let told = project.status();
        let mut alerts = told["alerts"].as_array()?.iter();
        alerts.find(|it| it["key"] == "b/waits" && it["acknowledged"] == true).map(drop)
    });
    // Another process takes it back by nothing but the end of its cause.
    screen.key("\x1b", "Workstreams");
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    project.ok(&["answer", "b", "accept"]);
    screen.key("!", "Nothing is wrong.");
    leave(screen);
}

#[test]
fn what_ended_since_it_was_looked_at_is_marked() {
    let project = Project::new(CONFIG);
    let screen = project.screen((120, 30));
    project.until_phase("c", PhaseWord::Done);
    project.until_running("a");
    screen.shows("✔•c");
    screen.key("3", "▸✔ c");
    screen.key("1", " ✔ c");
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    leave(screen);
}
