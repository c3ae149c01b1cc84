//! What is said when the screen has been left.

use ostler::core::phase::PhaseWord;
use ostler::tui::run::{farewell, stopped};

use super::desk::{NOW, facts};

#[test]
fn what_goes_on_and_what_waits_is_told() {
    let told = |phases: &[PhaseWord]| farewell(&facts(phases), NOW);
    assert_eq!(told(&[PhaseWord::Done, PhaseWord::Failed]), Vec::<String>::new());
    let back = "`ostler` shows it again; `ostler status` says how it stands.";
    assert_eq!(
        told(&[PhaseWord::Running, PhaseWord::Escalated]),
        [
            "The work goes on without the screen:",
            "  ws-01  goes on: copilot, for 4:10 now",
            "  ws-02  waits for you",
            back
        ]
    );
    // What only waits does not go on.
    assert_eq!(
        told(&[PhaseWord::Escalated, PhaseWord::Done]),
        ["Nothing goes on by itself:", "  ws-01  waits for you", back]
    );
}

#[test]
fn what_was_stopped_does_not_go_on() {
    assert_eq!(
        stopped(&facts(&[PhaseWord::Stopped, PhaseWord::Escalated])),
        [
            "All is stopped.",
            "  ws-02  waits for you",
            "`ostler` shows it again; what was stopped starts only when you retry it.",
        ]
    );
}
