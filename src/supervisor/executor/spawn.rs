//! Starting an agent: checkpoint, prompt, keeper.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::keep::{self, Run};
use super::{Context, blocking, growth, material, takeover};
use crate::agents::command::{self, Placeholders};
use crate::agents::prompt::{self, Prompt};
use crate::agents::session;
use crate::config::plan::{Agent, WorkstreamPlan};
use crate::config::preset::PromptDelivery;
use crate::core::notice::Severity;
use crate::core::phase::Launch;
use crate::core::room::Room;
use crate::core::{Event, FailureClass, Workstream};
use crate::keeper::files;
use crate::keeper::inspect::{self, Found};
use crate::keeper::launch::{self, LaunchError};
use crate::keeper::orphan;
use crate::keeper::spec::{FORMAT, Spec};
use crate::supervisor::agent_file;

/// The keeper ends an attempt by itself this long after its owner should have.
const KEEPER_SLACK: Duration = Duration::from_secs(15);
/// An attempt that is to be started.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) state: Workstream,
    pub(super) launch: Launch,
    pub(super) hard: Duration,
}

/// What came of it.
pub(super) enum Spawned {
    /// A keeper has it.
    Kept,
    /// Nothing of it runs.
    Not {
        /// What kind of failure.
        class: FailureClass,
        /// Why.
        error: String,
    },
}

/// Starts an attempt, unless that was done before.
pub(super) async fn spawn(context: &Context, run: &Run, job: Job) -> Spawned {
    let (context, run) = (context.clone(), run.clone());
    let done = blocking(move || {
        match inspect::inspect(&run.dir) {
            Ok(Found::Absent | Found::NotStarted) => {}
            // What is there, or what is wrong with it, is found by who follows it.
            Ok(_) | Err(_) => return Ok(()),
        }
        let failure = match start(&context, &run, &job) {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        // The keeper may have died with its agent already at work, be late, or be that of a former owner.
        match inspect::forbid(&run.dir) {
            Ok(Found::Absent | Found::NotStarted) => Err(failure),
            Ok(_) | Err(_) => Ok(()),
        }
    });
    match done.await {
        Ok(Ok(())) => Spawned::Kept,
        Ok(Err((class, error))) => Spawned::Not { class, error },
        Err(error) => Spawned::Not { class: FailureClass::SpawnFailed, error },
    }
}

type Failure = (FailureClass, String);

fn start(context: &Context, run: &Run, job: &Job) -> Result<(), Failure> {
    let spawn = |error: &dyn std::fmt::Display| (FailureClass::SpawnFailed, error.to_string());
    let lost = |error: &dyn std::fmt::Display| (FailureClass::WorktreeLost, error.to_string());
    // What cannot be written beside our state is nothing that another agent does better.
    let unkept = |error: &dyn std::fmt::Display| (FailureClass::Resources, error.to_string());
    // What was admitted before, or falls back without being admitted, does not start either.
    if let (Room::Short { .. }, Some(least)) = context.disk().room(Room::Enough) {
        return Err((FailureClass::Resources, format!("nothing starts while {}", least.words())));
    }
    let place = job.state.place.as_ref();
    let place = place.ok_or_else(|| spawn(&"its worktree is not known"))?;
    let worktree = PathBuf::from(&place.worktree);
    let agent = context.agent(&job.state, &job.launch);
    let agent = agent.ok_or_else(|| spawn(&"its agent is configured no more"))?;
    if let Some(why) = &agent.unavailable {
        return Err((FailureClass::ProbeFailed, why.clone()));
    }
    let plan = context.workstream(&run.id);
    let plan = plan.ok_or_else(|| spawn(&"the workstream is configured no more"))?;

    check_alone(&worktree)?;
    let found = takeover::take_over(job, &worktree).map_err(|error| lost(&error))?;

    let attempt_dir = context.dir.attempt(&run.id, run.attempt);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&attempt_dir)
        .map_err(|error| unkept(&format!("{}: {error}", attempt_dir.display())))?;
    let session = session::resumed(&agent, &job.state, &job.launch).map(str::to_owned);
    if let Some(session) = &session {
        let text = format!("attempt {} goes on with session {session}", run.attempt);
        context.tell(&run.id, Severity::Info, text);
    }
    let words = write_down(context, job, &plan, &worktree, session.as_deref())
        .map_err(|error| unkept(&format!("{}: {error}", attempt_dir.display())))?;
    if let Some(found) = found {
        let path = attempt_dir.join("prompt.md");
        let there =
            fs::read(&path).map_err(|error| unkept(&format!("{}: {error}", path.display())))?;
        if there != words.as_bytes() {
            return Err(unkept(&format!("{} is not what was written", path.display())));
        }
        let transfer = found.with_prompt(there.len() as u64);
        context.report(&run.id, Event::Transferred { attempt: run.attempt, transfer });
    }
    agent_file::write(&attempt_dir, &agent)
        .map_err(|error| unkept(&format!("{}: {error}", attempt_dir.display())))?;

    let values = Placeholders {
        prompt: words,
        prompt_file: attempt_dir.join("prompt.md"),
        worktree: worktree.clone(),
        attempt_dir: attempt_dir.clone(),
        workstream: run.id.to_string(),
        files: prompt::files(&plan, job.launch.mode).to_vec(),
        ostler: context.program.0.clone(),
        session,
    };
    let spec = Spec {
        version: FORMAT,
        name: format!("{}/{}", run.id, run.attempt),
        argv: command::fill(&agent, &values).map_err(|error| spawn(&error))?,
        cwd: worktree,
        env: environment(job, &agent, &values, &attempt_dir),
        stdin: match agent.prompt {
            PromptDelivery::Argument => None,
            PromptDelivery::Stdin => Some(values.prompt_file.clone()),
        },
        io: agent.io,
        grace: agent.grace,
        deadline: job.hard + KEEPER_SLACK,
        nice: context.plan().limits.nice,
        raise: keep::raise(context, &run.id),
        scope: context.scope(),
    };
    match launch::launch(&context.program, &run.dir, &spec, []) {
        // Its agent may be at work all the same: who follows it ends that, and says so.
        Ok(_) | Err(LaunchError::Removed { .. }) => Ok(()),
        Err(
            error @ (LaunchError::Directory { .. }
            | LaunchError::Spec { .. }
            | LaunchError::Program { .. }),
        ) => Err(unkept(&error)),
        Err(error) => Err(spawn(&error)),
    }
}

