//! Recorded output of real tools, and what is read from it.

use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use ostler::core::verdict::{Exit, Verdict};

use super::{NOON, PRESETS, reader};

#[test]
fn recordings_are_read_as_what_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".log").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() > 100, "recordings are missing");
    let mut table = String::new();
    for name in names {
        let text = fs::read_to_string(folder.join(format!("{name}.log"))).unwrap();
        let (first, log) = text.split_once('\n').unwrap();
        let exit = match first.strip_prefix("exit ").unwrap().parse() {
            Ok(code) => Exit::Code(code),
            Err(_) => Exit::Signal(9),
        };
        let preset =
            PRESETS.iter().map(|(preset, _)| *preset).find(|preset| name.starts_with(preset));
        let verdict = reader(preset.unwrap()).classify(&mut Cursor::new(log), &exit, NOON).unwrap();
        writeln!(table, "{name:34} {exit:?}\n    {}", shown(&verdict)).unwrap();
    }
    insta::assert_snapshot!(table);
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
