//! `ostler progress`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use crate::agents::status;
use crate::core::progress::{Progress, Source};

/// What `ostler progress` takes.
#[derive(Debug, Args)]
pub struct ProgressArguments {
    /// How far: `3/10`, or `30%`.
    how_far: String,
    /// What is being done.
    text: Vec<String>,
}

/// Runs `ostler progress`.
pub fn run(arguments: &ProgressArguments) -> Outcome {
    let path = std::env::var_os("OSTLER_STATUS").map(PathBuf::from).ok_or_else(|| {
        Failure::wrong(
            "OSTLER_STATUS is not set; `ostler progress` works inside an agent's command",
        )
    })?;
    let (done, total) = parse(&arguments.how_far).ok_or_else(|| {
        Failure::wrong(format!("`{}` is not of the form 3/10 or 30%", arguments.how_far))
    })?;
    let text = arguments.text.join(" ");
    let line = status::line(&Progress { done, total, text, source: Source::Status });
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .and_then(|mut file| writeln!(file, "{}", line.trim_end()))
        .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    Ok(Code::Done)
}

fn parse(how_far: &str) -> Option<(u32, u32)> {
    let (done, total) = if let Some(percent) = how_far.strip_suffix('%') {
        (percent.parse().ok()?, 100)
    } else {
        let (done, total) = how_far.split_once('/')?;
        (done.parse().ok()?, total.parse().ok()?)
    };
    (total > 0 && done <= total).then_some((done, total))
}
