//! What the agents noted themselves, held against what is on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use ostler::core::verdict::{EndedBy, Exit};
use ostler::core::{Event, Request, Workstream};
use ostler::keeper::files;
use ostler::keeper::record::ExitRecord;
use ostler::supervisor::journal::{Record, Replay};
use serde_json::Value;

use super::faults::Done;
use super::place::{Place, WORKSTREAMS, name};

/// Attempts that the configuration allows until the operator says go again.
const ATTEMPTS: usize = 8;

/// Judges a round in which nothing runs any more.
pub fn verify(place: &Place, done: &Done, status: &Value, violations: &mut Vec<String>) {
    let collisions = place.noted("collisions");
    violations.extend(collisions.lines().map(|line| format!("two at work: {line}")));
    let starts = starts(place, violations);
    let Some(state) = place.state() else {
        violations.push("there is no state directory".to_owned());
        return;
    };
    for number in 0..WORKSTREAMS {
        let id = name(number);
        let dir = state.join("ws").join(&id);
        let mut told = |text: String| violations.push(format!("{id}: {text}"));
        let Some(workstream) = replayed(&dir, &mut told) else { continue };
        hold_against_status(&workstream, &id, status, &mut told);
        operators(&dir, &id, (done, &workstream), &mut told);
        for attempt in &workstream.attempts {
            let at = attempt.id.0;
            let judged = Judged { place, done, id: &id, attempt: at };
            judged.judge(&dir.join(at.to_string()).join("run"), attempt.exit.as_ref(), &mut told);
        }
        let known: BTreeSet<u32> = workstream.attempts.iter().map(|it| it.id.0).collect();
        for started in starts.get(&id).into_iter().flatten() {
            if !known.contains(started) {
                told(format!("attempt {started} was started, but its journal does not know it"));
            }
        }
        free(&dir, &mut told);
        worktree(place, &id, &workstream, &mut told);
    }
}

/// Every attempt starts once at most.
fn starts(place: &Place, violations: &mut Vec<String>) -> BTreeMap<String, Vec<u32>> {
    let mut starts: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for line in place.noted("starts").lines() {
        let mut words = line.split(' ');
        let (id, attempt) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let attempts = starts.entry(id.to_owned()).or_default();
        let attempt = attempt.parse().unwrap_or(0);
        if attempts.contains(&attempt) {
            violations.push(format!("{id}: attempt {attempt} was started twice"));
        }
        attempts.push(attempt);
    }
    starts
}

/// Replays a journal; one that is not there belongs to a workstream that nobody ever owned.
fn replayed(dir: &Path, told: &mut impl FnMut(String)) -> Option<Workstream> {
    let mut replay = Replay::new(dir);
    if let Err(error) = replay.advance() {
        told(error.to_string());
    }
    if replay.state.is_none() {
        told("it has no journal".to_owned());
    }
    replay.state
}

fn hold_against_status(
    workstream: &Workstream,
    id: &str,
    status: &Value,
    told: &mut impl FnMut(String),
) {
    let shown = status["workstreams"].as_array().into_iter().flatten();
    let Some(shown) = shown.into_iter().find(|it| it["id"] == id) else {
        told("`status` does not show it".to_owned());
        return;
    };
    let phase = serde_json::to_value(workstream.phase.word()).unwrap_or_default();
    if phase != shown["phase"] {
        told(format!("its journal says {phase}, `status` said {}", shown["phase"]));
    }
    if phase == "lost" {
        told("it was lost".to_owned());
    }
    let attempts = serde_json::to_value(&workstream.attempts).unwrap_or_default();
    if attempts != shown["attempts"] {
        told("its journal and `status` differ on its attempts".to_owned());
    }
    if !shown["trouble"].is_null() {
        told(format!("it has trouble: {}", shown["trouble"]));
    }
}

/// What was acknowledged is in the journal, whose events have no gap and no second one with the same number.
fn operators(
    dir: &Path,
    id: &str,
    (done, workstream): (&Done, &Workstream),
    told: &mut impl FnMut(String),
) {
    let text = fs::read_to_string(dir.join("journal.jsonl")).unwrap_or_default();
    let records: Vec<Record> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for (place, record) in records.iter().enumerate() {
        if record.seq != place as u64 + 1 {
            told(format!("event {} is at place {} of its journal", record.seq, place + 1));
        }
    }
    let requests: Vec<&str> = records
        .iter()
        .filter_map(|record| match &record.event {
            Event::Operator(request) => Some(word(request)),
            _other => None,
        })
        .collect();
    let kinds: BTreeSet<&str> = done.acknowledged.iter().map(|(_, kind)| *kind).collect();
    for kind in kinds {
        let acknowledged =
            done.acknowledged.iter().filter(|(of, it)| of == id && *it == kind).count();
        let written = requests.iter().filter(|it| **it == kind).count();
        if written < acknowledged {
            told(format!("{acknowledged} × {kind} was acknowledged, {written} × written down"));
        }
    }
    if workstream.attempts.len() > ATTEMPTS * (1 + requests.len()) {
        told(format!("{} attempts are more than its policy allows", workstream.attempts.len()));
    }
}

fn word(request: &Request) -> &'static str {
    match request {
        Request::Stop => "stop",
        Request::Kill => "kill",
        Request::Retry { .. } => "retry",
        Request::Escalate { .. } => "escalate",
        _other => "other",
    }
}

