//! What `logs` prints.

use crate::project::Project;
use crate::pty::Terminal;

const CONFIG: &str = "
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'echo from bad; exit 7'] }
  slow:
    command: [sh, -c, 'echo one; touch $HOME/begun; while [ ! -e $HOME/go ]; do sleep 0.1; done; printf \"two\\nthree\"; echo x > x']
workstreams:
  - { id: a, prompt: do it, chain: [bad, slow], check: 'echo checked; test -e x' }
";

#[test]
fn of_the_latest_attempt_of_another_one_and_of_the_check() {
    let project = Project::new(CONFIG);
    project.touch("go");
    project.headless().expect(0, &[]);
    assert_eq!(project.ok(&["logs", "a"]), "one\ntwo\nthree");
    assert_eq!(project.ok(&["logs", "a", "--attempt", "1"]), "from bad\n");
    assert_eq!(project.ok(&["logs", "a", "--attempt", "2"]), "one\ntwo\nthree");
    assert_eq!(project.ok(&["logs", "a", "--check"]), "checked\n");
    project.run(&["logs", "a", "--attempt", "3"]).expect(1, &["a has no such log"]);
    // Following what has ended ends.
    assert_eq!(project.ok(&["logs", "a", "-f"]), "one\ntwo\nthree");
}

#[test]
fn following_ends_with_the_attempt() {
    let project = Project::new(CONFIG);
    let up = project.start(&["up", "--headless"]);
    project.until_file("begun");
    let logs = project.start(&["logs", "a", "--follow"]);
    logs.until_out("one\n");
    let first = project.start(&["logs", "a", "--follow", "--attempt", "1"]);
    first.join().expect(0, &["from bad\n"]);
    project.touch("go");
    let said = logs.join();
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "one\ntwo\nthree", ""));
    up.join().expect(0, &[]);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let project = Project::new(
        "
agents: { much: { command: [sh, -c, 'seq 1 200000; echo x > x'] } }
workstreams: [{ id: a, prompt: do it }]
",
    );
    project.headless().expect(0, &[]);
    for arguments in [["logs", "a"], ["search", "1"]] {
        let mut command = project.command(&arguments);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
    assert_eq!(project.ok(&["search", "^1....$", "-c"]), "a:1 10000\n");
    let whole = project.ok(&["logs", "a"]);
    assert_eq!(whole.lines().count(), 200_000);
}

#[test]
fn a_terminal_shows_lines_as_they_look_and_is_not_steered_by_them() {
    let project = Project::new(
        "
agents: { tool: { command: [sh, -c, 'cat $HOME/said; echo x > x'] } }
workstreams: [{ id: a, prompt: do it }]
",
    );
    // A sequence that lies on the border of what is read at once.
    let before = "0123456\n".repeat(64 * 1024 / 8 - 1) + "12345";
    let said = format!(
        "{before}\x1b[31mred\x1b[0m\nright \u{202e}to left\u{202c}\x1b]0;title\x07 \x1b[5;5H\n\
         10%\r 20%\r100%\x1b[J\nthe last one"
    );
    std::fs::write(project.home.join("said"), said).unwrap();
    project.headless().expect(0, &[]);
    let mut terminal = Terminal::start(&project.command(&["logs", "a"]), (80, 24));
    assert!(terminal.join().success());
    terminal.shows("the last one");
    let shown = terminal.text();
    for line in ["12345red", "right to left", "100%"] {
        assert!(shown.lines().any(|shown| shown.trim_end() == line), "{line}: {shown}");
    }
    let bytes = String::from_utf8(terminal.bytes()).unwrap();
    assert!(bytes.contains("\x1b[38;5;1mred\x1b[0m"), "its colours are kept");
    for steered in ["\u{202e}", "\x1b]0", "\x1b[5;5H", "\x1b[31m"] {
        assert!(!bytes.contains(steered), "{steered:?}");
    }
}
