//! A short version of the chaos campaign; `cargo run --example chaos` is the long one.

#[path = "../chaos/campaign/mod.rs"]
mod campaign;

use std::path::Path;

use campaign::round::{Way, round};

#[test]
fn nothing_is_lost_and_nothing_runs_twice() {
    let way = if std::env::var_os("CHAOS_FULL").is_some() { Way::Full } else { Way::Short };
    let outcome = round(Path::new(env!("CARGO_BIN_EXE_ostler")), 7, way);
    assert!(outcome.violations.is_empty(), "{outcome}\nkept in {}", outcome.kept());
}
