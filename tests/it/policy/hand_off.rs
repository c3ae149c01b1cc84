//! What is kept of an attempt, and what the next one is told of it.

use ostler::core::phase::PhaseWord;

use crate::project::{Project, story};

#[test]
fn a_check_that_fails_is_fed_back_until_it_passes() {
    let project = Project::new(
        "
on: { check_failed: [{ retry: feedback, times: 2 }, next] }
agents:
  learns: { command: [sh, -c, 'cp \"$OSTLER_PROMPT_FILE\" told-$OSTLER_ATTEMPT; grep -q \"a semicolon is missing\" told-$OSTLER_ATTEMPT && echo fixed > fixed; echo x > x'] }
workstreams:
  - id: a
    title: Mend it
    prompt: Make the check pass.
    files: [src/one.rs]
    tasks: [read what it says, mend it]
    check: 'test -e fixed || { echo checking; echo a \"semi\"colon is missing; exit 4; }'
",
    );
    let said = project.headless();
    said.expect(
        0,
        &["attempt 1: checking", "learns failed (check_failed)", "attempt 2: check passed"],
    );
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 learns check_failed", "2 learns succeeded"]);
    // The words that decided are in the one line that lists and tables show.
    let reason = &state.attempts[0].reason;
    assert_eq!(reason.lines().next(), Some("exit 4: a semicolon is missing"), "{reason}");
    let first = project.prompt("a", 1);
    for words in
        ["# Mend it", "Make the check pass.", "src/one.rs", "read what it says", "test -e fixed"]
    {
        assert!(first.contains(words), "{first}");
    }
    assert!(!first.contains("# Hand-off"), "{first}");
    let second = project.prompt("a", 2);
    for words in [
        "# Mend it",
        "# Hand-off",
        "Attempt 1 with learns failed: check_failed",
        "checking\na semicolon",
    ] {
        assert!(second.contains(words), "{second}");
    }
    assert!(project.ok(&["logs", "a", "--check", "--attempt", "1"]).contains("a semicolon"));
    assert_eq!(project.workstream("a")["explain"], "Done: the check passed.");
}

#[test]
fn an_exhausted_chain_names_every_reason() {
    let project = Project::new(
        "
on: { exit_code: next, auth: next, no_change: next }
agents:
  one: { command: [sh, -c, 'echo one > one.txt; echo boom; exit 7'] }
  two: { command: [sh, -c, 'echo \"error: the key is wrong\"; exit 1'], output: { failure: [{ class: auth, text: 'key is wrong' }] } }
  three: { command: [no-such-program] }
  four: { command: [sh, -c, 'rm one.txt'] }
workstreams: [{ id: a, prompt: do it, chain: [one, two, three, four] }]
",
    );
    project.headless().expect(3, &["waits for you: no agent is left in the chain"]);
    let state = project.replay("a").unwrap();
    let told = ["1 one exit_code", "2 two auth", "3 three spawn_failed", "4 four no_change"];
    assert_eq!(story(&state), told);
    let status = project.status();
    let question = status["escalations"][0]["question"].as_str().unwrap();
    for words in [
        "1 one: exit_code",
        "2 two: auth: error: the key is wrong",
        "`no-such-program`",
        "4 four: no_change",
    ] {
        assert!(question.contains(words), "{question}");
    }
    let prompt = project.prompt("a", 4);
    for words in [
        "Attempt 1 with one failed: exit_code",
        "Attempt 2 with two failed: auth: error: the key is wrong",
        "Attempt 3 with three failed: spawn_failed",
        "+one",
    ] {
        assert!(prompt.contains(words), "{prompt}");
    }
    assert_eq!(project.replay("a").unwrap().phase.word(), PhaseWord::Escalated);
}

#[test]
fn the_worktree_is_saved_before_and_after_each_attempt() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  one: { command: [sh, -c, 'echo one > one.txt; echo changed > README.md; exit 7'] }
  two: { command: [sh, -c, 'echo two > two.txt'] }
