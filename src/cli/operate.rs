//! Asking something of a workstream from a script.

use std::slice;
use std::time::Duration;

use super::failure::{Code, Failure, Outcome};
use super::opened::Opened;
use super::say;
use crate::core::{Request, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::keeper::launch::Program;
use crate::supervisor::alone::{self, Taken};
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::{ownership, worker};

/// A supervisor answers within this time.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks something of a workstream: of its owner, or, if it has none, by writing it down and starting a worker.
pub fn operate(opened: &Opened, id: &WorkstreamId, request: Request) -> Outcome {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    if let Some(owner) = ownership::owner(&dir.workstream(id)) {
        let ask = Ask::Request { workstream: id.clone(), request };
        let pid = owner.process.pid;
        return match runtime.block_on(client::ask(&owner.socket, &ask, LIMIT)) {
            Ok(Answer::Done) => Ok(Code::Done),
            Ok(Answer::Refused(why)) => Err(Failure::failed(why)),
            Err(error) => Err(Failure::failed(format!(
                "the supervisor of {id} (pid {pid}) cannot be reached: {error}"
            ))),
        };
    }
    match alone::apply(&dir, &opened.plan, id, request).map_err(Failure::failed)? {
        Taken::AtRest(words) => {
            print(id, &words);
            Ok(Code::Done)
        }
        Taken::GoesOn(words) => {
            print(id, &words);
            worker::start(&Program::default(), &opened.plan.root, slice::from_ref(id)).map_err(
                |error| {
                    Failure::failed(format!("the worker for {id} could not be started: {error}"))
                },
            )?;
            say::line(format_args!("{id}: a worker goes on with it; `ostler` shows it"));
            Ok(Code::Done)
        }
        Taken::Refused(why) => Err(Failure::failed(format!("{id}: {why}"))),
    }
}

fn print(id: &WorkstreamId, words: &[String]) {
    for word in words {
        say::line(format_args!("{id}: {word}"));
    }
}
