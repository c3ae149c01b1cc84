//! How people are told of what is wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration::{Friendly, Limit};
use super::finding::Finding;
use super::form::{self, Project};
use super::input::Input;
use super::read::At;
use super::value::Threshold;
use crate::core::alert::{AlertPolicy, Severity};
use crate::core::time::millis;

/// How people are told of what is wrong; where no severity is given, not in that way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// How often, and what follows when nobody answers.
    pub policy: AlertPolicy,
    /// From which severity on the terminal's bell rings.
    pub bell: Option<Severity>,
    /// From which severity on the terminal shows a notification.
    pub osc: Option<Severity>,
    /// By which sequences it is asked for that.
    pub osc_form: OscForm,
    /// From which severity on the desktop shows a notification.
    pub desktop: Option<Severity>,
    /// The program that is told.
    pub command: Option<Hook>,
}

/// Which sequences ask a terminal for a notification.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OscForm {
    /// Both: terminals know one of them, as a rule.
    #[default]
    Both,
    /// OSC 9.
    Osc9,
    /// OSC 777.
    Osc777,
}

/// A program that is told of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// From which severity on it is told.
    pub from: Severity,
    /// How long it may take.
    #[serde(with = "millis")]
    pub timeout: Duration,
}

/// Returns how people are told.
pub(super) fn alerts(written: &Project, defaults: &Project, input: &mut Input) -> Alerts {
    let forms = Forms([&written.alerts, &defaults.alerts]);
    let usual = AlertPolicy::default();
    let severity =
        |get: fn(&form::Alerts) -> Option<&At<Threshold>>| forms.pick(get).and_then(|it| it.0);
    let escalate = forms.pick(|it| it.escalate_after.as_ref());
    let policy = AlertPolicy {
        repeat: forms.pick(|it| it.repeat.as_ref()).map_or(usual.repeat, |it: Friendly| it.0),
        per_minute: forms.pick(|it| it.per_minute.as_ref()).unwrap_or(usual.per_minute),
        escalate_after: escalate.map_or(usual.escalate_after, Limit::duration),
    };
    let is_none = |at: &At<Limit>| at.value.duration().is_some_and(|span| span.is_zero());
    let own = written.alerts.as_ref().and_then(|at| at.value.escalate_after.as_ref());
    if let Some(at) = own.filter(|at| is_none(at)) {
        let finding = Finding::error("nobody can answer in no time").at(at.place);
        input.push(finding.help("write a time such as `15m`, or `off`"));
    }
    Alerts {
        policy,
        bell: severity(|it| it.bell.as_ref()),
        osc: severity(|it| it.osc.as_ref()),
        osc_form: forms.pick(|it| it.osc_form.as_ref()).unwrap_or_default(),
        desktop: severity(|it| it.desktop.as_ref()),
        command: hook(&forms, written, input),
    }
}

fn hook(forms: &Forms<'_>, written: &Project, input: &mut Input) -> Option<Hook> {
    let own = written.alerts.as_ref().map(|at| &at.value);
    let command = own.and_then(|it| it.command.as_ref());
    let Some(command) = command else {
        if let Some(from) = own.and_then(|it| it.command_from.as_ref()) {
            let finding = Finding::warning("there is no `command` that this could be about");
            input.push(finding.at(from.place).help("name one, as a list: [./page.sh]"));
        }
        return None;
    };
    let timeout: Option<Friendly> = forms.pick(|it| it.command_timeout.as_ref());
    Some(Hook {
        argv: command.value.0.iter().map(|argument| argument.value.clone()).collect(),
        from: forms.pick(|it| it.command_from.as_ref()).and_then(|it: Threshold| it.0)?,
        timeout: timeout.map_or(Duration::from_secs(10), |it| it.0),
    })
}

/// What is written and, below it, what holds otherwise.
struct Forms<'a>([&'a Option<At<form::Alerts>>; 2]);

impl Forms<'_> {
    /// Returns a value of the first that has it.
    fn pick<T: Copy>(&self, get: impl Fn(&form::Alerts) -> Option<&At<T>>) -> Option<T> {
        let Self(forms) = self;
        forms.iter().find_map(|form| get(&form.as_ref()?.value).map(|at| at.value))
    }
}
