//! A short version of the chaos campaign; `cargo run --example chaos` is the long one.

#[path = "../chaos/campaign/mod.rs"]
mod campaign;

use std::path::Path;

use campaign::round::round;

#[test]
fn nothing_is_lost_and_nothing_runs_twice() {
    let outcome = round(Path::new(env!("CARGO_BIN_EXE_ostler")), 7, 2_500..3_000);
    assert!(outcome.violations.is_empty(), "{outcome}\nkept in {}", outcome.kept());
}
