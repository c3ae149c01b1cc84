//! Workstreams that are made from the command line.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use ostler::core::phase::PhaseWord;

use crate::project::{Project, QUICK};

const GOOD: &str = "
agents:
  good: { command: [sh, -c, 'echo done > work.txt'] }
  slow: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x'] }
chain: [good]
workstreams: []
";

/// Nothing was made of what was asked for.
#[track_caller]
fn nothing_new(project: &Project) {
    let folder = project.root.join(".ostler/workstreams");
    assert!(!folder.exists() || fs::read_dir(folder).unwrap().next().is_none());
}

#[test]
fn a_new_workstream_has_a_file_and_is_run() {
    let project = Project::new(GOOD);
    let said = project.run(&[
        "new",
        "--title",
        "Split the error module",
        "--prompt",
        "Move the types.\nKeep: the \"re-exports\" # all of them\n",
        "--file",
        "src/error.rs",
        "--task",
        "move: the types",
        "--check",
        "test -s work.txt",
        "--priority",
        "-2",
    ]);
    said.expect(0, &["split-the-error-module: written to .ostler/workstreams/split-the-error"]);
    let written = project.read("repo/.ostler/workstreams/split-the-error-module.yaml");
    for words in ["title: Split the error module", "src/error.rs", "priority: -2"] {
        assert!(written.contains(words), "{written}");
    }
    assert!(!written.contains("chain") && !written.contains("after"), "{written}");
    assert!(!project.git(&["status", "--porcelain"]).contains(".ostler"));
    // The next one of this title has another name, and may wait for the first.
    let after = ["--prompt", "Go on.", "--after", "split-the-error-module"];
    let again = [&["new", "--title", "Split the error module!"][..], &after].concat();
    project.run(&again).expect(0, &["split-the-error-module-2: written"]);
    project.headless().expect(0, &[]);
    for id in ["split-the-error-module", "split-the-error-module-2"] {
        assert_eq!(project.replay(id).unwrap().phase.word(), PhaseWord::Done);
    }
    let prompt = project.prompt("split-the-error-module", 1);
    assert!(prompt.contains("Keep: the \"re-exports\" # all of them"), "{prompt}");
    assert!(prompt.contains("- move: the types"), "{prompt}");
}

#[test]
fn what_is_to_be_done_comes_from_a_file_the_input_or_is_missing() {
    let project = Project::new(GOOD);
    fs::write(project.root.join("prompt.md"), "# Do this\n\nand that\n").unwrap();
    project.ok(&["new", "from-file", "--prompt-file", "prompt.md"]);
    let mut command = project.command(&["new"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"Mend the fence, all of it, today and well\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    assert!(out.starts_with("mend-the-fence-all-of-it: written"), "{out}");
    project.run(&["check"]).expect(0, &["from-file Do this", "2 workstreams"]);
    project.run(&["new", "x", "--prompt", " \n"]).expect(2, &["the prompt is empty"]);
    project.run(&["new", "x", "--prompt-file", "no.md"]).expect(2, &["no.md", "No such file"]);
}

#[test]
fn what_is_wrong_is_told_and_leaves_nothing_behind() {
    let project = Project::new(GOOD);
    for (args, words) in [
        (&["../x"][..], "a workstream cannot be called `../x`"),
        (&["x", "--chain", "god"], "god"),
        (&["x", "--file", "../out.rs"], "leaves the worktree"),
        (&["x", "--after", "nobody"], "workstream `nobody` is not defined"),
        (&["x", "--after", "x"], "wait"),
    ] {
        let args = [&["new", "--prompt", "do it"][..], args].concat();
        project.run(&args).expect(2, &[words, "x.yaml:"]);
        nothing_new(&project);
    }
    project.ok(&["new", "x", "--prompt", "do it"]);
    let before = project.read("repo/.ostler/workstreams/x.yaml");
    project
        .run(&["new", "x", "--prompt", "do that"])
        .expect(2, &["two workstreams are called `x`", "the other one is at .ostler"]);
    assert_eq!(project.read("repo/.ostler/workstreams/x.yaml"), before);
    // What is wrong already is told first, and nothing is added to it.
    project.configure("agentz: {}\n");
    let line = format!("ostler.yaml:{}:1", 1 + QUICK.lines().count());
    project.run(&["new", "y", "--prompt", "do it"]).expect(2, &["unknown key `agentz`", &line]);
    assert!(!project.root.join(".ostler/workstreams/y.yaml").exists());
}

#[test]
fn without_a_configuration_it_has_the_agents_that_are_installed() {
    let project = Project::without_config();
    let tools = project.home.join("tools");
    fs::create_dir(&tools).unwrap();
    fs::write(tools.join("aider"), "#!/bin/sh\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(tools.join("aider"), mode).unwrap();
    let git = project.system("sh", &["-c", "command -v git"]);
    let git = std::path::Path::new(git.trim()).parent().unwrap().to_owned();
    let mut command = project.command(&["new", "x", "--prompt", "do it"]);
    command.env("PATH", format!("{}:{}", tools.display(), git.display()));
    assert!(command.output().unwrap().status.success());
    let written = project.read("repo/.ostler/workstreams/x.yaml");
    assert!(written.contains("chain:\n- aider\n"), "{written}");
}

#[test]
fn one_that_runs_takes_it_up() {
    let project = Project::new(GOOD);
    project.ok(&["new", "first", "--prompt", "do it", "--chain", "slow"]);
    let up = project.start(&["up", "--headless"]);
    project.until_running("first");
    project.ok(&["new", "second", "--prompt", "do it too"]);
    project.until_phase("second", PhaseWord::Done);
    project.touch("go");
    up.join().expect(0, &["the configuration was read again"]);
}
