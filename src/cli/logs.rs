//! `ostler logs`

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tokio::sync::Notify;

use super::failure::{Code, Failure, Outcome};
use super::opened;
use super::project::ProjectArguments;
use crate::agents::plain;
use crate::core::{AttemptId, WorkstreamId};
use crate::keeper::inspect::{self, Found};
use crate::supervisor::look;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::watch::Watch;

/// What `ostler logs` takes.
#[derive(Debug, Args)]
pub struct LogsArguments {
    /// The workstream.
    id: String,
    /// Go on while it grows, until the attempt has ended.
    #[arg(short, long)]
    follow: bool,
    /// Of this attempt; the latest one if not given.
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
    /// The output of the attempt's check instead.
    #[arg(long)]
    check: bool,
    /// As it was written, also to a terminal, which it can then control.
    #[arg(long)]
    raw: bool,
}

/// How bytes are printed.
#[derive(Clone, Copy)]
enum Form {
    Raw,
    Cleaned,
}

/// Runs `ostler logs`.
pub fn run(project: &ProjectArguments, arguments: &LogsArguments) -> Outcome {
    let opened = opened::open(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::failed)?;
    let attempt = match arguments.attempt {
        Some(number) => AttemptId(number),
        None => latest(&opened, &id)?,
    };
    let run = if arguments.check { dir.check(&id, attempt) } else { dir.run(&id, attempt) };
    if !run.join("out.log").exists() {
        return Err(Failure::failed(format!("{id} has no such log: {}", run.display())));
    }
    let form = if io::stdout().is_terminal() && !arguments.raw { Form::Cleaned } else { Form::Raw };
    let printed = if arguments.follow {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.and_then(|runtime| runtime.block_on(follow(&run, form)))
    } else {
        print_from(&run.join("out.log"), 0, form).map(drop)
    };
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("{}: {error}", run.display())))
        }
        _ => Ok(Code::Done),
    }
}

fn latest(opened: &opened::Opened, id: &WorkstreamId) -> Result<AttemptId, Failure> {
    let facts = look::look(&opened.project, &opened.plan).map_err(Failure::failed)?;
    let found = facts.workstreams.iter().find(|workstream| workstream.id == *id);
    found
        .and_then(|workstream| workstream.attempt)
        .ok_or_else(|| Failure::failed(format!("{id} has not had an attempt yet")))
}

async fn follow(run: &Path, form: Form) -> io::Result<()> {
    let changed = Arc::new(Notify::new());
    let watch = Watch::start();
    let told = Arc::clone(&changed);
    watch.directory(run, Arc::new(move || told.notify_one()))?;
    let log: PathBuf = run.join("out.log");
    let mut offset = 0;
    loop {
        // Looked at before the log is read, so that nothing written before the end is missed.
        let is_over = matches!(inspect::inspect(run), Ok(Found::Ended(_) | Found::Gone(_)));
        offset = print_from(&log, offset, form)?;
        if is_over {
            return Ok(());
        }
        changed.notified().await;
    }
}

/// Prints a file from an offset on, and returns the offset of its end.
fn print_from(path: &Path, mut offset: u64, form: Form) -> io::Result<u64> {
    let file = File::open(path)?;
    let mut out = io::stdout().lock();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read_at(&mut buffer, offset)?;
        if read == 0 {
            out.flush()?;
            return Ok(offset);
        }
        match form {
            Form::Raw => out.write_all(&buffer[..read])?,
            Form::Cleaned => out.write_all(plain::clean_lines(&buffer[..read]).as_bytes())?,
        }
        offset += read as u64;
    }
}
