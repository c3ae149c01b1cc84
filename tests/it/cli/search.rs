//! What `search` finds, and how it tells.

use serde_json::Value;

use crate::project::Project;

const CONFIG: &str = r#"
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'echo a needle in bad; echo hay; exit 7'] }
  good: { command: [sh, -c, 'printf "hay\nNeedle \033[31mred\033[0m needle\nthe last needle"; echo x > x'] }
  talk:
    preset: claude-code
    probe: ['true']
    command: [sh, -c, 'cat $HOME/said; echo y > y']
workstreams:
  - { id: a, prompt: do it, chain: [bad, good], check: 'echo needle checked; test -e x' }
  - { id: b, prompt: do it, chain: [talk] }
"#;
const SAID: &str = r#"{"type":"assistant","message":{"content":[{"type":"text","text":"first\nthe n\u0065edle \"here\""}]}}
{"type":"stream_event","event":{"text":"needle"}}
{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"needle"}
"#;

fn project() -> Project {
    let project = Project::new(CONFIG);
    std::fs::write(project.home.join("said"), SAID).unwrap();
    project.headless().expect(0, &[]);
    project
}

/// Returns what was printed without the times.
fn untimed(out: &str) -> Vec<String> {
    out.lines()
        .map(|line| {
            let (place, rest) = line.split_once(' ').unwrap();
            let (at, text) = rest.split_once(' ').unwrap();
            assert!(at == "-" || at.trim_start_matches('~').len() == 19, "{line}");
            format!("{place} {text}")
        })
        .collect()
}

#[test]
fn every_line_of_every_attempt_and_check_is_told() {
    let project = project();
    let all = project.ok(&["search", "needle"]);
    assert_eq!(
        untimed(&all),
        [
            "a:1:1 a needle in bad",
            "a:2:2 Needle red needle",
            "a:2:3 the last needle",
            "a:check:1 needle checked",
            r#"b:1:1 the needle "here""#,
        ]
    );
    let one = project.ok(&["search", "^NEEDLE|here", "b", "a", "-i"]);
    assert_eq!(
        untimed(&one),
        ["a:2:2 Needle red needle", "a:check:1 needle checked", r#"b:1:1 the needle "here""#]
    );
    // Capitals make case matter, as on the screen.
    assert_eq!(untimed(&project.ok(&["search", "Needle"])), ["a:2:2 Needle red needle"]);
    assert_eq!(project.ok(&["search", "needle", "--count"]), "a:1 1\na:2 2\na:check 1\nb:1 1\n");
}

#[test]
fn programs_read_an_object_a_line() {
    let project = project();
    let lines = |args: &[&str]| -> Vec<Value> {
        let said = project.ok(args);
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let found = lines(&["search", "needle", "a", "--json"]);
    assert_eq!(found.len(), 4);
    let it = &found[1];
    assert_eq!((&it["workstream"], &it["attempt"]), (&"a".into(), &2.into()));
    assert_eq!((&it["agent"], &it["check"]), (&"good".into(), &false.into()));
    assert_eq!((&it["line"], &it["text"]), (&2.into(), &"Needle red needle".into()));
    assert_eq!(it["found"], serde_json::json!([[0, 6], [11, 17]]));
    let at: jiff::Timestamp = it["at"].as_str().unwrap().parse().unwrap();
    assert!(at.as_second() > 1_700_000_000 && it["at_is_sure"].is_boolean(), "{it}");
    let check = &found[3];
    assert_eq!((&check["attempt"], &check["check"]), (&Value::Null, &true.into()));
    assert_eq!(check["agent"], Value::Null);
    let counts = lines(&["search", "needle", "--json", "--count"]);
    let counts: Vec<_> = counts.iter().map(|it| it["count"].as_u64().unwrap()).collect();
    assert_eq!(counts, [1, 2, 1, 1]);
}

#[test]
fn it_ends_as_grep_does() {
    let project = project();
    let said = project.run(&["search", "haystack"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(1), "", ""));
    project.run(&["search", "needle", "c"]).expect(2, &["there is no workstream `c`"]);
    project.run(&["search", ""]).expect(2, &["there is nothing to look for"]);
    let said = project.run(&["search", "\"here\"("]);
    said.expect(1, &["`\"here\"(` is no regular expression (unclosed group)", "as text"]);
    let said = project.run(&["search", "--", "-nothing"]);
    assert_eq!(said.code, Some(1));
    // What cannot be read is told, and what can be is searched.
    let log = project.workstream("a")["log"].as_str().unwrap().replace("/a/2/", "/a/1/");
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    let said = project.run(&["search", "needle", "a", "-c"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), "a:2 2\na:check 1\n"));
    assert!(said.err.contains("out.log cannot be searched"), "{}", said.err);
}
