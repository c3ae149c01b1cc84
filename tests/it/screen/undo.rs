//! What was done on the screen is undone there, and a process is ended for it only after a question.

use ostler::core::phase::PhaseWord;

use super::stage::{CONFIG, leave, open};
use crate::project::left;

#[test]
fn an_answer_is_taken_back_and_what_has_begun_is_asked_about() {
    let (project, screen) = open((100, 30));
    screen.key("u", "nothing done on this screen is left to undo");
    screen.key("E", "▸◐ b");
    screen.key("\r", "What next for b");
    screen.key("jjjj", "▸ 5");
    screen.type_in("\r");
    project.until_phase("b", PhaseWord::Failed);
    screen.shows("u undo");
    screen.key("u", "undone: giving up; it waits for you again");
    project.until_phase("b", PhaseWord::Escalated);
    screen.key("\x1b", "b · log");
    // The agent that a retry has begun is ended only after a question.
    screen.key("g", "a · log");
    screen.type_in("r");
    screen.shows("Retry a?");
    screen.type_in("y");
    let again =
        project.until("another attempt", || project.agent("a").filter(|it| it.attempt == 3));
    screen.shows("slow · attempt 3");
    screen.shows("▸● a");
    screen.shows("at work");
    screen.key("u", "Undo the retry of a?");
    screen.shows(&format!("slow (pid {}", again.pid));
    screen.type_in("n");
    screen.hides("Undo the retry");
    assert!(left::is_alive(again.pid, again.start));
    screen.key("u", "Undo the retry of a?");
    screen.type_in("y");
    project.until_phase("a", PhaseWord::Stopped);
    screen.shows("1 stopped");
    screen.key("u", "its work is kept, `r` goes on");
    leave(screen);
}

#[test]
fn one_thing_after_the_other_is_undone() {
    let (project, screen) = open((100, 40));
    screen.key("p", "launches are paused");
    project.configure(&format!(
        "{CONFIG}  - {{ id: d, title: Feed the hens, prompt: do it, chain: [good] }}\n"
    ));
    screen.shows("Feed the hens");
    screen.key("G", "d · log");
    screen.key("x", "Stop d?");
    screen.type_in("y");
    project.until_phase("d", PhaseWord::Stopped);
    screen.shows("u undo");
    screen.key("u", "undone: stop; it is queued again");
    screen.type_in("u");
    project.until_phase("d", PhaseWord::Done);
    screen.key("u", "nothing done on this screen is left to undo");
    leave(screen);
}
