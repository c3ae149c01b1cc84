//! The first whose work passes wins.

use crate::project::{Project, left, story};

use super::{WAITS, home, inner, outcomes, project};

#[test]
fn the_first_that_passes_wins_and_the_others_are_stopped_and_kept() {
    let first = "until [ -e $HOME/there ]; do sleep 0.05; done; pwd > $HOME/pwd; echo $OSTLER_DEPTH > $HOME/depth; echo first > done.txt\n";
    let project = project(&[("one", WAITS), ("two", first)], "race: 2, chain: [one, two, last]");
    let said = project.headless();
    assert_eq!(said.code, Some(0), "{}", project.tell());
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 race succeeded"]);
    assert_eq!(inner(&state, 0), ["1 one stopped", "2 two did it"]);
    assert_eq!(home(&project, "done.txt"), Some("first\n".into()));
    assert_eq!(home(&project, "half.txt"), None);
    left::assert_only(&project, "a");
    project.until_nothing_is_left();
    let kept = project.git(&["show", "refs/ostler/a+race-1.1/1-after:half.txt"]);
    assert_eq!(kept, "half");
    let place = project.root.join(".worktrees/a+race-1.2").display().to_string();
    assert_eq!(
        (project.read("pwd").trim_end(), project.read("depth").trim_end()),
        (&place[..], "1")
    );
    // Each counts for its own agent, and one that was stopped has not failed.
    assert_eq!(outcomes(&project), ["one stopped -", "two succeeded -"]);
    // It is told wherever somebody may look.
    let logs = project.ok(&["logs", "a"]);
    assert!(logs.contains("two: attempt 1: two started"), "{logs}");
    assert!(
        logs.contains("two is the first whose work passes; the other one is stopped"),
        "{logs}"
    );
    let told = project.workstream("a");
    assert_eq!(told["chain"][0]["contestants"], serde_json::json!(["one", "two"]));
    let inner = &told["attempts"][0]["inner"];
    let one = inner.as_array().unwrap().iter().find(|it| it["contestant"] == 1).unwrap();
    assert_eq!(one["made"]["checkpoint"], "refs/ostler/a+race-1.1/1-after");
    assert_eq!(one["made"]["diff"]["added"], 1);
    let why = "two was first; 1 file, +1 −0, kept as refs/ostler/a+race-1.1/1-after";
    assert_eq!(one["reason"], why);
}

#[test]
fn who_is_first_and_fails_the_check_does_not_win() {
    let bad = "echo quick > other.txt\n";
    let good = "until grep -rqs 'one failed (check_failed)' $HOME/state --include=out.log; do sleep 0.1; done; echo slow > done.txt\n";
    let project = project(&[("one", bad), ("two", good)], "race: 2, chain: [one, two, last]");
    project.headless().expect(0, &["1 done"]);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 race succeeded"]);
    assert_eq!(inner(&state, 0), ["1 one check_failed", "2 two did it"]);
    assert_eq!(home(&project, "done.txt"), Some("slow\n".into()));
    assert_eq!(outcomes(&project), ["one failed check_failed", "two succeeded -"]);
}

#[test]
fn where_nobody_passes_the_next_tier_works() {
    let project = project(
        &[("one", "echo no; exit 3\n"), ("two", "echo half > half.txt\n")],
        "race: 2, chain: [one, two, last]",
    );
    let said = project.headless();
    said.expect(0, &["falling back from race to last", "nobody's work passed ("]);
    let state = project.replay("a").unwrap();
    assert_eq!(inner(&state, 0), ["1 one exit_code", "2 two check_failed"]);
    assert_eq!(story(&state)[1..], ["2 last succeeded"]);
    // Nothing of theirs is in the outer worktree, and what they made is kept.
    assert_eq!(
        (home(&project, "half.txt"), home(&project, "done.txt")),
        (None, Some("last\n".into()))
    );
    assert_eq!(project.git(&["show", "refs/ostler/a+race-1.2/1-after:half.txt"]), "half");
    left::assert_only(&project, "a");
}

#[test]
fn one_agent_races_against_itself() {
    // The third is not done before it is told that the first has failed.
    let script = "case $OSTLER_WORKSTREAM in *.3) ;; *) exit 3;; esac
until grep -rqs --include=out.log 'one#1: attempt 1: one failed' $HOME/state; do sleep 0.05; done
echo third > done.txt
";
    let project = project(&[("one", script)], "race: 3, chain: [one]");
    project.headless().expect(0, &["race: one#1: attempt 1: one failed (exit_code)"]);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 race succeeded"]);
    assert!(inner(&state, 0).contains(&"3 one did it".to_owned()), "{:?}", inner(&state, 0));
    // What stands for all of them is no agent of its own.
    let mut screen = project.screen((100, 30));
    screen.shows("race✔");
    screen.key("b", "▸? one");
    screen.hides("? race");
    screen.type_in("q");
    assert!(screen.join().success());
    assert_eq!(home(&project, "done.txt"), Some("third\n".into()));
}

#[test]
fn who_is_shut_out_is_left_out_and_one_that_is_left_works_alone() {
    let project = project(
        &[("one", "echo one > done.txt\n"), ("two", "echo two > done.txt\n")],
        "race: 2, chain: [one, two, last]",
    );
    project.ok(&["breaker", "two", "hold"]);
    let said = project.headless();
    said.expect(0, &["two is left out of the race: it is held (the operator holds it)"]);
    assert!(project.log("a", 1).contains("only one takes part, so it works alone"));
    let state = project.replay("a").unwrap();
    assert_eq!(inner(&state, 0), ["1 one did it"]);
    assert_eq!(home(&project, "done.txt"), Some("one\n".into()));
    // Where nobody may take part, the next tier works.
    project.ok(&["breaker", "one", "hold"]);
    project.ok(&["retry", "a"]);
    project.headless();
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state)[1..], ["2 race skipped", "3 last succeeded"], "{}", project.tell());
}

#[test]
fn when_a_refused_one_works_again_is_known_to_its_breaker() {
    let agents = r#"
agents:
  one: { command: [sh, -c, 'until grep -rqs --include=out.log "two: attempt 1: two failed" $HOME/state; do sleep 0.05; done; echo one > done.txt'] }
  two:
    command: [sh, -c, 'echo "quota is used up, try again in 900 seconds"; exit 1']
    output: { failure: [{ class: quota, text: 'try again in (?P<reset_s>\d+) seconds' }] }
    on: { quota: next }
"#;
    let workstreams = "workstreams: [{ id: a, prompt: do it, race: 2, chain: [one, two] }]\n";
    let project = Project::new(&format!("{agents}{workstreams}"));
    project.headless().expect(0, &["1 done"]);
    let state = project.replay("a").unwrap();
    assert_eq!(inner(&state, 0), ["1 one did it", "2 two quota"]);
    let log = std::fs::read_to_string(project.state().join("outcomes.jsonl")).unwrap();
    let ends = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let resets: Vec<_> = ends
        .filter(|it| it["what"] == "ended" && it["agent"] == "two")
        .map(|it| (it["reset"].as_u64().unwrap() - it["at"].as_u64().unwrap()) / 1000)
        .collect();
    assert!(matches!(resets[..], [800..=900]), "{log}");
}
