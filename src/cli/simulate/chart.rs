//! How work gets done over time, drawn in text.

use std::fmt::Write as _;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use crate::core::simulate::report::Report;
use crate::core::time::clock;

/// The width of the drawing.
const WIDTH: u32 = 60;
/// From nothing to all.
const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns a line for each policy, which rises to the top when all of its work is done.
pub fn chart(reports: &[Report]) -> String {
    let Some(end) = reports.iter().filter_map(Report::last).max().filter(|end| !end.is_zero())
    else {
        return "nothing was done\n".to_owned();
    };
    let width = reports.iter().map(|report| report.policy.width()).max().unwrap_or(0);
    let mut text = format!("work done over {}\n", clock(end));
    for report in reports {
        let room = " ".repeat(width - report.policy.width());
        let line: String = (1..=WIDTH).map(|column| level(report, end * column / WIDTH)).collect();
        let (done, all) = (report.done, report.workstreams);
        let _infallible = writeln!(text, "  {}{room}  ▕{line}▏ {done} of {all}", report.policy);
    }
    text
}

fn level(report: &Report, at: Duration) -> char {
    let done = report.completions.partition_point(|completion| *completion <= at);
    let steps = LEVELS.len() - 1;
    // Only what is all done reaches the top, and only nothing stays at the bottom.
    let level = match done {
        0 => 0,
        done if done == report.workstreams => steps,
        done => (done * steps / report.workstreams.max(1)).clamp(1, steps - 1),
    };
    LEVELS[level]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(policy: &str, workstreams: usize, done: &[u64]) -> Report {
        let completions: Vec<Duration> =
            done.iter().map(|minute| Duration::from_secs(minute * 60)).collect();
        Report {
            policy: policy.to_owned(),
            workstreams,
            done: done.len(),
            completions,
            ..Report::default()
        }
    }

    #[test]
    fn lines_rise_as_work_gets_done() {
        let fast = report("fast", 3, &[1, 2, 30]);
        let slow = report("slower", 3, &[30, 60]);
        let text = chart(&[fast, slow]);
        let expected = format!(
            "work done over 1:00:00\n  fast    ▕▂{}{}▏ 3 of 3\n  slower  ▕{}{}▅▏ 2 of 3\n",
            "▅".repeat(28),
            "█".repeat(31),
            " ".repeat(29),
            "▂".repeat(30)
        );
        assert_eq!(text, expected);
        assert_eq!(chart(&[report("none", 3, &[])]), "nothing was done\n");
    }
}
