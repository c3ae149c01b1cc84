//! Timeouts and retries, put together from what the agent, the project, the preset and the defaults say.

use std::time::Duration;

use super::finding::Finding;
use super::form;
use super::preset::Preset;
use super::read::At;
use super::source::Place;
use crate::core::policy::{Growth, RetryPolicy, Timeouts};

/// Who may say something about an agent, the most particular first.
pub(super) struct Levels<'a> {
    /// The agent itself.
    pub agent: &'a form::Agent,
    /// The project's and the user's file.
    pub project: &'a form::Project,
    /// The agent's preset.
    pub preset: &'a Preset,
    /// What is built in.
    pub defaults: &'a form::Project,
}

/// What one level says: how particular it is (lower is more), what, and where if that is in a file of the user's.
type Said<T> = (u8, T, Option<Place>);

fn said<T: Copy, F>(level: u8, value: Option<&At<F>>, get: impl Fn(&F) -> T) -> Option<Said<T>> {
    value.map(|at| (level, get(&at.value), Some(at.place)))
}

impl Levels<'_> {
    /// Returns how long attempts may take.
    ///
    /// A soft or idle timeout that comes from a less particular level than a shorter hard one falls away.
    pub fn timeouts(&self, findings: &mut Vec<Finding>) -> Timeouts {
        let forms =
            [(0, &self.agent.timeout), (1, &self.project.timeout), (3, &self.defaults.timeout)];
        let preset = &self.preset.timeout;
        let limit = |get: fn(&form::Timeout) -> Option<&At<super::duration::Limit>>, own| {
            let written = |(level, form): &(u8, &Option<At<form::Timeout>>)| {
                let value = form.as_ref().and_then(|form| get(&form.value));
                said(*level, value, |limit| limit.duration())
            };
            let own: Option<super::duration::Limit> = own;
            let [agent, project, defaults] = forms.each_ref().map(written);
            agent.or(project).or(own.map(|own| (2, own.duration(), None))).or(defaults)
        };
        let soft = limit(|timeout| timeout.soft.as_ref(), preset.soft);
        let idle = limit(|timeout| timeout.idle.as_ref(), preset.idle);
        let hard = |(level, form): &(u8, &Option<At<form::Timeout>>)| {
            let value = form.as_ref().and_then(|form| form.value.hard.as_ref());
            said(*level, value, |hard| hard.0)
        };
        let [agent, project, defaults] = forms.each_ref().map(hard);
        let own = preset.hard.map(|hard| (2, hard.0, None));
        let hard = agent.or(project).or(own).or(defaults);
        let (level, hard, place) = hard.unwrap_or((4, Duration::from_secs(3600), None));
        if let Some(place) = place.filter(|_| hard.is_zero()) {
            let message = "a hard timeout of nothing ends every attempt at once";
            findings.push(Finding::error(message).at(place));
        }
        let fits = |said: Option<Said<Option<Duration>>>,
                    what: &str,
                    findings: &mut Vec<Finding>| {
            let (from, value, place) = said?;
            let span = value?;
            if span < hard {
                return Some(span);
            }
            if let Some(place) = place.filter(|_| from <= level && !hard.is_zero()) {
                let hard = text(hard);
                let message =
                    format!("the {what} timeout {} is not below the hard one, {hard}", text(span));
                let finding = if what == "soft" {
                    Finding::error(message)
                } else {
                    Finding::warning(message)
                };
                findings.push(finding.at(place).help(format!("write less than {hard}, or `off`")));
            }
            None
        };
        Timeouts { soft: fits(soft, "soft", findings), hard, idle: fits(idle, "idle", findings) }
    }

    /// Returns how often the agent is tried again.
    pub fn retry(&self, findings: &mut Vec<Finding>) -> RetryPolicy {
        let forms = [&self.agent.retry, &self.project.retry, &self.defaults.retry];
        let [agent, project, defaults] = forms.map(|form| form.as_ref().map(|form| &form.value));
        let preset = &self.preset.retry;
        macro_rules! pick {
            ($key:ident, $get:expr, $own:expr, $else:expr) => {{
                let written =
                    |form: Option<&form::Retry>| form.and_then(|form| form.$key.as_ref()).map($get);
                written(agent).or(written(project)).or($own).or(written(defaults)).unwrap_or($else)
            }};
        }
        let policy = RetryPolicy {
            max: pick!(max, |at| at.value, preset.max, 0),
            backoff: pick!(backoff, |at| at.value, preset.backoff, Growth::None),
            delay: pick!(delay, |at| at.value.0, preset.delay.map(|delay| delay.0), Duration::ZERO),
            max_delay: pick!(
                max_delay,
                |at| at.value.0,
                preset.max_delay.map(|delay| delay.0),
                Duration::MAX
            ),
            jitter: pick!(jitter, |at| at.value.0, preset.jitter.map(percent), 0),
        };
        let cap = agent.or(project).and_then(|form| form.max_delay.as_ref());
        if let Some(cap) = cap.filter(|_| policy.delay > policy.max_delay) {
            let delay = text(policy.delay);
            let message = format!("no wait is longer than this, but the first one is {delay}");
            findings.push(Finding::warning(message).at(cap.place));
        }
        policy
    }
}

/// Turns a share into percent.
fn percent(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Writes a duration as it is written in files: `1m 30s`.
pub(super) fn text(span: Duration) -> String {
    jiff::SignedDuration::try_from(span)
        .map_or_else(|_| format!("{span:?}"), |span| format!("{span:#}"))
}
