//! What is printed of the lines that were found.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::tui::found::FoundIn;
use crate::tui::log::{Excerpt, LogTimes, WrittenAt};
use crate::tui::state::Shown;

/// What stands around a match on a terminal.
const FOUND: (&str, &str) = ("\x1b[1;31m", "\x1b[0m");

/// How what was found is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// With what matches marked.
    Coloured,
    Json,
}

/// Prints what was found.
#[derive(Debug)]
pub(super) struct Teller<W> {
    form: Form,
    counts: bool,
    out: W,
    /// When the lines of the log were written that was told of last.
    times: Option<(PathBuf, LogTimes)>,
    /// All that match.
    pub(super) found: usize,
}

impl<W: Write> Teller<W> {
    pub(super) fn new(form: Form, counts: bool, out: W) -> Self {
        Self { form, counts, out, times: None, found: 0 }
    }

    /// Says whether it has no use for the lines.
    pub(super) fn only_counts(&self) -> bool {
        self.counts
    }

    /// Tells of lines of a log.
    pub(super) fn lines(
        &mut self,
        log: &FoundIn,
        path: &Path,
        found: Vec<Excerpt>,
    ) -> io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let known = self.times.take().filter(|(of, _)| of == path);
        let mut times = known.map_or_else(|| LogTimes::beside(path), |(_, times)| times);
        // A log without times is told without them.
        let known = times.refresh(path).is_ok();
        for line in found {
            let at = if known { times.written(line.offset) } else { None };
            match self.form {
                Form::Json => writeln!(self.out, "{}", as_json(log, &line, at.as_ref()))?,
                Form::Plain | Form::Coloured => {
                    let (id, output, number) = (&log.workstream, &log.output, line.line + 1);
                    let (at, text) = (time(at.as_ref()), self.text(&line));
                    writeln!(self.out, "{id}:{output}:{number} {at} {text}")?;
                }
            }
        }
        self.times = Some((path.to_owned(), times));
        self.out.flush()
    }

    /// Tells how many lines of a log match.
    pub(super) fn end(&mut self, log: &FoundIn, count: usize) -> io::Result<()> {
        self.found += count;
        if !self.counts || count == 0 {
            return Ok(());
        }
        match self.form {
            Form::Json => {
                let mut of = of(log);
                of.insert("count".to_owned(), json!(count));
                writeln!(self.out, "{}", Value::Object(of))?;
            }
            Form::Plain | Form::Coloured => {
                writeln!(self.out, "{}:{} {count}", log.workstream, log.output)?;
            }
        }
        self.out.flush()
    }

    fn text(&self, line: &Excerpt) -> String {
        if self.form != Form::Coloured {
            return line.text.clone();
        }
        let (mut text, mut told) = (String::new(), 0);
        for found in &line.found {
            text.push_str(line.text.get(told..found.start).unwrap_or_default());
            text.push_str(FOUND.0);
            text.push_str(line.text.get(found.clone()).unwrap_or_default());
            text.push_str(FOUND.1);
            told = found.end;
        }
        text + line.text.get(told..).unwrap_or_default()
    }
}

fn time(at: Option<&WrittenAt>) -> String {
    at.map_or_else(
        || "-".to_owned(),
        |WrittenAt { at, is_sure }| {
            let sign = if *is_sure { "" } else { "~" };
            format!("{sign}{}", at.strftime("%Y-%m-%dT%H:%M:%S"))
        },
    )
}

/// Returns which log it is.
fn of(log: &FoundIn) -> Map<String, Value> {
    let is_check = log.shown == Shown::Check;
    let attempt = if is_check { None } else { log.output.parse::<u64>().ok() };
    let mut of = Map::new();
    of.insert("workstream".to_owned(), json!(log.workstream));
    of.insert("attempt".to_owned(), json!(attempt));
    of.insert("check".to_owned(), json!(is_check));
    of.insert("agent".to_owned(), json!((!log.agent.is_empty()).then_some(&log.agent)));
    of
}

fn as_json(log: &FoundIn, line: &Excerpt, at: Option<&WrittenAt>) -> Value {
    let mut of = of(log);
    let found: Vec<[usize; 2]> = line.found.iter().map(|found| [found.start, found.end]).collect();
    of.insert("line".to_owned(), json!(line.line + 1));
    of.insert("at".to_owned(), json!(at.map(|it| it.at.timestamp().to_string())));
    of.insert("at_is_sure".to_owned(), json!(at.map(|it| it.is_sure)));
    of.insert("text".to_owned(), json!(line.text));
    of.insert("found".to_owned(), json!(found));
    Value::Object(of)
}
