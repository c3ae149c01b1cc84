//! A disk that is full to the last byte.

use ostler::core::phase::PhaseWord;

use super::disk::Disk;
use crate::project::{Project, story};

/// The first attempt writes until it cannot, and notes how far it came; the second one has nothing to say.
const CONFIG: &str = "
limits: { parallel: 1, min_free_disk: 2MB }
on: { resources: [{ backoff: 100ms }, { backoff: 100ms }, escalate] }
agents:
  fills:
    command:
      - sh
      - -c
      - |
        if [ -e $HOME/second ]; then echo x > x; exit 0; fi
        echo begin
        while [ ! -e $HOME/fill ]; do sleep 0.05; done
        n=0
        while printf '%01000d\\n' $n; do n=$((n+1)); echo $n > $HOME/written; done 2> /dev/null
        cat /dev/zero > ${OSTLER_STATUS%/*}/more 2> /dev/null
        exit 1
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it }
";

#[test]
fn nothing_is_lost_and_everything_goes_on_when_there_is_room() {
    let Some(disk) = Disk::new(32) else { return };
    let project = Project::without_config();
    disk.hold_state(&project);
    project.configure_as(CONFIG);
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    let ballast = project.state().join("ballast");
    project.until("ballast", || ballast.exists().then_some(()));
    let filler = disk.fill_up_to(300_000);
    up.until_out("too little room in ");
    let status = project.ok(&["status"]);
    assert!(status.contains("b: It waits for room on the disk ("), "{status}");

    project.touch("fill");
    up.until_out("fills failed (resources): it exited with 1, while only ");
    assert_eq!(story(&project.until_phase("a", PhaseWord::Queued)), ["1 fills resources"]);
    // What the operator says is written as well, for which the ballast is given up.
    assert!(ballast.exists());
    project.ok(&["retry", "a", "--note", &"a long note ".repeat(1000)]);
    up.until_out("space that was kept for this was given up");
    assert!(!ballast.exists());
    // Every line that the agent could write is there.
    let written: usize = project.read("written").trim().parse().unwrap();
    let log = project.log("a", 1);
    let lines: Vec<&str> = log.lines().filter(|line| line.len() == 1000).collect();
    assert!(written > 0 && lines.len() >= written, "{written} of {}", lines.len());
    assert!(lines.iter().enumerate().all(|(at, line)| line.parse() == Ok(at)));

    project.touch("second");
    std::fs::remove_file(filler).unwrap();
    up.join().expect(0, &["there is room again; launches go on", "2 done"]);
    let told = story(&project.replay("a").unwrap());
    assert!(told.len() == 2 && told[1].ends_with("fills succeeded"), "{told:?}");
    assert!(project.prompt("a", 3).contains("a long note"));
}

#[test]
fn a_worktree_for_which_there_is_no_room_is_made_later() {
    let Some(disk) = Disk::new(8) else { return };
    let project = Project::without_config();
    project.configure_as(&format!(
        "
worktrees: {}
limits: {{ parallel: 1, min_free_disk: 0MB }}
on: {{ resources: [{{ backoff: 2s }}] }}
agents: {{ good: {{ command: [sh, -c, 'echo x > x'] }} }}
workstreams: [{{ id: a, prompt: do it }}]
",
        disk.path().display()
    ));
    let filler = disk.fill_up_to(0);
    let up = project.start(&["up", "--headless"]);
    up.until_out("good failed (resources): the worktree could not be made: ");
    let told = project.workstream("a")["attempts"][0]["reason"].to_string();
    assert!(told.contains("No space left on device"), "{told}");
    assert!(told.contains("make room on that disk"), "{told}");
    std::fs::remove_file(filler).unwrap();
    up.join().expect(0, &["1 done"]);
}
