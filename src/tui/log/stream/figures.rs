//! What something took, in a word each.

use serde_json::Value;

use crate::core::account::{Cost, short};

/// Returns what an answer took: `12.9k in, 260 out`; none if that is not known.
pub(super) fn tokens(input: Option<u64>, output: Option<u64>) -> Option<String> {
    match (input, output) {
        (None, None) => None,
        (Some(input), None) => Some(format!("{} tokens", short(input))),
        (input, Some(output)) => {
            Some(format!("{} in, {} out", short(input.unwrap_or(0)), short(output)))
        }
    }
}

/// Returns a price in dollars: `$0.09`; none if nothing is charged.
pub(super) fn cost(dollars: Option<f64>) -> Option<String> {
    dollars.and_then(Cost::dollars).filter(|cost| cost.0 > 0).map(|cost| cost.to_string())
}

/// Returns a time that is given in milliseconds.
pub(super) fn span(ms: Option<u64>) -> Option<String> {
    let ms = ms?;
    Some(match ms {
        0..10_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        10_000..60_000 => format!("{} s", ms / 1000),
        _ => format!("{}:{:02} min", ms / 60_000, ms / 1000 % 60),
    })
}

/// Returns the number at the end of a path.
pub(super) fn number(value: &Value, path: &str) -> Option<u64> {
    value.pointer(path)?.as_u64()
}

/// Returns a count: `3 turns`.
pub(super) fn count(number: Option<u64>, one: &str, many: &str) -> Option<String> {
    number.map(|number| format!("{number} {}", if number == 1 { one } else { many }))
}
