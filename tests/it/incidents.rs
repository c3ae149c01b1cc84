//! What went wrong with an attempt, and when.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::sync::Arc;

use ostler::core::AttemptId;
use ostler::core::course::{Gait, Turn};
use ostler::core::notice::Severity;
use ostler::core::phase::PhaseWord;
use ostler::ipc::facts::{Facts, Told};
use ostler::tui::incidents;

use crate::frames::fixture::{ago, facts};

/// Returns what went wrong with an attempt of the third workstream, and how many seconds ago.
fn of(facts: &Facts, attempt: u32) -> Vec<(u64, String)> {
    let ws = facts.workstreams.iter().find(|ws| ws.id.as_str() == "ws-03").unwrap();
    let attempt = ws.attempts.iter().find(|one| one.id == AttemptId(attempt)).unwrap();
    let all = incidents::of(facts, ws, attempt).into_iter();
    all.map(|it| (ago(0).since(it.at).as_secs(), it.words)).collect()
}

fn told(seconds: u64, severity: Severity, (of, text): (&str, &str)) -> Told {
    let workstream = Some(of.into());
    Told { number: seconds, at: ago(seconds), workstream, severity, text: text.to_owned() }
}

#[test]
fn an_attempt_has_what_was_told_of_it_until_the_next_one_began() {
    let mut facts = Facts { notices: [].into(), ..facts() };
    assert_eq!(of(&facts, 3), []);
    let failed = "attempt 2: copilot failed (check_failed): 2 of 148 tests failed: parser::nested, parser::empty";
    assert_eq!(of(&facts, 2), [(800, failed.to_owned())], "the journal knows");
    facts.notices = [
        told(900, Severity::Warning, ("ws-03", "copilot is slow: 5:00 and still running")),
        told(890, Severity::Info, ("ws-03", "timeouts moved by 5:00")),
        told(880, Severity::Bad, ("ws-04", "another one failed")),
        told(799, Severity::Bad, ("ws-03", "attempt 2: copilot failed (check_failed): 2 of 148")),
        told(790, Severity::Warning, ("ws-03", "falling back from copilot to claude-api")),
        told(460, Severity::Warning, ("ws-03", "claude-api is slow: 5:00 and still running")),
    ]
    .into();
    let second = of(&facts, 2);
    let words: Vec<&str> = second.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "copilot is slow: 5:00 and still running",
            "attempt 2: copilot failed (check_failed): 2 of 148",
            "falling back from copilot to claude-api",
        ]
    );
    assert_eq!(of(&facts, 3), [(460, "claude-api is slow: 5:00 and still running".to_owned())]);
}

#[test]
fn what_nobody_was_told_stands_in_the_course() {
    let mut facts = Facts { notices: [].into(), ..facts() };
    let turn = |seconds, gait| Turn {
        at: ago(seconds),
        phase: PhaseWord::Running,
        gait,
        attempt: Some(AttemptId(3)),
    };
    let ws = facts.workstreams.iter_mut().find(|ws| ws.id.as_str() == "ws-03").unwrap();
    Arc::make_mut(ws).course = vec![
        turn(760, Gait::Steady),
        turn(600, Gait::Waiting),
        turn(540, Gait::Steady),
        turn(460, Gait::Slow),
    ];
    let known = [(600, "claude-api needs you".to_owned()), (460, "claude-api is slow".to_owned())];
    assert_eq!(of(&facts, 3), known);
    // What was told of the same moment says more.
    facts.notices = [told(459, Severity::Warning, ("ws-03", "claude-api is slow: 5:00"))].into();
    assert_eq!(of(&facts, 3)[1], (459, "claude-api is slow: 5:00".to_owned()));
}
