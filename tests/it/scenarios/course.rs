//! What is remembered of a workstream's time.

use ostler::core::course::{Gait, KEPT};
use ostler::core::{AttemptId, PhaseWord, Timestamp};

use super::scene::Scene;
use crate::world::sample::{over, tier};

/// Returns the turns so far: when, where, and for which attempt.
fn turns(scene: &Scene) -> Vec<(u64, PhaseWord, Gait, u32)> {
    let turns = scene.workstream.course.turns();
    turns
        .map(|turn| {
            let attempt = turn.attempt.map_or(0, |AttemptId(number)| number);
            (turn.at.0 / 1000, turn.phase, turn.gait, attempt)
        })
        .collect()
}

#[test]
fn every_change_of_phase_and_gait_is_kept_with_its_time() {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    scene.due().wait(10).succeeds().saved(2).passes();
    let told = turns(&scene);
    let words: Vec<(PhaseWord, Gait)> = told.iter().map(|turn| (turn.1, turn.2)).collect();
    let expected = [
        (PhaseWord::Queued, Gait::Steady),
        (PhaseWord::Preparing, Gait::Steady),
        (PhaseWord::Starting, Gait::Steady),
        (PhaseWord::Running, Gait::Steady),
        (PhaseWord::Running, Gait::Slow),
        (PhaseWord::Draining, Gait::Steady),
        (PhaseWord::Checking, Gait::Steady),
        (PhaseWord::Done, Gait::Steady),
    ];
    assert_eq!(words, expected);
    assert!(told.is_sorted_by_key(|turn| turn.0), "{told:?}");
    assert_eq!(told[4].0 - told[3].0, 60, "the soft timeout");
    assert_eq!(scene.workstream.since, Timestamp(told[7].0 * 1000));
}

#[test]
fn what_changes_nothing_adds_nothing_and_the_oldest_is_let_go() {
    let mut scene = Scene::running(over(vec![tier("aider")]));
    let before = turns(&scene);
    scene.wait(5).progress(3).wait(5).progress(4);
    assert_eq!(turns(&scene), before);
    for _ in 0..KEPT {
        scene.stop();
        scene.exits(1).saved(1);
        scene.retry(None, None);
        scene.admitted().prepared().started();
    }
    assert_eq!(turns(&scene).len(), KEPT);
}
