//! What goes wrong outside of the agents: processes that survive, keepers and owners that die, machines that go down.

use insta::assert_snapshot;
use ostler::core::FailureClass;
use ostler::core::definition::Definition;
use ostler::core::event::CheckOutcome;
use ostler::core::verdict::{EndedBy, Exit, Tree, Verdict};

use super::scene::Scene;
use crate::world::sample::{over, tier};

fn chain() -> Definition {
    over(vec![tier("aider"), tier("copilot")])
}

fn unknown(why: &str) -> Exit {
    Exit::Unknown(why.to_owned())
}

#[test]
fn term_ignored_then_kill() {
    let mut scene = Scene::running(chain());
    scene.stop().due().explain().obeys().saved(0);
    assert_snapshot!(scene);
}

#[test]
fn kill_survived_then_killed_again_then_retried() {
    let mut scene = Scene::running(chain());
    scene.stop().due().survives(2).explain().survives(2).note("told once").stop();
    scene.kill().explain().obeys().saved(0).retry(None, None).admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn a_keeper_that_does_not_answer() {
    let mut scene = Scene::running(chain());
    scene.stop().due().due().explain();
    scene.retry(Some(1), None).explain().obeys().saved(0).admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn lost_settles_itself_when_the_processes_end_after_all() {
    let mut scene = Scene::running(chain());
    scene.due().due().due().survives(1).obeys().saved(1).note("others may have its slot now");
    scene.admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn a_start_that_hangs() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().explain().due().explain().not_started().started();
    assert_snapshot!(scene);
}

#[test]
fn a_start_that_hangs_and_comes_true_much_later() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().due().due().explain();
    scene.wait(300).started().started().obeys().saved(0).explain();
    assert_snapshot!(scene);
}

#[test]
fn a_start_that_hangs_and_never_was() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().due().due().wait(300).not_started().explain();
    assert_snapshot!(scene);
}

#[test]
fn a_worktree_that_cannot_be_made() {
    let mut scene = Scene::new(chain());
    scene.admitted().not_prepared().explain().retry(None, None).admitted().due().explain();
    assert_snapshot!(scene);
}

#[test]
fn a_checkpoint_that_hangs() {
    let mut scene = Scene::running(chain());
    scene.succeeds().due().explain().saved(1).note("too late").passes();
    assert_snapshot!(scene);
}

#[test]
fn a_checkpoint_that_hangs_without_a_check() {
    let mut scene = Scene::running(Definition { check: None, ..chain() });
    scene.succeeds().due().note("nobody knows what changed");
    assert_snapshot!(scene);
}

#[test]
fn a_check_that_never_ends() {
    let mut scene = Scene::running(chain());
    scene.succeeds().saved(1).due().explain();
    scene.exited(Exit::Code(0), EndedBy::Itself, Verdict::Silent, Tree::default());
    scene.note("that was the agent, long ago; its check is what may still run");
    scene.kill().checked(CheckOutcome::TimedOut).explain();
    assert_snapshot!(scene);
}

#[test]
fn a_check_that_ends_much_too_late() {
    let mut scene = Scene::running(chain());
    scene.succeeds().saved(1).due().wait(600).check_fails().explain();
    scene.admitted().prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn the_keeper_dies() {
    let mut scene = Scene::running(chain());
    let exit = unknown("its keeper died");
    scene.exited(exit, EndedBy::KeeperLost, Verdict::Silent, Tree::default()).saved(1);
    assert_snapshot!(scene);
}

#[test]
fn the_keeper_dies_and_the_agent_does_not() {
    let mut scene = Scene::running(chain());
    let (exit, tree) = (unknown("its keeper died"), Tree { ended: 0, left: 1 });
    scene.exited(exit.clone(), EndedBy::KeeperLost, Verdict::Silent, tree).explain();
    scene.exited(exit, EndedBy::KeeperLost, Verdict::Silent, Tree { ended: 1, left: 0 });
    scene.saved(1);
    assert_snapshot!(scene);
}

#[test]
fn the_machine_goes_down() {
    let mut scene = Scene::running(chain());
    scene.wait(30).owned(7001);
    let exit = unknown("the machine went down");
    scene.exited(exit, EndedBy::Reboot, Verdict::Silent, Tree::default()).saved(1).started();
    assert_snapshot!(scene);
}

#[test]
fn somebody_else_ends_the_agent() {
    let mut scene = Scene::running(chain());
    let tree = Tree { ended: 1, left: 0 };
    scene.exited(Exit::Code(0), EndedBy::Request, Verdict::Silent, tree).saved(1);
    assert_snapshot!(scene);
}

#[test]
fn a_crash_of_its_own() {
    let mut scene = Scene::running(chain());
    let tree = Tree { ended: 1, left: 0 };
    scene.exited(Exit::Signal(11), EndedBy::Itself, Verdict::Silent, tree).saved(1);
    assert_snapshot!(scene);
}

#[test]
fn new_owners_ask_again_in_every_phase() {
    let mut scene = Scene::new(chain());
    scene.owned(1).admitted().owned(2).prepared().owned(3).started().owned(4);
    scene.succeeds().owned(5).saved(1).owned(6).passes().owned(7);
    let mut other = Scene::running(chain());
    other.stop().owned(1).due().owned(2).due().owned(3);
    assert_snapshot!(format!("{scene}\n\n{other}"));
}

#[test]
fn a_new_owner_does_not_start_what_was_stopped() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().stop().owned(2).not_started();
    let mut other = Scene::running(chain());
    other.succeeds().saved(1).stop().owned(2).checked(CheckOutcome::TimedOut);
    assert_snapshot!(format!("{scene}\n\n{other}"));
}

#[test]
fn nobody_owned_it_for_an_hour() {
    let mut saving = Scene::running(chain());
    saving.succeeds().wait(3600).owned(2).due();
    let mut checking = Scene::running(chain());
    checking.succeeds().saved(1).wait(3600).owned(2).note("the check has its time").passes();
    let mut stopping = Scene::running(chain());
    stopping.stop().wait(3600).owned(2).note("a TERM that was never sent is sent first").due();
    assert_snapshot!(format!("{saving}\n\n{checking}\n\n{stopping}"));
}

#[test]
fn stale_reports_change_nothing() {
    let mut scene = Scene::running(chain());
    let attempt = scene.attempt();
    scene.fails(FailureClass::Auth).saved(0).started();
    for event in [
        ostler::core::Event::Saved { attempt, diff: None, error: None },
        ostler::core::Event::Active { attempt, at: scene.now },
        ostler::core::Event::Checked { attempt, outcome: CheckOutcome::Passed },
    ] {
        scene.tell(event);
    }
    assert_snapshot!(scene);
}
