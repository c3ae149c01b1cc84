//! What is taken up again, and in which order.

use std::collections::BTreeSet;

use ostler::core::recovery::{Found, Piece, plan, words};
use ostler::core::{FailureClass, PhaseWord, WorkstreamId};

use crate::world::rng::Rng;

fn piece(id: &str, phase: PhaseWord) -> Piece {
    let has_begun = phase != PhaseWord::Queued;
    Piece { id: id.into(), phase, class: None, has_begun, priority: 0, after: Vec::new() }
}

fn failed(id: &str, class: FailureClass) -> Piece {
    Piece { class: Some(class), ..piece(id, PhaseWord::Escalated) }
}

fn order(pieces: &[Piece]) -> Vec<String> {
    plan(pieces).iter().map(|step| step.id.to_string()).collect()
}

#[test]
fn what_others_wait_for_goes_first_then_what_has_begun_then_the_higher_priority() {
    let pieces = [
        Piece { after: vec!["e".into()], priority: 9, ..piece("a", PhaseWord::Backoff) },
        piece("b", PhaseWord::Queued),
        Piece { priority: 5, ..piece("c", PhaseWord::Queued) },
        piece("d", PhaseWord::Running),
        Piece { priority: 1, ..failed("e", FailureClass::Network) },
        piece("f", PhaseWord::Done),
    ];
    assert_eq!(order(&pieces), ["e", "a", "d", "c", "b"]);
}

#[test]
fn what_passes_is_told_from_what_a_person_has_to_decide() {
    let found = |piece: &Piece| Found::of(piece.phase, piece.class);
    let network = failed("a", FailureClass::Network);
    assert_eq!(found(&network), Some(Found::Passing(FailureClass::Network)));
    for class in [FailureClass::KeeperLost, FailureClass::Resources, FailureClass::RateLimit] {
        assert_eq!(found(&failed("a", class)), Some(Found::Passing(class)));
    }
    for class in [FailureClass::CheckFailed, FailureClass::NoChange, FailureClass::HardTimeout] {
        assert_eq!(found(&failed("a", class)), Some(Found::NeedsYou));
    }
    let given_up = Piece { phase: PhaseWord::Failed, ..failed("a", FailureClass::CheckFailed) };
    assert_eq!(found(&given_up), Some(Found::Failed), "nobody is asked");
    assert_eq!(found(&piece("a", PhaseWord::Stopped)), None);
    assert_eq!(found(&piece("a", PhaseWord::Done)), None);
}

#[test]
fn it_is_said_in_a_sentence() {
    let fresh = [piece("a", PhaseWord::Queued), piece("b", PhaseWord::Queued)];
    assert_eq!(words(&fresh, 3), None);
    let mut pieces = vec![
        piece("a", PhaseWord::Running),
        piece("b", PhaseWord::Checking),
        failed("c", FailureClass::Network),
        failed("d", FailureClass::CheckFailed),
        piece("e", PhaseWord::Queued),
    ];
    assert_eq!(
        words(&pieces, 3).unwrap(),
        "taken up again: 2 at work (a, b), 1 waiting for you (d), 1 failed for something that passes (c); \
         at most 3 work at a time"
    );
    pieces.extend((0..9).map(|number| piece(&format!("x{number}"), PhaseWord::Lost)));
    assert!(
        words(&pieces, 3).unwrap().contains("9 lost (x0, x1, x2, x3, x4, x5, x6, x7 and 1 more)")
    );
}

#[test]
fn nobody_is_forgotten_and_nobody_goes_before_what_it_waits_for() {
    for seed in 0..300 {
        let mut rng = Rng::new(seed);
        let names: Vec<WorkstreamId> =
            (0..rng.between(1, 12)).map(|it| format!("ws-{it}").as_str().into()).collect();
        let phases = [
            PhaseWord::Queued,
            PhaseWord::Running,
            PhaseWord::Done,
            PhaseWord::Failed,
            PhaseWord::Lost,
        ];
        let pieces: Vec<Piece> = names
            .iter()
            .enumerate()
            .map(|(place, name)| {
                // Now and then in a circle, which no configuration has.
                let most = if rng.chance(95) { place } else { names.len() };
                let after = names[..most].iter().filter(|_| rng.chance(30)).cloned().collect();
                let priority = i32::try_from(rng.between(0, 3)).unwrap();
                Piece { after, priority, ..piece(name.as_str(), *rng.pick(&phases)) }
            })
            .collect();
        let steps = plan(&pieces);
        let unfinished: BTreeSet<&WorkstreamId> =
            pieces.iter().filter(|it| it.phase != PhaseWord::Done).map(|it| &it.id).collect();
        let planned: BTreeSet<&WorkstreamId> = steps.iter().map(|step| &step.id).collect();
        assert_eq!((planned.len(), &planned), (steps.len(), &unfinished), "seed {seed}");
        let is_circle = pieces.iter().enumerate().any(|(place, piece)| {
            piece.after.iter().any(|id| names.iter().position(|it| it == id).unwrap() >= place)
        });
        for (place, step) in steps.iter().enumerate() {
            let before: BTreeSet<&WorkstreamId> = steps[..place].iter().map(|it| &it.id).collect();
            let goes_after = step.after.iter().all(|id| before.contains(id));
            assert!(is_circle || goes_after, "seed {seed}: {steps:?}");
        }
    }
}
