//! What the policy does by itself.

use insta::assert_snapshot;
use ostler::core::FailureClass;
use ostler::core::definition::{Definition, Exhausted, Expects, Tier};
use ostler::core::event::CheckOutcome;
use ostler::core::policy::{Response, RetryMode, RetryPolicy, Timeouts};
use ostler::core::verdict::{EndedBy, Exit, Tree, Verdict};

use super::scene::Scene;
use crate::world::sample::{on, over, retry, secs, tier};

fn chain() -> Definition {
    over(vec![tier("aider"), tier("copilot"), tier("claude")])
}

fn one(tier: Tier) -> Definition {
    over(vec![tier, crate::world::sample::tier("copilot")])
}

fn aider(class: FailureClass, responses: &[Response]) -> Tier {
    Tier { responses: on(class, responses), ..tier("aider") }
}

#[test]
fn success_at_once() {
    let mut scene = Scene::running(chain());
    scene.wait(20).progress(6).wait(8).succeeds().saved(2).passes().explain();
    assert_snapshot!(scene);
}

#[test]
fn success_without_a_check_needs_a_change() {
    let definition = Definition { check: None, ..chain() };
    let mut scene = Scene::running(definition.clone());
    scene.exits(0).saved(0).note("nothing changed").started().exits(0).saved(1).explain();
    assert_snapshot!(scene);
}

#[test]
fn success_without_a_check_may_need_words_too() {
    let aider = Tier { expects: Expects::MarkerAndChange, ..tier("aider") };
    let mut scene = Scene::running(Definition { check: None, ..one(aider) });
    scene.exits(0).saved(1);
    assert_snapshot!(scene);
}

#[test]
fn retry_then_success() {
    let aider = aider(FailureClass::Network, &[retry(RetryMode::Plain), Response::Next]);
    let mut scene = Scene::running(one(aider));
    scene.fails(FailureClass::Network).saved(1).explain();
    scene.due().admitted().prepared().started();
    scene.fails(FailureClass::Network).saved(1);
    scene.due().admitted().prepared().started().succeeds().saved(1).passes();
    assert_snapshot!(scene);
}

#[test]
fn rate_limit_with_a_stated_reset() {
    let aider = aider(FailureClass::RateLimit, &[Response::Backoff(secs(60)), Response::Next]);
    let mut scene = Scene::running(one(aider));
    scene.fails_until(FailureClass::RateLimit, Some(95)).saved(0).explain();
    scene.due().admitted().prepared().started();
    scene.fails_until(FailureClass::RateLimit, None).saved(0);
    assert_snapshot!(scene);
}

#[test]
fn rate_limit_without_a_stated_reset() {
    let aider = aider(FailureClass::RateLimit, &[Response::Backoff(secs(60)), Response::Next]);
    let mut scene = Scene::running(one(aider));
    scene.fails(FailureClass::RateLimit).saved(0).due();
    assert_snapshot!(scene);
}

#[test]
fn falls_back_over_two_tiers() {
    let mut scene = Scene::running(chain());
    scene.fails(FailureClass::Auth).saved(0).started();
    scene.fails(FailureClass::Quota).saved(0).started().succeeds().saved(3).passes();
    assert_snapshot!(scene);
}

#[test]
fn probes_skip_what_cannot_work() {
    let asks = |agent: &str| Tier { probe: Some(secs(15)), ..tier(agent) };
    let mut scene = Scene::new(over(vec![asks("aider"), asks("copilot"), asks("claude")]));
    scene.admitted().prepared().refused("no key in ANTHROPIC_API_KEY").explain();
    scene.due().note("the last tier is not probed, since nothing stands behind it").started();
    assert_snapshot!(scene);
}

#[test]
fn a_probe_that_agrees() {
    let aider = Tier { probe: Some(secs(15)), ..tier("aider") };
    let mut scene = Scene::new(one(aider));
    scene.admitted().prepared().explain().ready().started();
    assert_snapshot!(scene);
}

#[test]
fn soft_then_hard_timeout_then_the_next_tier() {
    let mut scene = Scene::running(chain());
    scene.due().explain().due().explain().obeys().saved(1).started();
    assert_snapshot!(scene);
}

