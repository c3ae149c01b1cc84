//! The process that finds the colours of a diff.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use ostler::tui::diff::{FileTokens, Texts, Token, parse};

fn colours(input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ostler"));
    command.arg("colours").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn each_file_is_answered_with_what_its_lines_are() {
    let patch = parse(
        "diff --git a/a.rs b/a.rs\n@@ -1 +1 @@\n+fn f() {}\ndiff --git a/x b/x\n@@ -1 +1 @@\n+fn\n",
    );
    let asked = |file| serde_json::to_string(&(file, Texts::default())).unwrap();
    let lines: Vec<String> = patch.files.iter().map(asked).collect();
    let output = colours(&(lines.join("\n") + "\n"));
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<FileTokens> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0].line(0, 0)[0].token, Token::Keyword);
    assert_eq!(answers[1], FileTokens::default());
}

#[test]
fn what_is_no_question_ends_it() {
    let output = colours("what?\n");
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(colours("").status.success());
}
