//! When a service said that it will work again.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use regex::Regex;

/// When a service works again, as it said itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reset {
    /// After so long.
    In(Duration),
    /// At a date and time, in the form `2026-12-01T00:00:00Z`.
    At(String),
}

/// The largest span that is believed, in seconds.
const FARTHEST: f64 = 40.0 * 24.0 * 3600.0;

/// `try again in 7.66s`, `retry in 6m0s`, `try again in 20ms`.
static SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let form = r"(?i)\b(?:try again|retry) (?:in|after) (?P<span>(?:[0-9]+(?:\.[0-9]+)? ?(?:ms|[dhms]|seconds?|minutes?|hours?) ?)+)";
    Regex::new(form).ok()
});

/// One number of a span and its unit.
static PART: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([0-9]+(?:\.[0-9]+)?) ?([a-zA-Z]+)").ok());

/// `You will regain access on 2026-12-01 at 00:00 UTC.`
static ACCESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let form =
        r"regain access on ([0-9]{4}-[0-9]{2}-[0-9]{2})(?: at ([0-9]{2}:[0-9]{2})(?: UTC)?)?";
    Regex::new(form).ok()
});

impl Reset {
    /// Reads the header `retry-after`: seconds, or a date.
    pub fn of_header(value: &str, now: SystemTime) -> Option<Self> {
        let value = value.trim();
        if let Ok(seconds) = value.parse::<f64>() {
            return span(seconds).map(Self::In);
        }
        let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
        let now = Timestamp::try_from(now).ok()?;
        span(at.duration_since(now).as_secs_f64().max(0.0)).map(Self::In)
    }

    /// Reads the header `retry-after-ms`.
    pub fn of_milliseconds(value: &str) -> Option<Self> {
        span(value.trim().parse::<f64>().ok()? / 1000.0).map(Self::In)
    }

    /// Reads the message of an error.
    pub fn of_message(message: &str) -> Option<Self> {
        if let Some(found) = ACCESS.as_ref().and_then(|form| form.captures(message)) {
            let time = found.get(2).map_or("00:00", |time| time.as_str());
            return Some(Self::At(format!("{}T{time}:00Z", &found[1])));
        }
        let found = SPAN.as_ref()?.captures(message)?;
        let parts = PART.as_ref()?.captures_iter(&found["span"]);
        let seconds = parts.map(|part| Some(part[1].parse::<f64>().ok()? * unit(&part[2])?));
        span(seconds.sum::<Option<f64>>()?).map(Self::In)
    }

    /// Returns the time to wait, if it was said as a span.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::In(span) => Some(*span),
            Self::At(_) => None,
        }
    }
}

fn unit(name: &str) -> Option<f64> {
    Some(match name.to_ascii_lowercase().as_str() {
        "ms" => 0.001,
        "s" | "second" | "seconds" => 1.0,
        "m" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" => 86400.0,
        _ => return None,
    })
}

fn span(seconds: f64) -> Option<Duration> {
    let believed = (0.0..=FARTHEST).contains(&seconds);
    believed.then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_what_is_stated() {
        let seconds = |message| match Reset::of_message(message) {
            Some(Reset::In(span)) => Some(span.as_secs_f64()),
            _ => None,
        };
        assert_eq!(seconds("Limit 3, Used 3. Please try again in 7.5s."), Some(7.5));
        assert_eq!(seconds("Please try again in 6m30s."), Some(390.0));
        assert_eq!(seconds("Please try again in 20ms. Visit"), Some(0.02));
        assert_eq!(seconds("Please retry in 12 seconds"), Some(12.0));
        assert_eq!(seconds("Please try again later"), None);
        assert_eq!(seconds("try again in 9999999999s"), None);
        let at = Reset::of_message("You will regain access on 2026-12-01 at 00:00 UTC.");
        assert_eq!(at, Some(Reset::At("2026-12-01T00:00:00Z".to_owned())));
    }

    #[test]
    fn reads_headers() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 30);
        let wait = |value| Reset::of_header(value, now).and_then(|reset| reset.wait());
        assert_eq!(wait("2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(wait("-1"), None);
        assert_eq!(wait("soon"), None);
        let reset = Reset::of_milliseconds("1500").and_then(|reset| reset.wait());
        assert_eq!(reset, Some(Duration::from_millis(1500)));
    }
}
