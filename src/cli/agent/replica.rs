//! `ostler agent replica`

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::agents::api::failure::{Failure, Tokens};
use crate::agents::api::report::Report;
use crate::cli::failure::Code;
use crate::cli::log_file;
use crate::supervisor::replica::{self, Call, DEPTH, Done, Ending};

/// The exit code of one that was asked to end, as shells have it after TERM.
const STOPPED: u8 = 128 + 15;

/// What `ostler agent replica` takes.
#[derive(Debug, Args)]
pub(super) struct ReplicaArguments {
    /// The directory of the attempt that it is.
    #[arg(long, value_name = "DIR")]
    attempt_dir: PathBuf,
}

/// Runs `ostler agent replica`.
pub(super) fn run(arguments: &ReplicaArguments) -> Code {
    let mut out = io::stdout();
    let mut report = Report::new(&mut out, Vec::new());
    match work(arguments, &mut report) {
        Ok(Ending::Done(done)) => {
            for path in &done.left_out {
                report.note(&format!("{} is not brought home", path.display()));
            }
            report.tell("result", keys(&done));
            Code::Done
        }
        Ok(Ending::Stopped) => {
            report.aside("it has ended, as it was asked to");
            Code::Agent(STOPPED)
        }
        Err(failure) => {
            let mut line = failure.line();
            line.insert("ok".to_owned(), json!(false));
            if failure.tokens != Tokens::default() {
                line.insert("sent".to_owned(), json!(failure.tokens.sent));
                line.insert("received".to_owned(), json!(failure.tokens.received));
            }
            report.tell("result", Value::Object(line));
            Code::Agent(failure.exit_code())
        }
    }
}

fn work(arguments: &ReplicaArguments, report: &mut Report<'_>) -> Result<Ending, Failure> {
    let depth = std::env::var_os(DEPTH).map(|depth| depth.to_string_lossy().into_owned());
    let depth = replica::depth(depth.as_deref())?;
    let call = Call::read(&arguments.attempt_dir)?;
    let dir = replica::open_state(&call)?;
    let _log = log_file::begin(&dir);
    let message = format!("a replica of {} begins", call.id);
    report.tell("start", json!({ "agent": "replica", "message": message }));
    replica::run(&call, &dir, depth, report)
}

/// Returns what is told of work that is done; figures that are not known are left out.
fn keys(done: &Done) -> Value {
    let mut keys = json!({ "ok": true, "message": done.words, "files": done.files });
    let usage = &done.usage;
    for (name, tokens) in [("sent", usage.input_tokens), ("received", usage.output_tokens)] {
        if let Some(tokens) = tokens {
            keys[name] = json!(tokens);
        }
    }
    if let Some(cost) = usage.cost_usd {
        keys["cost_usd"] = json!(cost);
    }
    keys
}
