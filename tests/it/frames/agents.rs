//! The view of the agents, and what is likely to come in the other views.

use std::sync::{Arc, LazyLock};

use ostler::core::forecast::Calibration;
use ostler::core::outcome::{End, Say};
use ostler::core::{FailureClass, PhaseWord};
use ostler::ipc::facts::{AgentFacts, Facts, FleetFacts};
use ostler::tui::state::{Modal, UiState, View};
use ostler::tui::theme::{Depth, Glyphs, Surroundings, Theme};
use ostler::tui::view_model::{Hit, PaneKind};

use super::fixture::{NOW, ago, facts, ui, workstream};
use super::picture::{check, draw, model, text};
use super::views::{at_every_size, timed};
use crate::guards::log::Log;

/// What two and a half hours have left in the outcome log.
fn log() -> Log {
    let mut log = Log::default();
    log.now = ago(9000);
    for number in 0..10_u32 {
        let (api, copilot) = (log.begin("ws-01", "claude-api"), log.begin("ws-02", "copilot"));
        log.pass(500 + u64::from(number * 97 % 450));
        log.end(&api, End::Succeeded, None, |ended| {
            ended.check = Some(true);
            ended.first_output = Some(std::time::Duration::from_millis(2300));
        });
        match number % 4 {
            1 => log.fail(&copilot, FailureClass::CheckFailed),
            3 => log.end(&copilot, End::Stopped, None, |_| {}),
            _good => log.succeed(&copilot),
        }
        if number < 6 {
            let aider = log.begin("ws-03", "aider");
            log.pass(110 + u64::from(number * 37 % 90));
            log.succeed(&aider);
        }
    }
    for (workstream, agent) in [("ws-03", "aider"), ("ws-04", "copilot"), ("ws-05", "aider")] {
        let attempt = log.begin(workstream, agent);
        log.pass(8);
        log.fail(&attempt, FailureClass::Network);
    }
    log.now = ago(110);
    log.tell("copilot", Say::Open);
    log.now = ago(20);
    let aider = log.begin("ws-03", "aider");
    log.fail(&aider, FailureClass::Network);
    log.tell("replica", Say::Hold);
    log
}

/// The project of the fixtures with agents that have a history.
pub fn fleet() -> Facts {
    static FLEET: LazyLock<Facts> = LazyLock::new(made);
    FLEET.clone()
}

fn made() -> Facts {
    let log = log();
    let agents = ["aider", "copilot", "claude-api", "replica", "goose"].map(|name| {
        let record = log.history.record(&name.into());
        AgentFacts {
            name: name.into(),
            breaker: record.breaker.state(NOW),
            capacity: (name == "aider").then_some(2),
            calibration: Calibration::of(&record.ends),
            record,
        }
    });
    let brake = log.history.brake(NOW, &log.guards);
    let fleet = FleetFacts { slots: 3, brake, past: log.history.past() };
    Facts { agents: agents.into(), fleet, ..timed() }
}

fn agents() -> UiState {
    UiState { view: View::Agents, agent: Some("aider".into()), ..ui() }
}

#[test]
fn the_agents() {
    at_every_size("agents", &fleet(), &agents());
    check("agents_160x48", &fleet(), &agents(), (160, 48));
    let other = UiState { agent: Some("claude-api".into()), ..agents() };
    check("agents_other_160x48", &fleet(), &other, (160, 48));
    let why = UiState { modal: Some(Modal::Why { scroll: 0 }), ..agents() };
    check("agent_why_80x24", &fleet(), &why, (80, 24));
}

#[test]
fn agents_of_which_nothing_is_known() {
    let unknown = |agent: AgentFacts| AgentFacts {
        breaker: ostler::core::breaker::State::Closed,
        calibration: None,
        record: Arc::default(),
        ..agent
    };
    let agents = fleet().agents.into_iter().map(unknown).collect();
    let new = Facts { agents, ..facts() };
    check("agents_new_80x24", &new, &self::agents(), (80, 24));
    check("agents_none_80x24", &facts(), &self::agents(), (80, 24));
}

