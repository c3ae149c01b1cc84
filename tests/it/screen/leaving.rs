//! Leaving the screen: the terminal is as it was, whatever ended it.

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use super::stage::{in_a_shell, open};
use crate::project::left;
use crate::pty::Terminal;

#[test]
fn stopping_everything_is_asked_for_and_leaves_nothing() {
    let (project, mut screen) = open((80, 24));
    let agent = project.agent("a").unwrap();
    screen.key("Q", "Stop all and leave?");
    screen.shows("a (slow)");
    screen.type_in("n");
    screen.hides("Stop all");
    assert!(left::is_alive(agent.pid, agent.start));
    screen.key("Q", "Stop all and leave?");
    screen.type_in("y");
    // One still waits for the operator.
    assert_eq!(screen.join().code(), Some(3));
    screen.assert_restored();
    screen.shows("All is stopped.");
    screen.shows("b  waits for you");
    screen.shows("starts only when you retry it");
    assert!(!left::is_alive(agent.pid, agent.start));
    project.until_nothing_is_left();
    assert_eq!(project.workstream("a")["phase"], "stopped");
}

#[test]
fn where_nothing_runs_stopping_everything_leaves_at_once() {
    let (project, mut screen) = open((80, 24));
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    screen.shows("2 done");
    screen.key("Q", "1 still waits for you.");
    screen.type_in("y");
    assert_eq!(screen.join().code(), Some(3));
    screen.shows("All is stopped.");
    project.until_nothing_is_left();
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let (project, mut screen) = open((80, 24));
        let agent = project.agent("a").unwrap();
        screen.signal(signal);
        let status = screen.join();
        assert!(status.code().is_some(), "{signal:?}: {status:?}");
        screen.assert_restored();
        assert!(left::is_alive(agent.pid, agent.start), "{signal:?}");
    }
}

#[test]
fn control_c_leaves_as_q_does() {
    let (project, mut screen) = open((80, 24));
    let agent = project.agent("a").unwrap();
    screen.type_in("\x03");
    assert!(screen.join().success());
    screen.assert_restored();
    screen.shows("a  goes on: slow");
    assert!(left::is_alive(agent.pid, agent.start));
}

#[test]
fn a_shell_can_stop_and_continue_it() {
    let (project, first) = open((80, 24));
    super::stage::leave(first);
    let agent = project.agent("a").unwrap();
    let shell = in_a_shell(&project.command(&[]));
    let mut terminal = Terminal::start(&shell, (80, 24));
    terminal.shows("Mend the fence");
    terminal.type_in("\x1a");
    terminal.shows("BACK IN THE SHELL");
    terminal.assert_restored();
    // The agent has not been stopped with it.
    assert_eq!(project.agent("a"), Some(agent));
    terminal.type_in("\r");
    terminal.shows("Mend the fence");
    terminal.key("j", "▸◐ b");
    terminal.type_in("q");
    terminal.shows("LEFT");
    terminal.join();
    terminal.assert_restored();
}
