//! No file can be opened any more.

use super::limit::{allow, forbid};
use crate::project::{Project, Running, left, wait};

const CONFIG: &str = "
on: { resources: [{ backoff: 2s }] }
agents:
  good: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }
workstreams:
  - { id: a, prompt: do it }
";

#[test]
fn a_supervisor_that_can_open_nothing_goes_on_when_it_can() {
    let project = Project::new(CONFIG);
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    let before = left::ticks(up.pid()).unwrap();
    forbid(&project, up.pid(), "nofile");
    project.touch("go");
    up.until_out("Too many open files");
    // Others see how it is, and no end is made up meanwhile.
    assert_eq!(project.workstream("a")["phase"], "running");
    // It waits, and does not try all the time.
    assert!(left::ticks(up.pid()).unwrap() - before < 200, "it spins");
    allow(&project, up.pid(), "nofile");
    up.join().expect(0, &["its log cannot be read yet: ", "1 done"]);
}

#[test]
fn one_that_has_hardly_any_to_begin_with_says_so_or_waits() {
    let project = Project::new(CONFIG);
    project.touch("go");
    let lacks = |up: &Running| up.out().contains("(os error 24)");
    for few in (10..40).step_by(2) {
        let mut command = std::process::Command::new("prlimit");
        let ostler = project.command(&["up", "--headless"]);
        command.arg(format!("--nofile={few}:1000")).arg(ostler.get_program());
        command.args(ostler.get_args()).current_dir(ostler.get_current_dir().unwrap()).env_clear();
        command.envs(ostler.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut up = Running::start(command, &project.home);
        let waits = wait(crate::project::LIMIT, || {
            if up.has_ended() { Some(false) } else { lacks(&up).then_some(true) }
        });
        if waits.unwrap() {
            allow(&project, up.pid(), "nofile");
            up.join().expect(0, &["1 done"]);
            return;
        }
        let said = up.join();
        assert!(said.code != Some(0), "it never lacked anything: {}", said.out);
        assert!(said.err.contains("(os error 24)"), "{few}: {}{}", said.out, said.err);
    }
    unreachable!("no number was too few to go on and enough to begin");
}
