//! What an attempt is told: the goal, and for later attempts the hand-off.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::hand_off::{CHECK_LIMIT, Kind, Part, TRIED_LIMIT};
use super::hand_off::{cut_end, cut_start, fenced, full_length, put_together, section};
use super::masked::Secrets;
use super::steps::{Step, is_same};
use crate::config::plan::WorkstreamPlan;
use crate::core::phase::{Launch, StartFrom};
use crate::core::policy::RetryMode;
use crate::core::{Attempt, AttemptId, AttemptOutcome, Workstream};

pub use super::hand_off::{DIFF_LIMIT, LIMIT as HAND_OFF_LIMIT};

/// The longest reason of one attempt, in characters.
const REASON_LIMIT: usize = 300;
/// The longest note, in bytes.
const NOTE_LIMIT: usize = 8 * 1024;

/// What is said of a prompt that the operator has written for one attempt.
const REWRITTEN: &str = "The operator has written this anew for this attempt: it takes the place of what was asked before.";

/// What is known of the work so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The command that decides whether the work is done.
    pub check: Option<String>,
    /// What the check said when it last failed.
    pub check_output: Option<String>,
    /// What was ticked off, and what was still to be done on the same list.
    pub steps: Vec<Step>,
    /// How far the last attempt said that it was, in its own words.
    pub progress: Option<String>,
    /// The files that differ from the base, with their counts.
    pub overview: Option<String>,
    /// The difference from the base.
    pub diff: Option<String>,
    /// The last lines of the last attempt's log, cleaned.
    pub last_lines: Vec<String>,
    /// The conversation that the attempt goes on with; none if it begins one.
    pub session: Option<String>,
    /// What must not be handed on. What people wrote is told as they wrote it.
    pub secrets: Secrets,
}

/// What an attempt is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// The text.
    pub text: String,
    /// What of the work so far is not in it, or not as a whole, in words.
    pub left_out: Vec<String>,
}

/// Returns what an attempt is given.
///
/// The goal is never cut. A hand-off follows it when others have worked on it before and the attempt goes on from there;
/// it is cut to [`HAND_OFF_LIMIT`], and by [`RetryMode::Compact`] so far that the whole is the given percentage of its
/// full length: first the diff goes, then the log, the check's output, the overview, the ticks, and the attempts but the
/// last. What the operator says always stays, and what was left out is said.
pub fn compose(
    plan: &WorkstreamPlan,
    workstream: &Workstream,
    launch: &Launch,
    context: &Context,
) -> Prompt {
    if context.session.is_some() {
        return Prompt { text: go_on(plan, workstream, launch, context), left_out: Vec::new() };
    }
    let mut text = goal(plan, launch, context);
    if let Some(note) = &launch.note {
        section(&mut text, "The operator says", &cut_end(note.trim(), NOTE_LIMIT));
    }
    let tried = tried(workstream, launch.attempt);
    if tried.is_empty() || !hands_off(launch.mode) {
        return Prompt { text, left_out: Vec::new() };
    }
    let parts = parts(&tried, context);
    let room = room(&text, &parts, launch.mode);
    let _infallible = write!(text, "\n---\n\n# Hand-off\n\n{}\n", introduction(&launch.from));
    let hand_off = put_together(parts, room);
    text.push_str(&context.secrets.masked(&hand_off.text));
    Prompt { text, left_out: hand_off.left_out }
}

/// Returns the files that an attempt is about: all, or the first half of them.
pub fn files(plan: &WorkstreamPlan, mode: RetryMode) -> &[PathBuf] {
    match mode {
        RetryMode::Simpler => half(&plan.files),
        RetryMode::Plain
        | RetryMode::Clean
        | RetryMode::Feedback
        | RetryMode::Compact(_)
        | RetryMode::Take => &plan.files,
    }
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
        let last = context.secrets.masked(last);
        let _infallible = write!(text, " This is what became of it:\n\n- {last}");
    }
    text.push('\n');
    if let Some(note) = &launch.note {
        section(&mut text, "The operator says", &cut_end(note.trim(), NOTE_LIMIT));
    }
    let said = context.check_output.as_deref().map(str::trim_end).filter(|said| !said.is_empty());
    if let Some(said) = said {
        let said = cut_start(&context.secrets.masked(said), CHECK_LIMIT);
        section(&mut text, "What the check said", &fenced(&said));
    }
    let goal = goal(plan, launch, context);
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
        StartFrom::Contestant(attempt, number) => format!(
            "Several have worked on this side by side in attempt {attempt}. The worktree is as number {number} of them \
             left its own: look at what is there, keep what is right, and go on."
        ),
    }
}

