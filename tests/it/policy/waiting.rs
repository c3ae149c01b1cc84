//! Retries and the waits before them.

use std::time::Duration;

use crate::project::{Project, story};

#[test]
fn retries_come_after_growing_waits() {
    let project = Project::new(
        "
on: { exit_code: [{ retry: 2 }, next] }
agents:
  third:
    command: [sh, -c, 'test $OSTLER_ATTEMPT -ge 3 && echo x > x']
    retry: { max: 2, backoff: exponential, delay: 300ms, max_delay: 10s, jitter: 0 }
  never:
    command: [sh, -c, 'exit 3']
    retry: { max: 2, backoff: linear, delay: 200ms, max_delay: 300ms, jitter: 0 }
workstreams:
  - { id: grows, prompt: do it, chain: [third] }
  - { id: capped, prompt: do it, chain: [never, third] }
",
    );
    let said = project.headless();
    said.expect(0, &["third again in 0.3 s", "third again in 0.6 s"]);
    said.expect(0, &["never again in 0.2 s", "never again in 0.3 s"]);
    said.expect(0, &["falling back from never to third (exit_code)"]);
    let grows = project.replay("grows").unwrap();
    assert_eq!(story(&grows), ["1 third exit_code", "2 third exit_code", "3 third succeeded"]);
    let wait = |index: usize| {
        let ended = grows.attempts[index].ended.unwrap();
        grows.attempts[index + 1].begun.since(ended)
    };
    assert!(wait(0) >= Duration::from_millis(300), "{:?}", wait(0));
    assert!(wait(1) >= Duration::from_millis(600), "{:?}", wait(1));
    let capped = project.replay("capped").unwrap();
    let told = ["1 never exit_code", "2 never exit_code", "3 never exit_code", "4 third succeeded"];
    assert_eq!(story(&capped), told);
}

#[test]
fn a_rate_limit_is_waited_for_as_long_as_it_says() {
    let limited = |again: &str| {
        format!(
            "command: [sh, -c, 'if [ $OSTLER_ATTEMPT = 1 ]; then echo \"rate limited, try again in {again}\"; exit 1; fi; echo x > x']
    output: {{ failure: [{{ class: rate_limit, text: 'try again in (?P<reset_s>\\d+) seconds' }}, {{ class: rate_limit, text: 'rate limited' }}] }}"
        )
    };
    let project = Project::new(&format!(
        "
on: {{ rate_limit: [{{ backoff: 300ms }}, next] }}
agents:
  says:
    {}
  silent:
    {}
workstreams:
  - {{ id: stated, prompt: do it, chain: [says] }}
  - {{ id: unstated, prompt: do it, chain: [silent] }}
",
        limited("2 seconds"),
        limited("a while"),
    ));
    let said = project.headless();
    said.expect(0, &["says failed (rate_limit): rate limited, try again in 2 seconds"]);
    said.expect(0, &["as stated", "silent again in 0.3 s"]);
    let wait = |id: &str| {
        let attempts = project.replay(id).unwrap().attempts;
        assert_eq!(attempts.len(), 2);
        attempts[1].begun.since(attempts[0].ended.unwrap())
    };
    assert!(wait("stated") >= Duration::from_secs(2), "{:?}", wait("stated"));
    assert!(wait("unstated") >= Duration::from_millis(300), "{:?}", wait("unstated"));
    let evidence = &project.replay("stated").unwrap().attempts[0].evidence;
    assert!(evidence.line.contains("try again in 2 seconds"), "{evidence:?}");
}

#[test]
fn what_a_tool_leaves_of_its_own_is_no_change() {
    let project = Project::new(
        "
on: { no_change: next }
agents:
  talks: { command: [sh, -c, 'mkdir .talks.cache; echo x > .talks.cache/x'], leaves: [.talks.cache/] }
  works: { command: [sh, -c, 'echo x > x'] }
workstreams: [{ id: a, prompt: do it, chain: [talks, works] }]
",
    );
    project.headless().expect(0, &["attempt 1: saved, nothing changed"]);
    assert_eq!(story(&project.replay("a").unwrap()), ["1 talks no_change", "2 works succeeded"]);
    project.configure("agents: { a: { command: [sh], leaves: ['!x', '*', ''] } }\n");
    let said = project.run(&["check"]);
    said.expect(
        2,
        &[
            "`!x` would be no pattern of files to git",
            "`*` would leave out everything",
            "`` is no pattern",
        ],
    );
}

