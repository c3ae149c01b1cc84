//! No process and no thread can be made any more.

use super::limit::{allow, forbid};
use crate::project::Project;

#[test]
fn a_supervisor_that_can_start_nothing_goes_on_when_it_can() {
    // The limit does not hold for root, and counts all that belongs to one user.
    let project = Project::new(
        "
on: { exit_code: next, resources: [{ backoff: 2s }] }
agents:
  bad: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; exit 3'] }
  good: { command: [sh, -c, 'echo x > x'] }
chain: [bad, good]
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it, after: [c] }
  - { id: c, prompt: do it, chain: [good] }
",
    );
    let Some(project) = project.of_a_user() else { return };
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    project.until_running("b");
    forbid(&project, up.pid(), "nproc");
    project.touch("go");
    let words = "git could not be started: Resource temporarily unavailable";
    up.until_out(words);
    let status = project.ok(&["status"]);
    assert!(status.contains("has ended (exit 3); its work is being saved"), "{status}");
    allow(&project, up.pid(), "nproc");
    let said = up.join();
    // Which of the two comes first to find that nothing can be started is chance.
    said.expect(0, &[" its work cannot be saved yet: ", "3 done"]);
    assert!(!said.out.contains("panicked") && !said.err.contains("panicked"), "{}", said.err);
}
