//! What an attempt is told: the goal, and for later attempts the hand-off.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::config::plan::WorkstreamPlan;
use crate::core::phase::{Launch, StartFrom};
use crate::core::policy::RetryMode;
use crate::core::{Attempt, AttemptId, AttemptOutcome, Workstream};

/// A hand-off is at most so long, in bytes.
pub const HAND_OFF_LIMIT: usize = 64 * 1024;
/// The longest diff in a hand-off, in bytes.
const DIFF_LIMIT: usize = 32 * 1024;
/// The longest check output in a hand-off, in bytes; its end is kept.
const CHECK_LIMIT: usize = 16 * 1024;
/// The longest piece of log in a hand-off, in bytes; its end is kept.
const LOG_LIMIT: usize = 4 * 1024;
/// The longest overview of changed files in a hand-off, in bytes.
const STAT_LIMIT: usize = 4 * 1024;
/// The longest list of attempts in a hand-off, in bytes; its end is kept.
const TRIED_LIMIT: usize = 4 * 1024;
/// The longest reason of one attempt, in characters.
const REASON_LIMIT: usize = 300;
/// The longest note, in bytes.
const NOTE_LIMIT: usize = 8 * 1024;

/// What is known of the work so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The command that decides whether the work is done.
    pub check: Option<String>,
    /// What the check said when it last failed.
    pub check_output: Option<String>,
    /// The files that differ from the base, with their counts.
    pub diff_stat: Option<String>,
    /// The difference from the base.
    pub diff: Option<String>,
    /// The last lines of the last attempt's log, cleaned.
    pub last_lines: Vec<String>,
    /// The conversation that the attempt goes on with; none if it begins one.
    pub session: Option<String>,
}

/// Returns the text that an attempt is given.
///
/// The goal is never cut. A hand-off follows it when others have worked on it before and the attempt goes on from there;
/// it is cut to [`HAND_OFF_LIMIT`], and by [`RetryMode::Compact`] so far that the whole is the given percentage of its
/// full length: first the diff goes, then the log, the check's output, the overview, and the attempts but the last.
/// What the operator says always stays.
pub fn compose(
    plan: &WorkstreamPlan,
    workstream: &Workstream,
    launch: &Launch,
    context: &Context,
) -> String {
    if context.session.is_some() {
        return go_on(plan, workstream, launch, context);
    }
    let mut text = goal(plan, launch.mode, context);
    if let Some(note) = &launch.note {
        section(&mut text, "The operator says", &cut_end(note.trim(), NOTE_LIMIT));
    }
    let tried = tried(workstream, launch.attempt);
    if tried.is_empty() || !hands_off(launch.mode) {
        return text;
    }
    let parts = parts(&tried, context);
    let mut left = budget(&text, &parts, launch.mode);
    let _infallible = write!(text, "\n---\n\n# Hand-off\n\n{}\n", introduction(&launch.from));
    for part in BY_WORTH.iter().filter_map(|kind| parts.iter().find(|part| part.kind == *kind)) {
        if part.text.len() <= left {
            left -= part.text.len();
            text.push_str(&part.text);
        } else {
            left = 0;
            text.push_str(&part.least);
        }
    }
    text
}

/// Returns what the agents of an attempt that runs a chain again are told beside the goal: what the operator says, what was
/// tried before it, and what the check said; empty if nothing is to be told.
pub fn so_far(workstream: &Workstream, launch: &Launch, check_output: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(note) = &launch.note {
        section(&mut text, "The operator says", &cut_end(note.trim(), NOTE_LIMIT));
    }
    let tried = tried(workstream, launch.attempt);
    if tried.is_empty() {
        return text;
    }
    let body = format!(
        "Others have worked on this before you, and what is left of their work is in the worktree: look at what is there, \
         keep what is right, and go on.\n\n{}",
        cut_start(&list(tried), TRIED_LIMIT)
    );
    section(&mut text, "What was tried before", &body);
    let said = check_output.map(str::trim_end).filter(|said| !said.is_empty());
    if let Some(said) = said {
        section(&mut text, "What the check said then", &fenced(&cut_start(said, CHECK_LIMIT)));
    }
    text
}

