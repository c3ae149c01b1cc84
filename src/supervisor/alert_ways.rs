//! Passing alerts on: to the desktop, and to a program of the user's. Neither is waited for, and neither can harm.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::fs::{MemfdFlags, memfd_create};
use serde_json::json;
use tokio::process::Command;
use tokio::sync::mpsc;

use super::inbox::Message;
use crate::agents::plain::cut;
use crate::agents::probe::find_program;
use crate::config::alerts::Alerts;
use crate::core::alert::{Ring, Severity};
use crate::keeper::hook;
use crate::keeper::launch::Program;

/// So many are at work at the same time at most in each way; more are dropped and counted.
const AT_ONCE: usize = 4;
/// Words of an alert are passed on up to this length, in characters.
const WORDS: usize = 500;
/// A notification of the desktop is given up after this long.
const DESKTOP_LIMIT: Duration = Duration::from_secs(10);

/// How an alert is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By a notification of the desktop.
    Desktop,
    /// By the user's program.
    Command,
}

/// How alerts are passed on, and how that goes.
#[derive(Debug, Default)]
pub struct Ways {
    busy: BTreeMap<Way, usize>,
    dropped: BTreeMap<Way, u32>,
    complained: BTreeSet<Way>,
}

/// What is passed on, and from where.
#[derive(Debug)]
pub struct Sending<'a> {
    /// The alert.
    pub ring: &'a Ring,
    /// The configuration.
    pub alerts: &'a Alerts,
    /// The project's name.
    pub project: &'a str,
    /// The repository's main worktree.
    pub root: &'a Path,
    /// This program.
    pub program: &'a Program,
    /// Where the outcome goes.
    pub inbox: &'a mpsc::UnboundedSender<Message>,
}

impl Ways {
    /// Passes an alert on by all ways that want one so bad.
    pub fn send(&mut self, sending: &Sending<'_>) {
        let Sending { ring, alerts, root, .. } = sending;
        let severity = ring.alert.weight.severity;
        if alerts.desktop.is_some_and(|from| severity >= from) {
            if find_program("notify-send", None, root).is_some() {
                self.run(Way::Desktop, &notification(sending), DESKTOP_LIMIT, sending);
            } else {
                let why = "`notify-send` was not found on PATH".to_owned();
                let _ended = sending.inbox.send(Message::Passed(Way::Desktop, Some(why)));
            }
        }
        if let Some(command) = alerts.command.as_ref().filter(|command| severity >= command.from) {
            self.run(Way::Command, &command.argv, command.timeout, sending);
        }
    }

    fn run(&mut self, way: Way, argv: &[String], limit: Duration, sending: &Sending<'_>) {
        let busy = self.busy.entry(way).or_default();
        if *busy >= AT_ONCE {
            *self.dropped.entry(way).or_default() += 1;
            return;
        }
        *busy += 1;
        let inbox = sending.inbox.clone();
        let name = argv.first().cloned().unwrap_or_default();
        match start(argv, limit, sending) {
            Ok(mut child) => {
                tokio::spawn(async move {
                    let trouble = match child.wait().await {
                        Ok(status) => trouble(&name, status, limit),
                        Err(error) => Some(format!("`{name}` could not be awaited: {error}")),
                    };
                    let _ended = inbox.send(Message::Passed(way, trouble));
                });
            }
            Err(error) => {
                let why = format!("`{name}` could not be run: {error}");
                let _ended = inbox.send(Message::Passed(way, Some(why)));
            }
        }
    }

    /// Takes in how it went; returns what people are to be told of it.
    pub fn passed(&mut self, way: Way, trouble: Option<String>) -> Vec<String> {
        let busy = self.busy.entry(way).or_default();
        *busy = busy.saturating_sub(1);
        let is_idle = *busy == 0;
        let mut told = Vec::new();
        // A way that is broken is so for every alert.
        if let Some(trouble) = trouble
            && self.complained.insert(way)
        {
            told.push(format!("an alert was not passed on: {trouble}; this is told once"));
        }
        if is_idle && let Some(count) = self.dropped.remove(&way) {
            let alerts = if count == 1 { "1 alert was" } else { &format!("{count} alerts were") };
            told.push(format!("{alerts} not passed on: {AT_ONCE} were under way already"));
        }
        told
    }

    /// Takes in that the configuration is another one: what was broken may work now.
    pub fn forgive(&mut self) {
        self.complained.clear();
    }
}

/// Starts a program that outlives this one, but not its limit, with the alert as its standard input.
fn start(
    argv: &[String],
    limit: Duration,
    sending: &Sending<'_>,
) -> io::Result<tokio::process::Child> {
    let mut input = File::from(memfd_create("ostler-alert", MemfdFlags::CLOEXEC)?);
    input.write_all(message(sending).as_bytes())?;
    input.rewind()?;
    Command::new(&sending.program.0)
        .args(["hook", &limit.as_millis().to_string()])
        .args(argv)
        .current_dir(sending.root)
        .stdin(Stdio::from(input))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Says an alert in one line of JSON.
fn message(sending: &Sending<'_>) -> String {
    let Ring { at, alert, more, .. } = sending.ring;
    let object = json!({
        "project": sending.project,
        "root": sending.root,
        "key": alert.key,
        "severity": alert.weight.severity,
        "level": alert.weight.level,
        "subject": alert.subject,
        "workstream": alert.subject.workstream(),
        "text": cut(&alert.text, WORDS),
        "lasts_s": alert.since.map(|since| at.since(since).as_secs()),
        "count": alert.count,
        "more": more,
    });
    format!("{object}\n")
}

fn notification(sending: &Sending<'_>) -> Vec<String> {
    let Ring { alert, more, .. } = sending.ring;
    let urgency = match alert.weight.severity {
        Severity::Low => "low",
        Severity::Medium | Severity::High => "normal",
        Severity::Critical => "critical",
    };
    let title = format!("ostler {}: {}", sending.project, alert.subject);
    let more = if *more > 0 { format!(" (+{more} more)") } else { String::new() };
    let body = format!("{}{more}", cut(&alert.text, WORDS));
    ["notify-send", "--app-name", "ostler", "--urgency", urgency, "--", &title, &body]
        .map(str::to_owned)
        .to_vec()
}

/// Says in words what went wrong with a program, if something did.
fn trouble(name: &str, status: ExitStatus, limit: Duration) -> Option<String> {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Some(match code {
        Some(0) => return None,
        Some(hook::LATE) => format!("`{name}` did not end within {limit:?} and was ended"),
        Some(hook::MISSING) => format!("`{name}` was not found"),
        Some(hook::UNUSABLE) => format!("`{name}` could not be run; is it executable?"),
        Some(_) | None => format!("`{name}` failed ({status})"),
    })
}