workstreams: [{ id: a, prompt: do it, chain: [one, two] }]
",
    );
    project.headless().expect(0, &["attempt 1: saved, 2 files changed (+2 −1)"]);
    let refs = project.git(&["for-each-ref", "--format=%(refname)", "refs/ostler"]);
    let checkpoints: Vec<&str> = refs.lines().collect();
    let find = |attempt: &str| {
        let found: Vec<&&str> = checkpoints.iter().filter(|it| it.ends_with(attempt)).collect();
        assert_eq!(found.len(), 1, "{attempt} in {refs}");
        project.git(&["ls-tree", "-r", "--name-only", found[0]])
    };
    assert_eq!(find("/1-before"), "README.md");
    assert_eq!(find("/1-after"), "README.md\none.txt");
    assert_eq!(find("/2-before"), "README.md\none.txt");
    assert_eq!(find("/2-after"), "README.md\none.txt\ntwo.txt");
    let state = project.replay("a").unwrap();
    assert_eq!(state.attempts[1].diff.unwrap().files, 3);
    // The branch itself is left to its agents.
    assert_eq!(project.git(&["log", "--format=%s", "ostler/a"]), "first");
}

#[test]
fn the_next_agent_is_told_all_that_is_known_and_no_secret() {
    let project = Project::new(
        r#"
on: { exit_code: [{ retry: simpler }, next] }
agents:
  lists:
    command: [sh, -c, 'cat steps; echo y > made; echo "the key is $SOME_API_KEY"; echo "[x] mend it." >> "$OSTLER_STATUS"; echo 2/5 half way >> "$OSTLER_STATUS"; echo "$@" > "args-$OSTLER_ATTEMPT"; exit 7', sh, "{files}"]
    env: { SOME_API_KEY: not-to-be-told }
    output:
      format: jsonl
      message: [text]
      todo: [{ json: { type: todo }, list: items, done: { done: true }, text: name }]
  last: { command: [sh, -c, 'echo ok > ok'] }
workstreams:
  - id: a
    prompt: Do it.
    files: [one.rs, two.rs, three.rs]
    tasks: [Look at it, mend it, test it]
    chain: [lists, last]
"#,
    );
    let steps = r#"{"type":"todo","items":[{"name":"an older list","done":true}]}
{"type":"todo","items":[{"name":"Look at it","done":true},{"name":"find a name","done":false}]}
{"type":"said","text":"I am at it"}
"#;
    std::fs::write(project.root.join("steps"), steps).unwrap();
    project.git(&["add", "steps"]);
    project.git(&["commit", "-q", "-m", "steps"]);
    project.headless().expect(0, &["attempt 3: last started"]);
    let told = project.prompt("a", 3);
    for words in [
        "- [x] Look at it\n- [x] mend it\n- [ ] test it\n",
        "## What was ticked off\n\n- [x] Look at it\n- [ ] find a name\n- [x] mend it.\n",
        "- the last attempt said that it had come to 2/5 half way",
        "new      made (+1 −0)",
        "+y",
        "I am at it\nthe key is [secret]",
        "Attempt 2 with lists failed: exit_code",
    ] {
        assert!(told.contains(words), "{words:?} in {told}");
    }
    assert!(!told.contains("not-to-be-told"), "{told}");
    assert!(!told.contains("an older list"), "{told}");
    // The simpler attempt had half of the files, and said so in its arguments as in its prompt.
    let simpler = project.prompt("a", 2);
    assert!(simpler.contains("## Files\n\n- one.rs\n- two.rs\n\n"), "{simpler}");
    let worktree = project.root.join(".worktrees/a");
    let given = |attempt: u32| {
        let file = worktree.join(format!("args-{attempt}"));
        std::fs::read_to_string(file).unwrap().trim().to_owned()
    };
    assert_eq!([given(1), given(2)], ["one.rs two.rs three.rs", "one.rs two.rs"]);
}
