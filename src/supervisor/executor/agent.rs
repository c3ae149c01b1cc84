//! An agent's attempt: probed, started, followed, judged.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};

use super::answers::Answers;
use super::growth::FirstOutput;
use super::keep::{self, Order, Run, Seen, Vanished};
use super::spawn::{self, Spawned};
use super::{Context, Since, blocking, growth, seen_at};
use crate::agents::classify::{Judgement, Reader};
use crate::agents::probe as ask;
use crate::config::plan::Agent;
use crate::core::event::ProbeOutcome;
use crate::core::lack::Lack;
use crate::core::notice::Severity;
use crate::core::phase::Launch;
use crate::core::verdict::{Ended, EndedBy, Exit, Verdict};
use crate::core::{Account, Event, FailureClass, Timestamp, WorkstreamId};
use crate::keeper::record::{ExitRecord, Stage, Status};
use crate::supervisor::agent_file;
use crate::supervisor::clock::Wall;

/// A log that cannot be read for want of something is tried for so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// The time between two tries.
const AGAIN: Duration = Duration::from_secs(1);

/// Asks an agent whether it can work, unless it was asked just now.
pub(super) async fn probe(
    context: Context,
    answers: Answers,
    id: WorkstreamId,
    launch: Launch,
    agent: Option<Agent>,
) {
    let outcome = match agent {
        None => ProbeOutcome::Refused("it is configured no more".to_owned()),
        Some(agent) => {
            match answers.ask(&id, &agent, context.project.root(), &context.program.0).await {
                ask::ProbeOutcome::Ready => ProbeOutcome::Ready,
                ask::ProbeOutcome::Refused(reason) => ProbeOutcome::Refused(reason),
            }
        }
    };
    context.report(&id, Event::Probed { attempt: launch.attempt, outcome });
}

/// Asks an agent that may take over whether it can work.
pub(super) async fn warm(
    context: Context,
    answers: Answers,
    id: WorkstreamId,
    agent: Agent,
    every: Duration,
) {
    let places = (context.project.root(), context.program.0.as_path());
    let refused = match answers.ask_ahead(&id, &agent, places, every).await {
        ask::ProbeOutcome::Ready => None,
        ask::ProbeOutcome::Refused(reason) => Some(reason),
    };
    context.report(&id, Event::Warmed { agent: agent.name, refused });
}

/// Follows an attempt to its end, and starts it first if there is a job.
pub(super) async fn follow(
    context: Context,
    run: Run,
    mut orders: mpsc::UnboundedReceiver<Order>,
    job: Option<(spawn::Job, Arc<Mutex<()>>)>,
) {
    // What was written before anybody looked has no time.
    let first = if job.is_some() { FirstOutput::Awaited } else { FirstOutput::Unseen };
    if let Some((job, worktree)) = job {
        let _alone = worktree.lock().await;
        match spawn::spawn(&context, &run, job).await {
            Spawned::Kept => {}
            Spawned::Not { class, error } => {
                let event = Event::NotStarted { attempt: run.attempt, class, error };
                context.report(&run.id, event);
                return;
            }
        }
    }
    let reader = reader(&context, &run);
    let since = context.since();
    let mut growth = Growth::default();
    keep::keep(&context, &run, &mut orders, |seen| match seen {
        Seen::Running(status) => {
            started(&context, &run, &status);
            if status.stage == Stage::Running {
                growth.begin(&context, &run, reader.clone(), first);
            }
        }
        Seen::Ended(record) => {
            growth.end();
            ended(&context, &run, (since, record), reader.clone());
        }
        Seen::NotBegun(error) => {
            growth.end();
            let class = FailureClass::SpawnFailed;
            context.report(&run.id, Event::NotStarted { attempt: run.attempt, class, error });
        }
        Seen::Vanished(vanished) => {
            growth.end();
            vanish(&context, &run, vanished);
        }
    })
    .await;
}

/// The task that looks at the output; it ends with the attempt.
#[derive(Default)]
struct Growth(Option<tokio::task::JoinHandle<()>>);

impl Growth {
    fn begin(&mut self, context: &Context, run: &Run, reader: Option<Reader>, first: FirstOutput) {
        if let (None, Some(reader)) = (&self.0, reader) {
            let of = (run.id.clone(), run.attempt);
            self.0 = Some(tokio::spawn(growth::follow(context.clone(), of, reader, first)));
        }
    }

