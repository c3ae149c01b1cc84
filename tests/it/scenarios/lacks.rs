//! What a machine lacks for a while: it is waited for, and no agent is blamed.

use std::time::Duration;

use insta::assert_snapshot;
use ostler::core::definition::{Definition, Tier};
use ostler::core::event::CheckOutcome;
use ostler::core::policy::Response;
use ostler::core::verdict::{Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{Account, Event, FailureClass};

use super::scene::Scene;
use crate::world::sample::{on, over, secs, tier};

const FULL: &str = "`x` could not be written: No space left on device (os error 28)";

/// A chain whose first agent waits for two minutes when the machine lacks something.
fn chain() -> Definition {
    let wait = [Response::Backoff(secs(120)), Response::Escalate];
    let responses = on(FailureClass::Resources, &wait);
    over(vec![Tier { responses, ..tier("aider") }, tier("copilot")])
}

/// The same, and nothing checks what the agents do.
fn unchecked() -> Definition {
    Definition { check: None, ..chain() }
}

fn not_prepared(scene: &mut Scene, error: &str) {
    let (attempt, error) = (scene.attempt(), error.to_owned());
    scene.wait(1).tell(Event::NotPrepared { attempt, error });
}

fn exited(scene: &mut Scene, exit: Exit, short_of: Option<&str>) {
    let attempt = scene.attempt();
    let short_of = short_of.map(str::to_owned);
    let (by, tree, at) = (EndedBy::Itself, Tree::default(), scene.now);
    let ended = Ended {
        exit,
        by,
        tree,
        verdict: Verdict::Silent,
        at,
        log_bytes: 1,
        short_of,
        account: Account::default(),
    };
    scene.wait(1).tell(Event::Exited { attempt, ended: Box::new(ended) });
}

#[test]
fn a_worktree_that_cannot_be_made_for_now() {
    let mut scene = Scene::new(chain());
    scene.admitted();
    not_prepared(&mut scene, FULL);
    scene.explain().due().admitted();
    not_prepared(&mut scene, "Unable to create '/r/.git/packed-refs.lock': File exists.");
    scene.explain();
    assert_snapshot!(scene);
}

#[test]
fn a_start_for_which_something_is_lacking() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared();
    let attempt = scene.attempt();
    let error = "the keeper could not start: Too many open files (os error 24)".to_owned();
    scene.wait(1).tell(Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error });
    scene.explain().due().admitted().prepared();
    // This one has a keeper, which could not make the agent's process.
    let why = "the agent's process cannot be made: Cannot allocate memory (os error 12)";
    exited(&mut scene, Exit::NotStarted(why.to_owned()), None);
    scene.saved(0);
    assert_snapshot!(scene);
}

#[test]
fn an_agent_that_fails_while_the_disk_is_full() {
    let short = Some("only 3.0 MB were free in /home");
    let mut scene = Scene::running(unchecked());
    exited(&mut scene, Exit::Code(1), short);
    scene.saved(2).due().admitted().prepared().started();
    // What it did not even try has nothing to do with it.
    exited(&mut scene, Exit::Code(0), short);
    scene.saved(2);
    assert_snapshot!(scene);
}

#[test]
fn a_change_that_cannot_be_read_or_checked_for_now() {
    let mut scene = Scene::running(unchecked());
    exited(&mut scene, Exit::Code(0), None);
    let attempt = scene.attempt();
    scene.wait(1).tell(Event::Saved { attempt, diff: None, error: Some(FULL.to_owned()) });
    scene.explain();
    let mut checked = Scene::running(chain());
    checked.succeeds().saved(1).checked(CheckOutcome::NotRun(FULL.to_owned())).explain().due();
    checked.admitted().prepared().started().succeeds().saved(1);
    let words = "the check failed while only 3.0 MB were free in /home\nexit 1";
    checked.checked(CheckOutcome::Starved(words.to_owned()));
    assert_snapshot!(format!("{scene}\n\n{checked}"));
}

#[test]
fn a_laptop_that_sleeps() {
    let mut scene = Scene::running(chain());
    // No agent used its time meanwhile.
    scene.tell(Event::Slept(Duration::from_secs(8 * 3600))).explain();
    exited(&mut scene, Exit::NotStarted(FULL.to_owned()), None);
    scene.saved(0).explain();
    scene.wait(10).tell(Event::Slept(Duration::from_secs(60))).explain();
    scene.tell(Event::Slept(Duration::from_secs(8 * 3600))).due();
    assert_snapshot!(scene);
}