/// Makes sure that no agent is left in the worktree of which nothing is known any more, as when our files were removed.
fn check_alone(worktree: &Path) -> Result<(), Failure> {
    let others = orphan::at_work_in(worktree)
        .map_err(|error| (FailureClass::Resources, format!("processes cannot be seen: {error}")))?;
    if others.is_empty() {
        return Ok(());
    }
    let pids: Vec<String> = others.iter().map(u32::to_string).collect();
    let words = "processes of an agent that is forgotten are at work in this worktree";
    let text = format!("{words} ({}): end them, and retry", pids.join(", "));
    Err((FailureClass::Lost, text))
}

/// Writes the prompt of an attempt, and returns it.
fn write_down(
    context: &Context,
    job: &Job,
    plan: &WorkstreamPlan,
    worktree: &Path,
    session: Option<&str>,
) -> io::Result<String> {
    let id = &job.state.definition.id;
    let told = material::gather(context, job, plan, worktree, session.map(str::to_owned))?;
    let Prompt { text: words, left_out } = prompt::compose(plan, &job.state, &job.launch, &told);
    if !left_out.is_empty() {
        let missing = left_out.join("; ");
        let text = format!("attempt {} is told less: {missing}", job.launch.attempt);
        context.tell(id, Severity::Info, text);
    }
    let path = context.dir.attempt(id, job.launch.attempt).join("prompt.md");
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(words.as_bytes())?;
    Ok(words)
}

/// Returns the variables by which an agent knows where it is.
fn environment(
    job: &Job,
    agent: &Agent,
    values: &Placeholders,
    attempt_dir: &Path,
) -> BTreeMap<String, String> {
    let mut env = command::fill_env(agent, values);
    let ours = [
        ("OSTLER_WORKSTREAM", values.workstream.clone()),
        ("OSTLER_ATTEMPT", job.launch.attempt.to_string()),
        ("OSTLER_TIER", (job.launch.tier + 1).to_string()),
        ("OSTLER_AGENT", agent.name.to_string()),
        (files::WORKTREE_VARIABLE, values.worktree.display().to_string()),
        ("OSTLER_PROMPT_FILE", values.prompt_file.display().to_string()),
        ("OSTLER_STATUS", growth::status_file(attempt_dir).display().to_string()),
    ];
    env.extend(ours.map(|(name, value)| (name.to_owned(), value)));
    env
}
