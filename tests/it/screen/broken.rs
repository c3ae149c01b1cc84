//! A configuration with errors while work is under way: the screen opens with the one that was in force last.

use ostler::core::phase::PhaseWord;

use super::stage::{CONFIG, leave, open};
use crate::project::Project;

#[test]
fn what_was_begun_is_seen_and_decided_about_until_the_file_is_mended() {
    let (project, screen) = open((100, 40));
    leave(screen);
    project.configure(&format!("{CONFIG}  - {{ id: e, promt: do it }}\n"));
    let screen = project.screen((100, 40));
    screen.shows("unknown key `promt`; the changed configuration is not used");
    screen.shows("1 waiting for you");
    screen.key("x", "Stop a?");
    screen.type_in("y");
    project.until_phase("a", PhaseWord::Stopped);
    project.configure(&format!(
        "{CONFIG}  - {{ id: e, title: Feed the hens, prompt: do it, chain: [good] }}\n"
    ));
    screen.shows("Feed the hens");
    screen.hides("the changed configuration is not used");
    project.until_phase("e", PhaseWord::Done);
    leave(screen);
}

#[test]
fn a_project_that_was_never_begun_is_not_opened_with_errors() {
    let project = Project::new(CONFIG);
    project.configure(&format!("{CONFIG}  - {{ id: e, promt: do it }}\n"));
    project
        .run(&["up", "--headless"])
        .expect(2, &["unknown key `promt`", "did you mean `prompt`?"]);
}
