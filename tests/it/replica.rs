//! A tier that is a supervisor itself: it runs the chain again elsewhere, and its result comes home.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::path::Path;

use ostler::core::phase::PhaseWord;
use ostler::core::{FailureClass, Workstream, WorkstreamId};
use ostler::supervisor::inner::{announce, clear};
use rustix::process::Signal;

use crate::project::{Project, Running, left, story};

/// An agent that can do nothing outside of a replica, and one that can do nothing at all.
const AGENTS: &str = r#"
supervisor_grace: 1s
agents:
  bad: { command: [sh, -c, "echo half > half.txt; echo '429 come back later'; exit 1"],
         output: { failure: [{ class: rate_limit, text: '^429' }] }, on: { rate_limit: next } }
  good: { command: [sh, -c, '[ "$OSTLER_DEPTH" = 1 ] || exit 3; . "$HOME/good.sh"'], on: { exit_code: next } }
  replica: { max_workers: 1, grace: 30s }
  last: { command: [sh, -c, "echo last > last.txt"], on: { check_failed: next } }
chain: [bad, good, replica, last]
"#;

/// A project whose agent `good` runs this in its replica.
fn project(good: &str, workstreams: &str) -> Project {
    let project = Project::new(&format!("{AGENTS}{workstreams}"));
    fs::write(
        project.home.join("good.sh"),
        good.replace("$HOME", &project.home.display().to_string()),
    )
    .unwrap();
    project
}

/// One workstream, which is done when there is a file.
const ONE: &str = "
workstreams: [{ id: a, prompt: Make done.txt., tasks: [first, second], check: test -f done.txt }]
";

/// What a replica that waits does: it says that it is there, and waits for a file.
const WAITS: &str =
    "echo $$ > $HOME/there; until [ -e $HOME/go ]; do sleep 0.05; done; echo done > done.txt\n";

fn inner(state: &Workstream, attempt: usize) -> Vec<String> {
    state.attempts[attempt].account.inner.iter().map(ToString::to_string).collect()
}

fn until_inside(project: &Project) -> Running {
    let running = project.start(&["up", "--headless"]);
    project.until_line("there");
    running
}

#[test]
fn its_chain_does_the_work_elsewhere_and_the_result_comes_home() {
    let script = "cp \"$OSTLER_PROMPT_FILE\" $HOME/prompt; pwd > $HOME/pwd; cat half.txt > $HOME/found
echo one > done.txt; git add done.txt; git -c user.name=a -c user.email=a@b commit -qm own; echo two > two.txt; rm half.txt\n";
    let project = project(script, ONE);
    let said = project.headless();
    assert_eq!(said.code, Some(0), "{}", project.tell());
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 bad rate_limit", "2 good exit_code", "3 replica succeeded"]);
    assert_eq!(inner(&state, 2), ["bad rate_limit", "good did it"]);

    let home = project.root.join(".worktrees/a");
    let text = |name: &str| fs::read_to_string(home.join(name)).ok();
    assert_eq!((text("done.txt"), text("two.txt")), (Some("one\n".into()), Some("two\n".into())));
    assert_eq!(text("half.txt"), None, "what was deleted there is deleted here");
    assert_eq!(project.read("found"), "half\n", "it went on from what was there");
    assert_eq!(
        project.read("pwd").trim_end(),
        home.with_file_name("a+replica-3").display().to_string()
    );
    left::assert_only(&project, "a");

    let prompt = project.read("prompt");
    for words in
        ["Make done.txt.", "- second", "test -f done.txt", "Attempt 1 with bad failed: rate_limit"]
    {
        assert!(prompt.contains(words), "{words} in {prompt}");
    }
    // It is told wherever somebody may look.
    assert!(
        said.out.contains("replica: falling back from bad to good (rate_limit)"),
        "{}",
        said.out
    );
    let logs = project.ok(&["logs", "a"]);
    assert!(
        logs.contains("attempt 2: good started (tier 2)") && logs.contains("✔ good did it"),
        "{logs}"
    );
    let told = &project.workstream("a")["attempts"][2]["inner"];
    assert_eq!(
        (&told[0]["agent"], &told[0]["outcome"]["failed"]),
        (&"bad".into(), &"rate_limit".into())
    );
    assert_eq!((&told[1]["agent"], &told[1]["outcome"]), (&"good".into(), &"succeeded".into()));
}

