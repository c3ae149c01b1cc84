//! What a running agent's output shows: that it works, how far it says it is, and what it says of itself.
//!
//! The kernel tells of the first write after each look, and a look comes at most every quarter of a second, so a flood
//! costs no more than a trickle and silence costs nothing.

mod first_output;
mod times;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::oneshot;

use super::pulse::Traces;
use super::{Context, blocking};
use crate::agents::classify::Reader;
use crate::agents::hopeless::Hopeless;
use crate::agents::progress::{Findings, Scanner, prefer};
use crate::agents::status;
use crate::agents::waiting::Said;
use crate::core::progress::Progress;
use crate::core::verdict::Evidence;
use crate::core::{Account, AttemptId, Event, Timestamp, WorkstreamId};
pub(super) use first_output::FirstOutput;
use times::Times;

/// The time between two looks at a growing file.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The time between two looks at a file that cannot be watched.
const UNWATCHED: Duration = Duration::from_secs(2);
/// So much of what was written since the last look is read, from its end.
const LOOK_AT: u64 = 256 * 1024;
/// An agent that has written nothing for so long is silent; whether it waits for the operator is judged then.
const SILENCE: Duration = Duration::from_millis(750);
/// A figure that differs only in its words is reported this seldom.
const SAME_FIGURE: Duration = Duration::from_secs(2);
/// What it took so far is reported this seldom.
const ACCOUNT: Duration = Duration::from_secs(10);

/// Names the file in which an agent may say how far it is.
pub(super) fn status_file(attempt_dir: &Path) -> PathBuf {
    attempt_dir.join("status")
}

/// Reports when there was last evidence of progress.
pub(super) fn inspect(context: &Context, id: &WorkstreamId, attempt: AttemptId) {
    let at = last_seen(context, id, attempt);
    context.report(id, Event::Active { attempt, at });
}

/// Looks at an attempt's files, and returns when there was last something new in them.
fn last_seen(context: &Context, id: &WorkstreamId, attempt: AttemptId) -> Timestamp {
    let log = context.dir.run(id, attempt).join("out.log");
    let status = status_file(&context.dir.attempt(id, attempt));
    let traces = Traces::of([log.as_path(), status.as_path()]);
    let clock = context.clock;
    context.pulse.note((id, attempt), traces, clock.now(), |traces| {
        traces.written().map_or(Timestamp::default(), |written| clock.at_wall(written))
    })
}

