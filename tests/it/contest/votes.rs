//! What more than half of them made wins.

use ostler::core::phase::PhaseWord;

use crate::project::{left, story};

use super::{home, inner, outcomes, project};

#[test]
fn what_more_than_half_made_wins() {
    let same = "echo same > done.txt\n";
    let other = "echo other > done.txt\n";
    let project = project(
        &[("one", other), ("two", same), ("three", same)],
        "vote: 3, chain: [one, two, three, last]",
    );
    let said = project.headless();
    assert_eq!(said.code, Some(0), "{}", project.tell());
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 vote succeeded"]);
    assert_eq!(inner(&state, 0), ["1 one did it", "2 two did it", "3 three did it"]);
    assert_eq!(home(&project, "done.txt"), Some("same\n".into()));
    assert!(project.log("a", 1).contains("2 of 3 made the same (two, three)"));
    assert_eq!(project.git(&["show", "refs/ostler/a+vote-1.1/1-after:done.txt"]), "other");
    left::assert_only(&project, "a");
}

#[test]
fn without_a_majority_you_choose_and_can_take_one() {
    let project = project(
        &[("one", "echo a > done.txt\n"), ("two", "echo b > done.txt\n"), ("three", "exit 3\n")],
        "vote: 3, chain: [one, two, three, last]",
    );
    let said = project.headless();
    assert_eq!(said.code, Some(3), "{}", project.tell());
    let state = project.replay("a").unwrap();
    assert_eq!(
        (state.phase.word(), story(&state)),
        (PhaseWord::Escalated, vec!["1 vote no_majority".to_owned()])
    );
    let told = project.workstream("a");
    let question = told["explain"].as_str().unwrap();
    for words in [
        "no_majority: no result was made by more than half of 3",
        "one (1 file, +1 −0), two (1 file, +1 −0), three exit_code",
        "1 file, +1 −0, kept as refs/ostler/a+vote-1.2/1-after",
    ] {
        assert!(question.contains(words), "{words}: {question}");
    }
    project
        .run(&["status"])
        .expect(0, &["`ostler answer a retry|accept|give-up|take-1|take-2|vote"]);
    assert_eq!(home(&project, "done.txt"), None, "nobody has chosen yet");
    // Nobody is blamed for that.
    assert_eq!(
        outcomes(&project),
        ["one succeeded -", "three failed exit_code", "two succeeded -"]
    );
    let refused = project.run(&["answer", "a", "take-3"]);
    assert!(refused.code != Some(0) && refused.err.contains("has left nothing"), "{}", refused.err);

    project.ok(&["answer", "a", "take-2"]);
    project.headless().expect(0, &["1 done"]);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 vote no_majority", "2 vote succeeded"]);
    assert_eq!(home(&project, "done.txt"), Some("b\n".into()));
    let log = project.log("a", 2);
    assert!(log.contains("you have taken what two made, number 2 of attempt 1"), "{log}");
    assert_eq!(outcomes(&project).len(), 3, "no agent has worked");
    left::assert_only(&project, "a");
}
