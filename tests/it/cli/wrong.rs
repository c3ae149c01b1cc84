//! What is wrong with a configuration or a repository: each has its words, and nothing is lost.

use std::fs;

use ostler::core::phase::PhaseWord;

use crate::project::{Project, QUICK, story};

const GOOD: &str = "
agents: { good: { command: [sh, -c, 'echo done > work.txt'] } }
";

/// Nothing was started, and nothing made.
#[track_caller]
fn untouched(project: &Project) {
    assert!(!project.root.join(".worktrees").exists());
    let ws = project.find_state().map(|state| state.join("ws"));
    assert!(ws.is_none_or(|ws| fs::read_dir(ws).unwrap().next().is_none()));
    assert!(!project.git(&["branch", "--list"]).contains("ostler"));
}

#[test]
fn every_mistake_is_shown_with_its_line_and_a_hint() {
    let project = Project::new(
        "agentz: {}
agents: { good: { command: [sh, -c, 'echo done > work.txt'] } }
workstreams:
  - { id: a, promt: do it }
  - { id: b, prompt: do it }
  - { id: b, prompt: do it }
  - { id: ../c, prompt: do it }
  - { id: d, prompt: do it, after: [e] }
  - { id: e, prompt: do it, after: [d, nowhere] }
",
    );
    let first = 1 + QUICK.lines().count();
    for args in [&["up", "--headless"][..], &["check"], &["status"], &["up"]] {
        let said = project.run(args);
        said.expect(2, &["unknown key `agentz`", "did you mean `agents`?"]);
        said.expect(2, &[&format!("ostler.yaml:{first}:1"), "agentz: {}"]);
        said.expect(2, &["unknown key `promt`", "did you mean `prompt`?"]);
        said.expect(2, &["two workstreams are called `b`", "the first one"]);
        said.expect(2, &["a workstream cannot be called `../c`"]);
        said.expect(2, &["workstreams wait for each other: d → e → d"]);
        said.expect(2, &["workstream `nowhere` is not defined"]);
        assert!(!said.err.contains('\x1b'), "a file gets no colours: {}", said.err);
    }
    untouched(&project);
}

#[test]
fn a_base_that_is_not_there() {
    let project = Project::new(&format!(
        "{GOOD}
base: mian
workstreams: [{{ id: a, prompt: do it }}, {{ id: b, prompt: do it }}]
"
    ));
    for args in [&["up", "--headless"][..], &["check"]] {
        project.run(args).expect(2, &["the base `mian` is no branch, tag or commit", "`main`"]);
    }
    untouched(&project);
}

#[test]
fn not_a_repository() {
    let project = Project::bare_ground();
    for args in [&["up", "--headless"][..], &["status"], &["check"], &["init"], &[]] {
        project.run(args).expect(2, &["is not inside a git repository", "git init"]);
    }
    fs::create_dir(&project.root).unwrap();
    project.git(&["init", "-q", "--bare"]);
    project.run(&["up", "--headless"]).expect(2, &["is a bare repository"]);
    fs::remove_dir_all(&project.root).unwrap();
    fs::create_dir(&project.root).unwrap();
    project.git(&["init", "-q"]);
    project.run(&["up", "--headless"]).expect(2, &["commit"]);
}

