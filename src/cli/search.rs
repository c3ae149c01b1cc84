//! `ostler search`: what the screen's search in all logs finds, a line each.

mod teller;

use std::io::{self, BufWriter, IsTerminal as _};

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::log_sources::LogSources;
use super::project::ProjectArguments;
use super::{opened, say};
use crate::ipc::facts::WorkstreamFacts;
use crate::supervisor::look;
use crate::supervisor::state_dir::StateDir;
use crate::tui::found::FoundIn;
use crate::tui::log::{Case, Finder, LogSearch, Refreshed, complaint};
use crate::tui::outputs;
use crate::tui::run::LogSource;
use teller::{Form, Teller};

const HELP: &str = "\
A line is told as WORKSTREAM:ATTEMPT:LINE, when it was written (~ if nobody looked at that time, - if that is not known), and \
its text around the match. LINE is the one that `ostler logs --raw` prints and the screen shows; the output of a check has \
`check` for its attempt. Events of an agent that writes JSON are searched for what they say.

Exit codes: 0 found, 1 not found, 2 the command line, the configuration or the repository is wrong, or a log could not be read.";

/// What `ostler search` takes.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct SearchArguments {
    /// A regular expression, or text if it is none.
    pattern: String,
    /// Only in the logs of these workstreams.
    workstreams: Vec<String>,
    /// Case does not matter. Without it, it does if the pattern has a capital letter.
    #[arg(short, long)]
    ignore_case: bool,
    /// Only how many lines match, for each log that has any.
    #[arg(short, long)]
    count: bool,
    /// As a JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs `ostler search`.
pub fn run(project: &ProjectArguments, arguments: &SearchArguments) -> Outcome {
    let case = if arguments.ignore_case { Case::Ignored } else { Case::Smart };
    let finder = Finder::with(&arguments.pattern, case)
        .ok_or_else(|| Failure::wrong("there is nothing to look for: the pattern is empty"))?;
    if let Some(why) = complaint(&arguments.pattern) {
        let pattern = &arguments.pattern;
        say::warning(format_args!(
            "ostler: `{pattern}` is no regular expression ({why}), so it is looked for as text"
        ));
    }
    let opened = opened::open_begun(project)?;
    let wanted: Vec<_> = arguments
        .workstreams
        .iter()
        .map(|name| opened.workstream(name).map(|workstream| workstream.id.clone()))
        .collect::<Result<_, _>>()?;
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let facts = look::look(&opened.project, &opened.plan).map_err(Failure::wrong)?;
    let is_wanted = |ws: &WorkstreamFacts| wanted.is_empty() || wanted.contains(&ws.id);
    let workstreams = facts.workstreams.iter().filter(|ws| is_wanted(ws));
    let sources = LogSources::new(dir);
    let mut teller =
        Teller::new(form(arguments), arguments.count, BufWriter::new(io::stdout().lock()));
    let mut unread = false;
    for ws in workstreams {
        for log in outputs::logs(ws) {
            let Some(source) = sources.find(ws, log.shown) else { continue };
            match one(&source, &log, &finder, &mut teller) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Code::Done),
                // It has not begun to write, or what it wrote was cleaned away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    unread = true;
                    let place = source.path.display();
                    say::warning(format_args!("ostler: {place} cannot be searched: {error}"));
                }
            }
        }
    }
    Ok(match (unread, teller.found) {
        (true, _) => Code::Wrong,
        (false, 0) => Code::Failed,
        (false, _) => Code::Done,
    })
}

fn form(arguments: &SearchArguments) -> Form {
    let is_terminal = io::stdout().is_terminal();
    match std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()) {
        _ if arguments.json => Form::Json,
        true if is_terminal => Form::Coloured,
        _ => Form::Plain,
    }
}

/// Searches one log as far as it is written now, and tells what is found as it is found.
fn one(
    source: &LogSource,
    log: &FoundIn,
    finder: &Finder,
    teller: &mut Teller<impl io::Write>,
) -> io::Result<()> {
    let mut search = LogSearch::open(&source.path, finder.clone(), source.stream)?;
    if !teller.only_counts() {
        search = search.keeping(usize::MAX);
    }
    loop {
        let stepped = search.step()?;
        teller.lines(log, &source.path, search.excerpts())?;
        if stepped != Refreshed::MoreToDo {
            return teller.end(log, search.count());
        }
    }
}