/// Looks at an agent's output while it grows.
pub(super) async fn follow(
    context: Context,
    (id, attempt): (WorkstreamId, AttemptId),
    reader: Reader,
    mut first: FirstOutput,
) {
    let log = context.dir.run(&id, attempt).join("out.log");
    let attempt_dir = context.dir.attempt(&id, attempt);
    let mut look = Look {
        log: log.clone(),
        times: Times::beside(&log),
        status: status_file(&attempt_dir),
        scanner: reader.scanner(0),
        shown: None,
    };
    // Once, or a stated time would be another one at each look.
    let wall = context.clock.wall();
    let mut accounted: Option<(tokio::time::Instant, Account)> = None;
    let mut reported = tokio::time::Instant::now();
    let mut last: Option<Progress> = None;
    let mut waiting: Option<Evidence> = None;
    let mut is_told = false;
    let mut spoke = tokio::time::Instant::now();
    loop {
        // Armed before the look, so that what is written during it is not missed. The status file may not be there yet,
        // or be replaced, so its directory is watched.
        let armed = (context.watch.modified(&log), context.watch.modified(&attempt_dir));
        let (seen, of) = (context.clone(), id.clone());
        let looked = blocking(move || {
            let at = last_seen(&seen, &of, attempt);
            let findings = look.take();
            (look, findings, at)
        });
        let Ok((back, findings, at)) = looked.await else { return };
        look = back;
        first = first.after(look.scanner.offset(), at);
        for evidence in findings.remarks {
            context.report(&id, Event::Remarked { attempt, evidence });
        }
        if let Some(Hopeless { class, evidence }) = findings.hopeless.filter(|_| !is_told) {
            is_told = true;
            context.report(&id, Event::Hopeless { attempt, class, evidence });
        }
        if let Some(progress) = findings.progress {
            let moved = last.as_ref().is_none_or(|last| {
                (last.done, last.total, last.source)
                    != (progress.done, progress.total, progress.source)
            });
            if moved || (last.as_ref() != Some(&progress) && reported.elapsed() >= SAME_FIGURE) {
                reported = tokio::time::Instant::now();
                last = Some(progress.clone());
                context.report(&id, Event::Progressed { attempt, progress });
            }
        }
        let account = Account { first_output: first.at(), ..look.scanner.account() };
        let account = account.by_clock(|shown| wall.when(shown));
        if is_news(accounted.as_ref(), &account) {
            accounted = Some((tokio::time::Instant::now(), account.clone()));
            context.report(&id, Event::Accounted { attempt, account: Box::new(account) });
        }
        if look.scanner.has_spoken() {
            spoke = tokio::time::Instant::now();
        }
        let said = look.scanner.said();
        // What goes on waits no longer; a question that is only drawn again still does.
        if said == Said::Else && waiting.take().is_some() {
            context.report(&id, Event::Waiting { attempt, on: None });
        }
        let stirred = stirs(armed.0, armed.1);
        tokio::pin!(stirred);
        let may_wait = look.scanner.knows_questions() && said != Said::Nothing;
        // One that waits may go on with a title that moves, and that is no more than silence.
        let silence = SILENCE.saturating_sub(spoke.elapsed());
        if may_wait
            && (silence.is_zero() || tokio::time::timeout(silence, &mut stirred).await.is_err())
        {
            look.scanner.settle();
            if let Said::Question(on) = said
                && waiting.as_ref() != Some(&on)
            {
                waiting = Some(on.clone());
                context.report(&id, Event::Waiting { attempt, on: Some(on) });
            }
            stirred.await;
        } else if !may_wait {
            stirred.await;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Says that a file has changed.
type Changed = io::Result<oneshot::Receiver<()>>;

/// Waits until one of two files changes; one that is not there or may not be read is looked at again after a while.
async fn stirs(grown: Changed, told: Changed) {
    let (Ok(grown), Ok(told)) = (grown, told) else {
        tokio::time::sleep(UNWATCHED).await;
        return;
    };
    tokio::select! {
        _ = grown => {}
        _ = told => {}
    }
}

/// Says whether an account is worth a report: its name is new, or that it has taken its prompt, or its figures have grown
/// for a while.
fn is_news(last: Option<&(tokio::time::Instant, Account)>, account: &Account) -> bool {
    match last {
        None => *account != Account::default(),
        Some((at, last)) => {
            last.session != account.session
                || last.inner != account.inner
                || last.prompted != account.prompted
                || last.first_output != account.first_output
                || (last.usage != account.usage && at.elapsed() >= ACCOUNT)
        }
    }
}

/// What was seen so far.
struct Look {
    log: PathBuf,
    times: Times,
    status: PathBuf,
    scanner: Scanner,
    shown: Option<Progress>,
}

impl Look {
    /// Reads what is new; of much that is new, the end.
    fn take(&mut self) -> Findings {
        let mut findings = self.output().unwrap_or_default();
        let told = status::read(&self.status).ok().flatten();
        for fresh in findings.progress.take().into_iter().chain(told) {
            self.shown = Some(prefer(self.shown.take(), fresh));
        }
        findings.progress.clone_from(&self.shown);
        findings
    }

    fn output(&mut self) -> io::Result<Findings> {
        let file = File::open(&self.log)?;
        let length = file.metadata()?.len();
        self.times.note(length);
        let mut from = self.scanner.offset();
        if length > from + LOOK_AT {
            from = length - LOOK_AT;
            self.scanner.skip_to(from);
        }
        let mut bytes = vec![0; usize::try_from(length.saturating_sub(from)).unwrap_or(0)];
        file.read_exact_at(&mut bytes, from)?;
        Ok(self.scanner.feed(&bytes))
    }
}
