//! An agent's attempt: probed, started, followed, judged.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::keep::{self, Order, Run, Seen, Vanished};
use super::spawn::{self, Spawned};
use super::{Context, blocking, growth, seen_at};
use crate::agents::classify::{Judgement, Reader};
use crate::agents::probe as ask;
use crate::config::plan::Agent;
use crate::core::event::ProbeOutcome;
use crate::core::notice::Severity;
use crate::core::phase::Launch;
use crate::core::verdict::{Ended, EndedBy, Exit, Verdict};
use crate::core::{Account, Event, FailureClass, WorkstreamId};
use crate::keeper::record::{ExitRecord, Stage, Status};
use crate::supervisor::clock::Wall;

/// Asks an agent whether it can work.
pub(super) async fn probe(
    context: Context,
    id: WorkstreamId,
    launch: Launch,
    agent: Option<Agent>,
) {
    let outcome = match agent {
        None => ProbeOutcome::Refused("it is configured no more".to_owned()),
        Some(agent) => match ask::probe(&agent, context.project.root()).await {
            ask::ProbeOutcome::Ready => ProbeOutcome::Ready,
            ask::ProbeOutcome::Refused(reason) => ProbeOutcome::Refused(reason),
        },
    };
    context.report(&id, Event::Probed { attempt: launch.attempt, outcome });
}

/// Follows an attempt to its end, and starts it first if there is a job.
pub(super) async fn follow(
    context: Context,
    run: Run,
    mut orders: mpsc::UnboundedReceiver<Order>,
    job: Option<(spawn::Job, Arc<Mutex<()>>)>,
) {
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
    let mut growth = Growth::default();
    keep::keep(&context, &run, &mut orders, |seen| match seen {
        Seen::Running(status) => {
            started(&context, &run, &status);
            if status.stage == Stage::Running {
                growth.begin(&context, &run, reader.clone());
            }
        }
        Seen::Ended(record) => {
            growth.end();
            ended(&context, &run, record, reader.clone());
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
    fn begin(&mut self, context: &Context, run: &Run, reader: Option<Reader>) {
        if let (None, Some(reader)) = (&self.0, reader) {
            let (context, id) = (context.clone(), run.id.clone());
            self.0 = Some(tokio::spawn(growth::follow(context, id, run.attempt, reader)));
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
    let agent = match spawn::agent_of_attempt(context, run) {
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

/// Reads what the output says of the end, and reports it.
///
/// An agent that its keeper could not start has an end like any other: its gate had been seen at work before that.
fn ended(context: &Context, run: &Run, record: ExitRecord, reader: Option<Reader>) {
    let (context, run) = (context.clone(), run.clone());
    tokio::spawn(async move {
        let at = seen_at(context.clock, &record);
        let (log, exit) = (run.dir.join("out.log"), record.exit.clone());
        let looked = context.clone();
        let seen = blocking(move || {
            let silent = Ok(Judgement::from(Verdict::Silent));
            // Agents state times of the wall clock.
            let wall = looked.clock.wall();
            let read = |reader: Reader| reader.judge_file(&log, &exit, wall.shows(at));
            let judged = reader.map_or(silent, read).map(|judged| Judgement {
                verdict: by_our_clock(judged.verdict, wall),
                account: judged.account,
            });
            (judged, looked.short_of(at))
        });
        let (Judgement { verdict, account }, short_of) = match seen.await {
            Ok((Ok(judged), short_of)) => (judged, short_of),
            Ok((Err(error), short_of)) => {
                context.tell(&run.id, Severity::Bad, format!("its log cannot be read: {error}"));
                (Verdict::Silent.into(), short_of)
            }
            Err(error) => {
                context.tell(&run.id, Severity::Bad, format!("its log was not judged: {error}"));
                (Verdict::Silent.into(), context.shortage.before(at))
            }
        };
        let ended = Ended {
            exit: record.exit,
            by: record.by,
            tree: record.tree,
            verdict,
            at,
            log_bytes: record.log_bytes,
            short_of,
            account,
        };
        let event = Event::Exited { attempt: run.attempt, ended: Box::new(ended) };
        context.report(&run.id, event);
    });
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
