//! The crash matrix: whoever is hit, by what, at which moment, the work comes to its end by policy, and nothing runs twice.
//!
//! One test for each victim and blow, through all moments one after the other; the README's table names them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod blow;
mod moment;
mod setting;
mod sweep;

use std::fs;

use ostler::core::phase::PhaseWord;

use blow::{Blow, Victim};
use moment::Moment;
use setting::{Host, Setting};

use crate::project::story;
use crate::resources::disk::Disk;

/// What is seen in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Done, after so many attempts.
    Done(usize),
    /// It waits for the operator after so many attempts.
    Asks(usize),
}

/// Hits the victim at this moment, and holds what comes of it against what must.
fn hit(victim: Victim, blow: Blow, moment: Moment, end: End) {
    let setting = Setting::new(moment);
    let mut host = setting.start(victim);
    setting.until_there();
    blow.strike(&setting, victim, &mut host);
    setting.go_on();
    let (phase, attempts) = match end {
        End::Done(attempts) => (PhaseWord::Done, attempts),
        End::Asks(attempts) => (PhaseWord::Escalated, attempts),
    };
    let what = format!("{victim:?} {blow:?} {moment:?}");
    let state = setting.project.until_phase("a", phase);
    let starts = setting.starts();
    assert_eq!(state.attempts.len(), attempts, "{what}: {:?}", setting.project.tell());
    assert_eq!(starts.len(), attempts, "{what}: {starts:?}");
    drop(host);
    setting.project.until_nothing_is_left();
    setting.assert_whole();
}

/// Attempts where nobody is hit: a hard timeout is what stops an agent.
fn usual(moment: Moment) -> End {
    End::Done(if moment == Moment::Stopping { 2 } else { 1 })
}

fn changes_nothing(victim: Victim, blow: Blow) {
    for moment in Moment::ALL {
        hit(victim, blow, moment, usual(moment));
    }
}

#[test]
fn a_disk_that_is_full_costs_one_attempt_at_most() {
    for moment in Moment::ALL {
        // Larger than the floor and the space that is kept for a full disk.
        let Some(disk) = Disk::new(64) else { return };
        let setting = Setting::on(&disk, moment);
        let Host::Headless(up) = setting.start(Victim::Supervisor) else { unreachable!() };
        setting.until_there();
        let filler = disk.fill_up_to(0);
        setting.go_on();
        up.until_out("too little room in ");
        fs::remove_file(filler).unwrap();
        let told = story(&setting.project.until_phase("a", PhaseWord::Done));
        setting.starts();
        drop(up);
        setting.project.until_nothing_is_left();
        setting.assert_whole();
        let begun: &[&str] = match moment {
            Moment::Stopping => &["1 first hard_timeout"],
            _another => &[],
        };
        let lost = told.iter().filter(|attempt| attempt.ends_with(" resources")).count();
        let good = told.last().is_some_and(|attempt| attempt.ends_with(" succeeded"));
        assert!(told.starts_with(&begun.iter().map(ToString::to_string).collect::<Vec<_>>()));
        assert!(good && lost <= 1 && told.len() == begun.len() + lost + 1, "{moment:?} {told:?}");
    }
}

#[test]
fn a_killed_supervisor_is_followed() {
    changes_nothing(Victim::Supervisor, Blow::Kill);
}

#[test]
fn a_supervisor_that_gets_term_hands_over() {
    changes_nothing(Victim::Supervisor, Blow::Term);
}

#[test]
fn a_stopped_supervisor_goes_on() {
    changes_nothing(Victim::Supervisor, Blow::StopAndContinue);
}

#[test]
fn a_killed_worker_is_followed() {
    changes_nothing(Victim::Worker, Blow::Kill);
}

#[test]
fn a_worker_that_gets_term_hands_over() {
    changes_nothing(Victim::Worker, Blow::Term);
}

#[test]
fn a_stopped_worker_goes_on() {
    changes_nothing(Victim::Worker, Blow::StopAndContinue);
}

#[test]
fn a_terminal_that_is_cut_ends_the_screen_alone() {
    changes_nothing(Victim::Terminal, Blow::Cut);
}

#[test]
fn a_killed_screen_is_followed() {
    changes_nothing(Victim::Terminal, Blow::Kill);
}

#[test]
fn a_stopped_screen_goes_on() {
    changes_nothing(Victim::Terminal, Blow::StopAndContinue);
}

#[test]
fn a_killed_keeper_costs_its_attempt() {
    hit(Victim::Keeper, Blow::Kill, Moment::Running, End::Done(2));
    hit(Victim::Keeper, Blow::Kill, Moment::Stopping, End::Done(2));
    // The agent has ended, and its end is in the journal.
    hit(Victim::Keeper, Blow::Kill, Moment::Saving, End::Done(1));
    // Whether the work is good is not known then, and nobody guesses.
    hit(Victim::Keeper, Blow::Kill, Moment::Checking, End::Asks(1));
}

#[test]
fn a_keeper_that_gets_term_stays() {
    for moment in Moment::KEPT {
        hit(Victim::Keeper, Blow::Term, moment, usual(moment));
    }
}

#[test]
fn a_stopped_keeper_goes_on() {
    for moment in Moment::KEPT {
        hit(Victim::Keeper, Blow::StopAndContinue, moment, usual(moment));
    }
}

#[test]
fn a_killed_agent_is_tried_again() {
    hit(Victim::Agent, Blow::Kill, Moment::Running, End::Done(2));
    hit(Victim::Agent, Blow::Kill, Moment::Stopping, End::Done(2));
    hit(Victim::Agent, Blow::Kill, Moment::Checking, End::Done(2));
}

#[test]
fn an_agent_that_gets_term_from_elsewhere_is_tried_again() {
    hit(Victim::Agent, Blow::Term, Moment::Running, End::Done(2));
    hit(Victim::Agent, Blow::Term, Moment::Checking, End::Done(2));
}

#[test]
fn a_stopped_agent_goes_on() {
    for moment in [Moment::Running, Moment::Stopping, Moment::Checking] {
        hit(Victim::Agent, Blow::StopAndContinue, moment, usual(moment));
    }
}
