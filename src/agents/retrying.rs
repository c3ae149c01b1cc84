//! An agent that tries a request again by itself, in one form whatever the agent.

use super::pattern::Groups;
use super::plain;
use crate::core::event::RETRY;

/// The reason is cut after so many characters.
const WHY: usize = 120;

/// Returns the words for a line with these named groups: `API retry 4/10, 32 s: rate_limit`.
pub fn words(groups: &Groups) -> String {
    let mut text = RETRY.to_owned();
    if let Some(attempt) = groups.get("attempt") {
        text.push(' ');
        text.push_str(attempt);
        if let Some(max) = groups.get("max") {
            text.push('/');
            text.push_str(max);
        }
    }
    if let Some(delay) = delay(groups) {
        text.push_str(", ");
        text.push_str(&delay);
    }
    let why = groups.get("why").map(str::trim).filter(|why| !why.is_empty());
    if let Some(why) = why {
        text.push_str(": ");
        text.push_str(&plain::cut(why, WHY));
    }
    text
}

/// Returns how long it waits, rounded to what matters.
fn delay(groups: &Groups) -> Option<String> {
    let number = |name: &str| groups.get(name)?.parse::<f64>().ok().filter(|span| *span >= 0.0);
    let seconds = number("delay_s").or_else(|| number("delay_ms").map(|span| span / 1000.0))?;
    let tenths = format!("{seconds:.1}");
    let text = if seconds < 9.95 { tenths } else { format!("{seconds:.0}") };
    Some(format!("{} s", text.trim_end_matches(".0")))
}
