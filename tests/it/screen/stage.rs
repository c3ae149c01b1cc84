//! What the tests of the screen look at: three workstreams, of which one waits for the operator.

use ostler::core::phase::PhaseWord;

use crate::project::Project;
use crate::pty::Terminal;

/// `a` works until it is told to go on, `b` waits for the operator, `c` is done.
pub const CONFIG: &str = "
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'echo broken; exit 7'] }
  slow: { command: [sh, -c, 'echo at work; while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x'] }
  good: { command: [sh, -c, 'echo all is well; echo x > x'] }
workstreams:
  - { id: a, title: Mend the fence, prompt: do it, chain: [bad, slow, good] }
  - { id: b, title: Paint the door, prompt: do it, chain: [bad] }
  - { id: c, title: Sweep the yard, prompt: do it, chain: [good] }
";

/// Opens the screen and waits until it shows everything at its place, `a` selected.
pub fn open(size: (u16, u16)) -> (Project, Terminal) {
    open_with(CONFIG, size)
}

/// The same with other agents.
pub fn open_with(config: &str, size: (u16, u16)) -> (Project, Terminal) {
    let project = Project::new(config);
    let screen = project.screen(size);
    project.until_running("a");
    project.until_phase("b", PhaseWord::Escalated);
    project.until_phase("c", PhaseWord::Done);
    screen.shows("1 waiting for you");
    screen.shows("1 done");
    screen.shows("▶slow");
    screen.shows("at work");
    (project, screen)
}

/// Leaves the screen by its key.
#[track_caller]
pub fn leave(mut screen: Terminal) {
    screen.type_in("q");
    assert!(screen.join().success());
    screen.assert_restored();
}
