//! The inbox: what waits for the operator, and the answers.

use ostler::core::phase::PhaseWord;

use super::stage::{leave, open};

#[test]
fn a_question_is_answered_with_a_note() {
    let (project, screen) = open((100, 40));
    screen.key("E", "Inbox");
    for words in [
        "Paint the door",
        "no agent is left in the chain",
        "What was tried",
        "it exited with 7",
        ".worktrees/b",
    ] {
        screen.shows(words);
    }
    screen.key("\r", "try again, with a note to the agent");
    screen.type_in("\r");
    screen.hides("choose the agent");
    screen.type_in("use the blue paint");
    screen.shows("use the blue paint");
    screen.type_in("\r");
    project.until("another attempt", || {
        let state = project.replay("b")?;
        (state.attempts.len() == 2 && state.phase.word() == PhaseWord::Escalated).then_some(())
    });
    assert!(project.prompt("b", 2).contains("use the blue paint"));
    screen.type_in("\x1b");
    screen.shows("Mend the fence");
    leave(screen);
}

#[test]
fn it_is_accepted_as_it_is() {
    let (project, screen) = open((100, 40));
    screen.key("E", "Inbox");
    screen.key("\r", "accept the work as it is");
    screen.type_in("4");
    screen.until("choice", |text| {
        text.lines()
            .find(|it| it.contains("accept the work"))
            .filter(|it| it.contains('▸'))
            .map(drop)
    });
    screen.type_in("\r");
    project.until_phase("b", PhaseWord::Done);
    assert_eq!(project.workstream("b")["explain"], "Done: you accepted it as it is.");
    screen.shows("Nothing waits for you.");
    screen.key("\x1b", "Mend the fence");
    screen.shows("2 done");
    leave(screen);
}

#[test]
fn a_digit_only_goes_to_a_choice_and_what_comes_with_it_is_not_read() {
    let (project, screen) = open((100, 40));
    screen.key("E", "Inbox");
    screen.key("\r", "accept the work as it is");
    // As a terminal sends what is pasted, if it does not mark it.
    screen.key("4\r", "▸ 4  accept the work as it is");
    screen.key("5", "▸ 5  give it up");
    screen.type_in("\x1b");
    screen.hides("give it up");
    assert_eq!(project.workstream("b")["phase"], "escalated");
    leave(screen);
}

#[test]
fn it_is_given_up() {
    let (project, screen) = open((100, 40));
    screen.key("w", "▸◐ b");
    screen.key("e", "give it up");
    screen.type_in("5");
    screen.until("choice", |text| {
        text.lines().find(|it| it.contains("give it up")).filter(|it| it.contains('▸')).map(drop)
    });
    screen.type_in("\r");
    project.until_phase("b", PhaseWord::Failed);
    screen.shows("1 failed");
    leave(screen);
}

#[test]
fn a_shell_in_the_worktree_has_the_terminal_until_it_is_left() {
    let (project, screen) = open((100, 40));
    screen.key("E", "Inbox");
    screen.type_in("s");
    screen.shows("A shell for b in");
    screen.type_in("pwd > $HOME/where; echo mine > mine.txt\r");
    assert_eq!(
        project.until_line("where"),
        project.root.join(".worktrees/b").display().to_string()
    );
    screen.type_in("exit\r");
    screen.shows("Inbox");
    assert_eq!(project.read("repo/.worktrees/b/mine.txt"), "mine\n");
    screen.type_in("\x1b");
    screen.shows("Mend the fence");
    leave(screen);
}
