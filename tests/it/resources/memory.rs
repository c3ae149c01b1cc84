//! The kernel ends what takes too much memory.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, story};

/// A control group with little memory, where root may make one.
struct Group(PathBuf);

impl Group {
    fn new() -> Option<Self> {
        let name = format!("ostler-test-{}", std::process::id());
        let places = [
            ("/sys/fs/cgroup/memory", &["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]),
            ("/sys/fs/cgroup", &["memory.max", "memory.swap.max"]),
        ];
        for (place, limits) in places {
            let group = Self(Path::new(place).join(&name));
            if fs::create_dir(&group.0).is_ok()
                && fs::write(group.0.join(limits[0]), "20000000").is_ok()
            {
                // Where there is no swap there is no limit on it.
                drop(fs::write(group.0.join(limits[1]), "20000000"));
                return Some(group);
            }
        }
        eprintln!("skipped: control groups with a limit on memory can be made by root only");
        None
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        drop(fs::remove_dir(&self.0));
    }
}

#[test]
fn an_agent_that_is_ended_for_want_of_memory_is_not_blamed() {
    let Some(group) = Group::new() else { return };
    let project = Project::new(&format!(
        "
on: {{ resources: [{{ backoff: 100ms }}, escalate], crashed: next, exit_code: next }}
agents:
  eats:
    command:
      - sh
      - -c
      - |
        if [ $OSTLER_ATTEMPT = 2 ]; then echo x > x; exit 0; fi
        echo $$ > {}/cgroup.procs
        exec tail /dev/zero
workstreams: [{{ id: a, prompt: do it }}]
",
        group.0.display()
    ));
    project.headless().expect(0, &["for want of memory", "1 done"]);
    let told = story(&project.replay("a").unwrap());
    assert_eq!(told, ["1 eats resources", "2 eats succeeded"]);
    let reason = project.workstream("a")["attempts"][0]["reason"].to_string();
    assert!(reason.contains("signal 9 ended it, while the kernel ended "), "{reason}");
}