#[test]
fn agents_in_ascii() {
    let around = Surroundings { depth: Depth::True, glyphs: Glyphs::Ascii };
    let theme = Theme::load(None, around).unwrap();
    for size in [(80, 24), (160, 48)] {
        let shown = draw(&model(&fleet(), &agents(), size), &theme).0;
        assert!(shown.content.iter().all(|cell| cell.symbol().len() == 1));
        assert!(
            !text(&shown).contains('?') || text(&shown).contains("? 1 unknown"),
            "{}",
            text(&shown)
        );
    }
    insta::assert_snapshot!(
        "agents_ascii_80x24",
        text(&draw(&model(&fleet(), &agents(), (80, 24)), &theme).0)
    );
}

#[test]
fn the_selected_agent_is_always_in_sight() {
    let facts = fleet();
    let agents = (0..50).map(|number| AgentFacts {
        name: format!("agent-{number}").as_str().into(),
        ..facts.agents[number % 5].clone()
    });
    let facts = Facts { agents: agents.collect(), ..facts };
    for number in [0, 1, 25, 48, 49] {
        let name = format!("agent-{number}");
        let ui = UiState { agent: Some(name.as_str().into()), ..self::agents() };
        for size in [(60, 16), (80, 24), (160, 48)] {
            let shown = text(&draw(&model(&facts, &ui, size), &super::picture::theme("dark")).0);
            assert!(
                shown.lines().any(|line| line.contains('▸') && line.contains(&name)),
                "{shown}"
            );
        }
    }
}

#[test]
fn what_is_likely_to_come() {
    check("timeline_to_come_80x24", &fleet(), &UiState { view: View::Timeline, ..ui() }, (80, 24));
    check(
        "timeline_to_come_160x48",
        &fleet(),
        &UiState { view: View::Timeline, ..ui() },
        (160, 48),
    );
    check("detail_to_come_80x24", &fleet(), &UiState { view: View::Detail, ..ui() }, (80, 24));
    let why = UiState { modal: Some(Modal::Why { scroll: 0 }), ..ui() };
    check("why_to_come_80x24", &fleet(), &why, (80, 24));
}

#[test]
fn a_high_risk_is_marked_in_its_row_and_others_are_not() {
    let shown = |retries: u32, size| {
        let mut one = workstream("ws-02", "Document the public API", PhaseWord::Running);
        one.started = Some(ago(95));
        one.agent = Some("copilot".to_owned());
        one.retries = retries;
        let facts = Facts { workstreams: vec![Arc::new(one)], ..fleet() };
        text(&draw(&model(&facts, &UiState::default(), size), &super::picture::theme("dark")).0)
    };
    for size in [(80, 24), (160, 48)] {
        assert!(shown(4, size).contains("risk ≈ "), "{}", shown(4, size));
        assert!(!shown(0, size).contains("risk"), "{}", shown(0, size));
    }
}

#[test]
fn the_header_says_when_all_is_done_where_that_is_known_and_there_is_room() {
    let work = |agent: &str| {
        let mut one = workstream("ws-02", "Document the public API", PhaseWord::Running);
        (one.started, one.agent) = (Some(ago(95)), Some(agent.to_owned()));
        Facts { workstreams: vec![Arc::new(one)], ..fleet() }
    };
    let header = |facts: &Facts, size| {
        let shown =
            draw(&model(facts, &UiState::default(), size), &super::picture::theme("dark")).0;
        text(&shown).lines().next().unwrap().to_owned()
    };
    assert!(
        header(&work("claude-api"), (160, 48)).contains("≈ 10 m left"),
        "{}",
        header(&work("claude-api"), (160, 48))
    );
    assert!(!header(&work("goose"), (160, 48)).contains('≈'));
    // What is certain comes first.
    let full = Facts { workstreams: fleet().workstreams, ..fleet() };
    assert!(!header(&full, (60, 16)).contains('≈'));
}

#[test]
fn the_mouse_finds_the_agents() {
    let model = model(&fleet(), &agents(), (80, 24));
    let pane = |kind| model.panes.iter().find(|pane| pane.kind == kind).unwrap().area;
    let list = pane(PaneKind::Agents);
    let at = |row: u16| model.hit(list.x + 5, list.y + row);
    assert_eq!(at(1), Some(Hit::Pane(PaneKind::Agents)), "the head");
    assert_eq!(at(2), Some(Hit::Agent("aider".into())));
    assert_eq!(at(4), Some(Hit::Agent("claude-api".into())));
    let fleet = pane(PaneKind::Fleet);
    assert_eq!(model.hit(fleet.x + 5, fleet.y + 2), Some(Hit::Pane(PaneKind::Fleet)));
}
