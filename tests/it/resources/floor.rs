//! A disk with less room than `limits.min_free_disk`.

use ostler::core::phase::PhaseWord;

use crate::project::{Project, story};

/// More than any disk has.
const ALL: &str = "min_free_disk: 9000000GB";

fn config(limits: &str) -> String {
    format!(
        "
limits: {{ parallel: 8, {limits} }}
on: {{ exit_code: next, resources: [{{ backoff: 100ms }}, {{ backoff: 100ms }}, escalate] }}
agents:
  bad: {{ command: [sh, -c, 'touch $HOME/began; while [ ! -e $HOME/go ]; do sleep 0.05; done; exit 3'] }}
  good: {{ command: [sh, -c, 'echo x > x'] }}
chain: [bad, good]
workstreams:
  - {{ id: a, title: Do A, prompt: do it }}
"
    )
}

#[test]
fn nothing_starts_until_there_is_room_and_everybody_says_so() {
    let project = Project::without_config();
    project.configure_as(&config(ALL));
    let mut screen = project.screen((120, 30));
    screen.shows("⚠ too little room in ");
    screen.shows("waits for room on the disk (");
    let status = project.ok(&["status"]);
    assert!(status.contains("warning: too little room in "), "{status}");
    assert!(status.contains("a: It waits for room on the disk ("), "{status}");
    let told = project.status();
    assert!(told["banner"].as_str().unwrap().ends_with("; nothing starts"), "{told}");
    assert!(project.replay("a").unwrap().attempts.is_empty());

    // The cause goes, and everything goes on by itself.
    project.touch("go");
    project.configure_as(&config("min_free_disk: 0MB"));
    project.until_phase("a", PhaseWord::Done);
    screen.hides("too little room");
    assert_eq!(story(&project.replay("a").unwrap()), ["1 bad exit_code", "2 good succeeded"]);
    assert!(project.status()["banner"].is_null());
    screen.type_in("q");
    assert!(screen.join().success());
}

#[test]
fn what_fails_meanwhile_is_not_blamed_on_the_agent() {
    let project = Project::without_config();
    project.configure_as(&config("min_free_disk: 0MB"));
    let up = project.start(&["up", "--headless"]);
    project.until_file("began");
    project.configure_as(&config(ALL));
    up.until_out("too little room in ");
    project.touch("go");
    up.until_out("bad failed (resources): it exited with 3, while only ");
    // What ran was let run; the next attempt waits, and costs nothing while it does.
    let waits = project.until_phase("a", PhaseWord::Queued);
    assert_eq!(story(&waits), ["1 bad resources"]);
    project.configure_as(&config("min_free_disk: 0MB"));
    let said = up.join();
    said.expect(0, &["there is room again", "bad failed (exit_code)", "1 done"]);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 bad resources", "2 bad exit_code", "3 good succeeded"]);
}
