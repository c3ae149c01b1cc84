//! What can be typed.

use clap::{Parser, Subcommand};

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{
    agent, agents, alerts, answer, attach, breaker, check, demo, detach, doctor, escalate, init,
    kill, logs, new, plan, progress, recover, retry, search, simulate, status, stop, undo, up,
    worker,
};

/// A terminal supervisor for coding agents.
///
/// Each workstream gets a git worktree, an agent works in it, and the next agent takes over when one fails. You see all of
/// it live and decide by single keys. Without a subcommand, ostler opens its screen on the repository you are in.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all done, 1 something failed, 2 the configuration, the repository or the command line is wrong and nothing \
was started, 3 escalations wait for you.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the project's workstreams and open the screen (the same as no subcommand).
    Up(up::UpArguments),
    /// See it all on a made-up project, offline, with agents that are scripts.
    Demo(demo::DemoArguments),
    /// Write an ostler.yaml to start from.
    Init(init::InitArguments),
    /// Add a workstream.
    New(new::NewArguments),
    /// Check the configuration and say what it means.
    Check(check::CheckArguments),
    /// Say what would be done: chains, timeouts, the answers to each failure, the longest it can take.
    Plan(plan::PlanArguments),
    /// Play policies on a clock that jumps, with agents that are made up or as they have been.
    Simulate(simulate::SimulateArguments),
    /// Look at git, disk, agents, login, limits and terminal, and say what to do.
    Doctor(doctor::DoctorArguments),
    /// Tell how the workstreams are.
    Status(status::StatusArguments),
    /// Print the log of a workstream.
    Logs(logs::LogsArguments),
    /// Search the logs of all attempts and checks.
    Search(search::SearchArguments),
    /// Tell what is not done, in its order, and try again what failed for something that passes.
    Recover(recover::RecoverArguments),
    /// Try a workstream again.
    Retry(retry::RetryArguments),
    /// Stop a workstream: TERM, and KILL after the grace.
    Stop(stop::StopArguments),
    /// Take back what was asked of a workstream last, if nothing has come of it.
    Undo(undo::UndoArguments),
    /// Stop a workstream at once: KILL.
    Kill(kill::KillArguments),
    /// Let a worker of its own go on with a workstream.
    Detach(detach::DetachArguments),
    /// Open the screen and take a workstream back.
    Attach(attach::AttachArguments),
    /// Move a workstream on to the next agent, to another one, or to a person.
    Escalate(escalate::EscalateArguments),
    /// Answer an escalation.
    Answer(answer::AnswerArguments),
    /// Tell which agents there are, or what saved output of one means.
    Agents(agents::AgentsArguments),
    /// Tell what is wrong now, or take note of it.
    Alerts(alerts::AlertsArguments),
    /// Tell what the circuit breakers of the agents say, or say otherwise.
    Breaker(breaker::BreakerArguments),
    /// Report progress from inside an agent's script.
    Progress(progress::ProgressArguments),
    /// Run workstreams without a screen, apart from any terminal.
    Worker(worker::WorkerArguments),
    /// Be an agent, in a chain.
    #[command(hide = true)]
    Agent(agent::AgentArguments),
}

/// Runs what was typed.
pub fn run(arguments: Arguments) -> Outcome {
    let project = &arguments.project;
    match arguments.command {
        None => up::run(project, &up::UpArguments::default()),
        Some(Command::Up(arguments)) => up::run(project, &arguments),
        Some(Command::Demo(arguments)) => demo::run(&arguments),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::New(arguments)) => new::run(project, &arguments),
        Some(Command::Check(arguments)) => check::run(project, &arguments),
        Some(Command::Plan(arguments)) => plan::run(project, &arguments),
        Some(Command::Simulate(arguments)) => simulate::run(project, &arguments),
        Some(Command::Doctor(arguments)) => doctor::run(project, &arguments),
        Some(Command::Status(arguments)) => status::run(project, &arguments),
        Some(Command::Logs(arguments)) => logs::run(project, &arguments),
        Some(Command::Search(arguments)) => search::run(project, &arguments),
        Some(Command::Recover(arguments)) => recover::run(project, &arguments),
        Some(Command::Retry(arguments)) => retry::run(project, &arguments),
        Some(Command::Undo(arguments)) => undo::run(project, &arguments),
        Some(Command::Stop(arguments)) => stop::run(project, &arguments),
        Some(Command::Kill(arguments)) => kill::run(project, &arguments),
        Some(Command::Detach(arguments)) => detach::run(project, &arguments),
        Some(Command::Attach(arguments)) => attach::run(project, &arguments),
        Some(Command::Escalate(arguments)) => escalate::run(project, &arguments),
        Some(Command::Answer(arguments)) => answer::run(project, &arguments),
        Some(Command::Agents(arguments)) => agents::run(project, &arguments),
        Some(Command::Alerts(arguments)) => alerts::run(project, &arguments),
        Some(Command::Breaker(arguments)) => breaker::run(project, &arguments),
        Some(Command::Progress(arguments)) => progress::run(&arguments),
        Some(Command::Worker(arguments)) => worker::run(project, &arguments),
        Some(Command::Agent(arguments)) => agent::run(arguments),
    }
}
