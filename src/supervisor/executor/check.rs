//! Running the check: under a keeper like an agent, so that it survives its supervisor and leaves nothing behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;

use super::keep::{self, Order, Run, Seen};
use super::last_words::quote;
use super::{Context, Since, blocking, seen_at};
use crate::core::event::CheckOutcome;
use crate::core::verdict::{EndedBy, Exit};
use crate::core::{AttemptId, Event, Workstream};
use crate::keeper::inspect::{self, Found};
use crate::keeper::launch;
use crate::keeper::record::ExitRecord;
use crate::keeper::spec::{FORMAT, Io, Scope, Spec};

/// A check is killed this long after TERM.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// A check that is to be run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) state: Workstream,
    pub(super) attempt: AttemptId,
}

/// Runs the check, or finds it running, and reports what it found.
pub(super) async fn follow(
    context: Context,
    run: Run,
    mut orders: mpsc::UnboundedReceiver<Order>,
    job: Job,
) {
    if let Err(why) = begin(&context, &run, &job).await {
        report(&context, &run, CheckOutcome::NotRun(why));
        return;
    }
    let log = run.dir.join("out.log");
    let since = context.since();
    keep::keep(&context, &run, &mut orders, |seen| match seen {
        Seen::Running(_) => {}
        Seen::Ended(record) => ended(&context, &run, (since, record), log.clone()),
        Seen::NotBegun(why) => report(&context, &run, CheckOutcome::NotRun(why)),
        Seen::Vanished(vanished) => {
            let why = format!("its keeper died ({})", vanished.why);
            report(&context, &run, CheckOutcome::NotRun(why));
        }
    })
    .await;
}

/// Reads how a check ended and what the machine was short of then, and reports it.
fn ended(context: &Context, run: &Run, (since, record): (Since, ExitRecord), log: PathBuf) {
    let (context, run) = (context.clone(), run.clone());
    tokio::spawn(async move {
        let at = seen_at(context.clock, &record);
        let looked = context.clone();
        let seen =
            blocking(move || (outcome(&record, &log), looked.short_of(since, (at, &record.exit))));
        let outcome = match seen.await {
            Ok((CheckOutcome::Failed(words), Some(short))) => {
                CheckOutcome::Starved(format!("the check failed while {short}\n{words}"))
            }
            Ok((outcome, _)) => outcome,
            Err(error) => CheckOutcome::NotRun(error),
        };
        report(&context, &run, outcome);
    });
}

fn report(context: &Context, run: &Run, outcome: CheckOutcome) {
    context.report(&run.id, Event::Checked { attempt: run.attempt, outcome });
}

async fn begin(context: &Context, run: &Run, job: &Job) -> Result<(), String> {
    let plan = context.workstream(&run.id).and_then(|workstream| workstream.check);
    let check = plan.ok_or("its check is configured no more")?;
    let place = job.state.place.as_ref().ok_or("its worktree is not known")?;
    let mut spec = Spec {
        version: FORMAT,
        name: format!("{}/{}/check", run.id, job.attempt),
        argv: check.argv,
        cwd: PathBuf::from(&place.worktree),
        env: BTreeMap::from([
            ("OSTLER_WORKSTREAM".to_owned(), run.id.to_string()),
            ("OSTLER_ATTEMPT".to_owned(), job.attempt.to_string()),
        ]),
        stdin: None,
        io: Io::File,
        grace: GRACE,
        deadline: check.timeout,
        nice: context.plan().limits.nice,
        raise: keep::raise(context, &run.id),
        scope: Scope::Shared,
    };
    let (dir, context) = (run.dir.clone(), context.clone());
    blocking(move || match inspect::inspect(&dir) {
        Ok(Found::Absent | Found::NotStarted) => {
            spec.scope = context.scope();
            let Err(error) = launch::launch(&context.program, &dir, &spec, []) else {
                return Ok(());
            };
            // The keeper may have died with the check already at work, be late, or be that of a former owner.
            match inspect::forbid(&dir) {
                Ok(Found::Absent | Found::NotStarted) => Err(error.to_string()),
                Ok(_) | Err(_) => Ok(()),
            }
        }
        // What is there, or what is wrong with it, is found by who follows it.
        Ok(_) | Err(_) => Ok(()),
    })
    .await?
}

fn outcome(record: &ExitRecord, log: &Path) -> CheckOutcome {
    match (record.by, &record.exit) {
        (EndedBy::Deadline, _) => CheckOutcome::TimedOut,
        (_, Exit::Code(0)) => CheckOutcome::Passed,
        (_, Exit::Code(code)) => CheckOutcome::Failed(quote(&format!("exit {code}"), log)),
        (_, Exit::Signal(signal)) => CheckOutcome::Failed(quote(&format!("signal {signal}"), log)),
        (_, Exit::NotStarted(why) | Exit::Unknown(why)) => CheckOutcome::NotRun(why.clone()),
    }
}