/// One attempt that is judged.
struct Judged<'a> {
    place: &'a Place,
    done: &'a Done,
    id: &'a str,
    attempt: u32,
}

impl Judged<'_> {
    fn judge(&self, run: &Path, journaled: Option<&Exit>, told: &mut impl FnMut(String)) {
        let at = self.attempt;
        let started = format!("{} {at} ", self.id);
        let starts = self.place.noted("starts");
        let Some(pid) = starts.lines().find_map(|line| line.strip_prefix(&started)) else {
            return;
        };
        let is_orphaned = self.done.keepers.contains(run);
        let code = self.place.noted(&format!("{}.{at}.code", self.id));
        let code: Option<i32> = code.trim().parse().ok();
        let record = match files::read::<ExitRecord>(&run.join(files::EXIT)) {
            Ok(record) => record,
            Err(error) => {
                told(error.to_string());
                return;
            }
        };
        // What a terminal had not given yet is gone with the keeper that read it.
        let spec = fs::read_to_string(run.join(files::SPEC)).unwrap_or_default();
        let is_cut = is_orphaned && spec.contains("\"io\":\"pty\"");
        self.log(run, (code.is_some(), is_cut), told);
        match &record {
            None if !is_orphaned => told(format!("attempt {at} has no exit record")),
            Some(record) if journaled != Some(&record.exit) => {
                told(format!(
                    "attempt {at} ended by {:?}, its journal says {journaled:?}",
                    record.exit
                ));
            }
            Some(_) | None => {}
        }
        let Some(journaled) = journaled else {
            told(format!("the end of attempt {at} is not in its journal"));
            return;
        };
        if record.as_ref().is_some_and(|record| record.by == EndedBy::Deadline) {
            told(format!(
                "attempt {at} ran into its hard timeout, which no agent here has a reason to"
            ));
        }
        let killed = pid.parse().is_ok_and(|pid| self.done.agents.contains(&pid));
        let by = record.map(|record| record.by);
        let is_true = match (journaled, code) {
            (Exit::Code(exit), Some(code)) => *exit == code,
            // Between its note and its end a signal may still have hit it.
            (Exit::Signal(_), _) => killed || by != Some(EndedBy::Itself),
            (Exit::Unknown(_), _) => is_orphaned,
            (Exit::Code(_), None) => by != Some(EndedBy::Itself),
            (Exit::NotStarted(_), _) => false,
        };
        if !is_true {
            told(format!(
                "attempt {at} noted {code:?}, but its journal says {journaled:?} by {by:?} \
                 (keeper killed: {is_orphaned}, agent killed: {killed})"
            ));
        }
    }

    /// Every line once, in order, up to the last one that the agent has noted.
    fn log(&self, run: &Path, (is_whole, is_cut): (bool, bool), told: &mut impl FnMut(String)) {
        let at = self.attempt;
        let log = fs::read(run.join(files::LOG)).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let begins = format!("L {at} ");
        // A line that a full disk or the end of a terminal has cut is no line.
        let lines = log.lines().map(str::trim_end).filter_map(|line| line.strip_suffix('.'));
        let lines = lines.filter_map(|line| line.strip_prefix(&begins));
        let mut last = 0;
        for line in lines {
            let number = line.parse::<u64>().unwrap_or(0);
            if number != last + 1 {
                told(format!("attempt {at}: line {line} follows line {last}"));
                break;
            }
            last = number;
        }
        let noted = self.place.noted(&format!("{}.{at}.n", self.id));
        let noted = noted.lines().last().and_then(|line| line.parse::<u64>().ok()).unwrap_or(0);
        if last < noted && !is_cut {
            told(format!("attempt {at}: {noted} lines were written, its log ends with {last}"));
        }
        if is_whole && !is_cut && !log.contains(&format!("END {at} ")) {
            told(format!("attempt {at}: its log lacks its last line"));
        }
    }
}

/// Nobody holds a lock any more.
fn free(dir: &Path, told: &mut impl FnMut(String)) {
    let runs = fs::read_dir(dir).into_iter().flatten().flatten();
    let runs = runs.map(|entry| entry.path()).filter(|path| path.is_dir());
    let locks = runs.flat_map(|path| {
        [path.join("run/keeper.lock"), path.join("run/agent.lock"), path.join("check/keeper.lock")]
    });
    for lock in locks.chain([dir.join("owner.lock")]) {
        if !matches!(files::is_locked(&lock), Ok(false)) {
            told(format!("{} is held", lock.display()));
        }
    }
}

/// A worktree is registered, on its branch, and not locked by a git that was killed.
fn worktree(place: &Place, id: &str, workstream: &Workstream, told: &mut impl FnMut(String)) {
    let Some(found) = &workstream.place else { return };
    let said =
        place.run(Command::new("git").args(["-C", &found.worktree, "status", "--porcelain"]));
    if !said.as_ref().is_ok_and(|said| said.code == Some(0)) {
        let why = said.map(|said| said.error).unwrap_or_default();
        told(format!("its worktree is not in order: {why}"));
    }
    let head = place.run(Command::new("git").args(["-C", &found.worktree, "symbolic-ref", "HEAD"]));
    let head = head.map(|said| said.out.trim().to_owned()).unwrap_or_default();
    if head != format!("refs/heads/ostler/{id}") {
        told(format!("its worktree is on `{head}`"));
    }
    let own = place.repo().join(".git/worktrees").join(id);
    for entry in fs::read_dir(own).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "lock") {
            told(format!("{} was left", entry.path().display()));
        }
    }
}
