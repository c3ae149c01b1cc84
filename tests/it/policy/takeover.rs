//! One agent takes over from another: asked ahead, with the files as they were saved and all that there is to say.

use ostler::core::phase::PhaseWord;

use crate::project::Project;

#[test]
fn the_next_agent_is_asked_while_the_first_works_and_not_again_when_it_takes_over() {
    let project = Project::new(
        "
warm: 1h
agents:
  first:
    command: [sh, -c, 'until [ -e $HOME/go ]; do sleep 0.05; done; echo half > half; exit 1']
    on: { exit_code: next }
  second:
    command: [sh, -c, 'cat half > whole']
    probe: [sh, -c, 'echo asked >> $HOME/asked']
  third: { command: ['true'] }
chain: [first, second, third]
workstreams: [{ id: a, prompt: do it }]
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_file("asked");
    project.until("an answer", || {
        let explain = project.workstream("a")["explain"].to_string();
        explain.contains("second stands by;").then_some(())
    });
    project.touch("go");
    up.join().expect(
        0,
        &[
            "attempt 2: takes over from attempt 1: the files are those that were saved (tree ",
            "attempt 2: second started (tier 2), ",
            " after the last one ended",
        ],
    );
    assert_eq!(project.read("asked"), "asked\n", "the answer held");
    let prompt = project.prompt("a", 2);
    let transfer = &project.workstream("a")["attempts"][1]["transfer"];
    assert_eq!(transfer["files"], "same");
    assert_eq!(transfer["prompt_bytes"], prompt.len());
    let tree = project.git(&["rev-parse", "refs/ostler/a/1-after^{tree}"]);
    assert_eq!(transfer["tree"], tree.as_str());
}

#[test]
fn who_cannot_take_over_is_told_before_it_has_to() {
    let project = Project::new(
        "
warm: 1h
agents:
  first: { command: [sh, -c, 'until [ -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }
  second: { command: ['true'], probe: [sh, -c, 'echo no key; exit 1'] }
  third: { command: ['true'], probe: [sh, -c, 'touch $HOME/third'] }
chain: [first, second, third]
workstreams: [{ id: a, prompt: do it }]
",
    );
    let up = project.start(&["up", "--headless"]);
    up.until_out("second, which would take over, cannot work: ");
    project.until_file("third");
    project.touch("go");
    up.join().expect(0, &["1 done"]);
}

#[test]
fn what_the_operator_did_in_between_is_handed_over_and_said() {
    let project = Project::new(
        "
agents:
  first:
    command: [sh, -c, 'echo $OSTLER_ATTEMPT >> tried; [ -e $HOME/go ] && exit 0; exit 1']
    on: { exit_code: escalate }
workstreams: [{ id: a, prompt: do it }]
",
    );
    project.headless().expect(3, &["1 escalated"]);
    std::fs::write(project.root.join(".worktrees/a/by-hand"), "x").unwrap();
    project.touch("go");
    project.ok(&["answer", "a", "retry"]);
    project.until_phase("a", PhaseWord::Done);
    let transfer = project.workstream("a")["attempts"][1]["transfer"].clone();
    assert_eq!(transfer["files"], "changed");
}