#[test]
fn the_keeper_holds_the_hard_deadline_too() {
    let mut scene = Scene::running(chain());
    scene.wait(119).exited(
        Exit::Signal(15),
        EndedBy::Deadline,
        Verdict::Silent,
        Tree { ended: 2, left: 0 },
    );
    scene.saved(1);
    assert_snapshot!(scene);
}

#[test]
fn an_agent_that_ends_by_itself_at_the_deadline_is_judged_by_its_work() {
    let mut scene = Scene::running(chain());
    scene.due().due().succeeds().saved(2).passes();
    assert_snapshot!(scene);
}

#[test]
fn idle_timeout_after_a_look() {
    let timeouts = Timeouts { soft: None, hard: secs(600), idle: Some(secs(60)) };
    let mut scene = Scene::running(one(Tier { timeouts, ..tier("aider") }));
    scene.due().active(5).note("it had written something").due().due();
    scene.note("nobody answered, so it is asked again").active(70).explain().obeys().saved(0);
    assert_snapshot!(scene);
}

#[test]
fn an_agent_that_retries_by_itself_is_not_idle_but_slow_all_the_same() {
    let timeouts = Timeouts { soft: Some(secs(100)), hard: secs(600), idle: Some(secs(60)) };
    let mut scene = Scene::running(one(Tier { timeouts, ..tier("aider") }));
    scene.wait(50).remarks("API retry 3/10, 40 s: rate_limit");
    scene.note("60 s after its start nothing is due").wait(40);
    scene.remarks("API retry 4/10, 40 s: rate_limit").due().explain();
    scene.note("and it is idle a minute after its last word").due().active(60);
    assert_snapshot!(scene);
}

#[test]
fn an_agent_that_waits_for_the_operator_is_not_idle() {
    let timeouts = Timeouts { soft: None, hard: secs(600), idle: Some(secs(60)) };
    let mut scene = Scene::running(one(Tier { timeouts, ..tier("aider") }));
    scene.wait(50).waits(Some("Create new file? (Y)es/(N)o")).explain().wait(300);
    scene.note("nothing is due but the hard timeout").waits(None).explain();
    scene.note("a minute after it went on it is idle").due().active(60).obeys().saved(0);
    assert_snapshot!(scene);
}

#[test]
fn an_agent_that_would_never_end_is_ended_by_its_own_words() {
    let mut scene = Scene::running(chain());
    scene.wait(30).hopeless(FailureClass::Network, "Reconnecting... waiting for network");
    scene.explain().obeys().saved(0).note("one that ignores TERM").wait(1);
    scene.started().hopeless(FailureClass::Network, "Reconnecting... waiting for network");
    scene.due();
    assert_snapshot!(scene);
}

#[test]
fn a_failed_check_is_fed_back() {
    let aider = aider(FailureClass::CheckFailed, &[retry(RetryMode::Feedback), Response::Next]);
    let mut scene = Scene::running(one(aider));
    scene.succeeds().saved(1).explain().check_fails().due().admitted().prepared().started();
    scene.succeeds().saved(2).passes();
    assert_snapshot!(scene);
}

#[test]
fn a_check_that_times_out() {
    let mut scene = Scene::running(chain());
    scene.succeeds().saved(1).wait(60).checked(CheckOutcome::TimedOut);
    assert_snapshot!(scene);
}

#[test]
fn a_check_that_cannot_run_asks_a_person() {
    let mut scene = Scene::running(chain());
    scene.succeeds().saved(1).checked(CheckOutcome::NotRun("no such program: cargo".to_owned()));
    scene.explain();
    assert_snapshot!(scene);
}

#[test]
fn chain_exhausted_then_the_operator_chooses_a_tier() {
    let mut scene = Scene::running(one(tier("aider")));
    scene.fails(FailureClass::Auth).saved(0).started().exits(1).saved(1).explain();
    scene.retry(Some(0), Some("the key is there now")).admitted().prepared().started();
    scene.succeeds().saved(1).passes();
    assert_snapshot!(scene);
}

