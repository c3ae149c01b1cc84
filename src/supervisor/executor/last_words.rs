//! What a failed check said last, in few words.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::agents::plain;

/// So much of the output is looked at, from its end, in bytes.
const TAIL: u64 = 16 * 1024;
/// So many of its lines are quoted.
const QUOTED: usize = 8;
/// And so much of a line, in characters.
const LINE_LIMIT: usize = 240;

/// What a line has that says why something failed, in lower case.
const REASONS: [&str; 16] = [
    "assert",
    "cannot",
    "denied",
    "error",
    "exception",
    "expected",
    "fail",
    "fatal",
    "no rule",
    "no such",
    "not found",
    "not ok",
    "panic",
    "unable",
    "undefined",
    "want ",
];

/// How a line begins that only says that something before it failed, in lower case.
const WRAPPERS: [&str; 10] = [
    "error command failed",
    "error: test failed, to rerun",
    "exit status",
    "failures:",
    "for more information about this error",
    "ninja: build stopped",
    "note:",
    "npm err",
    "some errors have detailed explanations",
    "stack backtrace:",
];

/// A line that only counts: `1 of 3 modules failed`, `found 2 errors`, `FAIL src/sum.test.js`.
static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^fail(ed \(|\s|$)|\b\d+ (of \d+ )?(\S+ )?(tests?|failed|failing|failures?|passed|errors?|problems?)\b",
    )
    .ok()
});

/// How much a line tells, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// That something before it failed.
    Wrapper,
    /// Anything.
    Other,
    /// How many things failed.
    Count,
    /// What failed, and maybe why.
    Reason,
}

/// Returns how a check ended and the words that decided it, in one line, and below it the last lines of its output.
pub(super) fn quote(how: &str, log: &Path) -> String {
    let text = plain::clean_lines(&tail(log));
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let first = match decisive(&lines) {
        Some(words) => format!("{how}: {}", plain::cut(&words, LINE_LIMIT)),
        None => format!("{how}, without a word"),
    };
    let last = lines.iter().skip(lines.len().saturating_sub(QUOTED));
    let last = last.map(|line| plain::cut(line, LINE_LIMIT));
    std::iter::once(first).chain(last).collect::<Vec<_>>().join("\n")
}

/// Reads the end of a file, from the start of a line if that is not longer than all that is read.
fn tail(log: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(log)
        && let Ok(length) = file.metadata().map(|meta| meta.len())
    {
        bytes.resize(usize::try_from(length.min(TAIL)).unwrap_or(0), 0);
        if file.read_exact_at(&mut bytes, length - length.min(TAIL)).is_err() {
            bytes.clear();
        }
        if length > TAIL
            && let Some(end) = memchr::memchr(b'\n', &bytes)
        {
            bytes.drain(..=end);
        }
    }
    bytes
}

/// Returns the last of the lines that tell most; if it ends with a colon, with what follows.
fn decisive(lines: &[&str]) -> Option<String> {
    let (place, line) =
        lines.iter().enumerate().max_by_key(|(place, line)| (weight(line), *place))?;
    let line = line.trim();
    match lines.get(place + 1) {
        Some(next) if line.ends_with(':') => Some(format!("{line} {}", next.trim())),
        Some(_) | None => Some(line.to_owned()),
    }
}

fn weight(line: &str) -> Weight {
    let line = line.trim().to_lowercase();
    let from_make = line.starts_with("make") && line.contains("] error ");
    if from_make || WRAPPERS.iter().any(|start| line.starts_with(start)) {
        Weight::Wrapper
    } else if line.starts_with("ok ") || line.ends_with("... ok") {
        // What passed may well be about errors.
        Weight::Other
    } else if COUNTS.as_ref().is_some_and(|counts| counts.is_match(&line)) {
        Weight::Count
    } else if REASONS.iter().any(|word| line.contains(word)) {
        Weight::Reason
    } else {
        Weight::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided_by(output: &str) -> String {
        let lines: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
        decisive(&lines).unwrap_or_default()
    }

    #[test]
    fn the_line_that_says_why_decides() {
        for (output, wanted) in [
            ("", ""),
            ("  it is red  \n", "it is red"),
            ("assertion failed: 1 == 2\nbye\n", "assertion failed: 1 == 2"),
            (
                "running 1 test\ntest sum ... FAILED\n\nfailures:\n\n---- sum stdout ----\n\
                 thread 'sum' panicked at src/lib.rs:3:5:\nassertion `left == right` failed\n  left: 1\n \
                 right: 2\nnote: run with `RUST_BACKTRACE=1`\n\nfailures:\n    sum\n\n\
                 test result: FAILED. 0 passed; 1 failed; 0 ignored\n\n\
                 error: test failed, to rerun pass `--lib`\n",
                "assertion `left == right` failed",
            ),
            (
                "thread 'sum' panicked at src/lib.rs:3:5:\nboom\nnote: run with `RUST_BACKTRACE=1`\n\n\
                 failures:\n    sum\n\ntest result: FAILED. 0 passed; 1 failed\n",
                "thread 'sum' panicked at src/lib.rs:3:5: boom",
            ),
            (
                "error[E0308]: mismatched types\n --> src/lib.rs:1:1\n\nFor more information about this error, \
                 try `rustc --explain E0308`.\nerror: could not compile `a` (lib) due to 1 previous error\n",
                "error[E0308]: mismatched types",
            ),
            (
                "FAILED tests/test_sum.py::test_sum - assert 3 == 4\n==== 1 failed, 2 passed in 0.01s ====\n",
                "FAILED tests/test_sum.py::test_sum - assert 3 == 4",
            ),
            (
                "--- FAIL: TestSum (0.00s)\n    sum_test.go:9: got 3, want 4\nFAIL\nFAIL\texample.com/a\t0.002s\n",
                "sum_test.go:9: got 3, want 4",
            ),
            (
                "src/a.ts(3,5): error TS2322: no\nFound 1 error in src/a.ts:3\n",
                "src/a.ts(3,5): error TS2322: no",
            ),
            (
                "ok 1 - whole\nnot ok 2 - half: expected 5, got 6\nok 3 - no error\n1 of 1 modules failed\n\
                 make: *** [Makefile:2: test] Error 1\n",
                "not ok 2 - half: expected 5, got 6",
            ),
            (
                "make: *** No rule to make target 'test'.  Stop.\n",
                "make: *** No rule to make target 'test'.  Stop.",
            ),
            ("all is bad\nmake: *** [Makefile:2: test] Error 1\n", "all is bad"),
        ] {
            assert_eq!(decided_by(output), wanted, "{output}");
        }
    }

    #[test]
    fn no_more_than_the_end_is_quoted() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let log = dir.path().join("out.log");
        assert_eq!(quote("exit 3", &log), "exit 3, without a word");
        let row = "x".repeat(1000);
        let lines: Vec<String> = (0..1000).map(|number| format!("{number} {row}")).collect();
        std::fs::write(&log, lines.join("\n"))?;
        let quoted = quote("exit 3", &log);
        assert!(quoted.starts_with("exit 3: 999 xxx"), "{quoted}");
        assert_eq!(quoted.lines().count(), 9);
        assert!(quoted.len() < 3000, "{}", quoted.len());
        Ok(())
    }
}
