//! What is said of agents that work side by side.

use std::fs;

use ostler::config::load::load_with;
use ostler::core::AgentName;
use ostler::core::contest::Contending;
use ostler::core::worst_case::WorstCase;

use super::plan;

fn names(all: &[AgentName]) -> Vec<&str> {
    all.iter().map(AgentName::as_str).collect()
}

#[test]
fn the_first_agents_of_a_chain_stand_side_by_side() {
    let plan = plan(
        "
chain: [aider, codex, gemini]
race: 2
workstreams:
  - { id: a, prompt: p }
  - { id: b, prompt: p, vote: 3 }
  - { id: c, prompt: p, race: off }
  - { id: d, prompt: p, chain: [goose], race: 3 }
",
    );
    let of = |place: usize| {
        let workstream = &plan.workstreams[place];
        let contest = workstream.contest.as_ref();
        let who = contest.map(|it| (it.how, names(&it.contestants)));
        (names(&workstream.chain), who)
    };
    assert_eq!(of(0), (vec!["race", "gemini"], Some((Contending::Race, vec!["aider", "codex"]))));
    let three = vec!["aider", "codex", "gemini"];
    assert_eq!(of(1), (vec!["vote"], Some((Contending::Vote, three.clone()))));
    assert_eq!(of(2), (three, None));
    assert_eq!(of(3), (vec!["race"], Some((Contending::Race, vec!["goose"; 3]))));
    assert_eq!(names(&plan.chain), ["race", "gemini"], "what is made by hand races, too");
    let race = &plan.agents[&AgentName::from("race")];
    assert!(race.contends == Some(Contending::Race) && !race.is_replica());
}

#[test]
fn the_worst_case_is_that_of_the_slowest() {
    let plan = plan(
        "
agents: { slow: { command: [x], timeout: { hard: 3h } }, quick: { command: [x], timeout: { hard: 16m } } }
workstreams:
  - { id: both, prompt: p, chain: [quick, slow], race: 2 }
  - { id: slow, prompt: p, chain: [slow], on: { chain_exhausted: fail } }
",
    );
    let takes = |place: usize| {
        let definition = plan.definition(&plan.workstreams[place]);
        let WorstCase::Bounded(path) = WorstCase::of(&definition) else { panic!("unbounded") };
        (path.takes(), path.attempts())
    };
    let ((both, attempts), (slow, _)) = (takes(0), takes(1));
    assert_eq!(attempts, 1);
    let hours = |hours: u64| std::time::Duration::from_secs(hours * 3600);
    assert!(both > hours(3) && both < slow + hours(1), "{both:?} {slow:?}");
}

#[test]
fn what_cannot_be_is_told_with_its_line() {
    let root = tempfile::tempdir().unwrap();
    let told = |text: &str| {
        fs::write(root.path().join("ostler.yaml"), text).unwrap();
        load_with(root.path(), None, None).unwrap_err().lines().join("\n")
    };
    let head = "limits: { parallel: 3, standby: 1 }\nagents: { few: { command: [x], capacity: 1 }, b: { command: [x] } }\n";
    for (text, words) in [
        (
            "chain: [few, b]\nrace: 2\nvote: 2\n",
            "ostler.yaml:5:7: agents cannot both race and vote",
        ),
        (
            "chain: [few, b]\nrace: 3\n",
            "ostler.yaml:4:7: `race: 3` takes 3 slots, and `limits.parallel` is 3, of which `limits.standby` keeps 1",
        ),
        ("chain: [few]\nvote: 2\n", "`vote: 2` has `few` work 2 times, and its `capacity` is 1"),
        ("chain: [replica, b]\nrace: 2\n", "`replica` is among the first 2, and a replica cannot"),
        ("chain: [race, b]\n", "`race` is no agent that works by itself"),
        ("chain: [few, b]\nrace: 1\n", "a number of agents from 2 up, or `off`"),
        ("chain: [few, b]\nrace: many\n", "a number of agents from 2 up, or `off`"),
        (
            "workstreams: [{ id: a, prompt: p, chain: [few, b], race: 2, vote: 2 }, { id: c, prompt: p, race: 4 }]\nchain: [b]",
            "ostler.yaml:3:67: agents cannot both race and vote",
        ),
    ] {
        let told = told(&format!("{head}{text}"));
        assert!(told.contains(words), "{words}: {told}");
    }
    let own = "agents: { race: { command: [x] }, b: { command: [x] } }\nchain: [b]\nrace: 2\n";
    let own = told(own);
    assert!(own.contains("`race` is the name of an agent of yours"), "{own}");
    // It is said once, however many use it.
    let many = "chain: [b]\nrace: 3\nworkstreams: [{ id: a, prompt: p }, { id: c, prompt: p }, { id: d, prompt: p, chain: [b, b] }]\n";
    let many = told(&format!("{head}{many}"));
    assert_eq!(many.matches("takes 3 slots").count(), 1, "{many}");
}