    fn end(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}

impl Drop for Growth {
    fn drop(&mut self) {
        self.end();
    }
}

fn reader(context: &Context, run: &Run) -> Option<Reader> {
    let agent = match agent_file::read(&context.dir.attempt(&run.id, run.attempt)) {
        Ok(agent) => agent?,
        Err(error) => {
            context.tell(&run.id, Severity::Bad, format!("its output cannot be read: {error}"));
            return None;
        }
    };
    match Reader::new(&agent.preset, &agent.patterns) {
        Ok(reader) => Some(reader),
        Err(error) => {
            context.tell(&run.id, Severity::Bad, format!("its output cannot be read: {error}"));
            None
        }
    }
}

fn started(context: &Context, run: &Run, status: &Status) {
    if let Some(agent) = &status.agent {
        let (keeper, agent) = (status.keeper.clone(), agent.clone());
        context.report(&run.id, Event::Started { attempt: run.attempt, keeper, agent });
    }
}

/// Reads what the output says of the end, and what the machine was short of since, and reports it.
///
/// An agent that its keeper could not start has an end like any other: its gate had been seen at work before that.
fn ended(
    context: &Context,
    run: &Run,
    (since, record): (Since, ExitRecord),
    reader: Option<Reader>,
) {
    let (context, run) = (context.clone(), run.clone());
    tokio::spawn(async move {
        let at = seen_at(context.clock, &record);
        let (log, exit) = (run.dir.join("out.log"), record.exit.clone());
        let Judgement { verdict, account } =
            judge(&context, &run, (log, exit.clone(), at), reader).await;
        let looked = context.clone();
        let short_of = blocking(move || looked.short_of(since, (at, &exit))).await;
        let ended = Ended {
            exit: record.exit,
            by: record.by,
            tree: record.tree,
            verdict,
            at,
            log_bytes: record.log_bytes,
            short_of: short_of.unwrap_or_default(),
            account,
        };
        let event = Event::Exited { attempt: run.attempt, ended: Box::new(ended) };
        context.report(&run.id, event);
    });
}

/// Reads what an ended agent has said; what cannot be read for want of something is read later.
async fn judge(
    context: &Context,
    run: &Run,
    (log, exit, at): (PathBuf, Exit, Timestamp),
    reader: Option<Reader>,
) -> Judgement {
    let begun = tokio::time::Instant::now();
    let mut told = false;
    // Agents state times of the wall clock.
    let wall = context.clock.wall();
    loop {
        let (looked, of, log) = (context.clone(), run.clone(), log.clone());
        let (reader, exit) = (reader.clone(), exit.clone());
        let read = blocking(move || {
            let reader = reader.or_else(|| self::reader(&looked, &of));
            let read = |reader: Reader| reader.judge_file(&log, &exit, wall.shows(at));
            reader
                .map_or_else(|| Ok(Verdict::Silent.into()), read)
                .map_err(|error| error.to_string())
        });
        let error = match read.await.flatten() {
            Ok(Judgement { verdict, account }) => {
                let account = account.by_clock(|shown| wall.when(shown));
                return Judgement { verdict: by_our_clock(verdict, wall), account };
            }
            Err(error) => error,
        };
        if Lack::named_in(&error).is_none() || begun.elapsed() > PATIENCE {
            context.tell(&run.id, Severity::Bad, format!("its log cannot be read: {error}"));
            return Verdict::Silent.into();
        }
        if !told {
            let text = format!("its log cannot be read yet: {error}; it is tried again");
            context.tell(&run.id, Severity::Warning, text);
            told = true;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Turns a stated time of the wall clock into one of the project's.
fn by_our_clock(verdict: Verdict, wall: Wall) -> Verdict {
    match verdict {
        Verdict::Failure { class, evidence, reset } => {
            let reset = reset.map(|shown| wall.when(shown));
            Verdict::Failure { class, evidence, reset }
        }
        Verdict::Success(_) | Verdict::Silent => verdict,
    }
}

fn vanish(context: &Context, run: &Run, vanished: Vanished) {
    let log: PathBuf = run.dir.join("out.log");
    let ended = Ended {
        exit: Exit::Unknown(vanished.why),
        by: if vanished.rebooted { EndedBy::Reboot } else { EndedBy::KeeperLost },
        tree: vanished.tree,
        verdict: Verdict::Silent,
        at: context.clock.now(),
        log_bytes: log.metadata().map_or(0, |meta| meta.len()),
        short_of: None,
        account: Account::default(),
    };
    context.report(&run.id, Event::Exited { attempt: run.attempt, ended: Box::new(ended) });
}