fn hands_off(mode: RetryMode) -> bool {
    match mode {
        RetryMode::Plain | RetryMode::Clean | RetryMode::Take => false,
        RetryMode::Feedback | RetryMode::Simpler | RetryMode::Compact(_) => true,
    }
}

fn goal(plan: &WorkstreamPlan, launch: &Launch, context: &Context) -> String {
    let mode = launch.mode;
    let prompt = launch.prompt.as_ref().unwrap_or(&plan.prompt);
    let mut text = format!("# {}\n\n{}\n", plan.title.trim(), prompt.trim());
    if launch.prompt.is_some() {
        let _infallible = write!(text, "\n{REWRITTEN}\n");
    }
    let is_ticked =
        |task: &str| context.steps.iter().any(|step| step.is_done && is_same(&step.text, task));
    let (ticked, open): (Vec<&String>, Vec<&String>) =
        plan.tasks.iter().partition(|task| hands_off(mode) && is_ticked(task));
    let simpler = mode == RetryMode::Simpler;
    let files = files(plan, mode);
    let tasks = if simpler { half(&open) } else { &open };
    if simpler {
        let fewer = files.len() < plan.files.len() || tasks.len() < open.len();
        text.push_str(if fewer {
            "\nAn earlier attempt failed, so this one is smaller: do only what is listed here and leave the rest for later.\n"
        } else {
            "\nAn earlier attempt failed: make the smallest change that does the work.\n"
        });
    }
    if !files.is_empty() {
        section(&mut text, "Files", &list(files.iter().map(shown)));
    }
    if ticked.is_empty() && !tasks.is_empty() {
        section(&mut text, "Tasks", &list(tasks.iter().map(ToString::to_string)));
    } else if !ticked.is_empty() {
        let shown = plan.tasks.iter().filter(|task| ticked.contains(task) || tasks.contains(task));
        let marked = shown.map(|task| {
            let mark = if ticked.contains(&task) { 'x' } else { ' ' };
            format!("[{mark}] {}", task.trim())
        });
        let body = format!(
            "{}\nWhat is marked with an x was ticked off by an earlier attempt: see whether it holds.",
            list(marked)
        );
        section(&mut text, "Tasks", &body);
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
    let all = Part::new(Kind::Tried, &list(tried.iter().cloned()));
    let all = match tried {
        [] => all,
        [only] => all.map(|part| part.with_least("What was tried", &list([only.clone()]))),
        [.., last] => all.map(|part| part.with_least("What was tried last", &list([last.clone()]))),
    };
    let text = |kind, text: &Option<String>| Part::new(kind, text.as_deref().unwrap_or_default());
    let rest = [
        Part::new(Kind::Steps, &ticks(context)),
        text(Kind::Overview, &context.overview),
        text(Kind::Check, &context.check_output),
        Part::new(Kind::Log, &context.last_lines.join("\n")),
        text(Kind::Diff, &context.diff),
    ];
    all.into_iter().chain(rest.into_iter().flatten()).collect()
}

/// Returns what was ticked off and how far the last attempt said that it was; empty if neither is known.
fn ticks(context: &Context) -> String {
    let steps = context.steps.iter().map(|step| {
        let mark = if step.is_done { 'x' } else { ' ' };
        format!("[{mark}] {}", step.text)
    });
    let mut text = list(steps);
    if let Some(progress) = &context.progress {
        let _infallible = writeln!(text, "- the last attempt said that it had come to {progress}");
    }
    text
}

/// Returns how long the hand-off's parts may be together.
fn room(goal: &str, parts: &[Part], mode: RetryMode) -> usize {
    match mode {
        RetryMode::Compact(percent) => {
            let whole = goal.len() + full_length(parts).min(HAND_OFF_LIMIT);
            (whole * usize::from(percent.min(100)) / 100).saturating_sub(goal.len())
        }
        RetryMode::Plain
        | RetryMode::Clean
        | RetryMode::Feedback
        | RetryMode::Simpler
        | RetryMode::Take => HAND_OFF_LIMIT,
    }
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().fold(String::new(), |text, item| text + "- " + item.trim() + "\n")
}

#[expect(clippy::ptr_arg, reason = "it maps over a list of paths")]
fn shown(path: &PathBuf) -> String {
    path.display().to_string()
}
