//! What a workstream does whose agents work side by side.

use insta::assert_snapshot;
use ostler::core::account::{Account, Inner, Made, Usage};
use ostler::core::bar::{Bar, Guarded};
use ostler::core::contest::{Contending, Contest, Contestant};
use ostler::core::definition::{Definition, Tier};
use ostler::core::event::{Event, Request};
use ostler::core::outcome;
use ostler::core::phase::StartFrom;
use ostler::core::policy::Response;
use ostler::core::verdict::DiffSize;
use ostler::core::{AttemptId, AttemptOutcome, FailureClass};

use super::scene::Scene;
use crate::world::sample::{on, over, secs, tier};

pub fn contest(how: Contending, agents: &[&str]) -> Tier {
    let contestant = |agent: &&str| Contestant { agent: (*agent).into(), capacity: None };
    let contestants = agents.iter().map(contestant).collect();
    let mut responses = on(FailureClass::NoMajority, &[Response::Escalate]);
    responses.0.insert(FailureClass::CheckFailed, vec![Response::Next]);
    Tier {
        contest: Some(Contest { how, contestants, longest: secs(300) }),
        responses,
        ..tier(how.word())
    }
}

fn race() -> Definition {
    over(vec![contest(Contending::Race, &["aider", "codex", "aider"]), tier("copilot")])
}

fn bar(scene: &mut Scene, agents: &[&str]) {
    let until = Some(scene.now + secs(60));
    let bar = || Bar::Shut { until, why: "3 failures in a row".to_owned() };
    let bars = agents.iter().map(|agent| ((*agent).into(), bar())).collect();
    scene.tell(Event::Barred(Box::new(Guarded { bars, ..Guarded::default() })));
}

/// Tells what two contestants do.
fn account(scene: &mut Scene, outcomes: [AttemptOutcome; 2]) {
    let made = |number: u32| Made {
        checkpoint: format!("refs/ostler/ws-03+vote-1.{number}/1-after"),
        diff: DiffSize { files: 1, added: 3, removed: 0 },
    };
    let inner = outcomes.into_iter().zip(1..).map(|(outcome, number)| Inner {
        number,
        agent: if number == 1 { "aider" } else { "codex" }.to_owned(),
        made: (outcome == AttemptOutcome::Succeeded).then(|| made(number)),
        outcome,
        reason: String::new(),
        took: None,
        contestant: Some(number),
        reset: None,
        usage: Usage::default(),
    });
    let account = Account { inner: inner.collect(), ..Account::default() };
    let attempt = scene.attempt();
    scene.tell(Event::Accounted { attempt, account: Box::new(account) });
}

#[test]
fn who_is_shut_when_it_is_let_go_is_left_out() {
    let mut scene = Scene::new(race());
    bar(&mut scene, &["codex"]);
    scene.admitted();
    assert_eq!(scene.workstream.slots(), 2);
    // Who takes part was decided when there were slots for them.
    bar(&mut scene, &[]);
    scene.prepared().started().explain();
    assert_eq!(scene.workstream.slots(), 2);
    scene.succeeds();
    assert_eq!(scene.workstream.slots(), 1, "those that worked side by side have ended");
    scene.saved(1).passes();
    assert_snapshot!(scene);
}

#[test]
fn with_all_of_them_shut_the_tier_is_passed_over() {
    let mut scene = Scene::new(race());
    bar(&mut scene, &["codex", "aider"]);
    scene.admitted();
    assert_eq!(scene.workstream.slots(), 1);
    scene.prepared().started().explain();
    assert_snapshot!(scene);
}

#[test]
fn an_operator_who_wants_it_while_a_worktree_is_made_waits_for_its_slots() {
    let mut scene = Scene::new(race());
    scene.stop().retry(Some(1), None).admitted();
    assert_eq!(scene.workstream.slots(), 1);
    scene.retry(Some(0), None).note("a late report is for nobody").prepared();
    assert_eq!(scene.workstream.phase.word().as_str(), "queued");
    scene.admitted();
    assert_eq!(scene.workstream.slots(), 3);
    scene.prepared().started();
    assert_snapshot!(scene);
}

#[test]
fn what_one_made_is_taken_by_an_attempt_in_which_nobody_works() {
    let vote = contest(Contending::Vote, &["aider", "codex"]);
    let mut scene = Scene::running(over(vec![vote, tier("copilot")]));
    account(&mut scene, [AttemptOutcome::Open, AttemptOutcome::Open]);
    scene.explain();
    account(&mut scene, [AttemptOutcome::Succeeded, AttemptOutcome::Succeeded]);
    scene.fails(FailureClass::NoMajority).saved(0).explain();
    let take = |attempt, contestant| {
        Event::Operator(Request::Take { attempt: AttemptId(attempt), contestant })
    };
    scene.tell(take(1, 3)).tell(take(7, 1)).tell(take(1, 2)).admitted();
    assert_eq!(scene.workstream.slots(), 1);
    scene.prepared().started().succeeds().saved(1).passes();
    assert_snapshot!(scene);
    let from = StartFrom::Contestant(AttemptId(1), 3);
    scene.tell(Event::Operator(Request::Retry { tier: None, from, note: None }));
    assert_eq!(scene.workstream.phase.word().as_str(), "done", "that one has left nothing");
    let ends = outcome::ends(&scene.workstream);
    let agents: Vec<&str> = ends.iter().map(|end| end.agent.as_str()).collect();
    assert_eq!(agents, ["aider", "codex"], "no agent worked when it was taken");
}
