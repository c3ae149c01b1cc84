//! When an agent said that it will work again.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Wall, ToSpan as _};

use super::pattern::Groups;
use crate::core::Timestamp;

/// A stated time further away than this is not believed.
const FARTHEST: Duration = Duration::from_secs(40 * 24 * 3600);

/// Returns the time that a line states in its named groups `reset_s`, `reset_ms` or `reset_at`.
///
/// A span counts from `now`. A time without a date is the next such time; without a zone it is the machine's. What
/// cannot be read, lies in the past or more than forty days ahead is unknown: nothing is invented.
pub fn stated(groups: &Groups, now: Timestamp) -> Option<Timestamp> {
    let number = |name: &str| groups.get(name).and_then(|text| text.parse::<f64>().ok());
    let seconds = number("reset_s").or_else(|| number("reset_ms").map(|span| span / 1000.0));
    let at = match seconds {
        Some(seconds) => now + Duration::try_from_secs_f64(seconds).ok()?,
        None => moment(groups.get("reset_at")?.trim(), now)?,
    };
    (at >= now && at.since(now) <= FARTHEST).then_some(at)
}

fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<u64>() {
        return match number {
            1_000_000_000..100_000_000_000 => Some(Timestamp(number * 1000)),
            100_000_000_000.. => Some(Timestamp(number)),
            _ => None,
        };
    }
    if let Ok(wall) = text.parse::<Wall>() {
        return u64::try_from(wall.as_millisecond()).ok().map(Timestamp);
    }
    time_of_day(text, now)
}

/// Reads `3pm`, `3:30 pm`, `15:30` or `9am (Europe/London)`.
fn time_of_day(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (clock, zone) = match text.split_once('(') {
        Some((clock, zone)) => (clock, TimeZone::get(zone.trim_end_matches(')').trim()).ok()?),
        None => (text, TimeZone::system()),
    };
    let clock = clock.trim().to_ascii_lowercase();
    let (clock, half) = match (clock.strip_suffix("am"), clock.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        (None, None) => (clock.as_str(), None),
    };
    let (hour, minute) = match clock.split_once(':') {
        Some((hour, minute)) => (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?),
        None if half.is_some() => (clock.parse::<i8>().ok()?, 0),
        None => return None,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    let time = Time::new(hour, minute, 0, 0).ok()?;
    let wall = Wall::from_millisecond(i64::try_from(now.0).ok()?).ok()?.to_zoned(zone);
    let today = wall.with().time(time).build().ok()?;
    let next = if today < wall { today.checked_add(1.day()).ok()? } else { today };
    u64::try_from(next.timestamp().as_millisecond()).ok().map(Timestamp)
}
