//! Journals that were cut short or damaged.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use ostler::core::phase::PhaseWord;
use serde_json::Value;

use crate::project::{Project, story};

const CONFIG: &str = "
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'exit 7'] }
  good: { command: [sh, -c, 'echo x > x'] }
workstreams:
  - { id: a, prompt: do it, chain: [bad] }
  - { id: b, prompt: do it, chain: [bad] }
";

#[test]
fn a_torn_last_line_is_cut_off_and_told() {
    let project = Project::new(CONFIG);
    project.headless().expect(3, &["2 escalated"]);
    let journal = project.files("a").join("journal.jsonl");
    let whole = fs::read(&journal).unwrap();
    let torn = br#"{"seq":8,"at":17953,"event":"admi"#;
    OpenOptions::new().append(true).open(&journal).unwrap().write_all(torn).unwrap();
    // Looking changes nothing, and shows what is known.
    let told = project.workstream("a");
    assert_eq!((&told["phase"], &told["trouble"]), (&"escalated".into(), &Value::Null));
    assert!(fs::read(&journal).unwrap().ends_with(torn));
    project.headless().expect(
        3,
        &[
            &format!("a torn last line of {} bytes was cut off its journal", torn.len()),
            "2 escalated",
        ],
    );
    assert_eq!(fs::read(project.files("a").join("journal.torn")).unwrap(), torn);
    assert!(fs::read(&journal).unwrap().starts_with(&whole));
    project.ok(&["answer", "a", "accept"]);
    assert_eq!(project.replay("a").unwrap().phase.word(), PhaseWord::Done);
}

#[test]
fn a_damaged_one_stops_its_own_workstream_alone() {
    let project = Project::new(CONFIG);
    project.headless().expect(3, &["2 escalated"]);
    let journal = project.files("a").join("journal.jsonl");
    let damaged = fs::read_to_string(&journal).unwrap().replacen("\"admitted\"", "\"admjtted\"", 1);
    fs::write(&journal, &damaged).unwrap();
    project.configure(
        &CONFIG.replace(
            "id: b, prompt: do it, chain: [bad]",
            "id: b, prompt: do it, chain: [bad, good]",
        ),
    );

    let told = project.workstream("a");
    let trouble = told["trouble"].as_str().unwrap();
    for words in ["journal.jsonl is damaged in line 3", "it is left as it is"] {
        assert!(trouble.contains(words), "{told}");
    }
    assert!(project.ok(&["status"]).contains("is damaged in line 3"));
    // The other one goes on, also under the same supervisor.
    project.ok(&["answer", "b", "good"]);
    project.until_phase("b", PhaseWord::Done);
    assert_eq!(story(&project.replay("b").unwrap()), ["1 bad exit_code", "2 good succeeded"]);
    let said = project.headless();
    assert!(said.code != Some(0), "{}", said.out);
    said.expect(said.code.unwrap(), &["is damaged in line 3"]);
    project.run(&["answer", "a", "accept"]).expect(1, &["is damaged in line 3"]);
    assert_eq!(fs::read_to_string(&journal).unwrap(), damaged);
    // Nor does it keep a screen from opening.
    let mut screen = project.screen((120, 30));
    screen.shows("is damaged in line 3");
    screen.type_in("q");
    assert!(screen.join().success());
    assert_eq!(fs::read_to_string(&journal).unwrap(), damaged);
}

#[test]
fn one_of_a_newer_version_is_left_alone() {
    let project = Project::new(CONFIG);
    project.headless().expect(3, &["2 escalated"]);
    let marker = project.state().join("project.json");
    let ours = fs::read_to_string(&marker).unwrap();
    let newer = ours.replace("\"version\": 1", "\"version\": 2");
    assert_ne!(newer, ours);
    fs::write(&marker, newer).unwrap();
    for args in [&["status"][..], &["up", "--headless"], &["answer", "a", "accept"]] {
        let said = project.run(args);
        assert_ne!(said.code, Some(0));
        assert!(said.err.contains("upgrade ostler"), "{}", said.err);
    }
}
