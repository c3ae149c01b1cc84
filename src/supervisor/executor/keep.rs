//! Following a keeper: by its socket while it answers, by its files and locks when it does not.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Context, blocking};
use crate::config::plan::OnSupervisorLoss;
use crate::core::lack::Lack;
use crate::core::notice::Severity;
use crate::core::verdict::Tree;
use crate::core::{AttemptId, ProcessIdentity, WorkstreamId};
use crate::keeper::client::{self, Event as Said};
use crate::keeper::inspect::{self, Found};
use crate::keeper::record::{ExitRecord, Stage, Status};
use crate::keeper::spec::{FORMAT, Raise};
use crate::keeper::{files, identity, orphan};
use crate::supervisor::ownership;

/// A keeper that does not answer is tried again after this long.
const TRY_AGAIN: Duration = Duration::from_millis(500);
/// What an agent left behind without its keeper has this long between TERM and KILL.
const ORPHAN_GRACE: Duration = Duration::from_secs(5);

/// A run directory.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) id: WorkstreamId,
    pub(super) attempt: AttemptId,
    pub(super) dir: PathBuf,
}

/// What a keeper is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// TERM, and KILL after the grace.
    Stop(Duration),
    /// KILL.
    Kill,
    /// End it so long from now.
    Deadline(Duration),
    /// Send characters.
    Input(String),
    /// Give its terminal another size.
    Resize { columns: u16, rows: u16 },
    /// Its end is in the journal; it may leave.
    Release,
}

/// What is seen of an attempt.
#[derive(Debug)]
pub(super) enum Seen {
    /// It has a keeper.
    Running(Status),
    /// It has ended, and its keeper wrote down how.
    Ended(ExitRecord),
    /// It was never begun, and never will be.
    NotBegun(String),
    /// Its keeper is gone and left no record.
    Vanished(Vanished),
}

/// An attempt whose keeper left no record.
#[derive(Debug)]
pub(super) struct Vanished {
    /// What became of its processes.
    pub(super) tree: Tree,
    /// What is known, in words.
    pub(super) why: String,
    /// Whether the machine went down.
    pub(super) rebooted: bool,
}

/// Whether to look again.
enum Next {
    Again,
    Over,
}

/// Follows a keeper until it is gone or released.
pub(super) async fn keep(
    context: &Context,
    run: &Run,
    orders: &mut mpsc::UnboundedReceiver<Order>,
    mut seen: impl FnMut(Seen),
) {
    let mut has_ended = false;
    let mut told = None;
    loop {
        let dir = run.dir.clone();
        let found = blocking(move || inspect::inspect(&dir).map_err(|error| error.to_string()));
        match found.await.and_then(|found| found) {
            Ok(Found::Alive(status)) => {
                seen(Seen::Running(status));
                match converse(context, run, orders, &mut seen, &mut has_ended).await {
                    Next::Again => {}
                    Next::Over => return,
                }
            }
            Ok(Found::Ended(record)) => {
                if !has_ended {
                    seen(Seen::Ended(record));
                }
                return;
            }
            Ok(Found::Orphan(status) | Found::Gone(status)) => {
                if !has_ended {
                    seen(Seen::Vanished(vanished(run, status).await));
                }
                return;
            }
            Ok(Found::NotStarted) => {
                let dir = run.dir.clone();
                let found = blocking(move || inspect::forbid(&dir).map_err(|it| it.to_string()));
                match found.await.and_then(|found| found) {
                    Ok(Found::NotStarted) => {
                        seen(Seen::NotBegun("it was given up before it had begun".to_owned()));
                        return;
                    }
                    Ok(_) => {}
                    // It may still begin as long as that cannot be written down.
                    Err(why) => trouble(context, run, &mut told, why).await,
                }
            }
            Ok(Found::Absent) => {
                let why = "no trace of it was found".to_owned();
                // First, or the next attempt would find them in its worktree.
                let vanished = strays(run, why.clone()).await;
                seen(Seen::NotBegun(format!("{}: {why}", files::REMOVED)));
                seen(Seen::Vanished(vanished));
                return;
            }
            Err(why) => {
                let lock = run.dir.join(files::KEEPER_LOCK);
                let is_kept = files::is_locked(&lock).unwrap_or(true);
                trouble(context, run, &mut told, why.clone()).await;
                // What cannot be read now, for want of descriptors perhaps, may tell of an orderly end later.
                if !is_kept && Lack::named_in(&why).is_none() {
                    seen(Seen::Vanished(strays(run, why).await));
                    return;
                }
            }
        }
    }
}