/// Returns what an agent is told that goes on with its own conversation: what has become of its last attempt, and the goal
/// again, since a long conversation may have lost it.
fn go_on(
    plan: &WorkstreamPlan,
    workstream: &Workstream,
    launch: &Launch,
    context: &Context,
) -> String {
    let mut text = "# Go on\n\nYou have worked on this before, in this conversation. The worktree is as you left it: look at \
                    what is there, keep what is right, and go on."
        .to_owned();
    if let Some(last) = tried(workstream, launch.attempt).last() {
        let _infallible = write!(text, " This is what became of it:\n\n- {last}");
    }
    text.push('\n');
    if let Some(note) = &launch.note {
        section(&mut text, "The operator says", &cut_end(note.trim(), NOTE_LIMIT));
    }
    let said = context.check_output.as_deref().map(str::trim_end).filter(|said| !said.is_empty());
    if let Some(said) = said {
        section(&mut text, "What the check said", &fenced(&cut_start(said, CHECK_LIMIT)));
    }
    let goal = goal(plan, launch.mode, context);
    let _infallible = write!(text, "\n---\n\n{goal}");
    text
}

fn introduction(from: &StartFrom) -> String {
    match from {
        StartFrom::Current => "Others have worked on this before you. The worktree is as they left it: look at what is \
                               there, keep what is right, and go on."
            .to_owned(),
        StartFrom::Clean => "Others have worked on this before you. The worktree is as it was before them: nothing of \
                             their work is left in it."
            .to_owned(),
        StartFrom::Attempt(attempt) => format!(
            "Others have worked on this before you. The worktree is as attempt {attempt} left it: look at what is \
             there, keep what is right, and go on."
        ),
    }
}

/// A part of a hand-off.
struct Part {
    kind: Kind,
    text: String,
    /// What stays when there is no room for all.
    least: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tried,
    Check,
    Stat,
    Log,
    Diff,
}

/// The parts of a hand-off, the one that stays longest first; it is also the order in which they are read.
const BY_WORTH: &[Kind] = &[Kind::Tried, Kind::Stat, Kind::Check, Kind::Log, Kind::Diff];

impl Part {
    fn new(kind: Kind, title: &str, body: &str) -> Self {
        let mut text = String::new();
        section(&mut text, title, body);
        Self { kind, text, least: String::new() }
    }
}

fn hands_off(mode: RetryMode) -> bool {
    match mode {
        RetryMode::Plain | RetryMode::Clean => false,
        RetryMode::Feedback | RetryMode::Simpler | RetryMode::Compact(_) => true,
    }
}

fn goal(plan: &WorkstreamPlan, mode: RetryMode, context: &Context) -> String {
    let mut text = format!("# {}\n\n{}\n", plan.title.trim(), plan.prompt.trim());
    let simpler = mode == RetryMode::Simpler;
    let (files, tasks) = if simpler {
        (half(&plan.files), half(&plan.tasks))
    } else {
        (plan.files.as_slice(), plan.tasks.as_slice())
    };
    if simpler {
        let fewer = files.len() < plan.files.len() || tasks.len() < plan.tasks.len();
        text.push_str(if fewer {
            "\nAn earlier attempt failed, so this one is smaller: do only what is listed here and leave the rest for later.\n"
        } else {
            "\nAn earlier attempt failed: make the smallest change that does the work.\n"
        });
    }
    if !files.is_empty() {
        section(&mut text, "Files", &list(files.iter().map(shown)));
    }
    if !tasks.is_empty() {
        section(&mut text, "Tasks", &list(tasks.iter().cloned()));
    }
    if let Some(check) = &context.check {
        let body = format!(
            "This command decides whether the work is done; it must exit with 0:\n\n{}",
            fenced(check)
        );
        section(&mut text, "Check", &body);
    }
    text
}

fn half<T>(list: &[T]) -> &[T] {
    &list[..list.len().div_ceil(2)]
}

