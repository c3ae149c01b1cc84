//! `ostler agent`: the agents that are part of this program; keepers run them, people need not.

mod inner;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};

use super::failure::{Code, Failure, Outcome};
use crate::agents::api::failure::Failure as ApiFailure;
use crate::agents::api::provider::Provider;
use crate::agents::api::report::Report;
use crate::agents::api::settings::{Options, Settings};
use crate::agents::api::{probe, run};
use crate::core::FailureClass;
use inner::{InnerArguments, Kind};

/// The variable that names the file with the prompt.
const PROMPT_FILE: &str = "OSTLER_PROMPT_FILE";
/// The largest prompt that is read, in bytes.
const LARGEST_PROMPT: u64 = 16 * 1024 * 1024;

/// What `ostler agent` takes.
#[derive(Debug, Args)]
pub struct AgentArguments {
    #[command(subcommand)]
    which: Which,
}

/// The agents that there are.
#[derive(Debug, Subcommand)]
enum Which {
    /// Ask a Claude model by its API and apply its edits (`ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`).
    #[command(after_help = EXIT_CODES)]
    ClaudeApi(ApiArguments),
    /// Ask a model by the `OpenAI` API, of any compatible server, and apply its edits (`OPENAI_API_KEY`, `OPENAI_BASE_URL`).
    #[command(name = "openai-api", after_help = EXIT_CODES)]
    OpenAiApi(ApiArguments),
    /// Run the chain of a workstream again in a fresh worktree, and bring the result home.
    #[command(after_help = EXIT_CODES)]
    Replica(InnerArguments),
    /// Have agents of a workstream work side by side, and bring home what wins.
    #[command(after_help = EXIT_CODES)]
    Contest(InnerArguments),
}

const EXIT_CODES: &str = "\
Exit codes: 0 done (or, with --probe, ready), 1 failed otherwise, 2 config, 10 auth, 11 rate_limit, 12 quota, \
13 overloaded, 14 network, 15 context_overflow, 16 invalid_response, 17 output_limit, 18 refusal, 19 resources, \
20 worktree_lost, 21 no_majority.";

/// What an agent that asks a model by an API takes; the prompt is in the file that `OSTLER_PROMPT_FILE` names.
#[derive(Debug, Args)]
struct ApiArguments {
    /// The model.
    #[arg(long)]
    model: Option<String>,
    /// The model's context, in tokens.
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u64).range(1000..))]
    context: Option<u64>,
    /// The longest reply, in tokens.
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(1..))]
    max_output: Option<u32>,
    /// How often a request is made again when the service is busy or not reached.
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u32,
    /// The first wait before that when the service states none, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    delay_ms: u64,
    /// How long the service may be silent, in seconds.
    #[arg(long, value_name = "S", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    silence: u64,
    /// The variable that holds the key.
    #[arg(long, value_name = "NAME")]
    api_key_env: Option<String>,
    /// Only ask for one token, to learn whether the service serves.
    #[arg(long)]
    probe: bool,
    /// The files and directories that may be changed, from the worktree; any file if none is given.
    files: Vec<PathBuf>,
}

/// Runs `ostler agent`.
pub fn run(arguments: AgentArguments) -> Outcome {
    match arguments.which {
        Which::ClaudeApi(arguments) => ask_by_api(Provider::Claude, arguments),
        Which::OpenAiApi(arguments) => ask_by_api(Provider::OpenAi, arguments),
        Which::Replica(arguments) => Ok(inner::run(Kind::Replica, &arguments)),
        Which::Contest(arguments) => Ok(inner::run(Kind::Contest, &arguments)),
    }
}

fn ask_by_api(provider: Provider, arguments: ApiArguments) -> Outcome {
    let is_probe = arguments.probe;
    let options = Options {
        model: arguments.model,
        context: arguments.context,
        max_output: arguments.max_output,
        retries: arguments.retries,
        delay: Duration::from_millis(arguments.delay_ms),
        silence: Duration::from_secs(arguments.silence),
        key_variable: arguments.api_key_env,
        files: arguments.files,
    };
    let variable = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let settings = Settings::new(provider, options, variable);
    if is_probe { ask_once(settings) } else { Ok(work(provider, settings)) }
}

/// Says on one line why the service does not serve, if it does not.
fn ask_once(settings: Result<Settings, ApiFailure>) -> Outcome {
    let secrets = settings.as_ref().map(Settings::secrets).unwrap_or_default();
    let Err(failure) = settings.and_then(|settings| probe::probe(&settings)) else {
        return Ok(Code::Done);
    };
    let mut nowhere = io::sink();
    let text = Report::new(&mut nowhere, secrets).masked(&failure.message);
    let text = format!("{}: {text}", failure.class);
    Err(Failure { code: Code::Agent(failure.exit_code()), text })
}

fn work(provider: Provider, settings: Result<Settings, ApiFailure>) -> Code {
    let mut out = io::stdout();
    let secrets = settings.as_ref().map(Settings::secrets).unwrap_or_default();
    let mut report = Report::new(&mut out, secrets);
    let model = settings.as_ref().map(|settings| settings.model.clone()).unwrap_or_default();
    let message = format!("{} begins", provider.agent());
    report.start(provider.agent(), &model, &message);
    let done = settings.and_then(|settings| {
        let prompt = prompt(std::env::var_os(PROMPT_FILE))?;
        run::run(&settings, Path::new("."), &prompt, &mut report)
    });
    match done {
        Ok(done) => {
            let message = match done.files.len() {
                0 => "nothing was changed".to_owned(),
                1 => "1 file was changed".to_owned(),
                count => format!("{count} files were changed"),
            };
            report.done(&message, &done.files, done.tokens);
            Code::Done
        }
        Err(failure) => {
            report.failed(&failure);
            Code::Agent(failure.exit_code())
        }
    }
}

fn prompt(file: Option<OsString>) -> Result<String, ApiFailure> {
    let wrong = |message: String| ApiFailure::new(FailureClass::Config, message);
    let file = file.map(PathBuf::from).ok_or_else(|| {
        wrong(format!("{PROMPT_FILE} is not set; this agent is run by ostler, in a chain"))
    })?;
    let unread = |error: io::Error| wrong(format!("{}: {error}", file.display()));
    let length = file.metadata().map_err(unread)?.len();
    if length > LARGEST_PROMPT {
        let message = format!("the prompt has {} MiB", length / 1024 / 1024);
        return Err(ApiFailure::new(FailureClass::ContextOverflow, message));
    }
    std::fs::read_to_string(&file).map_err(unread)
}