#[test]
fn chain_exhausted_may_mean_given_up() {
    let definition = Definition { exhausted: Exhausted::Fail, ..over(vec![tier("aider")]) };
    let mut scene = Scene::running(definition);
    scene.exits(1).saved(0).explain();
    assert_snapshot!(scene);
}

#[test]
fn the_end_of_the_chain_is_told_even_when_the_attempts_are_used_up() {
    let definition =
        Definition { exhausted: Exhausted::Fail, max_attempts: 1, ..over(vec![tier("aider")]) };
    let mut scene = Scene::running(definition);
    scene.exits(1).saved(0);
    assert_snapshot!(scene);
}

#[test]
fn goto_jumps_in_the_chain() {
    let aider =
        aider(FailureClass::ContextOverflow, &[Response::Goto("claude".into()), Response::Fail]);
    let mut scene = Scene::running(over(vec![aider, tier("copilot"), tier("claude")]));
    scene.fails(FailureClass::ContextOverflow).saved(0).started();
    assert_snapshot!(scene);
}

#[test]
fn responses_follow_one_another() {
    let aider = aider(
        FailureClass::ContextOverflow,
        &[
            Response::Retry { times: Some(1), mode: RetryMode::Simpler },
            Response::Retry { times: Some(1), mode: RetryMode::Compact(50) },
            Response::Retry { times: Some(1), mode: RetryMode::Clean },
            Response::Escalate,
        ],
    );
    let mut scene = Scene::running(one(aider));
    for _ in 0..3 {
        scene.fails(FailureClass::ContextOverflow).saved(0).due().admitted().prepared().started();
    }
    scene.fails(FailureClass::ContextOverflow).saved(0).explain();
    assert_snapshot!(scene);
}

#[test]
fn the_policy_may_give_up() {
    let mut scene = Scene::running(one(aider(FailureClass::Refusal, &[Response::Fail])));
    scene.fails(FailureClass::Refusal).saved(0);
    assert_snapshot!(scene);
}

#[test]
fn the_attempts_are_limited() {
    let loops = [Response::Goto("aider".into())];
    let definition = Definition { max_attempts: 3, ..one(aider(FailureClass::Network, &loops)) };
    let mut scene = Scene::running(definition);
    for _ in 0..2 {
        scene.fails(FailureClass::Network).saved(0).started();
    }
    scene.fails(FailureClass::Network).saved(0);
    scene.note("a new go renews the allowance").retry(None, None).admitted().prepared().started();
    scene.fails(FailureClass::Network).saved(0);
    assert_snapshot!(scene);
}

#[test]
fn a_program_that_is_missing() {
    let mut scene = Scene::new(chain());
    scene.admitted().prepared().not_started().started();
    assert_snapshot!(scene);
}

#[test]
fn failures_are_remembered_when_the_chain_changes() {
    let network = [retry(RetryMode::Plain), Response::Escalate];
    let aider = Tier { retry: RetryPolicy { max: 1, ..tier("aider").retry }, ..tier("aider") };
    let aider = Tier { responses: on(FailureClass::Network, &network), ..aider };
    let mut scene = Scene::running(one(aider.clone()));
    scene.fails(FailureClass::Network).saved(0).note("the one retry that it has");
    let longer = over(vec![tier("claude"), tier("copilot"), aider]);
    scene.tell(ostler::core::Event::Defined(Box::new(longer)));
    scene.due().admitted().prepared().note("aider, at tier 2 now").started();
    scene.fails(FailureClass::Network).saved(0);
    assert_snapshot!(scene);
}

#[test]
fn the_chain_changes_under_a_running_attempt() {
    let mut scene = Scene::running(chain());
    scene.fails(FailureClass::Auth).saved(0).started().note("copilot works, at tier 1");
    let shorter = over(vec![tier("copilot"), tier("replica")]);
    scene.wait(1).tell(ostler::core::Event::Defined(Box::new(shorter)));
    scene.due().explain().fails(FailureClass::Auth).saved(0).started();
    let none = over(Vec::new());
    scene.wait(1).tell(ostler::core::Event::Defined(Box::new(none)));
    scene.exits(1).saved(0);
    assert_snapshot!(scene);
}