/// Returns one line for each attempt before this one, since the workstream began.
fn tried(workstream: &Workstream, current: AttemptId) -> Vec<String> {
    workstream.attempts.iter().filter(|attempt| attempt.id != current).filter_map(account).collect()
}

fn account(attempt: &Attempt) -> Option<String> {
    let what = match attempt.outcome {
        AttemptOutcome::Open => return None,
        AttemptOutcome::Skipped => "was not started".to_owned(),
        AttemptOutcome::Failed(class) => format!("failed: {class}"),
        AttemptOutcome::Stopped => "was stopped by the operator".to_owned(),
        AttemptOutcome::Succeeded => "ended, but the work was not accepted".to_owned(),
    };
    let reason = attempt.reason.lines().map(str::trim).find(|line| !line.is_empty());
    let mut line = format!("Attempt {} with {} {what}", attempt.id, attempt.agent);
    if let Some(reason) = reason {
        let _infallible = write!(line, ": {}", super::plain::cut(reason, REASON_LIMIT));
    }
    Some(line)
}

fn parts(tried: &[String], context: &Context) -> Vec<Part> {
    let mut parts = Vec::new();
    let all = list(tried.iter().cloned());
    let mut part = Part::new(Kind::Tried, "What was tried", &cut_start(&all, TRIED_LIMIT));
    if let Some(last) = tried.last() {
        section(&mut part.least, "What was tried last", &list([last.clone()]));
    }
    parts.push(part);
    let mut add = |kind, title: &str, body: Option<String>| {
        if let Some(body) = body.filter(|body| !body.is_empty()) {
            parts.push(Part::new(kind, title, &body));
        }
    };
    let fence = |text: &Option<String>, cut: &dyn Fn(&str) -> String| {
        text.as_ref()
            .filter(|text| !text.trim().is_empty())
            .map(|text| fenced(&cut(text.trim_end())))
    };
    add(
        Kind::Check,
        "What the check said",
        fence(&context.check_output, &|text| cut_start(text, CHECK_LIMIT)),
    );
    add(
        Kind::Stat,
        "What has been changed so far",
        fence(&context.diff_stat, &|text| cut_end(text, STAT_LIMIT)),
    );
    let log = Some(context.last_lines.join("\n"));
    add(
        Kind::Log,
        "The last lines of the last attempt",
        fence(&log, &|text| cut_start(text, LOG_LIMIT)),
    );
    add(
        Kind::Diff,
        "The difference so far",
        fence(&context.diff, &|text| cut_end(text, DIFF_LIMIT)),
    );
    parts
}

/// Returns how long the hand-off's parts may be together.
fn budget(goal: &str, parts: &[Part], mode: RetryMode) -> usize {
    let full: usize = parts.iter().map(|part| part.text.len()).sum();
    match mode {
        RetryMode::Compact(percent) => {
            let whole = (goal.len() + full).min(goal.len() + HAND_OFF_LIMIT);
            (whole * usize::from(percent.min(100)) / 100).saturating_sub(goal.len())
        }
        RetryMode::Plain | RetryMode::Clean | RetryMode::Feedback | RetryMode::Simpler => {
            HAND_OFF_LIMIT
        }
    }
}

fn section(text: &mut String, title: &str, body: &str) {
    let _infallible = write!(text, "\n## {title}\n\n{}\n", body.trim_end());
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().fold(String::new(), |text, item| text + "- " + item.trim() + "\n")
}

#[expect(clippy::ptr_arg, reason = "it maps over a list of paths")]
fn shown(path: &PathBuf) -> String {
    path.display().to_string()
}

/// Puts a fence around a text that no run of backticks in it can end.
fn fenced(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

/// Keeps the beginning of a text, whole lines where there are any.
fn cut_end(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    format!("{}\n[{} more bytes are left out]", &text[..end], text.len() - end)
}

/// Keeps the end of a text, whole lines where there are any.
fn cut_start(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut start = text.len() - limit;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let start = text[start..].find('\n').map_or(start, |end| start + end + 1);
    format!("[{start} bytes before this are left out]\n{}", &text[start..])
}
