//! Directories that cannot be written to.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use ostler::core::phase::PhaseWord;

use super::disk::Disk;
use crate::project::Project;

const ONE: &str = "
limits: { min_free_disk: 0MB }
on: { resources: [{ backoff: 2s }] }
agents: { good: { command: [sh, -c, 'echo x > x'] } }
workstreams: [{ id: a, title: Do A, prompt: do it }]
";

#[test]
fn a_disk_for_worktrees_that_becomes_writable_again() {
    let Some(disk) = Disk::new(8) else { return };
    let project = Project::without_config();
    project.configure_as(&format!("worktrees: {}\n{ONE}", disk.path().display()));
    disk.remount("ro");
    let up = project.start(&["up", "--headless"]);
    up.until_out("good failed (resources): the worktree could not be made: ");
    let told = project.workstream("a")["attempts"][0]["reason"].to_string();
    assert!(told.contains("Read-only file system"), "{told}");
    assert!(told.contains("make that disk writable again"), "{told}");
    disk.remount("rw");
    up.join().expect(0, &["1 done"]);
}

#[test]
fn a_state_that_can_only_be_read_still_tells() {
    let Some(disk) = Disk::new(8) else { return };
    let project = Project::without_config();
    project.configure_as(ONE);
    disk.hold_state(&project);
    project.headless().expect(0, &["1 done"]);
    disk.remount("ro");
    assert!(project.ok(&["status"]).contains("Done: the agent finished"));
    project.run(&["up", "--headless"]).expect(2, &["Read-only file system"]);
    project.run(&["retry", "a"]).expect(1, &["Read-only file system"]);
    disk.remount("rw");
    project.headless().expect(0, &["1 done"]);
}

#[test]
fn a_state_folder_that_may_not_be_written_is_waited_for() {
    let project = Project::without_config();
    project.configure_as(ONE);
    let project = if rustix::process::geteuid().is_root() {
        // Nothing is forbidden to root.
        let Some(project) = project.of_a_user() else { return };
        project
    } else {
        project
    };
    project.ok(&["status"]);
    let folder = project.state().join("ws");
    let permit = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    permit(0o500);
    let mut screen = project.screen((120, 30));
    screen.shows("Permission denied");
    assert!(project.replay("a").is_none());
    permit(0o700);
    project.until_phase("a", PhaseWord::Done);
    screen.hides("Permission denied");
    screen.type_in("q");
    assert!(screen.join().success());
}
