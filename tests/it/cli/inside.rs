//! What an agent finds around it, and what it can tell.

use serde_json::Value;

use crate::project::Project;

#[test]
fn progress_is_told_by_the_program_or_by_a_file() {
    let project = Project::new(
        "
agents:
  tells:
    command: [sh, -c, 'ostler progress 30%; touch $HOME/1; while [ ! -e $HOME/go ]; do sleep 0.1; done;
      ostler progress 4/5 nearly there; touch $HOME/2; while [ ! -e $HOME/end ]; do sleep 0.1; done; echo x > x']
workstreams: [{ id: a, prompt: do it }]
",
    );
    let up = project.start(&["up", "--headless"]);
    let shown = |done: u32, total: u32| {
        project.until("progress", || {
            let progress = project.workstream("a")["progress"].clone();
            (progress["done"] == done && progress["total"] == total).then_some(progress)
        })
    };
    assert_eq!(shown(30, 100)["source"], "status");
    project.touch("go");
    assert_eq!(shown(4, 5)["text"], "nearly there");
    project.touch("end");
    up.join().expect(0, &[]);
    assert_eq!(project.workstream("a")["progress"], Value::Null);
    project.run(&["progress", "1/2"]).expect(2, &["OSTLER_STATUS is not set"]);
}

#[test]
fn an_agent_that_retries_by_itself_says_so_and_is_slow_all_the_same() {
    let project = Project::new(
        r#"
agents:
  tool:
    preset: claude-code
    timeout: { soft: 300ms }
    command: [sh, -c, 'echo "{\"type\":\"system\",\"subtype\":\"api_retry\",\"attempt\":4,\"max_retries\":10,\"retry_delay_ms\":32134,\"error\":\"rate_limit\"}";
      while [ ! -e $HOME/go ]; do sleep 0.1; done; exit 1']
    on: { rate_limit: next }
workstreams: [{ id: a, prompt: do it }]
"#,
    );
    let up = project.start(&["up", "--headless"]);
    up.until_out("tool: API retry 4/10, 32 s: rate_limit");
    up.until_out("tool is slow");
    project.touch("go");
    // What it had retried is why it failed.
    up.join().expect(3, &["tool failed (rate_limit)"]);
}

#[test]
fn progress_that_is_none_is_refused() {
    let project = Project::new(
        "
agents:
  tells: { command: [sh, -c, 'for it in 3 3/0 5/4 x/2 110%; do ostler progress $it; echo $?; done; echo x > x'] }
workstreams: [{ id: a, prompt: do it }]
",
    );
    project.headless().expect(0, &[]);
    let log = project.log("a", 1);
    assert_eq!(log.matches("is not of the form 3/10 or 30%").count(), 5, "{log}");
    assert_eq!(log.lines().filter(|line| *line == "2").count(), 5, "{log}");
}

#[test]
fn an_agent_knows_where_it_is() {
    let project = Project::new(
        "
agents:
  looks:
    command: [sh, -c, 'env | grep ^OSTLER_ | sort; pwd; echo \"$1\" \"$2\" \"$3\"; cat; test -t 0 || echo no terminal; echo x > x',
      sh, '{workstream}', '{prompt_file}', '{files}']
    env: { MINE: 'at {worktree}' }
  types: { command: [sh, -c, 'test -t 1 && tty > /dev/null && echo a terminal; cat > x'], io: pty }
  reads: { command: [sh, -c, 'cat > x'], prompt: stdin }
workstreams:
  - { id: a, title: A title, prompt: do it, files: [src/one.rs], chain: [looks] }
  - { id: b, prompt: by stdin, chain: [reads] }
",
    );
    project.headless().expect(0, &[]);
    let log = project.log("a", 1);
    let worktree = project.root.join(".worktrees/a");
    let prompt = project.files("a").join("1/prompt.md");
    for line in [
        "OSTLER_AGENT=looks".to_owned(),
        "OSTLER_ATTEMPT=1".to_owned(),
        "OSTLER_TIER=1".to_owned(),
        "OSTLER_WORKSTREAM=a".to_owned(),
        format!("OSTLER_WORKTREE={}", worktree.display()),
        format!("OSTLER_PROMPT_FILE={}", prompt.display()),
        worktree.display().to_string(),
        format!("a {} src/one.rs", prompt.display()),
        "no terminal".to_owned(),
    ] {
        assert!(log.lines().any(|it| it == line), "no `{line}` in\n{log}");
    }
    assert!(!log.contains("OSTLER_PASS_"), "{log}");
    let told = project.read("repo/.worktrees/b/x");
    assert!(told.contains("by stdin"), "{told}");
    let prompt = project.prompt("a", 1);
    for words in ["# A title", "do it", "src/one.rs"] {
        assert!(prompt.contains(words), "{prompt}");
    }
}

#[test]
fn an_agent_may_have_a_terminal() {
    let project = Project::new(
        "
agents:
  types: { command: [sh, -c, 'test -t 0 && test -t 1 && echo a terminal; printf \"\\033[31mred\\033[0m\\n\"; echo x > x'], io: pty }
workstreams: [{ id: a, prompt: do it }]
",
    );
    project.headless().expect(0, &[]);
    assert_eq!(project.log("a", 1).replace('\r', ""), "a terminal\n\x1b[31mred\x1b[0m\n");
}
