//! `ostler agents classify`

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use clap::Args;
use serde_json::{Value, json};

use super::known::Known;
use crate::agents::classify::{Judgement, Reader};
use crate::cli::failure::{Code, Failure, Outcome};
use crate::cli::say;
use crate::core::verdict::{Evidence, Exit, Verdict};
use crate::core::{Account, FailureClass, Timestamp};

/// What `ostler agents classify` takes.
#[derive(Debug, Args)]
pub(super) struct ClassifyArguments {
    /// The agent or preset that it is the output of.
    preset: String,
    /// The file with the output; times that it states as a span count from when this file was last changed.
    logfile: PathBuf,
    /// How it ended: an exit code, or the signal that ended it, such as TERM.
    #[arg(long, value_name = "N|SIGNAL")]
    exit: Option<Ending>,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// How a process ended, as typed.
#[derive(Clone, Debug)]
struct Ending(Exit);

impl FromStr for Ending {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(code) = text.parse() {
            return Ok(Self(Exit::Code(code)));
        }
        let name = text.to_ascii_uppercase();
        let name = name.strip_prefix("SIG").unwrap_or(&name);
        let known = SIGNALS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
        let number = known
            .or_else(|| name.strip_prefix("NAL")?.trim_start_matches([' ', ':', '=']).parse().ok());
        number
            .map(|number| Self(Exit::Signal(number)))
            .ok_or_else(|| "give an exit code, or a signal such as TERM or signal:15".to_owned())
    }
}

/// The signals that have names here; `signal` without more is the one that nobody survives.
const SIGNALS: &[(&str, i32)] = &[
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("ABRT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("NAL", 9),
    ("SEGV", 11),
    ("PIPE", 13),
    ("TERM", 15),
];

/// Runs `ostler agents classify`.
pub(super) fn run(all: &[Known], arguments: &ClassifyArguments) -> Outcome {
    let known = all.iter().find(|known| known.name == arguments.preset).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|known| known.name.as_str()).collect();
        let name = &arguments.preset;
        Failure::wrong(format!(
            "there is no agent or preset `{name}`; there are: {}",
            names.join(", ")
        ))
    })?;
    let path = &arguments.logfile;
    let unread = |error: io::Error| Failure::wrong(format!("{}: {error}", path.display()));
    let reader = Reader::new(&known.preset, &known.patterns).map_err(Failure::wrong)?;
    let exit = arguments.exit.clone().map_or_else(
        || Exit::Unknown("how it ended was not said; `--exit` says it".to_owned()),
        |ending| ending.0,
    );
    let mut log = File::open(path).map_err(unread)?;
    let changed = log.metadata().and_then(|meta| meta.modified()).map_err(unread)?;
    let ended_at = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
    let ended_at = Timestamp(u64::try_from(ended_at.as_millis()).unwrap_or_default());
    let judgement = reader.judge(&mut log, &exit, ended_at).map_err(unread)?;
    let Judgement { verdict, account } = &judgement;
    let answer = Answer { verdict, account, exit: &exit, number: None };
    let number = answer.evidence().and_then(|evidence| evidence.offset);
    let number = number.map(|offset| line_number(path, offset)).transpose().map_err(unread)?;
    let answer = Answer { number, ..answer };
    if arguments.json {
        say::line(format_args!("{}", answer.json(known)));
    } else {
        say::line(format_args!("{}", answer.text().trim_end()));
    }
    Ok(Code::Done)
}

/// What the output means.
struct Answer<'a> {
    verdict: &'a Verdict,
    account: &'a Account,
    exit: &'a Exit,
    /// The number of the line that says so, from 1.
    number: Option<u64>,
}

impl Answer<'_> {
    fn evidence(&self) -> Option<&Evidence> {
        match self.verdict {
            Verdict::Success(evidence) | Verdict::Failure { evidence, .. } => Some(evidence),
            Verdict::Silent => None,
        }
    }

    fn reset(&self) -> Option<Timestamp> {
        match self.verdict {
            Verdict::Failure { reset, .. } => *reset,
            Verdict::Success(_) | Verdict::Silent => None,
        }
    }

    /// Where the output says nothing, the way it ended does.
    fn class(&self) -> Option<FailureClass> {
        match (self.verdict, self.exit) {
            (Verdict::Failure { class, .. }, _) => Some(*class),
            (Verdict::Success(_), _) | (Verdict::Silent, Exit::Unknown(_)) => None,
            (Verdict::Silent, exit) => exit.class(),
        }
    }

    fn json(&self, known: &Known) -> Value {
        let word = match self.verdict {
            Verdict::Success(_) => "success",
            Verdict::Failure { .. } => "failure",
            Verdict::Silent => "silent",
        };
        let evidence = self.evidence();
        json!({
            "agent": known.name,
            "preset": known.preset,
            "exit": self.exit,
            "verdict": word,
            "class": self.class(),
            "rule": evidence.map(|evidence| &evidence.rule),
            "line": evidence.map(|evidence| &evidence.line),
            "line_number": self.number,
            "offset": evidence.and_then(|evidence| evidence.offset),
            "reset_at": self.reset().map(time),
            "hint": self.account.hint,
            "session": self.account.session,
            "usage": self.account.usage,
        })
    }

    fn text(&self) -> String {
        let class = self.class();
        let head = match (self.verdict, class) {
            (Verdict::Success(_), _) => "success: it says itself that it is done".to_owned(),
            (Verdict::Failure { .. }, Some(class)) => format!("{class}: {}", class.meaning()),
            (_, Some(class)) => {
                format!("{class}: nothing in the output says why, but {}", self.exit)
            }
            (_, None) => "silent: nothing in the output says how it ended".to_owned(),
        };
        let mut lines = vec![head];
        if let Some(evidence) = self.evidence() {
            lines.push(format!("rule   {}", evidence.rule));
            match (self.number, evidence.offset) {
                (Some(number), Some(offset)) => {
                    lines.push(format!("line   {number}, at byte {offset}"));
                }
                _nowhere => lines.push("line   none".to_owned()),
            }
            lines.push(format!("       {}", evidence.line));
        }
        if let (Verdict::Success(_), Some(hint)) = (self.verdict, &self.account.hint) {
            let Evidence { rule, line, .. } = &hint.evidence;
            lines.push(format!("although {} on the way, by {rule}: {line}", hint.class));
        }
        if matches!(self.verdict, Verdict::Failure { .. }) {
            let reset = self.reset().map_or_else(|| "not stated".to_owned(), time);
            lines.push(format!("works again: {reset}"));
        }
        if !self.account.usage.is_unknown() {
            lines.push(format!("took: {}", self.account.usage));
        }
        if let Some(session) = &self.account.session {
            lines.push(format!("session: {session}"));
        }
        lines.join("\n")
    }
}

fn time(at: Timestamp) -> String {
    let ms = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |time| time.to_string())
}

/// Returns the number of the line that begins at this byte, from 1.
fn line_number(path: &Path, offset: u64) -> io::Result<u64> {
    let mut before = BufReader::new(File::open(path)?).take(offset);
    let mut number = 1;
    loop {
        let bytes = before.fill_buf()?;
        if bytes.is_empty() {
            return Ok(number);
        }
        number += memchr::memchr_iter(b'\n', bytes).count() as u64;
        let length = bytes.len();
        before.consume(length);
    }
}
