//! Asking something of a workstream from a script.

use std::io::ErrorKind;
use std::slice;
use std::time::{Duration, Instant};

use super::failure::{Code, Failure, Outcome};
use super::opened::Opened;
use super::{say, told};
use crate::core::{Request, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::keeper::launch::Program;
use crate::supervisor::alone::{self, AloneError, Taken};
use crate::supervisor::ownership::OwnerCard;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::{ownership, worker};

/// A supervisor answers within this time.
const LIMIT: Duration = Duration::from_secs(10);
/// A workstream that changes hands is looked at again after this long.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Asks something of a workstream: of its owner, or, if it has none, by writing it down and starting a worker.
pub fn operate(opened: &Opened, id: &WorkstreamId, request: &Request) -> Outcome {
    operate_all(opened, slice::from_ref(id), request)
}

/// Asks the same of several workstreams; one worker goes on with those that nobody owns.
///
/// # Errors
/// What was said of the last one that refused, after all have been asked.
pub fn operate_all(opened: &Opened, ids: &[WorkstreamId], request: &Request) -> Outcome {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let (mut ownerless, mut failed) = (Vec::new(), None);
    for id in ids {
        match ask_for(opened, &dir, id, request) {
            Ok(Taken::GoesOn(_)) => ownerless.push(id.clone()),
            Ok(Taken::AtRest(_) | Taken::Refused(_)) => {}
            Err(failure) => {
                if let Some(earlier) = failed.replace(failure) {
                    say::line(format_args!("{}", earlier.text));
                }
            }
        }
    }
    if !ownerless.is_empty() {
        go_on(opened, &dir, &ownerless)?;
    }
    failed.map_or(Ok(Code::Done), Err)
}

/// Asks something of one; it goes on by itself unless nobody owns it.
fn ask_for(
    opened: &Opened,
    dir: &StateDir,
    id: &WorkstreamId,
    request: &Request,
) -> Result<Taken, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let until = Instant::now() + LIMIT;
    loop {
        let asked = match ownership::owner(&dir.workstream(id)) {
            Some(owner) => {
                let asked = runtime.block_on(ask(&owner, id, request));
                if let Asked::Answered(Ok(_)) = &asked {
                    told::tell(opened, id, owner.process.pid, request);
                }
                asked
            }
            None => write_down(opened, dir, id, request),
        };
        match asked {
            Asked::Answered(outcome) => return outcome,
            // It changes hands just now, so somebody else is to be asked in a moment.
            Asked::InBetween(failure) if Instant::now() >= until => return Err(failure),
            Asked::InBetween(_) => std::thread::sleep(ASK_AGAIN),
        }
    }
}

/// What came of asking.
enum Asked {
    /// It was taken or refused.
    Answered(Result<Taken, Failure>),
    /// Who was asked has just gone, or somebody has just come; nothing was done.
    InBetween(Failure),
}

async fn ask(owner: &OwnerCard, id: &WorkstreamId, request: &Request) -> Asked {
    let ask = Ask::Request { workstream: id.clone(), request: request.clone() };
    match client::ask(&owner.socket, &ask, LIMIT).await {
        Ok(Answer::Done) => Asked::Answered(Ok(Taken::AtRest(Vec::new()))),
        Ok(Answer::Refused(why)) => Asked::Answered(Err(Failure::failed(why))),
        Ok(Answer::Elsewhere) => {
            let text = format!("{id} changes hands and nobody can be asked; try again");
            Asked::InBetween(Failure::failed(text))
        }
        Err(error) => {
            let text = format!("{id}: {}", ownership::unreachable(owner, &error));
            match error.kind() {
                // It was never asked: its socket is gone, or nobody is behind it.
                ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::NotADirectory => {
                    Asked::InBetween(Failure::failed(text))
                }
                ErrorKind::TimedOut => Asked::Answered(Err(Failure::failed(text))),
                _other => Asked::Answered(Err(Failure::failed(format!(
                    "{id}: its owner (pid {}) went away before it answered ({error}); \
                     `ostler status {id}` tells whether it was done",
                    owner.process.pid
                )))),
            }
        }
    }
}

fn write_down(opened: &Opened, dir: &StateDir, id: &WorkstreamId, request: &Request) -> Asked {
    match alone::apply(dir, &opened.plan, id, request.clone()) {
        Ok(taken @ (Taken::AtRest(_) | Taken::GoesOn(_))) => {
            if let Taken::AtRest(words) | Taken::GoesOn(words) = &taken {
                print(id, words);
            }
            Asked::Answered(Ok(taken))
        }
        Ok(Taken::Refused(why)) => Asked::Answered(Err(Failure::failed(format!("{id}: {why}")))),
        Err(error @ AloneError::Taken(_)) => Asked::InBetween(Failure::failed(error)),
        Err(error) => Asked::Answered(Err(Failure::failed(error))),
    }
}

/// Starts a worker that goes on with workstreams.
fn go_on(opened: &Opened, dir: &StateDir, ids: &[WorkstreamId]) -> Outcome {
    opened.store(dir)?;
    let names: Vec<&str> = ids.iter().map(WorkstreamId::as_str).collect();
    let names = names.join(", ");
    worker::start(&Program::default(), &opened.plan.root, ids).map_err(|error| {
        Failure::failed(format!("the worker for {names} could not be started: {error}"))
    })?;
    let with = if ids.len() == 1 { "it" } else { "them" };
    say::line(format_args!("{names}: a worker goes on with {with}; `ostler` shows {with}"));
    Ok(Code::Done)
}

fn print(id: &WorkstreamId, words: &[String]) {
    for word in words {
        say::line(format_args!("{id}: {word}"));
    }
}
