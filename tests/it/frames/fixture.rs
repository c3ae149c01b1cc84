//! A project as the screen is told of it, for every test that needs one.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ostler::core::breaker::State;
use ostler::core::notice::Severity;
use ostler::core::progress::{Progress, Source};
use ostler::core::transfer::{Files, Transfer};
use ostler::core::verdict::{DiffSize, Evidence, Exit, Tree};
use ostler::core::{
    Account, Attempt, AttemptId, AttemptOutcome, FailureClass, PhaseWord, Timestamp, WorkstreamId,
};
use ostler::ipc::facts::{
    AgentFacts, Facts, FleetFacts, Link, LinkState, Next, Owner, Told, WorkstreamFacts,
};
use ostler::tui::state::{Survey, UiState};

pub use crate::update::desk::PHASES;

/// The time at which all frames are made.
pub const NOW: Timestamp = Timestamp(10_000_000);

/// Returns the time so many seconds before [`NOW`].
pub fn ago(seconds: u64) -> Timestamp {
    Timestamp(NOW.0 - seconds * 1000)
}

/// Returns the time so many seconds after [`NOW`].
pub fn ahead(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

/// Returns a workstream in a phase that began a minute ago, with a chain of which nothing was tried.
pub fn workstream(id: &str, title: &str, phase: PhaseWord) -> WorkstreamFacts {
    WorkstreamFacts {
        id: id.into(),
        title: title.to_owned(),
        phase,
        since: ago(60),
        intent: "run",
        agent: Some("aider".to_owned()),
        tier: Some(0),
        chain: chain(&[("aider", LinkState::Untried), ("claude-api", LinkState::Untried)]),
        attempt: None,
        failure_class: None,
        terminal: true,
        waiting: None,
        retries: 0,
        slow: false,
        progress: None,
        started: None,
        begun: None,
        ended: None,
        next: None,
        soft_at: None,
        worktree: Some(PathBuf::from(format!("/home/ada/bookshop/.worktrees/{id}"))),
        branch: Some(format!("ostler/{id}")),
        log: None,
        check_log: None,
        agent_pid: None,
        keeper_pid: None,
        owner: Owner::Here,
        owner_pid: Some(4000),
        explain: String::new(),
        explained: NOW,
        can_undo: None,
        question: None,
        attempts: Vec::new(),
        course: Vec::new(),
        prompt: "Split src/error.rs into one file for each kind of error.".to_owned(),
        tasks: vec!["move the types".to_owned(), "keep the re-exports".to_owned()],
        after: Vec::new(),
        trouble: None,
    }
}

/// Returns an agent to which nothing ever happened.
pub fn agent(name: &str) -> AgentFacts {
    AgentFacts {
        name: name.into(),
        breaker: State::Closed,
        capacity: None,
        calibration: None,
        record: Arc::default(),
    }
}

/// Returns a chain without reasons.
pub fn chain(links: &[(&str, LinkState)]) -> Vec<Link> {
    let links = links.iter();
    links
        .map(|(agent, state)| Link {
            agent: (*agent).to_owned(),
            contestants: Vec::new(),
            state: *state,
            reason: String::new(),
        })
        .collect()
}

/// Returns an attempt that began and ended so many seconds ago.
pub fn attempt(
    id: u32,
    (tier, agent): (usize, &str),
    (began, ended): (u64, Option<u64>),
    outcome: AttemptOutcome,
    reason: &str,
) -> Attempt {
    let failed = matches!(outcome, AttemptOutcome::Failed(_));
    Attempt {
        transfer: (id > 1 && outcome != AttemptOutcome::Skipped).then(|| Transfer {
            from: Some(AttemptId(id - 1)),
            tree: "8e5cf7a1b2c3d4e5f60718293a4b5c6d7e8f9012".to_owned(),
            files: Files::Same,
            prompt_bytes: 2_048,
        }),
        id: AttemptId(id),
        tier,
        contest: None,
        agent: agent.into(),
        begun: ago(began),
        started: (outcome != AttemptOutcome::Skipped).then(|| ago(began)),
        ended: ended.map(ago),
        outcome,
        reason: reason.to_owned(),
        evidence: if failed {
            Evidence {
                rule: format!("{agent}.failure"),
                line: format!("Error: {reason}"),
                offset: Some(18_204),
            }
        } else {
            Evidence::default()
        },
        exit: ended.map(|_| Exit::Code(i32::from(failed))),
        tree: Tree::default(),
        diff: ended.map(|_| DiffSize { files: 3, added: 120, removed: 4 }),
        log_bytes: 20_000,
        account: Account::default(),
        reset: None,
        keeper: None,
        process: None,
    }
}

fn told(number: u64, workstream: &str, severity: Severity, text: &str) -> Told {
    let workstream = Some(WorkstreamId::from(workstream));
    Told { number, at: ago(5), workstream, severity, text: text.to_owned() }
}

fn slow_one() -> WorkstreamFacts {
    use LinkState::{Failed, Running, Untried};
    WorkstreamFacts {
        agent: Some("claude-api".to_owned()),
        tier: Some(2),
        chain: chain(&[
            ("aider", Failed),
            ("copilot", Failed),
            ("claude-api", Running),
            ("replica", Untried),
        ]),
        attempt: Some(AttemptId(3)),
        slow: true,
        progress: Some(Progress {
            done: 6,
            total: 10,
            text: "updating the tests".to_owned(),
            source: Source::Plan,
        }),
        started: Some(ago(760)),
        begun: Some(ago(1400)),
        soft_at: Some(ago(460)),
        next: Some(Next { what: "hard timeout", at: ahead(440) }),
        log: Some(PathBuf::from("/home/ada/.local/state/ostler/v1/box/bookshop/ws-03/3/out.log")),
        agent_pid: Some(51_244),
        keeper_pid: Some(51_240),
        explain: "claude-api has been working for 12:40; attempt 3. It is past its soft timeout, for 7:40 \
                  now. It is ended in 7:20, or after 6:00 without output."
            .to_owned(),
        attempts: vec![
            attempt(
                1,
                (0, "aider"),
                (1400, Some(1249)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests: this organisation's limit of 30,000 input tokens per minute",
            ),
            attempt(
                2,
                (1, "copilot"),
                (1248, Some(800)),
                AttemptOutcome::Failed(FailureClass::CheckFailed),
                "2 of 148 tests failed: parser::nested, parser::empty",
            ),
            attempt(3, (2, "claude-api"), (760, None), AttemptOutcome::Open, ""),
        ],
        ..workstream("ws-03", "Split the error module", PhaseWord::Running)
    }
}

fn escalated_one() -> WorkstreamFacts {
    use LinkState::{Failed, Skipped};
    WorkstreamFacts {
        since: ago(190),
        tier: Some(2),
        agent: Some("claude-api".to_owned()),
        chain: chain(&[("aider", Failed), ("copilot", Skipped), ("claude-api", Failed)]),
        attempt: Some(AttemptId(3)),
        failure_class: Some(FailureClass::CheckFailed),
        question: Some(
            "no agent is left in the chain\n1 aider: rate_limit: 429 Too Many Requests\n\
             2 copilot: not logged in\n3 claude-api: check_failed: 2 of 148 tests failed"
                .to_owned(),
        ),
        explain: "It waits for you: no agent is left in the chain".to_owned(),
        log: Some(PathBuf::from("/home/ada/.local/state/ostler/v1/box/bookshop/ws-05/3/out.log")),
        check_log: Some(PathBuf::from(
            "/home/ada/.local/state/ostler/v1/box/bookshop/ws-05/3/check.log",
        )),
        begun: Some(ago(900)),
        attempts: vec![
            attempt(
                1,
                (0, "aider"),
                (900, Some(749)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests",
            ),
            attempt(2, (1, "copilot"), (748, Some(746)), AttemptOutcome::Skipped, "not logged in"),
            attempt(
                3,
                (2, "claude-api"),
                (740, Some(195)),
                AttemptOutcome::Failed(FailureClass::CheckFailed),
                "2 of 148 tests failed: parser::nested, parser::empty",
            ),
        ],
        ..workstream("ws-05", "Rework the query parser", PhaseWord::Escalated)
    }
}

fn failed_one() -> WorkstreamFacts {
    use LinkState::Failed;
    WorkstreamFacts {
        chain: chain(&[("aider", Failed), ("claude-api", Failed)]),
        tier: Some(1),
        failure_class: Some(FailureClass::Auth),
        begun: Some(ago(500)),
        ended: Some(ago(450)),
        attempts: vec![attempt(
            1,
            (1, "claude-api"),
            (500, Some(450)),
            AttemptOutcome::Failed(FailureClass::Auth),
            "401 invalid x-api-key",
        )],
        ..workstream("ws-08", "Translate the mails", PhaseWord::Failed)
    }
}

/// Returns a project in which eight workstreams are in the phases one sees most.
pub fn facts() -> Facts {
    use LinkState::{Failed, Running, Succeeded, Untried, Waiting};
    let workstreams = vec![
        WorkstreamFacts {
            chain: chain(&[("aider", Succeeded), ("claude-api", Untried)]),
            begun: Some(ago(2000)),
            ended: Some(ago(1300)),
            attempts: vec![attempt(
                1,
                (0, "aider"),
                (2000, Some(1310)),
                AttemptOutcome::Succeeded,
                "the check passed",
            )],
            ..workstream("ws-01", "Move the build to one crate", PhaseWord::Done)
        },
        WorkstreamFacts {
            chain: chain(&[("aider", Running), ("claude-api", Untried)]),
            started: Some(ago(95)),
            begun: Some(ago(99)),
            attempts: vec![attempt(1, (0, "aider"), (95, None), AttemptOutcome::Open, "")],
            ..workstream("ws-02", "Document the public API", PhaseWord::Running)
        },
        slow_one(),
        WorkstreamFacts {
            chain: chain(&[("aider", Waiting), ("claude-api", Untried)]),
            next: Some(Next { what: "retry", at: ahead(42) }),
            failure_class: Some(FailureClass::RateLimit),
            attempts: vec![attempt(
                1,
                (0, "aider"),
                (300, Some(60)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests",
            )],
            ..workstream("ws-04", "Cache the price list", PhaseWord::Backoff)
        },
        escalated_one(),
        WorkstreamFacts {
            chain: chain(&[("aider", Failed), ("claude-api", Succeeded)]),
            tier: Some(1),
            since: ago(32),
            next: Some(Next { what: "check timeout", at: ahead(568) }),
            begun: Some(ago(500)),
            owner: Owner::Elsewhere,
            ..workstream("ws-06", "Retry failed payments", PhaseWord::Checking)
        },
        WorkstreamFacts {
            after: vec!["ws-03".into(), "ws-05".into()],
            ..workstream("ws-07", "Remove the old error type", PhaseWord::Queued)
        },
        failed_one(),
    ];
    Facts {
        project: "bookshop".to_owned(),
        at: NOW,
        workstreams: workstreams.into_iter().map(Arc::new).collect(),
        notices: VecDeque::from([
            told(
                1,
                "ws-03",
                Severity::Warning,
                "falling back from copilot to claude-api (check_failed)",
            ),
            told(2, "ws-05", Severity::Bad, "waits for you: no agent is left"),
        ]),
        alerts: Vec::new(),
        rings: VecDeque::new(),
        agents: Vec::new(),
        fleet: FleetFacts::default(),
        banner: None,
        configured: 0,
        paused: false,
        idle: false,
    }
}

/// Returns a project with one workstream in each phase.
pub fn all_phases() -> Facts {
    let explain = |phase: PhaseWord| match phase {
        PhaseWord::Queued => "It waits for a free slot (place 2 in the queue); then aider works.",
        PhaseWord::Lost => {
            "2 of its processes survived KILL. Nothing starts in this worktree until they are gone."
        }
        _ => "",
    };
    let workstreams = PHASES.iter().enumerate().map(|(place, phase)| {
        let mut one = workstream(&format!("ws-{place:02}"), &format!("Be {phase}"), *phase);
        explain(*phase).clone_into(&mut one.explain);
        one.started = (*phase == PhaseWord::Running).then(|| ago(661));
        one.next = match phase {
            PhaseWord::Stopping => Some(Next { what: "KILL", at: ahead(8) }),
            PhaseWord::Backoff => Some(Next { what: "retry", at: ahead(42) }),
            PhaseWord::Running => Some(Next { what: "hard timeout", at: ahead(59) }),
            _ => None,
        };
        if *phase == PhaseWord::Draining {
            one.owner = Owner::Nobody;
        }
        if *phase == PhaseWord::Preparing {
            one.trouble = Some("its journal cannot be read".to_owned());
        }
        Arc::new(one)
    });
    Facts { workstreams: workstreams.collect(), paused: true, ..facts() }
}

/// Returns a screen on which the slow workstream is selected.
pub fn ui() -> UiState {
    UiState { selected: Some("ws-03".into()), faded: 1, ..UiState::default() }
}

/// What the log of the fixtures says.
pub const LOG: &str = "\x1b[1mattempt 3\x1b[0m claude-api, 3 files, 2 tasks left\n\
\n\
I will move the types first, then the re-exports, and update the tests at the end, so that each step compiles on its own.\n\
\x1b[36m→ read\x1b[0m  src/error.rs (412 lines)\n\
\x1b[36m→ read\x1b[0m  src/lib.rs\n\
\x1b[33m→ edit\x1b[0m  src/error/parse.rs\n\
\x1b[32m+ pub enum ParseError {\x1b[0m\n\
\x1b[32m+     Empty,\x1b[0m\n\
\x1b[31m- pub enum Error {\x1b[0m\n\
\x20  Compiling bookshop v0.3.1\n\
\x1b[1;33mwarning\x1b[0m: unused import: `std::fmt`\n\
\x20building 10%\r building 60%\r building 100%\x1b[K\n\
test parser::nested ... \x1b[32mok\x1b[0m\n\
test parser::empty ... \x1b[31mFAILED\x1b[0m\n\
価格表のテスト 3/10 👩‍👩‍👧 café\n\
\x1b[38;5;208mstep 6 of 10\x1b[0m: updating the tests\n";

/// Returns what a new workstream can have.
pub fn survey() -> Survey {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Survey {
        agents: names(&["claude-code", "codex", "aider"]),
        chain: names(&["claude-code", "codex"]),
        files: names(&[
            "README.md",
            "src/error.rs",
            "src/lib.rs",
            "src/parser/error_messages.rs",
            "tests/errors.rs",
        ]),
    }
}
