//! `ostler agent replica` and `ostler agent contest`

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::agents::api::failure::{Failure, Tokens};
use crate::agents::api::report::Report;
use crate::cli::failure::Code;
use crate::cli::log_file;
use crate::supervisor::inner::{self, Call, DEPTH, Done, Ending};
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::{contest, replica};

/// The exit code of one that was asked to end, as shells have it after TERM.
const STOPPED: u8 = 128 + 15;

/// What `ostler agent replica` and `ostler agent contest` take.
#[derive(Debug, Args)]
pub(super) struct InnerArguments {
    /// The directory of the attempt that it is.
    #[arg(long, value_name = "DIR")]
    attempt_dir: PathBuf,
}

/// Which supervisor within an attempt it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One that runs a chain again.
    Replica,
    /// One that has several agents work side by side.
    Contest,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Replica => "replica",
            Self::Contest => "contest",
        }
    }

    fn run(
        self,
        call: &Call,
        dir: &StateDir,
        depth: u32,
        report: &mut Report<'_>,
    ) -> Result<Ending, Failure> {
        match self {
            Self::Replica => replica::run(call, dir, depth, report),
            Self::Contest => contest::run(call, dir, depth, report),
        }
    }
}

/// Runs `ostler agent replica` or `ostler agent contest`.
pub(super) fn run(kind: Kind, arguments: &InnerArguments) -> Code {
    let mut out = io::stdout();
    let mut report = Report::new(&mut out, Vec::new());
    match work(kind, arguments, &mut report) {
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

fn work(
    kind: Kind,
    arguments: &InnerArguments,
    report: &mut Report<'_>,
) -> Result<Ending, Failure> {
    let depth = std::env::var_os(DEPTH).map(|depth| depth.to_string_lossy().into_owned());
    let depth = inner::depth(depth.as_deref(), &format!("a {}", kind.name()))?;
    let call = Call::read(&arguments.attempt_dir)?;
    let dir = inner::open_state(&call)?;
    let _log = log_file::begin(&dir);
    let agent = call.agent.contends.map_or(kind.name(), |how| how.word());
    let message = format!("a {agent} of {} begins", call.id);
    report.tell("start", json!({ "agent": agent, "message": message }));
    kind.run(&call, &dir, depth, report)
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
