//! What the tests of the screen look at: three workstreams, of which one waits for the operator.

#![expect(clippy::expect_used, reason = "what fails here fails the test")]

use std::process::Command;

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

/// Returns a shell with job control, in which a command of ostler is run; when it is stopped, a line continues it.
pub fn in_a_shell(command: &Command) -> Command {
    let words = command.get_args().map(|it| it.to_str().expect("words"));
    let words: Vec<&str> = std::iter::once("ostler").chain(words).collect();
    let script = format!("{}; echo BACK IN THE SHELL; read line; fg; echo LEFT", words.join(" "));
    let mut shell = Command::new("sh");
    shell.args(["-m", "-c", &script]);
    shell.current_dir(command.get_current_dir().expect("a folder"));
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

/// Leaves the screen by its key.
#[track_caller]
pub fn leave(mut screen: Terminal) {
    screen.type_in("q");
    assert!(screen.join().success());
    screen.assert_restored();
}
