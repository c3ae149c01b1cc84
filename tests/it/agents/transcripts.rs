//! Recorded output of real tools, and what is read from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use ostler::agents::classify::Judgement;
use ostler::agents::hopeless::Hopeless;
use ostler::core::definition::{Definition, Expects};
use ostler::core::event::CheckOutcome;
use ostler::core::verdict::{DiffSize, Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{AttemptId, AttemptOutcome, Event, FailureClass, Workstream};

use super::{NOON, PRESETS, reader};
use crate::world::sample::{over, process, secs, tier};

/// What a tool printed, and how that ended.
pub(super) struct Recording {
    pub(super) preset: &'static str,
    pub(super) name: String,
    pub(super) log: String,
    exit: Exit,
    by: EndedBy,
    diff: DiffSize,
}

impl Recording {
    pub(super) fn judge(&self) -> Judgement {
        let mut log = Cursor::new(&self.log);
        reader(self.preset).judge(&mut log, &self.exit, NOON).unwrap()
    }
}

pub(super) fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".log").map(str::to_owned))
        .collect();
    names.sort();
    names.into_iter().map(|name| recording(&folder, name)).collect()
}

fn recording(folder: &Path, name: String) -> Recording {
    let text = fs::read(folder.join(format!("{name}.log"))).unwrap();
    let text = String::from_utf8_lossy(&text);
    let (first, log) = text.split_once('\n').unwrap();
    let (ending, changed) = match first.strip_suffix(", changed") {
        Some(ending) => (ending, 1),
        None => (first, 0),
    };
    let (exit, by) = match ending.split_once(' ') {
        Some(("exit", code)) => (Exit::Code(code.parse().unwrap()), EndedBy::Itself),
        Some(("signal", number)) => (Exit::Signal(number.parse().unwrap()), EndedBy::Itself),
        _stopped => (Exit::Signal(9), EndedBy::Deadline),
    };
    let preset = PRESETS.iter().map(|(preset, _)| *preset);
    let preset = preset.filter(|preset| name.starts_with(preset)).max_by_key(|name| name.len());
    let diff = DiffSize { files: changed, added: changed, removed: 0 };
    Recording { preset: preset.unwrap(), name, log: log.to_owned(), exit, by, diff }
}

#[test]
fn recordings_are_read_as_what_they_are() {
    let recordings = recordings();
    assert!(recordings.len() > 200, "recordings are missing");
    let mut table = String::new();
    for recording in recordings {
        let Recording { name, exit, .. } = &recording;
        let Judgement { verdict, account } = recording.judge();
        writeln!(table, "{name:34} {exit:?}\n    {}", shown(&verdict)).unwrap();
        if let (Verdict::Success(_), Some(hint)) = (&verdict, &account.hint) {
            let line = first(&hint.evidence.line);
            writeln!(table, "    although {} · {} · {line}", hint.class, hint.evidence.rule)
                .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

/// What the service did or what was done to the tool, against what the attempt is taken for. Only what was not recorded
/// is left out.
#[test]
fn each_agent_in_each_failure_mode_ends_in_the_right_class() {
    let mut classes: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
    let mut agents = BTreeSet::new();
    for recording in recordings() {
        let mode = recording.name[recording.preset.len() + 1..].to_owned();
        agents.insert(recording.preset);
        classes.entry(mode).or_default().insert(recording.preset, amounts_to(&recording));
    }
    let mut table = format!("{:32}", "");
    for agent in &agents {
        write!(table, "{agent:18}").unwrap();
    }
    for (mode, row) in classes {
        write!(table, "\n{mode:32}").unwrap();
        for agent in &agents {
            write!(table, "{:18}", row.get(agent).map_or("", String::as_str)).unwrap();
        }
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_refused_permission_explains_what_fails_its_check_unchanged() {
    let all = recordings();
    for name in ["claude-code-no-permission", "copilot-no-permission"] {
        let recording = all.iter().find(|recording| recording.name == name).unwrap();
        let check = |outcome: CheckOutcome, files: u32| {
            let mut workstream =
                saved(recording, Some(secs(60)), DiffSize { files, added: files, removed: 0 });
            workstream.step(&Event::Checked { attempt: AttemptId(1), outcome }, NOON);
            workstream.attempts.remove(0)
        };
        let no = || CheckOutcome::Failed("exit 1".to_owned());
        let attempt = check(no(), 0);
        assert_eq!(attempt.outcome, AttemptOutcome::Failed(FailureClass::Denied), "{name}");
        assert!(attempt.reason.to_lowercase().contains("permission"), "{}", attempt.reason);
        assert!(attempt.evidence.offset.is_some(), "{name}");
        let changed = check(no(), 1);
        assert_eq!(changed.outcome, AttemptOutcome::Failed(FailureClass::CheckFailed), "{name}");
        assert_eq!(check(CheckOutcome::Passed, 0).outcome, AttemptOutcome::Succeeded, "{name}");
    }
}

/// Says what the rules take an attempt for when no check decides.
fn amounts_to(recording: &Recording) -> String {
    let workstream = saved(recording, None, recording.diff);
    match workstream.attempts[0].outcome {
        AttemptOutcome::Failed(class) => class.to_string(),
        AttemptOutcome::Succeeded => "✔".to_owned(),
        ref other => panic!("{}: {other:?}", recording.name),
    }
}

/// Returns a workstream whose first attempt was as recorded and has been saved.
fn saved(recording: &Recording, check: Option<Duration>, diff: DiffSize) -> Workstream {
    let attempt = AttemptId(1);
    let Judgement { verdict, account } = recording.judge();
    let (exit, by) = (recording.exit.clone(), recording.by);
    let at = NOON;
    let ended = Ended {
        exit,
        by,
        tree: Tree::default(),
        verdict,
        at,
        log_bytes: 1,
        short_of: None,
        account,
    };
    let mut tier = tier(recording.preset);
    tier.expects = Expects::MarkerAndChange;
    let definition = Definition { check, ..over(vec![tier]) };
    let mut workstream = Workstream::new(definition, NOON);
    let (worktree, branch) = ("worktree".to_owned(), "ostler/ws-01".to_owned());
    let seen = reader(recording.preset).scanner(0).feed(recording.log.as_bytes()).hopeless;
    let hopeless = seen.map(|seen| {
        let Hopeless { class, evidence } = seen;
        Event::Hopeless { attempt, class, evidence }
    });
    let before = [
        Event::Admitted,
        Event::Prepared { attempt, worktree, branch },
        Event::Started { attempt, keeper: process(100), agent: process(101) },
    ];
    let after = [
        Event::Exited { attempt, ended: Box::new(ended) },
        Event::Saved { attempt, diff: Some(diff), error: None },
    ];
    for event in before.into_iter().chain(hopeless).chain(after) {
        workstream.step(&event, NOON);
    }
    workstream
}

fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Silent => "silent".to_owned(),
        Verdict::Success(evidence) => {
            format!("success · {} · {}", evidence.rule, first(&evidence.line))
        }
        Verdict::Failure { evidence, reset, class } => {
            let reset = reset.map(|reset| format!(" · works again after {:?}", reset.since(NOON)));
            let reset = reset.unwrap_or_default();
            format!("{class}{reset} · {} · {}", evidence.rule, first(&evidence.line))
        }
    }
}

fn first(line: &str) -> String {
    line.chars().take(100).collect()
}
