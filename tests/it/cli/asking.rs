//! Commands that ask something of a workstream: of its supervisor, or, if it has none, of the next one.

use ostler::core::phase::PhaseWord;

use crate::project::{Project, left, story};

/// `slow` works until it is told to go on; `bad` fails, `good` does not.
const CONFIG: &str = "
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'echo broken; exit 7'] }
  slow: { command: [sh, -c, 'echo at work; while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x'] }
  good: { command: [sh, -c, 'echo x > x'] }
";

fn project(workstreams: &str) -> Project {
    Project::new(&format!("{CONFIG}workstreams:\n{workstreams}"))
}

#[test]
fn a_supervisor_is_asked_by_its_socket() {
    let project = project(
        "
  - { id: stop, prompt: do it, chain: [slow] }
  - { id: kill, prompt: do it, chain: [slow] }
  - { id: next, prompt: do it, chain: [slow, good] }
  - { id: tier, prompt: do it, chain: [slow, bad, good] }
  - { id: ask, prompt: do it, chain: [slow] }
  - { id: retry, prompt: do it, chain: [bad, slow] }
  - { id: keep, prompt: do it, chain: [slow] }
",
    );
    let up = project.start(&["up", "--headless"]);
    let running = ["stop", "kill", "next", "tier", "ask", "retry", "keep"]
        .map(|id| (id, project.until_running(id)));
    // Each says in a line who was told what, and where the workstream is since then.
    for (args, told) in [
        (&["stop", "stop"][..], "stop it"),
        (&["kill", "kill"], "kill it"),
        (&["escalate", "next", "--note", "mind the gap"], "go on with the next agent"),
        (&["escalate", "tier", "--to", "good", "--note", "mind the tier"], "go on with good"),
        (&["escalate", "ask", "--to", "person", "--note", "is this right?"], "leave it to you"),
        (&["retry", "retry", "--from", "2", "--note", "mind the retry"], "try it again with slow"),
    ] {
        let said = project.ok(args);
        let wanted = format!("{}: its owner (pid {}) was told to {told}. ", args[1], up.pid());
        assert!(said.starts_with(&wanted), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.len() > wanted.len() + 10, "{said}");
    }
    project.until_phase("stop", PhaseWord::Stopped);
    project.until_phase("kill", PhaseWord::Stopped);
    project.until_phase("next", PhaseWord::Done);
    project.until_phase("tier", PhaseWord::Done);
    project.until_phase("ask", PhaseWord::Escalated);
    project
        .until("another attempt of retry", || project.agent("retry").filter(|it| it.attempt == 3));
    for (id, agent) in running {
        assert_eq!(left::is_alive(agent.pid, agent.start), id == "keep", "{id}");
    }
    // All that was done by the one supervisor that there is.
    for id in ["stop", "kill", "next", "tier", "ask", "retry", "keep"] {
        let owner = &project.workstream(id)["owner_pid"];
        assert_eq!(owner, up.pid(), "{id}");
    }
    assert!(project.prompt("next", 2).contains("mind the gap"));
    assert!(project.prompt("tier", 2).contains("mind the tier"));
    assert!(project.prompt("retry", 3).contains("mind the retry"));
    assert_eq!(story(&project.replay("tier").unwrap()), ["1 slow stopped", "2 good succeeded"]);
    assert_eq!(project.workstream("ask")["explain"], "It waits for you: is this right?");
    // What cannot be done is refused, in words.
    project.run(&["stop", "next"]).expect(1, &["ended already"]);
    project.run(&["answer", "keep", "accept"]).expect(1, &["only what waits"]);
    project.touch("go");
    let said = up.join();
    said.expect(3, &["waits for you: is this right?", "stopped"]);
}

#[test]
fn what_was_asked_for_last_is_taken_back_as_long_as_nothing_has_come_of_it() {
    let project = project("  - { id: ask, prompt: do it, chain: [bad] }\n");
    let up = project.start(&["up", "--headless"]);
    project.until_phase("ask", PhaseWord::Escalated);
    project.run(&["undo", "ask"]).expect(1, &["nothing that was asked for can be undone"]);
    project.ok(&["answer", "ask", "give-up"]);
    project.until_phase("ask", PhaseWord::Failed);
    up.join();
    // Whoever comes next knows of it.
    project.ok(&["undo", "ask"]);
    project.until_phase("ask", PhaseWord::Escalated);
    project.run(&["undo", "ask"]).expect(1, &["it is escalated"]);
    // Others may begin on what was accepted.
    project.ok(&["answer", "ask", "accept"]);
    project.run(&["undo", "ask"]).expect(1, &["it is done"]);
}

