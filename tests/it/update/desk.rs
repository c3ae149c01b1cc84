//! A screen without a terminal: facts of one's choice, and keys that are pressed on them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ostler::core::alert::Severity;
use ostler::core::breaker::State;
use ostler::core::phase::PhaseWord;
use ostler::core::verdict::{DiffSize, Evidence, Tree};
use ostler::core::{Account, Attempt, AttemptId, AttemptOutcome, Timestamp, WorkstreamId};
use ostler::ipc::facts::{AgentFacts, Facts, Link, LinkState, Owner, WorkstreamFacts};
use ostler::tui::action::Action;
use ostler::tui::keymap::{Bound, Keymap};
use ostler::tui::state::deeds::{Deed, Part};
use ostler::tui::state::{Focus, Scroll, UiState, View};
use ostler::tui::update::{Command, Context, Input, Launches, Seen, update};

use crate::alerts::made::alert;

/// Every phase that a workstream can be in.
pub const PHASES: &[PhaseWord] = &[
    PhaseWord::Queued,
    PhaseWord::Preparing,
    PhaseWord::Probing,
    PhaseWord::Starting,
    PhaseWord::Running,
    PhaseWord::Stopping,
    PhaseWord::Draining,
    PhaseWord::Checking,
    PhaseWord::Backoff,
    PhaseWord::Escalated,
    PhaseWord::Done,
    PhaseWord::Failed,
    PhaseWord::Stopped,
    PhaseWord::Lost,
];

/// Every view, the one that is there from the beginning first.
pub const VIEWS: &[View] = &[
    View::Workstreams,
    View::Inbox,
    View::Timeline,
    View::Grid,
    View::Diff,
    View::Detail,
    View::Notices,
    View::Agents,
    View::Alerts,
    View::Found,
];

/// The time of all tests: 4:10 after the agents started.
pub const NOW: Timestamp = Timestamp(1_250_000);

pub fn attempt(number: u32) -> Attempt {
    Attempt {
        transfer: None,
        id: AttemptId(number),
        tier: 0,
        contest: None,
        agent: "aider".into(),
        begun: Timestamp(900_000),
        started: Some(Timestamp(900_000)),
        ended: Some(Timestamp(990_000)),
        outcome: AttemptOutcome::Stopped,
        reason: String::new(),
        evidence: Evidence::default(),
        exit: None,
        tree: Tree::default(),
        diff: Some(DiffSize { files: 1, added: 2, removed: 0 }),
        log_bytes: 0,
        account: Account::default(),
        reset: None,
        keeper: None,
        process: None,
    }
}

pub fn workstream(id: &str, phase: PhaseWord) -> WorkstreamFacts {
    let link = |(agent, state): (&str, LinkState)| Link {
        agent: agent.to_owned(),
        contestants: Vec::new(),
        state,
        reason: String::new(),
    };
    let chain = [
        ("aider", LinkState::Failed),
        ("copilot", LinkState::Running),
        ("claude-api", LinkState::Untried),
    ];
    WorkstreamFacts {
        id: id.into(),
        title: format!("Title of {id}"),
        phase,
        since: Timestamp(1_000_000),
        intent: "run",
        agent: Some("copilot".to_owned()),
        tier: Some(1),
        chain: chain.into_iter().map(link).collect(),
        attempt: Some(AttemptId(2)),
        failure_class: None,
        terminal: true,
        waiting: None,
        retries: 0,
        slow: false,
        progress: None,
        started: phase.has_agent().then_some(Timestamp(1_000_000)),
        begun: Some(Timestamp(900_000)),
        ended: None,
        next: None,
        soft_at: Some(Timestamp(1_060_000)),
        worktree: Some(PathBuf::from(format!("/home/me/bookshop/.worktrees/{id}"))),
        branch: Some(format!("ostler/{id}")),
        log: Some(PathBuf::from(format!("/state/{id}/2/out.log"))),
        check_log: Some(PathBuf::from(format!("/state/{id}/check.log"))),
        agent_pid: phase.has_agent().then_some(4711),
        keeper_pid: phase.has_agent().then_some(4710),
        owner: Owner::Here,
        owner_pid: Some(1),
        explain: "It is where it is.".to_owned(),
        explained: NOW,
        can_undo: None,
        question: (phase == PhaseWord::Escalated).then(|| "no agent is left".to_owned()),
        attempts: vec![attempt(1), attempt(2)],
        course: Vec::new(),
        prompt: "Do it.".to_owned(),
        tasks: Vec::new(),
        after: Vec::new(),
        trouble: None,
    }
}