#[test]
fn success_needs_more_than_exit_code_0() {
    let project = Project::new(
        "
on: { no_change: next, invalid_response: next, crashed: next, exit_code: next }
agents:
  idles: { command: [sh, -c, 'echo all done'] }
  silent: { command: [sh, -c, 'echo x > y'], expects: marker_and_change, output: { success: [{ text: '^done' }] } }
  dies: { command: [sh, -c, 'kill -SEGV $$'] }
  talks: { command: [sh, -c, 'echo x > x; echo done'], expects: marker_and_change, output: { success: [{ text: '^done' }] } }
workstreams: [{ id: a, prompt: do it, chain: [idles, silent, dies, talks] }]
",
    );
    project.headless().expect(0, &["changed nothing", "never said that it did the work"]);
    let told = ["1 idles no_change", "2 silent invalid_response", "3 dies crashed"];
    assert_eq!(story(&project.replay("a").unwrap())[..3], told);
    assert_eq!(project.replay("a").unwrap().attempts.len(), 4);
}

#[test]
fn a_probe_that_says_no_skips_the_tier() {
    let project = Project::new(
        "
agents:
  away: { command: [sh, -c, 'touch $HOME/ran; echo x > x'], probe: [sh, -c, 'echo no key is set >&2; exit 1'] }
  hangs: { command: [sh, -c, 'touch $HOME/ran; echo x > x'], probe: [sleep, '1000'], probe_timeout: 300ms }
  good: { command: [sh, -c, 'echo x > x'], probe: ['true'] }
workstreams: [{ id: a, prompt: do it, chain: [away, hangs, good] }]
",
    );
    let said = project.headless();
    said.expect(0, &["away skipped: ", "no key is set", "hangs skipped: "]);
    assert!(!project.home.join("ran").exists());
    assert_eq!(
        story(&project.replay("a").unwrap()),
        ["1 away skipped", "2 hangs skipped", "3 good succeeded"]
    );
    let chain = project.workstream("a")["chain"].clone();
    assert_eq!((&chain[0]["state"], &chain[2]["state"]), (&"skipped".into(), &"succeeded".into()));
}

#[test]
fn workstreams_that_start_together_share_a_probe_and_each_keeps_the_reason() {
    let project = Project::new(
        "
agents:
  away: { command: [sh, -c, 'echo x > x'], probe: [sh, -c, 'echo x >> $HOME/asked; echo no key is set >&2; exit 1'] }
  off: { command: [sh, -c, 'exit 5'] }
on: { exit_code: next }
workstreams:
  - { id: a, prompt: do it, chain: [away, off] }
  - { id: b, prompt: do it, chain: [away, off] }
  - { id: c, prompt: do it, chain: [away, off] }
",
    );
    let said = project.headless();
    assert_eq!(said.code, Some(3), "{}", said.out);
    assert_eq!(project.read("asked").lines().count(), 1);
    assert_eq!(said.out.matches("away skipped: ").count(), 3, "{}", said.out);
    let status = project.status();
    let escalations = status["escalations"].as_array().unwrap();
    assert_eq!(escalations.len(), 3);
    for escalation in escalations {
        let question = escalation["question"].as_str().unwrap();
        let lines: Vec<&str> = question.lines().collect();
        assert_eq!(lines.len(), 3, "{question}");
        assert!(lines[1].starts_with("1 away: skipped: ") && lines[1].contains("no key is set"));
        assert!(lines[2].starts_with("2 off: exit_code: "), "{question}");
    }
    for line in ["1 away: skipped: ", "2 off: exit_code: "] {
        assert_eq!(project.ok(&["status"]).matches(line).count(), 3, "{line}");
    }
}