/// Speaks with a keeper until it is gone or released.
async fn converse(
    context: &Context,
    run: &Run,
    orders: &mut mpsc::UnboundedReceiver<Order>,
    seen: &mut impl FnMut(Seen),
    has_ended: &mut bool,
) -> Next {
    let (mut keeper, mut events) = match client::connect(&run.dir).await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::debug!("{}: {error}", run.dir.display());
            tokio::time::sleep(TRY_AGAIN).await;
            return Next::Again;
        }
    };
    loop {
        tokio::select! {
            said = events.next_event() => match said {
                Said::Exited(record) => {
                    // A keeper whose processes survived writes again when they are gone.
                    *has_ended = true;
                    seen(Seen::Ended(record));
                }
                Said::Refused(why) => context.tell(&run.id, Severity::Warning, why),
                Said::Stat(_) => {}
                Said::Closed => return Next::Again,
            },
            order = orders.recv() => {
                let Some(order) = order else { return Next::Over };
                let is_last = order == Order::Release && *has_ended;
                let sent = match order {
                    Order::Stop(grace) => keeper.stop(grace).await,
                    Order::Kill => keeper.kill().await,
                    Order::Deadline(left) => keeper.deadline(left).await,
                    Order::Input(text) => keeper.input(&text).await,
                    Order::Resize { columns, rows } => keeper.resize(columns, rows).await,
                    Order::Release => keeper.release().await,
                };
                if let Err(error) = sent {
                    tracing::warn!("{}: {error}", run.dir.display());
                    return Next::Again;
                }
                if is_last {
                    return Next::Over;
                }
            }
        }
    }
}

/// Ends what is left of an attempt whose keeper is gone.
async fn vanished(run: &Run, status: Status) -> Vanished {
    let rebooted = status.keeper.boot != identity::boot();
    if rebooted {
        let why = "the machine was started anew since".to_owned();
        return Vanished { tree: Tree::default(), why, rebooted };
    }
    let (dir, pid) = (run.dir.clone(), status.keeper.pid);
    let tree = blocking(move || orphan::end(&dir, &status, ORPHAN_GRACE)).await;
    let why = format!("its keeper (pid {pid}) died without a record");
    Vanished { tree: tree.unwrap_or(Tree { ended: 0, left: 1 }), why, rebooted }
}

/// Ends what is left of an attempt of which no file tells who it was: its processes carry its run directory.
async fn strays(run: &Run, why: String) -> Vanished {
    let nobody = ProcessIdentity { pid: 0, start: 0, boot: identity::boot() };
    let stage = Stage::Running;
    let status = Status { version: FORMAT, stage, keeper: nobody, agent: None };
    let dir = run.dir.clone();
    let tree = blocking(move || orphan::end(&dir, &status, ORPHAN_GRACE)).await;
    Vanished { tree: tree.unwrap_or(Tree { ended: 0, left: 1 }), why, rebooted: false }
}

/// Tells once what is wrong, and waits before the next look.
async fn trouble(context: &Context, run: &Run, told: &mut Option<String>, why: String) {
    if told.as_ref() != Some(&why) {
        context.tell(&run.id, Severity::Bad, why.clone());
        *told = Some(why);
    }
    tokio::time::sleep(TRY_AGAIN).await;
}

/// Returns what a keeper starts when nobody owns its workstream any more.
pub(super) fn raise(context: &Context, id: &WorkstreamId) -> Option<Raise> {
    let plan = context.plan();
    let mut argv = vec![context.program.0.display().to_string(), "worker".to_owned()];
    match plan.on_supervisor_loss {
        OnSupervisorLoss::Finish => return None,
        OnSupervisorLoss::Continue => argv.push("--all".to_owned()),
        OnSupervisorLoss::Stop => argv.push("--stop".to_owned()),
    }
    let owner_lock = context.dir.workstream(id).join(ownership::NAME);
    Some(Raise { owner_lock, argv, cwd: plan.root.clone(), after: plan.supervisor_grace })
}