pub fn agent(name: &str, breaker: State) -> AgentFacts {
    let record = Arc::default();
    AgentFacts { name: name.into(), breaker, capacity: None, calibration: None, record }
}

pub fn open() -> State {
    State::Open { until: Timestamp(NOW.0 + 90_000), why: "3 failures in a row".to_owned() }
}

pub fn held() -> State {
    State::Held { why: "the operator holds it".to_owned() }
}

pub fn facts(phases: &[PhaseWord]) -> Facts {
    let numbered = phases.iter().zip(1..);
    let workstreams =
        numbered.map(|(phase, number)| workstream(&format!("ws-{number:02}"), *phase));
    Facts {
        project: "bookshop".to_owned(),
        at: NOW,
        workstreams: workstreams.map(Arc::new).collect(),
        agents: vec![
            agent("aider", State::Closed),
            agent("copilot", open()),
            agent("claude-api", held()),
        ],
        ..Facts::default()
    }
}

/// A screen without a terminal.
pub struct Desk {
    pub facts: Facts,
    pub ui: UiState,
    pub keymap: Keymap,
    pub seen: Seen,
}

impl Desk {
    /// One workstream in each of these phases, the first of them selected.
    pub fn with(phases: &[PhaseWord]) -> Self {
        let facts = facts(phases);
        let ui = UiState { selected: first(&facts), ..UiState::default() };
        Self { facts, ui, keymap: Keymap::default(), seen: Seen::default() }
    }

    pub fn input(&mut self, input: &Input) -> Vec<Command> {
        let context =
            Context { facts: &self.facts, keymap: &self.keymap, seen: &self.seen, now: NOW };
        update(&mut self.ui, input, context)
    }

    pub fn act(&mut self, action: Action) -> Vec<Command> {
        self.input(&Input::Act(Bound { action, nth: 0 }))
    }

    pub fn code(&mut self, code: KeyCode) -> Vec<Command> {
        self.input(&Input::Key(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    pub fn key(&mut self, character: char) -> Vec<Command> {
        self.code(KeyCode::Char(character))
    }

    /// Presses one key after another and returns what the last one led to.
    pub fn keys(&mut self, characters: &str) -> Vec<Command> {
        let mut last = Vec::new();
        for character in characters.chars() {
            last = self.key(character);
        }
        last
    }

    pub fn enter(&mut self) -> Vec<Command> {
        self.code(KeyCode::Enter)
    }

    /// Everything that an input can change, as text.
    pub fn memory(&self) -> String {
        format!("{:#?}", self.ui)
    }

    pub fn selected(&self) -> &str {
        self.ui.selected.as_ref().map_or("", WorkstreamId::as_str)
    }
}

fn first(facts: &Facts) -> Option<WorkstreamId> {
    facts.workstreams.first().map(|ws| ws.id.clone())
}

/// A desk on which an action applies.
pub fn where_it_applies(action: Action) -> Desk {
    for (view, agent) in VIEWS.iter().flat_map(|view| ["aider", "copilot"].map(|it| (view, it))) {
        for (phase, owner) in PHASES
            .iter()
            .flat_map(|phase| [Owner::Here, Owner::Elsewhere].map(|owner| (phase, owner)))
        {
            let mut desk = Desk::with(&[*phase, PhaseWord::Escalated, PhaseWord::Running]);
            let mut ws = (*desk.facts.workstreams[0]).clone();
            ws.owner = owner;
            desk.facts.workstreams[0] = Arc::new(ws);
            desk.facts.alerts = ["ws-01", "ws-02"].map(|id| alert(id, Severity::High)).into();
            desk.ui.search = Some(ostler::tui::state::Search::default());
            desk.ui.view = *view;
            desk.ui.agent = Some(agent.into());
            desk.ui.timeline.span = Some(Duration::from_secs(60));
            desk.ui.timeline.end = Some(Timestamp(1_100_000));
            desk.ui.focus = Focus::List;
            desk.ui.scroll = Scroll::At(5);
            desk.seen.log.top = Some(5);
            let launches = Part::Launches(Launches::Paused);
            desk.ui.deeds.push(Deed { what: "pausing launches".to_owned(), parts: vec![launches] });
            if action.applies(&desk.facts, &desk.ui).is_ok() {
                return desk;
            }
        }
    }
    panic!("{action:?} applies nowhere");
}
