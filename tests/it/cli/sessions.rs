//! Retries that go on with the conversation of the attempt before.

use serde_json::Value;

use crate::project::Project;

/// A tool that tells how it was called, and which conversation it has: a new one, or the one that it is to go on with.
const TOOL: &str = r#"#!/bin/sh
echo "$*" >> $HOME/calls
case "$*" in
*resume*gone*) echo "no such session"; exit 3 ;;
*resume*) session=$2 ;;
*) session=$1-$(wc -l < $HOME/calls) ;;
esac
echo "{\"type\":\"thread.started\",\"thread_id\":\"$session\"}"
test -e $HOME/busy && echo '{"type":"turn.failed","error":{"message":"unexpected status 529"}}' && exit 1
echo '{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":1}}'
echo x > x
"#;
const CONFIG: &str = "
on: { overloaded: [{ retry: 1 }, next], exit_code: [{ retry: 1 }, next], check_failed: [{ retry: feedback }, { retry: clean }, next] }
agents:
  tool: { preset: codex, probe: ['true'], command: [$HOME/tool, '{resume}', s, '{workstream}'], resume: [resume, '{session}'] }
";

fn project(workstreams: &str) -> Project {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new(&format!("{CONFIG}workstreams: [{workstreams}]\n"));
    let tool = project.home.join("tool");
    let text = TOOL.replace("$HOME", &project.home.display().to_string());
    std::fs::write(&tool, text).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    project
}

fn sessions(project: &Project) -> Vec<Value> {
    let attempts = project.workstream("a")["attempts"].clone();
    attempts.as_array().unwrap().iter().map(|attempt| attempt["session"].clone()).collect()
}

#[test]
fn a_retry_goes_on_with_it_and_a_clean_one_begins_anew() {
    let check = "n=$(wc -l < $HOME/calls); test $n -ge 3 || { echo only $n; exit 1; }";
    let project = project(&format!("{{ id: a, prompt: do it, check: '{check}' }}"));
    let said = project.headless();
    said.expect(0, &["attempt 2 goes on with session s-1"]);
    assert_eq!(project.read("calls"), "s a\nresume s-1 s a\ns a\n");
    assert_eq!(sessions(&project), ["s-1", "s-1", "s-3"]);
    // What goes on is told what became of it, and no more; what begins anew is told all.
    let told = project.prompt("a", 2);
    assert!(
        told.starts_with("# Go on\n") && told.contains("only 1") && told.contains("do it"),
        "{told}"
    );
    assert!(!told.contains("# Hand-off"), "{told}");
    // Its figures are of the whole conversation, so they are not counted twice.
    assert_eq!(project.workstream("a")["usage"]["input_tokens"], 20);
}

#[test]
fn a_conversation_that_is_gone_is_not_asked_for_again() {
    let project = project("{ id: a, prompt: do it }");
    std::fs::write(project.home.join("calls"), "").unwrap();
    let config = CONFIG.replace("[resume, '{session}']", "[resume, 'gone-{session}']");
    project.configure(&format!("{config}workstreams: [{{ id: a, prompt: do it }}]\n"));
    project.touch("busy");
    project.headless().expect(3, &["attempt 2: tool failed (exit_code)"]);
    assert_eq!(project.read("calls"), "s a\nresume gone-s-1 s a\ns a\n");
    assert_eq!(sessions(&project), [Value::from("s-1"), Value::Null, "s-3".into()]);
}

#[test]
fn an_operator_who_says_go_goes_on_with_it_too() {
    let project = project("{ id: a, prompt: do it }");
    let config = CONFIG.replace("overloaded: [{ retry: 1 }, next]", "overloaded: next");
    project.configure(&format!("{config}workstreams: [{{ id: a, prompt: do it }}]\n"));
    project.touch("busy");
    project.headless().expect(3, &["tool failed (overloaded)"]);
    std::fs::remove_file(project.home.join("busy")).unwrap();
    project.ok(&["answer", "a", "retry", "--note", "mind the gap"]);
    project.until_phase("a", ostler::core::phase::PhaseWord::Done);
    assert_eq!(project.read("calls"), "s a\nresume s-1 s a\n");
    assert!(project.prompt("a", 2).contains("mind the gap"));
}
