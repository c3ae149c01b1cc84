//! Agents that work side by side: sooner done, for more.

use ostler::core::Definition;
use ostler::core::contest::{Contending, Contest, Contestant};
use ostler::core::simulate::model::Policy;
use ostler::core::simulate::run::run;

use super::made::{definition, policy, scenario};
use crate::world::sample::{secs, tier};

fn side_by_side(how: Contending, agents: &[&str], parallel: usize) -> Policy {
    let contestant = |agent: &&str| Contestant { agent: (*agent).into(), capacity: None };
    let contestants = agents.iter().map(contestant).collect();
    let mut definition = definition();
    let mut first = tier(how.word());
    first.timeouts.hard = secs(4 * 3600);
    first.contest = Some(Contest { how, contestants, longest: secs(3600) });
    definition.tiers.insert(0, first);
    Policy { definitions: vec![Definition { ..definition }], ..policy(parallel) }
}

#[test]
fn a_race_is_sooner_done_and_takes_more() {
    // Slots for all, so that nobody waits.
    let alone = run(&policy(200), &scenario(60));
    let race = run(&side_by_side(Contending::Race, &["first", "second"], 200), &scenario(60));
    assert_eq!((race.done + race.escalated, alone.done + alone.escalated), (60, 60));
    assert!(race.turnaround(95) < alone.turnaround(95), "{race:?} {alone:?}");
    assert!(race.turnaround(50) < alone.turnaround(50), "{race:?} {alone:?}");
    assert!(race.tokens > alone.tokens, "{race:?} {alone:?}");
    // It counts for those that worked, and not for what stands for them.
    assert!(race.agents.keys().all(|agent| agent.as_str() != "race"), "{race:?}");
    assert_eq!(
        race,
        run(&side_by_side(Contending::Race, &["first", "second"], 200), &scenario(60))
    );
}

#[test]
fn the_slots_of_all_that_are_at_work_are_counted() {
    for (parallel, agents) in [(2, &["first", "second"][..]), (5, &["first", "second", "first"])] {
        let report = run(&side_by_side(Contending::Vote, agents, parallel), &scenario(40));
        assert!(report.most_at_once <= parallel, "{report:?}");
        assert_eq!(report.done + report.escalated, 40, "nobody is forgotten");
    }
}
