//! Every phase against every event, as one table: what a change of the rules changes is seen here at a glance.

use std::time::Duration;

use insta::assert_snapshot;
use ostler::core::definition::{Definition, Tier};
use ostler::core::event::{CheckOutcome, ProbeOutcome, Target};
use ostler::core::phase::StartFrom;
use ostler::core::policy::{Response, RetryMode};
use ostler::core::progress::{Progress, Source};
use ostler::core::transfer::{Files, Transfer};
use ostler::core::verdict::{DiffSize, Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{
    Account, AttemptId, Effect, Event, FailureClass, Notice, PhaseWord, Request, Timestamp,
    Workstream,
};

use crate::scenarios::scene::Scene;
use crate::world::sample::{evidence, on, over, process, retry, secs, tier};
use crate::world::trace;

/// A phase, with the word for its kind where there are several.
struct Column {
    name: String,
    workstream: Workstream,
    now: Timestamp,
}

fn definition() -> Definition {
    let responses = on(FailureClass::Network, &[retry(RetryMode::Plain), Response::Next]);
    let aider = Tier { probe: Some(secs(15)), responses, ..tier("aider") };
    over(vec![aider, tier("copilot")])
}

fn column(name: &str, act: fn(&mut Scene) -> &mut Scene) -> Column {
    let mut scene = Scene::new(definition());
    act(&mut scene);
    let word = scene.workstream.phase.word();
    let name = if name.is_empty() { word.to_string() } else { format!("{word} ({name})") };
    Column { name, workstream: scene.workstream, now: scene.now }
}

fn running(scene: &mut Scene) -> &mut Scene {
    scene.admitted().prepared().ready().started()
}

fn columns() -> Vec<Column> {
    vec![
        column("", |scene| scene),
        column("", |scene| scene.admitted()),
        column("", |scene| scene.admitted().prepared()),
        column("", |scene| scene.admitted().prepared().ready()),
        column("stop", |scene| scene.admitted().prepared().ready().stop()),
        column("", |scene| running(scene)),
        column("TERM", |scene| running(scene).due().due()),
        column("KILL", |scene| running(scene).due().due().due()),
        column("start hung", |scene| scene.admitted().prepared().ready().due()),
        column("", |scene| running(scene).succeeds()),
        column("", |scene| running(scene).succeeds().saved(1)),
        column("stop", |scene| running(scene).succeeds().saved(1).stop()),
        column("", |scene| running(scene).fails(FailureClass::Network).saved(0)),
        column("", |scene| running(scene).escalate(Target::Person).obeys().saved(0)),
        column("", |scene| running(scene).succeeds().saved(1).passes()),
        column("", |scene| scene.request(Request::GiveUp)),
        column("", |scene| scene.stop()),
        column("agent", |scene| running(scene).due().due().due().due()),
        column("start hung", |scene| scene.admitted().prepared().ready().due().due()),
        column("check", |scene| running(scene).succeeds().saved(1).due()),
    ]
}

fn requests() -> Vec<Request> {
    let retry = |tier| Request::Retry { tier, from: StartFrom::Current, note: None };
    let escalate = |to| Request::Escalate { to, note: None };
    vec![
        retry(None),
        retry(Some(1)),
        retry(Some(9)),
        Request::Stop,
        Request::Kill,
        escalate(Target::Next),
        escalate(Target::Tier(1)),
        escalate(Target::Person),
        Request::Extend(secs(60)),
        Request::Input("y\n".to_owned()),
        Request::Accept,
        Request::GiveUp,
    ]
}

fn reports(attempt: AttemptId, at: Timestamp) -> Vec<Event> {
    let ended = |verdict, left| {
        let (exit, by, tree) = (Exit::Code(0), EndedBy::Itself, Tree { ended: 0, left });
        let ended = Ended {
            exit,
            by,
            tree,
            verdict,
            at,
            log_bytes: 1,
            short_of: None,
            account: Account::default(),
        };
        Event::Exited { attempt, ended: Box::new(ended) }
    };
    let failure = Verdict::Failure {
        class: FailureClass::Auth,
        evidence: evidence("rule", "no"),
        reset: None,
    };
    let checked = |outcome| Event::Checked { attempt, outcome };
    let diff = Some(DiffSize { files: 1, added: 1, removed: 1 });
    vec![
        Event::Prepared { attempt, worktree: "w".to_owned(), branch: "b".to_owned() },
        Event::NotPrepared { attempt, error: "no".to_owned() },
        Event::Probed { attempt, outcome: ProbeOutcome::Ready },
        Event::Probed { attempt, outcome: ProbeOutcome::Refused("no".to_owned()) },
        Event::Transferred {
            attempt,
            transfer: Transfer {
                from: None,
                tree: "0123456789abcdef".to_owned(),
                files: Files::Same,
                prompt_bytes: 1,
            },
        },
        Event::Started { attempt, keeper: process(1), agent: process(2) },
        Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error: "no".to_owned() },
        Event::Active { attempt, at },
        Event::Progressed {
            attempt,
            progress: Progress { done: 1, total: 2, text: String::new(), source: Source::Plan },
        },
        Event::Remarked { attempt, evidence: evidence("rule", "trying again") },
        Event::Hopeless {
            attempt,
            class: FailureClass::Network,
            evidence: evidence("rule", "waiting for network"),
        },
        Event::Waiting { attempt, on: Some(evidence("rule", "Go on?")) },
        Event::Waiting { attempt, on: None },
        Event::Accounted {
            attempt,
            account: Box::new(Account { session: Some("s".to_owned()), ..Account::default() }),
        },
        ended(Verdict::Silent, 0),
        ended(failure, 0),
        ended(Verdict::Silent, 2),
        Event::Saved { attempt, diff, error: None },
        Event::Saved { attempt, diff: None, error: Some("no".to_owned()) },
        checked(CheckOutcome::Passed),
        checked(CheckOutcome::Failed("no".to_owned())),
        checked(CheckOutcome::Starved("no".to_owned())),
        checked(CheckOutcome::TimedOut),
        checked(CheckOutcome::NotRun("no".to_owned())),
    ]
}

