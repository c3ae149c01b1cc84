//! Asking something of a workstream from a script.

use std::io::ErrorKind;
use std::slice;
use std::time::{Duration, Instant};

use super::failure::{Code, Failure, Outcome};
use super::opened::Opened;
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
/// An owner that has just changed is looked for again after this long.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Asks something of a workstream: of its owner, or, if it has none, by writing it down and starting a worker.
///
/// Owners change: one that has just let go, or died before it was asked, is no reason to lose what the operator wants.
pub fn operate(opened: &Opened, id: &WorkstreamId, request: Request) -> Outcome {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let begun = Instant::now();
    loop {
        let tried = match ownership::owner(&dir.workstream(id)) {
            Some(owner) => runtime.block_on(ask(&owner, id, &request))?,
            None => write_down(&dir, opened, id, &request)?,
        };
        match tried {
            Tried::Done => return Ok(Code::Done),
            Tried::Changed(why) if begun.elapsed() > LIMIT => return Err(Failure::failed(why)),
            Tried::Changed(_) => std::thread::sleep(LOOK_AGAIN),
        }
    }
}

/// What came of one try.
enum Tried {
    /// It is done, or under way.
    Done,
    /// Nothing was done, since the owner has changed.
    Changed(String),
}

async fn ask(owner: &OwnerCard, id: &WorkstreamId, request: &Request) -> Result<Tried, Failure> {
    let ask = Ask::Request { workstream: id.clone(), request: request.clone() };
    let pid = owner.process.pid;
    match client::ask(&owner.socket, &ask, LIMIT).await {
        Ok(Answer::Done) => Ok(Tried::Done),
        Ok(Answer::Refused(why)) => Err(Failure::failed(why)),
        Ok(Answer::NotHere) => {
            Ok(Tried::Changed(format!("{id}: its owner changes all the time; try again")))
        }
        Err(error) => {
            let why = format!("{id}: {}", ownership::unreachable(owner, &error));
            match error.kind() {
                // It was never asked: its socket is gone, or nobody is behind it.
                ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::NotADirectory => {
                    Ok(Tried::Changed(why))
                }
                ErrorKind::TimedOut => Err(Failure::failed(why)),
                _ => Err(Failure::failed(format!(
                    "{id}: its owner (pid {pid}) went away before it answered ({error}); \
                     `ostler status {id}` tells whether it was done"
                ))),
            }
        }
    }
}

fn write_down(
    dir: &StateDir,
    opened: &Opened,
    id: &WorkstreamId,
    request: &Request,
) -> Result<Tried, Failure> {
    match alone::apply(dir, &opened.plan, id, request.clone()) {
        Ok(Taken::AtRest(words)) => {
            print(id, &words);
            Ok(Tried::Done)
        }
        Ok(Taken::GoesOn(words)) => {
            print(id, &words);
            worker::start(&Program::default(), &opened.plan.root, slice::from_ref(id)).map_err(
                |error| {
                    Failure::failed(format!("the worker for {id} could not be started: {error}"))
                },
            )?;
            println!("{id}: a worker goes on with it; `ostler` shows it");
            Ok(Tried::Done)
        }
        Ok(Taken::Refused(why)) => Err(Failure::failed(format!("{id}: {why}"))),
        Err(error @ AloneError::Taken(_)) => Ok(Tried::Changed(error.to_string())),
        Err(error) => Err(Failure::failed(error)),
    }
}

fn print(id: &WorkstreamId, words: &[String]) {
    for word in words {
        println!("{id}: {word}");
    }
}