#[test]
fn answers_are_taken_while_a_supervisor_runs() {
    let project = project(
        "
  - { id: keep, prompt: do it, chain: [slow] }
  - { id: accept, prompt: do it, chain: [bad] }
  - { id: give, prompt: do it, chain: [bad] }
  - { id: again, prompt: do it, chain: [bad] }
  - { id: tier, prompt: do it, chain: [bad, bad2] }
",
    );
    project.configure(&project.read("repo/ostler.yaml").split_once("on:").unwrap().1.replacen(
        " { exit_code: next }\nagents:",
        "on: { exit_code: next }\nagents:\n  bad2: { command: [sh, -c, 'echo x > x; test -e $HOME/fixed'] }",
        1,
    ));
    let up = project.start(&["up", "--headless"]);
    for id in ["accept", "give", "again", "tier"] {
        project.until_phase(id, PhaseWord::Escalated);
    }
    project.touch("fixed");
    let said = project.ok(&["answer", "accept", "accept"]);
    assert!(said.contains("was told to accept it as it is. Done: "), "{said}");
    let said = project.ok(&["answer", "give", "give-up"]);
    assert!(said.contains("was told to give it up. "), "{said}");
    project.ok(&["answer", "again", "retry", "--note", "try harder"]);
    project.ok(&["answer", "tier", "bad2", "--note", "it is fixed"]);
    project.until_phase("accept", PhaseWord::Done);
    project.until_phase("give", PhaseWord::Failed);
    project.until("second question", || {
        project
            .replay("again")
            .filter(|it| it.attempts.len() == 2 && it.phase.word() == PhaseWord::Escalated)
    });
    project.until_phase("tier", PhaseWord::Done);
    assert!(project.prompt("again", 2).contains("try harder"));
    assert!(project.prompt("tier", 3).contains("it is fixed"));
    project.touch("go");
    up.join().expect(3, &[]);
}

#[test]
fn without_a_supervisor_it_is_written_down_and_a_worker_goes_on() {
    let project = project(
        "
  - { id: accept, prompt: do it, chain: [bad] }
  - { id: give, prompt: do it, chain: [bad] }
  - { id: again, prompt: do it, chain: [bad, good] }
  - { id: tier, prompt: do it, chain: [bad] }
  - { id: stop, prompt: do it, chain: [bad] }
",
    );
    let config = project.read("repo/ostler.yaml").replace("chain: [bad, good]", "chain: [bad]");
    let (_, config) = config.split_once("on: {").unwrap();
    project.configure(&format!("on: {{{config}"));
    project.headless().expect(3, &["5 escalated"]);
    assert!(project.ok(&["answer", "accept", "accept"]).contains("done"));
    assert!(project.ok(&["answer", "give", "give-up"]).contains("given up"));
    assert!(project.ok(&["stop", "stop"]).contains("stopped"));
    // The chain was changed since: what is asked for is what is configured now.
    project.configure(&format!("on: {{{config}").replace(
        "id: again, prompt: do it, chain: [bad]",
        "id: again, prompt: do it, chain: [bad, good]",
    ));
    let said = project.ok(&["answer", "again", "good", "--note", "the other one"]);
    assert!(said.contains("a worker goes on with it"), "{said}");
    project.until_phase("again", PhaseWord::Done);
    assert!(project.prompt("again", 2).contains("the other one"));
    project.ok(&["retry", "tier", "--note", "once more"]);
    project.until("second question", || {
        project
            .replay("tier")
            .filter(|it| it.attempts.len() == 2 && it.phase.word() == PhaseWord::Escalated)
    });
    let phases: Vec<String> = ["accept", "give", "again", "tier", "stop"]
        .map(|id| project.replay(id).unwrap().phase.word().to_string())
        .into();
    assert_eq!(phases, ["done", "failed", "done", "escalated", "stopped"]);
    // The workers have gone by themselves.
    project.until_nothing_is_left();
}

#[test]
fn a_workstream_can_be_given_to_a_worker_and_stopped_there() {
    let project = project(
        "
  - { id: a, prompt: do it, chain: [slow, good] }
  - { id: b, prompt: do it, chain: [slow] }
",
    );
    let up = project.start(&["up", "--headless"]);
    let (agent, other) = (project.until_running("a"), project.until_running("b"));
    let said = project.ok(&["detach", "a"]);
    assert!(said.contains("a worker of its own goes on with it"), "{said}");
    let worker = project.until("another owner", || {
        let owner = project.workstream("a")["owner_pid"].as_u64();
        owner.filter(|pid| *pid != u64::from(up.pid()))
    });
    assert_eq!(project.workstream("b")["owner_pid"], up.pid());
    assert_eq!(project.agent("a"), Some(agent));
    assert!(left::is_alive(agent.pid, agent.start));
    project.ok(&["stop", "a"]);
    project.until_phase("a", PhaseWord::Stopped);
    assert!(!left::is_alive(agent.pid, agent.start));
    assert!(left::is_alive(other.pid, other.start));
    project.until("end of the worker", || left::start(worker as u32).is_none().then_some(()));
    project.touch("go");
    up.join().expect(1, &["1 stopped"]);
}

#[test]
fn a_retry_may_start_from_a_clean_worktree_or_a_checkpoint() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  adds: { command: [sh, -c, 'ls > $HOME/seen-$OSTLER_ATTEMPT; echo x > made-$OSTLER_ATTEMPT; exit 1'] }
workstreams: [{ id: a, prompt: do it }]
",
    );
    project.headless().expect(3, &[]);
    let again = |args: &[&str], attempt: u32| {
        project.ok(&[&["retry", "a"], args].concat());
        project.until("another attempt", || {
            let state = project.replay("a")?;
            (state.phase.word() == PhaseWord::Escalated && state.attempts.len() == attempt as usize)
                .then_some(())
        });
        project.read(&format!("seen-{attempt}"))
    };
    assert_eq!(project.read("seen-1"), "README.md\n");
    assert_eq!(again(&[], 2), "README.md\nmade-1\n");
    assert_eq!(again(&["--clean"], 3), "README.md\n");
    assert_eq!(again(&["--checkpoint", "2"], 4), "README.md\nmade-1\nmade-2\n");
    project.run(&["retry", "a", "--checkpoint", "9"]).expect(1, &["there is no attempt 9"]);
}
