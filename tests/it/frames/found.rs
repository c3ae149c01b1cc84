//! Whatever may be found in all logs.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use ostler::core::AttemptId;
use ostler::tui::found::{FoundIn, FoundLine, FoundLines};
use ostler::tui::state::Shown;

use crate::world::rng::Rng;

/// Returns something that was found in all logs; some of it in logs that nobody knows.
pub fn found(rng: &mut Rng, nasty: &[&'static str]) -> FoundLines {
    let logs = (0..rng.between(0, 4)).map(|number| FoundIn {
        workstream: format!("ws-{number:02}").into(),
        shown: *rng.pick(&[Shown::Latest, Shown::Attempt(AttemptId(2)), Shown::Check]),
        output: (*rng.pick(&["1", "check", "12"])).to_owned(),
        agent: (*rng.pick(nasty)).to_owned(),
    });
    let logs: Vec<FoundIn> = logs.collect();
    let lines = (0..rng.between(0, 90)).map(|number| FoundLine {
        log: usize::try_from(number % 5).unwrap(),
        line: usize::try_from(number * number * number).unwrap(),
        text: (*rng.pick(nasty)).to_owned(),
        found: vec![0..1, 2..rng.between(2, 99).try_into().unwrap()],
    });
    let lines: Vec<FoundLine> = lines.collect();
    let unread = rng.chance(20).then(|| (2, (*rng.pick(nasty)).to_owned()));
    let (count, is_done) = (lines.len() * 2, rng.chance(50));
    FoundLines { logs, lines, count, logs_with: 1, searched: 1, is_done, unread }
}
