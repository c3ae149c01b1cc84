//! Asking agents whether they can work.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ostler::agents::probe::{ProbeOutcome, probe};
use ostler::config::plan::Agent;

use super::commands::agent;

fn probed(argv: &[&str], limit: Duration) -> Agent {
    let mut agent = agent(&["aider"]);
    agent.probe = Some(argv.iter().map(|&argument| argument.to_owned()).collect());
    agent.probe_timeout = limit;
    agent
}

const LONG: Duration = Duration::from_secs(30);

fn ostler() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ostler"))
}

fn refusal(outcome: ProbeOutcome) -> String {
    match outcome {
        ProbeOutcome::Refused(reason) => reason,
        ProbeOutcome::Ready => panic!("it is ready"),
    }
}

#[tokio::test]
async fn an_agent_that_answers_is_ready() {
    let here = tempfile::tempdir().unwrap();
    assert_eq!(probe(&agent(&["aider"]), here.path(), ostler()).await, ProbeOutcome::Ready);
    assert_eq!(probe(&probed(&["true"], LONG), here.path(), ostler()).await, ProbeOutcome::Ready);
}

#[tokio::test]
async fn a_missing_program_is_named_with_what_to_do() {
    let here = tempfile::tempdir().unwrap();
    let outcome = probe(&probed(&["no-such-tool", "--version"], LONG), here.path(), ostler()).await;
    insta::assert_snapshot!(refusal(outcome), @"`no-such-tool` was not found on PATH; install it, or take agent `aider` out of the chain");
    let outcome = probe(&probed(&["./tool"], LONG), here.path(), ostler()).await;
    insta::assert_snapshot!(refusal(outcome), @"`./tool` is not there or not executable; correct agent `aider`");
}

#[tokio::test]
async fn a_refusal_quotes_the_last_line() {
    let here = tempfile::tempdir().unwrap();
    let script = "yes padding | head -n 3000; printf 'first\\n\\033[31mnot logged in\\033[0m\\n\\n' >&2; exit 3";
    let outcome = probe(&probed(&["sh", "-c", script], LONG), here.path(), ostler()).await;
    assert!(refusal(outcome).ends_with(" says: not logged in"));
}

#[tokio::test]
async fn an_agent_that_is_not_part_of_this_version_is_refused_at_once() {
    let mut agent = probed(&["true"], LONG);
    agent.unavailable = Some("not part of this version".to_owned());
    let outcome = probe(&agent, Path::new("/"), ostler()).await;
    assert_eq!(refusal(outcome), "not part of this version");
}

#[tokio::test]
async fn a_probe_that_hangs_is_ended_with_all_it_started() {
    let here = tempfile::tempdir().unwrap();
    let script = "trap '' TERM; echo $$ >pids; sleep 600 & echo $! >>pids; wait";
    let agent = probed(&["sh", "-c", script], Duration::from_secs(3));
    let outcome = probe(&agent, here.path(), ostler()).await;
    assert!(refusal(outcome).ends_with("gave no answer within 3 s"));
    let pids = fs::read_to_string(here.path().join("pids")).unwrap();
    assert_eq!(pids.lines().count(), 2);
    for pid in pids.lines() {
        wait_until_gone(pid);
    }
}

/// An orphan that was killed may wait for its new parent for a moment.
fn wait_until_gone(pid: &str) {
    let began = Instant::now();
    while is_alive(pid) {
        assert!(began.elapsed() < LONG, "process {pid} is still there");
        std::thread::yield_now();
    }
}

fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim().chars().next());
    state.is_some_and(|state| state != 'Z')
}

#[tokio::test]
async fn a_child_that_keeps_the_output_open_holds_nothing_up() {
    let here = tempfile::tempdir().unwrap();
    let agent = probed(&["sh", "-c", "sleep 5 & exit 0"], LONG);
    let began = Instant::now();
    assert_eq!(probe(&agent, here.path(), ostler()).await, ProbeOutcome::Ready);
    assert!(began.elapsed() < Duration::from_secs(4));
}
