//! Alerts on the screen: the list at every size, and the line at the top.

use ostler::core::alert::{Alert, Level, Severity, Subject, Weight};
use ostler::ipc::facts::Facts;
use ostler::tui::state::{Alerts, UiState, View};

use super::fixture::{ago, facts, ui};
use super::picture::{check, draw, model, text, theme};
use super::views::at_every_size;

fn alert(subject: Subject, cause: &str, severity: Severity, level: Level, text: &str) -> Alert {
    Alert {
        key: format!("{subject}/{cause}").as_str().into(),
        subject,
        mark: 1,
        weight: Weight { severity, level },
        text: text.to_owned(),
        since: Some(ago(190)),
        count: 1,
        acknowledged: false,
    }
}

/// A project in which all kinds of things are wrong.
pub fn wrong() -> Facts {
    use {Level::*, Severity::*};
    let ws = |id: &str| Subject::Workstream(id.into());
    let disk = "nothing starts for want of room on the disk: 12 MB are free, 105 MB must be";
    let breaker = "its breaker is open: 3 failures in a row, the last one rate_limit";
    let question = "its agent asks: Do you want to overwrite 価格表.txt (y/n)? It has changes that \
                    are not committed, and nobody has looked at them since they were made";
    let alerts = vec![
        Alert { since: None, ..alert(Subject::Disk, "short", Critical, Held, disk) },
        Alert { count: 3, ..alert(ws("ws-05"), "asks", High, MustAct, question) },
        alert(ws("ws-08"), "failed", High, Notified, "failed: no agent is left in the chain"),
        alert(Subject::Agent("aider".into()), "breaker", Medium, Recovering, breaker),
        alert(ws("ws-03"), "fallback", Low, Recovering, "fell back from copilot (auth) to aider"),
        Alert {
            acknowledged: true,
            since: Some(ago(7300)),
            ..alert(Subject::Fleet, "budget", High, Held, "nothing starts, the budget is used up")
        },
    ];
    Facts { alerts, ..facts() }
}

pub fn list() -> UiState {
    let alerts = Alerts { chosen: Some("ws-05/asks".into()) };
    UiState { view: View::Alerts, alerts, ..ui() }
}

#[test]
fn what_is_wrong() {
    at_every_size("alerts", &wrong(), &list());
    let nothing = Facts { alerts: Vec::new(), ..facts() };
    check("alerts_empty_80x24", &nothing, &list(), (80, 24));
    let acknowledged = Alerts { chosen: Some("fleet/budget".into()) };
    let ui = UiState { alerts: acknowledged, ..list() };
    check("alerts_acknowledged_120x40", &wrong(), &ui, (120, 40));
}

#[test]
fn the_worst_stands_at_the_top_until_it_is_acknowledged() {
    let top = |facts: &Facts, columns: u16| {
        let shown = text(&draw(&model(facts, &ui(), (columns, 24)), &theme("dark")).0);
        shown.lines().next().unwrap_or_default().to_owned()
    };
    let mut facts = wrong();
    assert!(top(&facts, 160).contains("✱ critical disk +3"), "{}", top(&facts, 160));
    assert!(top(&facts, 60).contains("✱4"), "{}", top(&facts, 60));
    facts.alerts.iter_mut().take(3).for_each(|alert| alert.acknowledged = true);
    facts.alerts.sort_by_key(|alert| alert.acknowledged);
    assert!(top(&facts, 160).contains("△ medium aider"), "{}", top(&facts, 160));
    // What takes care of itself has no place there.
    facts.alerts.retain(|alert| alert.weight.severity == Severity::Low);
    assert!(!top(&facts, 160).contains("low"), "{}", top(&facts, 160));
}

#[test]
fn a_workstream_that_ended_unseen_is_marked() {
    let unseen = ["ws-01".into(), "ws-08".into()].into();
    check("unseen_80x24", &facts(), &UiState { unseen, ..ui() }, (80, 24));
}

#[test]
fn every_severity_has_a_sign_of_its_own() {
    let shown = text(&draw(&model(&wrong(), &list(), (120, 40)), &theme("mono")).0);
    for sign in ['✱', '▲', '△', '◦'] {
        assert!(shown.contains(sign), "{sign}\n{shown}");
    }
}
