//! `ostler logs`

mod printer;

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
use crate::core::{AttemptId, Stream, WorkstreamId};
use crate::keeper::inspect::{self, Found};
use crate::supervisor::agent_file;
use crate::supervisor::look;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::watch::Watch;
use printer::{Colours, Form, Printer};

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
    /// As it was written, also to a terminal, which it can then control. Without it, the events of an agent that writes
    /// JSON are printed as lines that people read.
    #[arg(long)]
    raw: bool,
}

/// Runs `ostler logs`.
pub fn run(project: &ProjectArguments, arguments: &LogsArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
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
    let stream = match agent_file::read(&dir.attempt(&id, attempt)) {
        Ok(agent) if !arguments.check => agent.and_then(|agent| agent.patterns.stream),
        // What cannot be read is printed as it was written.
        Ok(_) | Err(_) => None,
    };
    let mut printer = Printer::new(form(arguments, stream));
    let outcome = if arguments.follow {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.and_then(|runtime| runtime.block_on(follow(&run, &mut printer)))
    } else {
        print_from(&run.join("out.log"), 0, &mut printer).map(drop)
    };
    let outcome = outcome.and_then(|()| printer.end(&mut io::stdout().lock()));
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("{}: {error}", run.display())))
        }
        _ => Ok(Code::Done),
    }
}

fn form(arguments: &LogsArguments, stream: Option<Stream>) -> Form {
    let is_terminal = io::stdout().is_terminal();
    let has_colours = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    let colours = if has_colours { Colours::Shown } else { Colours::None };
    match stream {
        _ if arguments.raw => Form::Raw,
        Some(stream) => Form::Readable(stream, colours),
        None if is_terminal => Form::Cleaned(colours),
        None => Form::Raw,
    }
}

fn latest(opened: &opened::Opened, id: &WorkstreamId) -> Result<AttemptId, Failure> {
    let facts = look::look(&opened.project, &opened.plan).map_err(Failure::failed)?;
    let found = facts.workstreams.iter().find(|workstream| workstream.id == *id);
    found
        .and_then(|workstream| workstream.attempt)
        .ok_or_else(|| Failure::failed(format!("{id} has not had an attempt yet")))
}

async fn follow(run: &Path, printer: &mut Printer) -> io::Result<()> {
    let changed = Arc::new(Notify::new());
    let watch = Watch::start();
    let told = Arc::clone(&changed);
    watch.directory(run, Arc::new(move || told.notify_one()))?;
    let log: PathBuf = run.join("out.log");
    let mut offset = 0;
    loop {
        // Looked at before the log is read, so that nothing written before the end is missed.
        let is_over = matches!(inspect::inspect(run), Ok(Found::Ended(_) | Found::Gone(_)));
        offset = print_from(&log, offset, printer)?;
        if is_over {
            return Ok(());
        }
        changed.notified().await;
    }
}

/// Prints a file from an offset on, and returns the offset of its end.
fn print_from(path: &Path, mut offset: u64, printer: &mut Printer) -> io::Result<u64> {
    let file = File::open(path)?;
    let mut out = io::stdout().lock();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read_at(&mut buffer, offset)?;
        if read == 0 {
            out.flush()?;
            return Ok(offset);
        }
        printer.print(&buffer[..read], &mut out)?;
        offset += read as u64;
    }
}
