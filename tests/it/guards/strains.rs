//! Agents that take the whole machine.

use std::collections::BTreeMap;
use std::time::Duration;

use ostler::core::outcome::{Strained, What};
use ostler::core::strain::{Resource, Strain, StrainPolicy, Taken};
use ostler::core::{AgentName, Timestamp};

use super::log::Log;

const POLICY: StrainPolicy = StrainPolicy { cpu: 95, memory: 90, lasting: Duration::from_secs(30) };

fn taken(cpu: u32, memory: u32) -> BTreeMap<AgentName, Taken> {
    let taken = Taken { cpu: Some(cpu), memory: Some(memory) };
    BTreeMap::from([(AgentName::from("aider"), taken)])
}

fn at(seconds: u64) -> Timestamp {
    Timestamp(1_000_000) + Duration::from_secs(seconds)
}

#[test]
fn only_what_lasts_counts() {
    let mut strain = Strain::default();
    assert_eq!(strain.look(&taken(99, 10), at(0), &POLICY), []);
    assert_eq!(strain.look(&taken(99, 10), at(20), &POLICY), []);
    // A moment of rest begins it anew.
    assert_eq!(strain.look(&taken(95, 10), at(25), &POLICY), []);
    assert_eq!(strain.look(&taken(99, 10), at(30), &POLICY), []);
    assert_eq!(strain.look(&taken(98, 10), at(50), &POLICY), []);
    assert_eq!(strain.look(&taken(97, 10), at(60), &POLICY), [("aider".into(), Resource::Cpu, 97)]);
    // And it is told again only after as long.
    assert_eq!(strain.look(&taken(97, 10), at(80), &POLICY), []);
    assert_eq!(strain.look(&taken(97, 10), at(90), &POLICY).len(), 1);
}

#[test]
fn memory_counts_by_itself_and_what_is_not_limited_does_not() {
    let mut strain = Strain::default();
    strain.look(&taken(0, 91), at(0), &POLICY);
    assert_eq!(
        strain.look(&taken(0, 91), at(30), &POLICY),
        [("aider".into(), Resource::Memory, 91)]
    );
    let mut strain = Strain::default();
    let usual = StrainPolicy::default();
    strain.look(&taken(100, 95), at(0), &usual);
    assert_eq!(strain.look(&taken(100, 95), at(60), &usual), []);
    let unknown = BTreeMap::from([(AgentName::from("aider"), Taken::default())]);
    assert_eq!(strain.look(&unknown, at(90), &POLICY), []);
}

#[test]
fn a_breaker_opens_says_why_and_is_tried_again() {
    let mut log = Log::default();
    let strained =
        Strained { resource: Resource::Memory, percent: 97, lasting: Duration::from_secs(30) };
    log.write(&"aider".into(), What::Strained(strained));
    assert_eq!(
        log.bar("aider"),
        "its breaker is open for 1:00 (it took 97 % of the memory for 30 s)"
    );
    log.pass(60);
    let attempt = log.begin("a", "aider");
    assert!(log.bar("aider").contains("half-open"), "{}", log.bar("aider"));
    log.pass(10);
    log.succeed(&attempt);
    assert_eq!(log.bar("aider"), "closed");
}