#[test]
fn what_no_agent_in_it_can_do_is_a_failure_with_all_reasons() {
    let project =
        project("echo no; exit 3\n", &ONE.replace("check:", "chain: [bad, replica, good], check:"));
    let said = project.headless();
    assert_eq!(said.code, Some(3), "{}", project.tell());
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 bad rate_limit", "2 replica exit_code", "3 good exit_code"]);
    assert_eq!(inner(&state, 1), ["bad rate_limit", "good exit_code"]);
    let reason = &state.attempts[1].reason;
    assert!(
        reason.starts_with("no agent is left in the chain (bad rate_limit, good exit_code)"),
        "{reason}"
    );
    assert!(said.out.contains("  2.1 bad rate_limit: 429 come back later"), "{}", said.out);
    left::assert_only(&project, "a");
    // The outer worktree is as it was before.
    assert_eq!(fs::read_to_string(project.root.join(".worktrees/a/half.txt")).unwrap(), "half\n");
}

#[test]
fn it_starts_from_the_last_work_that_was_checked() {
    let config = r#"
agents:
  whole: { command: [sh, -c, "echo whole > work.txt"], on: { check_failed: next } }
  breaks: { command: [sh, -c, "echo broken > work.txt; exit 1"], on: { exit_code: next } }
  replica: { on: { check_failed: next } }
chain: [whole, breaks, replica]
workstreams: [{ id: a, prompt: p, check: 'echo it says no; false' }]
"#;
    let project = Project::new(config);
    project.headless();
    let state = project.replay("a").unwrap();
    assert_eq!(
        story(&state),
        ["1 whole check_failed", "2 breaks exit_code", "3 replica exit_code"]
    );
    let log = project.log("a", 3);
    assert!(log.contains("from what attempt 1 left"), "{log}");
    let before = project.git(&["show", "refs/ostler/a+replica-3/1-before:work.txt"]);
    assert_eq!(before, "whole");
    let prompt =
        fs::read_to_string(project.files("a").join("3/inner/ws/a+replica-3/1/prompt.md")).unwrap();
    assert!(prompt.contains("it says no"), "{prompt}");
}

#[test]
fn with_all_places_taken_the_next_tier_works() {
    let two = "
workstreams:
  - { id: a, prompt: p, check: test -f done.txt }
  - { id: b, prompt: p }
";
    let project = project(WAITS, two);
    let waiting = project.start(&["up", "--headless"]);
    // Whoever comes second finds the only place taken.
    project.until_line("there");
    let other = |id: &str| project.replay(id).filter(|state| state.attempts.len() == 4);
    let second = project.until("the one without a place", || other("a").or_else(|| other("b")));
    project.touch("go");
    waiting.join();
    let skipped = &second.attempts[2];
    assert_eq!(
        (skipped.agent.as_str(), &skipped.reason[..]),
        ("replica", "another replica is at work, and `max_workers` is 1")
    );
    assert_eq!(skipped.outcome, ostler::core::AttemptOutcome::Failed(FailureClass::Resources));
    assert_eq!(second.attempts[3].agent.as_str(), "last");
}

#[test]
fn a_replica_does_not_replicate_itself() {
    let project = project("exit 3\n", ONE);
    project.headless();
    let dir = project.files("a").join("3");
    let refused = |depth: &str, dir: &Path| {
        let mut command = project.command(&["agent", "replica", "--attempt-dir"]);
        command.arg(dir).env("OSTLER_DEPTH", depth);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stdout).unwrap()
    };
    let told = refused("1", &dir);
    assert!(
        told.contains("a replica does not replicate itself again: this is depth 1 of 1"),
        "{told}"
    );
    assert!(refused("x", &dir).contains("OSTLER_DEPTH is not a number"));
    // Nor is one started twice, or by hand.
    assert!(refused("0", &dir).contains("attempt 3 of a is over"));
    assert!(refused("0", &project.home).contains("is no attempt's directory"));
    // A chain of nothing else has nobody to work in it.
    project.configure(&format!(
        "{AGENTS}{}",
        ONE.replace("check:", "chain: [replica], check:").replace("id: a", "id: b")
    ));
    project.headless();
    let state = project.replay("b").unwrap();
    assert_eq!(story(&state), ["1 replica config"]);
    assert!(state.attempts[0].reason.starts_with("a replica runs the other agents"), "{state:?}");
}

