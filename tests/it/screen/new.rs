//! New workstreams on the screen, from the first start to their end.

use std::fs;

use ostler::core::phase::PhaseWord;

use super::stage::{leave, open};
use crate::project::Project;
use crate::pty::Terminal;

const EMPTY: &str = "
agents:
  good: { command: [sh, -c, 'cp {prompt_file} seen.txt; echo x > x'] }
  bad: { command: [sh, -c, 'exit 7'] }
chain: [bad, good]
workstreams: []
";

#[test]
fn the_first_workstream_is_made_by_keys_and_seen_to_its_end() {
    let project = Project::new(EMPTY);
    let screen = project.screen((80, 24));
    screen.shows("No workstreams yet");
    screen.shows("ostler demo");
    screen.key("n", "New workstream");
    screen.key("Mend", "Mend");
    screen.type_in("\t");
    screen.type_in("Take");
    screen.type_in("\r");
    // As a terminal sends what is pasted and marks it.
    screen.type_in("\x1b[200~new nails\x13\rand a hammer\x1b[201~");
    screen.shows("and a hammer");
    screen.type_in("\t");
    screen.shows("type to find one");
    screen.key("read", "▸ README.md");
    screen.type_in("\r");
    screen.type_in("\t");
    screen.shows("▸   bad");
    screen.key("j", "▸   good");
    screen.key(" ", "▸ 1 good");
    screen.type_in("\x13");
    screen.shows("mend was made");
    project.until_phase("mend", PhaseWord::Done);
    screen.shows("1 done");
    let prompt = project.prompt("mend", 1);
    assert!(prompt.contains("# Mend\n\nTake\nnew nails\nand a hammer\n"), "{prompt}");
    assert!(prompt.contains("- README.md"), "{prompt}");
    assert_eq!(project.replay("mend").unwrap().attempts.len(), 1, "its chain is its own");
    leave(screen);
}

#[test]
fn a_mistake_stays_in_the_form() {
    let project = Project::new(EMPTY);
    let screen = project.screen((60, 16));
    screen.shows("No workstreams yet");
    screen.key("n", "New workstream");
    screen.type_in("\t");
    screen.key("do", "do");
    // It is wrong in the meantime, and nobody but the form would know.
    fs::create_dir_all(project.root.join(".ostler/workstreams")).unwrap();
    fs::write(project.root.join(".ostler/workstreams/a.yaml"), "promt: x\n").unwrap();
    screen.type_in("\x13");
    screen.shows("promt");
    screen.shows("New workstream");
    screen.key("\x1b", "Throw away what was typed?");
    screen.type_in("y");
    screen.hides("New workstream");
    leave(screen);
}

#[test]
fn an_editor_has_the_terminal_until_it_is_left() {
    let project = Project::new(EMPTY);
    let editor = project.home.join("editor");
    fs::write(&editor, "#!/bin/sh\necho EDITING; read line\necho \"$line\" >> \"$2\"\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&editor, mode).unwrap();
    let mut command = project.command(&[]);
    command.env_remove("VISUAL").env("EDITOR", format!("'{}' --wait", editor.display()));
    let screen = Terminal::start(&command, (100, 40));
    screen.shows("No workstreams yet");
    screen.key("n", "New workstream");
    screen.type_in("\t");
    screen.key("first", "first");
    screen.type_in("\x05");
    screen.shows("EDITING");
    screen.type_in("second\r");
    screen.shows("second");
    screen.shows("New workstream");
    screen.type_in("\x13");
    project.until_phase("first", PhaseWord::Done);
    assert!(project.prompt("first", 1).contains("first\nsecond\n"));
    leave(screen);
}

#[test]
fn an_editor_that_is_not_there_changes_nothing() {
    let project = Project::new(EMPTY);
    let mut command = project.command(&[]);
    command.env("VISUAL", "nowhere-to-be-found");
    let screen = Terminal::start(&command, (100, 40));
    screen.shows("No workstreams yet");
    screen.key("n", "New workstream");
    screen.type_in("\t");
    screen.key("first", "first");
    screen
        .key("\x05", "nowhere-to-be-found cannot be run; `$VISUAL` or `$EDITOR` names your editor");
    screen.shows("first");
    screen.type_in("\x13");
    project.until_phase("first", PhaseWord::Done);
    leave(screen);
}

#[test]
fn a_retry_with_another_prompt_asks_that_of_the_agent() {
    let (project, screen) = open((100, 40));
    screen.key("w", "▸◐ b");
    screen.key("R", "bad, with another prompt");
    screen.key("2", "▸ 2  bad, with another prompt");
    screen.type_in("\r");
    screen.shows("Retry b with another prompt");
    screen.key(" in blue", "do it in blue");
    screen.type_in("\x13");
    let until_attempts = |count: usize| {
        project.until("another attempt", || {
            let state = project.replay("b")?;
            let waits = state.phase.word() == PhaseWord::Escalated;
            (state.attempts.len() == count && waits).then_some(())
        });
    };
    until_attempts(2);
    let prompt = project.prompt("b", 2);
    assert!(prompt.contains("\n\ndo it in blue\n"), "{prompt}");
    assert!(prompt.contains("takes the place of what was asked before"), "{prompt}");
    // The one after it is asked what the configuration says.
    project.ok(&["retry", "b"]);
    until_attempts(3);
    assert!(!project.prompt("b", 3).contains("blue"));
    project.ok(&["retry", "b", "--prompt", "do that"]);
    until_attempts(4);
    assert!(project.prompt("b", 4).contains("\n\ndo that\n"));
    leave(screen);
}
