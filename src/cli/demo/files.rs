//! The files of the built-in demo.

use std::path::Path;

/// What a file of the demo may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is read (0644).
    Plain,
    /// It is run (0755).
    Executable,
}

macro_rules! files {
    ($($mode:ident $path:literal,)+) => {
        &[$(($path, include_str!(concat!("../../../config/demo/", $path)), Mode::$mode),)+]
    };
}

/// The files by their path in the demo's folder: the agents under `agents/`, the repository's content under `repo/`.
pub const FILES: &[(&str, &str, Mode)] = files![
    Plain "agents/lib.sh",
    Plain "agents/plot.sh",
    Executable "agents/steady.sh",
    Executable "agents/swift.sh",
    Executable "agents/thorough.sh",
    Plain "agents/work.sh",
    Plain "repo/CHANGELOG.md",
    Plain "repo/README.md",
    Executable "repo/bin/bookshop",
    Plain "repo/data/books.csv",
    Plain "repo/data/orders.csv",
    Plain "repo/data/till-2008.txt",
    Plain "repo/lib/discount.sh",
    Plain "repo/lib/export.sh",
    Plain "repo/lib/import.sh",
    Plain "repo/lib/price.sh",
    Plain "repo/lib/receipt.sh",
    Plain "repo/lib/report.sh",
    Plain "repo/lib/search.sh",
    Plain "repo/lib/stock.sh",
    Plain "repo/tests/assert.sh",
    Plain "repo/tests/catalogue.sh",
    Plain "repo/tests/changelog.sh",
    Plain "repo/tests/discount.sh",
    Plain "repo/tests/export.sh",
    Plain "repo/tests/import.sh",
    Plain "repo/tests/price.sh",
    Plain "repo/tests/receipt.sh",
    Plain "repo/tests/report.sh",
    Executable "repo/tests/run.sh",
    Plain "repo/tests/search.sh",
    Plain "repo/tests/stock.sh",
];

const TEMPLATE: &str = include_str!("../../../config/demo/ostler.yaml");

/// Returns the demo's configuration for scripts in the folder `agents`.
///
/// `pace` stretches the agents' waits: 1 is normal, 0.1 ten times as fast; it is kept between 0.01 and 100. Timeouts
/// follow it, but only so far down that a busy machine does not run into them by itself.
///
/// A word between @ signs in the template stands for one of these values: `agents` the folder, `pace` itself, `reset` the
/// seconds that a rate limit states, `slow` the seconds that a slow reply takes, and durations named after the key of the
/// configuration they are used for.
pub fn config(agents: &Path, pace: f64) -> String {
    let pace = pace.clamp(0.01, 100.0);
    let soft = (12.0 * pace).max(4.0);
    let millis = |seconds: f64| format!("{:.0}ms", seconds * 1000.0);
    let folder = agents.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    let values = [
        ("agents", folder),
        ("pace", format!("{pace}")),
        ("reset", format!("{:.1}", (6.0 * pace).max(0.5))),
        ("slow", format!("{:.1}", soft - 3.0 * pace)),
        ("soft", millis(soft)),
        ("hard", millis((26.0 * pace).max(10.0))),
        ("long_soft", millis((25.0 * pace).max(10.0))),
        ("long_hard", millis((40.0 * pace).max(30.0))),
        ("delay", millis(3.0 * pace)),
        ("max_delay", millis(6.0 * pace)),
        ("backoff", millis(4.0 * pace)),
        ("grace", millis((2.0 * pace).max(0.5))),
        ("check", millis(60.0)),
    ];
    values
        .iter()
        .fold(TEMPLATE.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}
