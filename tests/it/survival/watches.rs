//! A user who has no more watches to give: everything goes on, by looking.

use std::process::Command;

use crate::project::{Project, Running};

#[test]
fn without_watches_changes_are_looked_for() {
    let project = Project::new(
        "
agents:
  waits: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }
  good: { command: [sh, -c, 'touch $HOME/go; echo x > x'] }
workstreams:
  - { id: a, prompt: do it, chain: [good] }
  - { id: b, prompt: do it, chain: [waits] }
",
    );
    let up = project.command(&["up", "--headless"]);
    // In a user namespace of its own, whose limit is nobody else's.
    let none = "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$0\" \"$@\"";
    let mut apart = Command::new("unshare");
    apart.args(["-Ur", "sh", "-c", none]).arg(up.get_program()).args(up.get_args());
    apart.current_dir(&project.root).env_clear();
    apart.envs(up.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut allowed = Command::new("unshare");
    if !allowed.args(["-Ur", "true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: user namespaces are not allowed here");
        return;
    }
    let said = Running::start(apart, &project.home).join();
    said.expect(0, &["the kernel has no more watches for this user", "2 done"]);
}
