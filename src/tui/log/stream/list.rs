//! Lists of things to do.

use serde_json::Value;

use super::said::{Look, Saying, text};

/// Adds a list of things to do. `is_done` tells from an item; its text is at `path`.
pub(super) fn say(
    items: &[Value],
    path: &str,
    is_done: impl Fn(&Value) -> bool,
    saying: &mut Saying,
) {
    let next = items.iter().position(|item| !is_done(item));
    for (place, item) in items.iter().enumerate() {
        let words = text(item, path);
        let (mark, look) = match (is_done(item), next == Some(place)) {
            (true, _) => ("  ✔ ", Look::Dim),
            (false, true) => ("  ▸ ", Look::Strong),
            (false, false) => ("  · ", Look::Plain),
        };
        saying.line(&[(mark, look), (words, look)]);
    }
}

/// Says whether an item with a status is over.
pub(super) fn is_over(item: &Value) -> bool {
    matches!(text(item, "/status"), "completed" | "cancelled")
}
