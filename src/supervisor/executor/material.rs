//! What the next attempt is told of the work so far, gathered from the worktree and from what earlier attempts left.
//!
//! What cannot be read is said in its place: an attempt starts without it all the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::spawn::Job;
use super::{Context, growth};
use crate::agents::classify::Reader;
use crate::agents::masked::Secrets;
use crate::agents::steps::{self, Step};
use crate::agents::{api, plain, prompt, status};
use crate::config::plan::WorkstreamPlan;
use crate::config::secret::is_secret;
use crate::core::phase::StartFrom;
use crate::core::{Attempt, WorkstreamId};
use crate::supervisor::{agent_file, last_check};
use crate::worktree::{Change, ChangedFile, Worktree, WorktreeError};

/// So many of the last lines of a log are told.
const LINES: usize = 20;
/// And so much of a line, in characters.
const LINE: usize = 300;
/// So many changed files are named.
const FILES: usize = 60;
/// The last line of a diff that is cut has this much room.
const CUT_NOTE: usize = 512;

/// Gathers what is known; `session` is the conversation that the attempt goes on with.
pub(super) fn gather(
    context: &Context,
    job: &Job,
    plan: &WorkstreamPlan,
    worktree: &Path,
    session: Option<String>,
) -> io::Result<prompt::Context> {
    let id = &job.state.definition.id;
    let check = plan.check.as_ref().map(|check| check.argv.join(" "));
    let before = job.state.attempts.iter().rev().filter(|attempt| attempt.started.is_some());
    let ran: Vec<&Attempt> = before.collect();
    let Some(last) = ran.first() else {
        return Ok(prompt::Context { check, session, ..prompt::Context::default() });
    };
    let changes = Changes::read(worktree, id);
    let told = growth::status_file(&context.dir.attempt(id, last.id));
    let progress = status::read(&told).ok().flatten();
    let progress = progress.map(|at| status::line(&at).trim().to_owned());
    // What was ticked off later is not in the worktree.
    let there = ran.iter().filter(|attempt| match job.launch.from {
        StartFrom::Current => true,
        StartFrom::Clean => false,
        StartFrom::Attempt(from) | StartFrom::Contestant(from, _) => attempt.id <= from,
    });
    Ok(prompt::Context {
        check,
        check_output: last_check::output(&context.dir, &job.state)?,
        steps: steps_of(context, id, there.copied()),
        progress,
        overview: Some(changes.overview),
        diff: Some(changes.diff),
        last_lines: last_lines(context, id, last),
        session,
        secrets: secrets(context),
    })
}

/// Returns the keys and passwords that this process knows of.
fn secrets(context: &Context) -> Secrets {
    let plan = context.plan();
    let named: BTreeSet<&String> = plan
        .agents
        .values()
        .filter_map(|agent| agent.env.get(api::settings::KEY_VARIABLE))
        .collect();
    let given = plan.agents.values().flat_map(|agent| agent.env.clone());
    let ours = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let hidden = ours.chain(given).filter(|(name, _)| is_secret(name) || named.contains(name));
    // The name of the variable that holds a key is none.
    let hidden = hidden.filter(|(name, _)| name != api::settings::KEY_VARIABLE);
    Secrets::new(hidden.map(|(_, value)| value))
}

/// What differs from the base.
struct Changes {
    overview: String,
    diff: String,
}

impl Changes {
    fn read(worktree: &Path, id: &WorkstreamId) -> Self {
        let read = || -> Result<Self, WorktreeError> {
            let worktree = Worktree::open(worktree, id)?;
            let base = worktree.base()?;
            let overview = overview(&worktree.changed_files(&base)?);
            let diff = worktree.diff_text(&base, prompt::DIFF_LIMIT - CUT_NOTE)?;
            Ok(Self { overview, diff: plain::clean_lines(diff.as_bytes()) })
        };
        read().unwrap_or_else(|error| Self {
            overview: format!("(the changes could not be read: {error})"),
            diff: String::new(),
        })
    }
}

/// Writes one line a changed file: how it has changed, and how many lines.
fn overview(files: &[ChangedFile]) -> String {
    if files.is_empty() {
        return "nothing".to_owned();
    }
    let mut text = String::new();
    for ChangedFile { path, change, added, removed } in files.iter().take(FILES) {
        let path = path.display();
        let what = match change {
            Change::Added => format!("new      {path}"),
            Change::Modified => format!("modified {path}"),
            Change::Deleted => format!("deleted  {path}"),
            Change::Renamed(from) => format!("renamed  {} → {path}", from.display()),
        };
        let _infallible = writeln!(text, "{} (+{added} −{removed})", plain::clean(what.as_bytes()));
    }
    if files.len() > FILES {
        let _infallible = writeln!(text, "and {} more files", files.len() - FILES);
    }
    text
}

/// Returns what was ticked off: the newest list of things to do, and what status files add to it.
fn steps_of<'a>(
    context: &Context,
    id: &WorkstreamId,
    attempts: impl Iterator<Item = &'a Attempt>,
) -> Vec<Step> {
    let mut list: Vec<Step> = Vec::new();
    let mut ticked: Vec<Step> = Vec::new();
    for attempt in attempts {
        let dir = context.dir.attempt(id, attempt.id);
        if list.is_empty() {
            let log = context.dir.run(id, attempt.id).join("out.log");
            list = reader(&dir).and_then(|reader| reader.steps(&log).ok()).unwrap_or_default();
        }
        ticked.extend(steps::ticked(&growth::status_file(&dir)).unwrap_or_default());
    }
    for step in ticked {
        match list.iter_mut().find(|known| steps::is_same(&known.text, &step.text)) {
            Some(known) => known.is_done = true,
            None => list.push(step),
        }
    }
    list
}

fn last_lines(context: &Context, id: &WorkstreamId, attempt: &Attempt) -> Vec<String> {
    let log = context.dir.run(id, attempt.id).join("out.log");
    let reader = reader(&context.dir.attempt(id, attempt.id));
    let lines = reader.map(|reader| reader.last_words(&log, LINES, LINE));
    match lines {
        Some(Ok(lines)) => lines,
        Some(Err(error)) => vec![format!("(its log could not be read: {error})")],
        None => Vec::new(),
    }
}

fn reader(attempt_dir: &Path) -> Option<Reader> {
    let agent = agent_file::read(attempt_dir).ok().flatten()?;
    Reader::new(&agent.preset, &agent.patterns).ok()
}
