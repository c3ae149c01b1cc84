//! `ostler demo`: the main job on a made-up project, by the same code path as real work.

pub mod files;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};

use clap::Args;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::failure::{Code, Failure, Outcome};
use super::say;
use crate::keeper::launch::Program;

/// What `ostler demo` takes.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Without a screen: a line per event, and a table at the end.
    #[arg(long)]
    headless: bool,
    /// Keep the folder, and let what runs go on when the screen is left.
    #[arg(long)]
    keep: bool,
    /// How long everything takes, against the usual: 0.2 is five times as fast.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, hide = true)]
    pace: f64,
}

/// Runs `ostler demo`: makes a project in a temporary folder and starts ostler on it.
pub fn run(arguments: &DemoArguments) -> Outcome {
    let folder = tempfile::Builder::new()
        .prefix("ostler-demo-")
        .tempdir()
        .map_err(|error| Failure::failed(format!("no temporary folder could be made: {error}")))?;
    let repository = folder.path().join("bookshop");
    write(folder.path(), &repository, arguments.pace)
        .map_err(|error| Failure::failed(format!("{}: {error}", folder.path().display())))?;
    commit(&repository).map_err(|error| {
        Failure::failed(format!("the demo's repository could not be made: {error}"))
    })?;
    let status = supervise(folder.path(), &repository, arguments);
    if arguments.keep {
        let kept = folder.keep();
        say::line(format_args!("the bookshop is kept; `ostler` for it is:"));
        say::line(format_args!(
            "  cd {} && XDG_STATE_HOME={} ostler",
            kept.join("bookshop").display(),
            kept.join("state").display()
        ));
    } else {
        stop_all(folder.path(), &repository);
        folder.close().map_err(|error| {
            Failure::failed(format!("the demo's folder could not be removed: {error}"))
        })?;
        if !arguments.headless {
            say::line(format_args!("the demo's folder is removed; `ostler demo --keep` keeps it"));
        }
    }
    match status.map_err(Failure::failed)?.code() {
        Some(0) => Ok(Code::Done),
        Some(3) => Ok(Code::Waiting),
        Some(2) => Ok(Code::Wrong),
        Some(_) | None => Ok(Code::Failed),
    }
}

/// Writes the agents' scripts beside the repository, as tools are, and the bookshop into it.
fn write(folder: &Path, repository: &Path, pace: f64) -> io::Result<()> {
    for (name, contents, mode) in files::FILES {
        let path = match name.strip_prefix("repo/") {
            Some(inside) => repository.join(inside),
            None => folder.join(name),
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, contents)?;
        if *mode == files::Mode::Executable {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
    }
    fs::write(repository.join("ostler.yaml"), files::config(&folder.join("agents"), pace))
}

fn commit(repository: &Path) -> Result<(), git2::Error> {
    let mut options = git2::RepositoryInitOptions::new();
    options.initial_head("main");
    let git = git2::Repository::init_opts(repository, &options)?;
    let mut index = git.index()?;
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None)?;
    index.write()?;
    let tree = git.find_tree(index.write_tree()?)?;
    let author = git2::Signature::now("The Bookshop", "bookshop@localhost")?;
    git.commit(Some("HEAD"), &author, &author, "the bookshop as it is", &tree, &[])?;
    Ok(())
}

/// Starts ostler on the demo's project, with a state directory of the demo's own, and waits for it.
fn supervise(
    folder: &Path,
    repository: &Path,
    arguments: &DemoArguments,
) -> io::Result<ExitStatus> {
    let mut command = ostler(folder, repository);
    command.arg("up").env("OSTLER_DEMO_PACE", arguments.pace.to_string());
    if arguments.headless {
        command.arg("--headless");
    }
    if !arguments.keep {
        command.arg("--ephemeral");
    }
    // What ends us must first end what runs here; the terminal tells it to the whole group by itself.
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let mut child = command.spawn()?;
    let pid = rustix::process::Pid::from_child(&child);
    let handle = signals.handle();
    let passing = std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal != SIGINT {
                // Between its end and our taking note of it the pid is still its own.
                let _gone = rustix::process::kill_process(pid, named(signal));
            }
        }
    });
    let status = child.wait();
    handle.close();
    drop(passing.join());
    status
}

fn named(signal: i32) -> rustix::process::Signal {
    match signal {
        SIGHUP => rustix::process::Signal::HUP,
        _other => rustix::process::Signal::TERM,
    }
}

/// Ends what a demo that was killed has left running.
fn stop_all(folder: &Path, repository: &Path) {
    let stopped = ostler(folder, repository).args(["worker", "--stop"]).status();
    if let Err(error) = stopped {
        say::warning(format_args!(
            "ostler: what runs in {} could not be stopped: {error}",
            folder.display()
        ));
    }
}

fn ostler(folder: &Path, repository: &Path) -> Command {
    // Its file may have been replaced since it was started.
    let program = std::env::current_exe().ok().filter(|program| program.exists());
    let mut command = Command::new(program.unwrap_or_else(|| Program::default().0));
    command
        .current_dir(repository)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_CONFIG_HOME", folder.join("config"));
    command
}