#[test]
fn a_stop_ends_all_that_is_in_it() {
    let project = project(WAITS, ONE);
    let running = until_inside(&project);
    project.ok(&["stop", "a"]);
    let said = running.join();
    assert_eq!(said.code, Some(1), "{}", said.out);
    let state = project.replay("a").unwrap();
    assert_eq!(state.phase.word(), PhaseWord::Stopped);
    assert_eq!(story(&state).last().unwrap(), "3 replica stopped");
    assert_eq!(inner(&state, 2), ["bad rate_limit", "good stopped"]);
    let log = project.log("a", 3);
    assert!(log.contains("it has ended, as it was asked to"), "{log}");
    assert_eq!(state.attempts[2].tree.left, 0);
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
}

#[test]
fn it_goes_on_without_its_supervisor() {
    let project = project(WAITS, ONE);
    let running = until_inside(&project);
    let before = project.until_running("a");
    running.signal(Signal::KILL);
    running.join();
    // A worker adopts the attempt; the same process goes on.
    project.until("a worker", || {
        let told = project.workstream("a");
        (told["owner_pid"].is_u64() && told["agent_pid"] == before.pid).then_some(())
    });
    project.touch("go");
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&state).last().unwrap(), "3 replica succeeded");
    assert_eq!(inner(&state, 2), ["bad rate_limit", "good did it"]);
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
}

#[test]
fn one_that_is_killed_costs_its_attempt_and_leaves_nothing() {
    let project = project(WAITS, ONE);
    let running = until_inside(&project);
    let agent = project.until_running("a");
    left::signal(agent.pid, Signal::KILL);
    let said = running.join();
    assert_eq!(said.code, Some(3), "{}", said.out);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state)[2..], ["3 replica crashed", "4 last check_failed"]);
    assert!(state.attempts[2].tree.ended > 0 && state.attempts[2].tree.left == 0);
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
}

#[test]
fn a_worktree_that_git_has_only_begun_is_removed_as_well() {
    let project = project("", ONE);
    let (id, place) =
        (WorkstreamId::from("a+replica-3"), project.root.join(".worktrees/a+replica-3"));
    let repository = ostler::worktree::Project::discover(&project.root).unwrap();
    let attempt_dir = project.home.join("attempt");
    fs::create_dir_all(attempt_dir.join("inner")).unwrap();
    let make = |lock: &str, undo: &[&str]| {
        announce(&attempt_dir, std::slice::from_ref(&id), &project.root.join(".worktrees"))
            .unwrap();
        project.git(&["branch", "ostler/a+replica-3"]);
        project.git(&["update-ref", "refs/ostler/a+replica-3/base", "HEAD"]);
        project.git(&["worktree", "add", "-q", place.to_str().unwrap(), "ostler/a+replica-3"]);
        let git_dir = project.root.join(".git/worktrees/a+replica-3");
        fs::write(git_dir.join("locked"), lock).unwrap();
        for name in undo {
            fs::remove_file(git_dir.join(name)).unwrap();
        }
    };
    // As git leaves it when it is killed before its files are there, and before its branch is noted.
    for undo in [&["index"][..], &["index", "HEAD"]] {
        make("initializing", undo);
        clear(&repository, &attempt_dir).unwrap();
        assert!(!place.exists(), "{undo:?}");
        assert_eq!(project.git(&["worktree", "list"]).lines().count(), 1, "{undo:?}");
        assert_eq!(project.git(&["branch", "--list", "ostler/*"]), "", "{undo:?}");
        clear(&repository, &attempt_dir).unwrap();
    }
    // What somebody works in stays, and is removed when they have gone.
    make("ostler", &[]);
    let mut shell = std::process::Command::new("cat");
    let mut shell = shell.current_dir(&place).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let why = clear(&repository, &attempt_dir).unwrap_err();
    assert!(why.contains("a+replica-3 stays") && why.contains("works in it"), "{why}");
    drop(shell.stdin.take());
    shell.wait().unwrap();
    clear(&repository, &attempt_dir).unwrap();
    assert!(!place.exists());
}

#[test]
fn one_whose_keeper_is_killed_leaves_nothing() {
    let project = project(WAITS, ONE);
    let running = until_inside(&project);
    let agent = project.until_running("a");
    left::signal(agent.keeper, Signal::KILL);
    running.join();
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state)[2..], ["3 replica keeper_lost", "4 last check_failed"]);
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
}
