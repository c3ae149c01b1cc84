//! An agent that asks: shown as such, answered, and forgotten when it goes on.

use ostler::core::phase::PhaseWord;

use super::stage::leave;
use crate::project::Project;

const CONFIG: &str = "
agents:
  asker:
    command: [sh, -c, 'echo at work; printf \"Overwrite? (y/n) \"; read yes; echo \"so $yes\"; while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x']
    io: pty
    output: { waiting: [{ text: '\\(y/n\\)$' }] }
  quick: { command: [sh, -c, 'echo x > x'] }
workstreams:
  - { id: a, title: Sweep the yard, prompt: do it, chain: [quick] }
  - { id: b, title: Paint the door, prompt: do it, chain: [asker] }
";

#[test]
fn a_question_needs_you_until_the_output_goes_on() {
    let project = Project::new(CONFIG);
    let screen = project.screen((120, 30));
    project.until_phase("a", PhaseWord::Done);
    screen.shows("needs you");
    screen.shows("1 waiting for you");
    screen.shows("asker needs you: Overwrite? (y/n)");
    screen.key("w", "▸◐ b");
    screen.key("E", "its agent asks: Overwrite? (y/n)");
    screen.shows("Enter go there");
    screen.type_in("\r");
    screen.hides("What you can do");
    screen.shows("▸◐ b");
    screen.key("m", "Send input to b");
    screen.type_in("y\r");
    screen.hides("waiting for you");
    screen.shows("▸● b");
    project.touch("go");
    project.until_phase("b", PhaseWord::Done);
    leave(screen);
}
