//! A repository in which something else is at work, or has left a lock behind.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::project::Project;

#[test]
fn a_lock_that_a_killed_git_left_is_named_and_waited_for() {
    let project = Project::new(
        "
on: { resources: [{ backoff: 2s }] }
agents: { good: { command: [sh, -c, 'echo x > x'] } }
workstreams: [{ id: a, prompt: do it }, { id: b, prompt: do it }]
",
    );
    // One that nothing of ours needs, and one that making the worktree of `a` does.
    fs::write(project.root.join(".git/index.lock"), "").unwrap();
    let refs = project.root.join(".git/refs/ostler/a");
    fs::create_dir_all(&refs).unwrap();
    fs::write(refs.join("base.lock"), "").unwrap();
    let up = project.start(&["up", "--headless"]);
    up.until_out("good failed (resources): the worktree could not be made: ");
    let told = project.workstream("a")["attempts"][0]["reason"].to_string();
    assert!(told.contains("/refs/ostler/a/base.lock': File exists"), "{told}");
    assert!(told.contains("if no git command is at work there, remove that file"), "{told}");
    fs::remove_file(refs.join("base.lock")).unwrap();
    up.join().expect(0, &["2 done"]);
}

#[test]
fn a_repository_that_is_being_packed_all_the_time() {
    let streams: Vec<String> =
        (1..=6).map(|it| format!("  - {{ id: ws-{it}, prompt: do it }}\n")).collect();
    let project = Project::new(&format!(
        "
on: {{ exit_code: next }}
agents:
  bad: {{ command: [sh, -c, 'echo $$ > bad; exit 1'] }}
  good: {{ command: [sh, -c, 'echo x > x'] }}
chain: [bad, good]
workstreams:
{}",
        streams.concat()
    ));
    let (over, packing) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                // Git itself may stumble over a worktree that is being added: "failed to read …/commondir: Success".
                let packed = project.try_git(&["gc", "--quiet", "--force"]).status.success();
                project.try_git(&["pack-refs", "--all"]);
                // And takes one for a worktree whose files are gone.
                (0..20).for_each(|_| drop(project.try_git(&["worktree", "prune"])));
                packing.fetch_or(packed, Ordering::Relaxed);
            }
        });
        project.until("packing", || packing.load(Ordering::Relaxed).then_some(()));
        let said = project.headless();
        over.store(true, Ordering::Relaxed);
        said.expect(0, &["6 done"]);
        assert!(!said.out.contains("the checkpoint failed"), "{}", said.out);
    });
    // Every checkpoint can be read whole.
    let refs = project.git(&["for-each-ref", "--format=%(refname)", "refs/ostler"]);
    assert_eq!(refs.lines().count(), 6 * 5, "{refs}");
    project.git(&["fsck", "--connectivity-only"]);
}