/// Returns every event for a column, each with its row's name.
fn rows(column: &Column) -> Vec<(String, Event, Timestamp)> {
    let attempt = column.workstream.phase.launch().map_or(AttemptId(1), |launch| launch.attempt);
    let now = column.now + Duration::from_secs(1);
    let due = column.workstream.deadline().unwrap_or(now);
    let mut rows = vec![
        ("tick, early".to_owned(), Event::Tick, now),
        ("tick, due".to_owned(), Event::Tick, due),
        ("defined".to_owned(), Event::Defined(Box::new(over(vec![tier("copilot")]))), now),
        ("owned".to_owned(), Event::Owned { owner: process(9) }, now),
        ("admitted".to_owned(), Event::Admitted, now),
        ("warmed".to_owned(), Event::Warmed { agent: "copilot".into(), refused: None }, now),
    ];
    rows.extend(requests().into_iter().map(|request| {
        let name = trace::request(&request);
        (name, Event::Operator(request), now)
    }));
    let named = reports(attempt, now).into_iter().zip(reports(AttemptId(0), Timestamp(0)));
    rows.extend(named.map(|(event, nameless)| {
        let name = trace::event(&nameless).replacen(" 0", "", 1);
        (name.replace(" at 0:00", ""), event, now)
    }));
    rows
}

fn cell(column: &Column, event: &Event, now: Timestamp) -> String {
    let mut after = column.workstream.clone();
    let effects = after.step(event, now);
    let refused = |effect: &Effect| matches!(effect, Effect::Notice(Notice::Refused { .. }));
    if effects.iter().any(refused) {
        "refused".to_owned()
    } else if after == column.workstream && effects.is_empty() {
        "·".to_owned()
    } else {
        trace::state(&after)
    }
}

#[test]
fn every_phase_against_every_event() {
    let columns = columns();
    let names: Vec<String> = rows(&columns[0]).into_iter().map(|(name, ..)| name).collect();
    let mut table = vec![names];
    table[0].insert(0, String::new());
    for column in &columns {
        let mut cells = vec![column.name.clone()];
        cells.extend(rows(column).iter().map(|(_, event, now)| cell(column, event, *now)));
        table.push(cells);
    }
    let widths: Vec<usize> = table
        .iter()
        .map(|cells| cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let lines: Vec<String> = (0..table[0].len())
        .map(|row| {
            let cells =
                table.iter().zip(&widths).map(|(cells, width)| format!("{:width$}", cells[row]));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_table_shows_every_phase() {
    use PhaseWord as Word;
    let all = [
        Word::Queued,
        Word::Preparing,
        Word::Probing,
        Word::Starting,
        Word::Running,
        Word::Stopping,
        Word::Draining,
        Word::Checking,
        Word::Backoff,
        Word::Escalated,
        Word::Done,
        Word::Failed,
        Word::Stopped,
        Word::Lost,
    ];
    let mut shown: Vec<Word> =
        columns().iter().map(|column| column.workstream.phase.word()).collect();
    shown.dedup();
    assert_eq!(shown, all);
}