#[test]
fn inside_a_worktree_of_ours() {
    let project = Project::new(&format!("{GOOD}workstreams: [{{ id: a, prompt: do it }}]\n"));
    project.headless().expect(0, &[]);
    let mut command = project.command(&["status"]);
    command.current_dir(project.root.join(".worktrees/a"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("worktree") && said.contains(&project.root.display().to_string()),
        "{said}"
    );
    // A directory of the main checkout is fine.
    fs::create_dir(project.root.join("src")).unwrap();
    let mut command = project.command(&["status"]);
    assert!(command.current_dir(project.root.join("src")).output().unwrap().status.success());
}

#[test]
fn an_occupied_worktree_path_waits_for_the_operator() {
    let project = Project::new(&format!(
        "{GOOD}workstreams: [{{ id: a, prompt: do it }}, {{ id: b, prompt: do it }}]\n"
    ));
    fs::create_dir_all(project.root.join(".worktrees/a")).unwrap();
    fs::write(project.root.join(".worktrees/a/mine"), "mine").unwrap();
    let said = project.headless();
    said.expect(
        3,
        &["waits for you: the worktree could not be made", ".worktrees/a", "move it away"],
    );
    assert_eq!(project.read("repo/.worktrees/a/mine"), "mine");
    assert_eq!(project.replay("b").unwrap().phase.word(), PhaseWord::Done);
    // Once it is moved away, a retry is all there is to do.
    fs::rename(project.root.join(".worktrees/a"), project.home.join("moved")).unwrap();
    project.ok(&["answer", "a", "retry"]);
    project.until_phase("a", PhaseWord::Done);
}

#[test]
fn a_missing_program_falls_back() {
    let project = Project::new(
        "
agents:
  good: { command: [sh, -c, 'echo done > work.txt'] }
  none: { command: [no-such-program, x] }
  away: { command: [$HOME/away/program] }
  file: { command: [$HOME/file] }
workstreams: [{ id: a, prompt: do it, chain: [none, away, file, good] }]
",
    );
    fs::write(project.home.join("file"), "").unwrap();
    let said = project.headless();
    said.expect(0, &["none failed (spawn_failed): `no-such-program` was not found on PATH"]);
    said.expect(0, &["falling back from none to away (spawn_failed)", "does not exist"]);
    said.expect(0, &["may not be executed"]);
    let state = project.replay("a").unwrap();
    let told = ["1 none spawn_failed", "2 away spawn_failed", "3 file spawn_failed"];
    assert_eq!(story(&state)[..3], told);
    assert_eq!(story(&state)[3], "4 good succeeded");
    // The next agent is told why the others are not there.
    assert!(project.prompt("a", 4).contains("Attempt 1 with none failed: spawn_failed"));
}

#[test]
fn what_is_not_committed_is_kept_and_told() {
    let project = Project::new(&format!("{GOOD}workstreams: [{{ id: a, prompt: do it }}]\n"));
    fs::write(project.root.join("README.md"), "changed\n").unwrap();
    fs::write(project.root.join("new.txt"), "new\n").unwrap();
    let said = project.headless();
    said.expect(0, &["warning: 3 files have changes that are not committed"]);
    assert_eq!(project.read("repo/README.md"), "changed\n");
    assert_eq!(project.read("repo/.worktrees/a/README.md"), "a project\n");
}

#[test]
fn workstreams_and_tiers_that_are_not_there() {
    let project = Project::new(&format!("{GOOD}workstreams: [{{ id: a, prompt: do it }}]\n"));
    for args in
        [&["logs", "x"][..], &["stop", "x"], &["retry", "x"], &["worker", "--workstream", "x"]]
    {
        project.run(args).expect(2, &["there is no workstream `x`; there are: a"]);
    }
    for args in
        [&["retry", "a", "--from", "x"][..], &["escalate", "a", "--to", "2"], &["answer", "a", "0"]]
    {
        project.run(args).expect(2, &["is no tier of a; its chain is: good"]);
    }
    for args in [&["retry"][..], &["nonsense"], &["stop", "a", "b"]] {
        project.run(args).expect(2, &["Usage"]);
    }
    project.run(&["logs", "a"]).expect(1, &["a has not had an attempt yet"]);
    untouched(&project);
}

#[test]
fn init_writes_a_configuration_and_never_over_one() {
    let project = Project::without_config();
    project.run(&["up", "--headless"]).expect(2, &["there is no ostler.yaml", "ostler init"]);
    project.ok(&["init"]);
    let written = project.read("repo/ostler.yaml");
    project.run(&["check"]).expect(0, &["is valid"]);
    project.run(&["init"]).expect(2, &["is there already"]);
    assert_eq!(project.read("repo/ostler.yaml"), written);
}
