//! Alerts that are passed on to programs: once in the whole project, and whatever those programs do.

use ostler::core::phase::PhaseWord;
use serde_json::Value;

use crate::project::{Project, Running};

/// `a` waits for the operator at once, `b` works until it is told to go on.
const CONFIG: &str = "
agents:
  bad: { command: [sh, -c, 'exit 7'] }
  slow: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }
on: { exit_code: next }
workstreams:
  - { id: a, prompt: do it, chain: [bad] }
  - { id: b, prompt: do it, chain: [slow] }
";

fn project(alerts: &str) -> Project {
    Project::new(&format!("{CONFIG}alerts: {{ {alerts} }}\n"))
}

/// A project whose alerts are written into the file `told`, a line each.
fn writing() -> Project {
    project("command: [sh, -c, 'read line; echo \"$line\" >> $HOME/told']")
}

#[test]
fn the_command_gets_it_as_json_and_nobody_passes_it_on_again() {
    let project = writing();
    let up = project.start(&["up", "--headless"]);
    let told: Value = serde_json::from_str(&project.until_line("told")).expect("JSON");
    assert_eq!(told["key"], "a/waits");
    assert_eq!((&told["severity"], &told["level"]), (&"high".into(), &"must_act".into()));
    assert_eq!((&told["workstream"], &told["project"]), (&"a".into(), &"repo".into()));
    assert!(told["text"].as_str().is_some_and(|text| text.contains("no agent is left")), "{told}");
    assert_eq!(told["root"], project.root.display().to_string());
    project.touch("go");
    up.join().expect(3, &["alert, high, you must act: "]);
    // It still waits, and that was told.
    let said = project.headless();
    assert!(!said.expect(3, &[]).out.contains("alert"), "{}", said.out);
    project.until_nothing_is_left();
    assert_eq!(project.read("told").lines().count(), 1);
    // Tried again, it fails again: that is another one.
    project.ok(&["retry", "a"]);
    project.until("another one", || (project.read("told").lines().count() == 2).then_some(()));
    project.until_nothing_is_left();
    assert_eq!(project.read("told").lines().count(), 2);
}

#[test]
fn of_several_supervisors_one_passes_it_on() {
    let project = writing();
    let others = project.start(&["worker", "--workstream", "b"]);
    project.until_running("b");
    let own = project.start(&["worker", "--workstream", "a"]);
    project.until_phase("a", PhaseWord::Escalated);
    project.until_line("told");
    own.join().expect(3, &[]);
    project.touch("go");
    others.join().expect(0, &[]);
    project.until_nothing_is_left();
    assert_eq!(project.read("told").lines().count(), 1);
}

#[test]
fn a_command_that_hangs_is_ended_with_all_that_it_started() {
    let hang = "touch $HOME/begun; setsid sleep 1000 & sleep 1000";
    let project = project(&format!("command: [sh, -c, '{hang}'], command_timeout: 300ms"));
    let up = project.start(&["up", "--headless"]);
    up.until_out("`sh` did not end within 300ms and was ended; this is told once");
    project.until_file("begun");
    project.touch("go");
    up.join().expect(3, &["1 done"]);
    project.until_nothing_is_left();
}

#[test]
fn a_command_outlives_who_asked_for_it_but_not_its_limit() {
    let hang = "touch $HOME/begun; sleep 1000";
    let project = project(&format!("command: [sh, -c, '{hang}'], command_timeout: 2s"));
    project.touch("go");
    // It ends while the command is at work, and is not held up.
    project.headless().expect(3, &["1 done"]);
    project.until_file("begun");
    project.until_nothing_is_left();
}

#[test]
fn a_command_that_fails_or_is_not_there_is_told_once() {
    for (argv, words) in [
        ("[sh, -c, 'exit 3']", "`sh` failed (exit status: 3); this is told once"),
        ("[/nowhere/page]", "`/nowhere/page` was not found; this is told once"),
        ("[./README.md]", "`./README.md` could not be run; is it executable?"),
    ] {
        let project = project(&format!("command: {argv}"));
        let up = project.start(&["up", "--headless"]);
        up.until_out(words);
        project.touch("go");
        let said = up.join();
        said.expect(3, &["1 done", "alert, high"]);
        assert_eq!(said.out.matches("not passed on").count(), 1, "{}", said.out);
    }
}

#[test]
fn no_more_than_a_few_are_under_way_and_what_is_dropped_is_counted() {
    let ids: Vec<String> = (1..=7).map(|number| format!("w{number}")).collect();
    let streams: Vec<String> =
        ids.iter().map(|id| format!("  - {{ id: {id}, prompt: do it, chain: [bad] }}\n")).collect();
    let wait = "echo x >> $HOME/told; while [ ! -e $HOME/seen ]; do sleep 0.05; done";
    let project = Project::new(&format!(
        "{CONFIG}{}alerts: {{ command: [sh, -c, '{wait}'], command_timeout: 1m, per_minute: 50 }}\n",
        streams.concat()
    ));
    let up = project.start(&["up", "--headless"]);
    for id in ids.iter().map(String::as_str).chain(["a"]) {
        up.until_out(&format!("{id:<10} alert, high"));
    }
    project.touch("seen");
    up.until_out("4 alerts were not passed on: 4 were under way already");
    project.touch("go");
    up.join().expect(3, &["1 done"]);
    project.until_nothing_is_left();
    assert_eq!(project.read("told"), "x\nx\nx\nx\n");
}

#[test]
fn the_desktop_is_told_by_its_own_program() {
    let project = project("desktop: high");
    let programs = project.home.join("programs");
    std::fs::create_dir(&programs).expect("a directory");
    let script = format!(
        "#!/bin/sh\nfor word; do echo \"$word\"; done > {0}/draft; mv {0}/draft {0}/told\n",
        project.home.display()
    );
    std::fs::write(programs.join("notify-send"), script).expect("a script");
    let mut executable = std::process::Command::new("chmod");
    let made = executable.arg("+x").arg(programs.join("notify-send")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let mut up = project.command(&["up", "--headless"]);
    let path = std::env::var("PATH").unwrap_or_default();
    up.env("PATH", format!("{}:{path}", programs.display()));
    let up = Running::start(up, &project.home);
    let told = project.until_file("told");
    assert!(
        told.starts_with("--app-name\nostler\n--urgency\nnormal\n--\nostler repo: a\n"),
        "{told}"
    );
    assert!(told.contains("no agent is left"), "{told}");
    project.touch("go");
    up.join().expect(3, &[]);
    project.until_nothing_is_left();
}
