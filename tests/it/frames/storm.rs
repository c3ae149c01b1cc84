//! A storm of keys, mouse events, pastes, resizes and facts: nothing panics, and nothing is drawn beside the screen.
//!
//! `OSTLER_STORM=100000 cargo test --test it storm` lets it last that long; `OSTLER_STORM_SEED` makes it another one.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::alert::{self, Alert, Level, Subject, Weight};
use ostler::core::breaker::State;
use ostler::core::course::{Gait, Turn};
use ostler::core::notice::Severity;
use ostler::core::storm::Brake;
use ostler::core::{AttemptId, AttemptOutcome, FailureClass, Timestamp};
use ostler::ipc::facts::{AgentFacts, Facts, FleetFacts, Told, WorkstreamFacts};
use ostler::tui::action::footer;
use ostler::tui::diff::{Change, Tokens, parse};
use ostler::tui::found::FoundLines;
use ostler::tui::hints;
use ostler::tui::keymap::Keymap;
use ostler::tui::log::{LogFile, LogPage, Refreshed, Top, Window};
use ostler::tui::state::form::Stage;
use ostler::tui::state::{Modal, Scroll, UiState};
use ostler::tui::theme::Theme;
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::form::made;
use ostler::tui::update::seen::{DiffShape, FoundShape, LogShape};
use ostler::tui::update::{Context, Input, Seen, update};
use ostler::tui::view::render;
use ostler::tui::view_model::grid::Tile;
use ostler::tui::view_model::{self, Scene};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::fixture::{PHASES, attempt, workstream};
use super::found::found;
use super::picture::{PATCH, theme};
use crate::world::rng::Rng;

/// So many steps are made unless more are asked for.
const STEPS: u64 = 3000;

/// No screen of the storm is larger.
const LARGEST: (u16, u16) = (200, 60);

/// Text that terminals disagree on.
const NASTY: &[&str] = &[
    "Split the error module",
    "価格表のテスト",
    "שלום עולם",
    "👨\u{200d}👩\u{200d}👧 👍\u{1f3fd} 🇩🇪 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\x1b[31mred\x1b[2J\x1b]0;no end",
    "tab\tcr\rback\x08\u{202e}rtl\u{9b}",
    "",
    "one\ntwo\nthree and a line that is far longer than the screen is wide, again and again and again",
];

const CODES: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::F(1),
    KeyCode::Char('ß'),
    KeyCode::Char('漢'),
];

/// Keys that lead somewhere.
const KEYS: &[u8] = b"!KjkgGTLDIHETLDIHEbbcoO M*hl+-fnN[]{}@#WVVyySP&iwv?:/FFrRxXetmdasp12345yq";

/// The screen in the storm.
struct Storm {
    rng: Rng,
    facts: Facts,
    ui: UiState,
    keymap: Keymap,
    seen: Seen,
    size: (u16, u16),
    now: Timestamp,
    log: LogFile,
    change: Change,
    tokens: Tokens,
    found: FoundLines,
    themes: Vec<Theme>,
    buffer: Buffer,
}

impl Storm {
    fn new(seed: u64, log: LogFile) -> Self {
        Self {
            rng: Rng::new(seed),
            facts: Facts::default(),
            ui: UiState::default(),
            keymap: Keymap::default(),
            seen: Seen::default(),
            size: (80, 24),
            now: super::fixture::NOW,
            log,
            change: Change::Reading,
            tokens: Tokens::default(),
            found: FoundLines::default(),
            themes: ["dark", "mono"].map(theme).into(),
            buffer: Buffer::empty(Rect::new(0, 0, LARGEST.0 + 1, LARGEST.1 + 1)),
        }
    }

    fn step(&mut self) {
        match self.rng.between(0, 99) {
            0..6 => self.new_facts(),
            6..10 => {
                let columns = self.rng.between(0, u64::from(LARGEST.0));
                let rows = self.rng.between(0, u64::from(LARGEST.1));
                self.size = (columns.try_into().unwrap(), rows.try_into().unwrap());
            }
            10..13 => {
                let text = *self.rng.pick(NASTY);
                let lines = format!("{PATCH}{text}");
                self.change = match self.rng.between(0, 3) {
                    0 => Change::Reading,
                    1 => Change::Unread(text.to_owned()),
                    _ => Change::Read(Arc::new(parse(&lines)), self.now),
                };
                // What is known may be of what was there before.
                if let Some(patch) = self.change.patch().filter(|_| self.rng.between(0, 3) == 0) {
                    self.tokens = super::picture::tokens(patch);
                }
            }
            96..98 => {
                self.found = found(&mut self.rng, NASTY);
                "x".clone_into(&mut self.ui.found.pattern);
            }
            13 => self.now = self.now + Duration::from_millis(self.rng.between(0, 1_200_000)),
            14 => self.made(),
            // What was looked for is there sooner or later.
            15 => self.ui.survey = Some(Arc::new(super::fixture::survey())),
            16..19 => {
                let text = (*self.rng.pick(NASTY)).to_owned();
                self.input(&Input::Paste(text));
            }
            19..29 => {
                let event = self.mouse();
                self.input(&Input::Mouse(event));
            }
            _ => {
                let event = self.key();
                self.input(&Input::Key(event));
            }
        }
        self.draw();
    }

    /// What is being written down is made, or cannot be.
    fn made(&mut self) {
        self.ui.modal.take_if(|modal| matches!(modal, Modal::Rewrite(_)));
        if let Some(Modal::New(form)) = &mut self.ui.modal {
            form.stage = Stage::Saving;
        }
        let why = (*self.rng.pick(NASTY)).to_owned();
        made(&mut self.ui, if self.rng.chance(70) { Ok("ws-01".into()) } else { Err(why) });
    }

    fn key(&mut self) -> KeyEvent {
        let code = match self.rng.between(0, 9) {
            0..3 => *self.rng.pick(CODES),
            3 => {
                let any = u8::try_from(self.rng.between(32, 126)).unwrap();
                KeyCode::Char(char::from(any))
            }
            _ => KeyCode::Char(char::from(*self.rng.pick(KEYS))),
        };
        let modifiers = match self.rng.between(0, 30) {
            0 => KeyModifiers::CONTROL,
            1 => KeyModifiers::ALT,
            2 => KeyModifiers::SHIFT,
            _ => KeyModifiers::NONE,
        };
        KeyEvent::new(code, modifiers)
    }

    fn mouse(&mut self) -> MouseEvent {
        let kind = *self.rng.pick(&[
            MouseEventKind::Down(MouseButton::Left),
            MouseEventKind::Down(MouseButton::Right),
            MouseEventKind::Up(MouseButton::Left),
            MouseEventKind::Drag(MouseButton::Left),
            MouseEventKind::ScrollUp,
            MouseEventKind::ScrollDown,
        ]);
        // Mostly on the screen, which may just have become smaller.
        let column = self.rng.between(0, u64::from(self.size.0) + 3).try_into().unwrap();
        let row = self.rng.between(0, u64::from(self.size.1) + 3).try_into().unwrap();
        MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }
    }

    fn input(&mut self, input: &Input) {
        let context =
            Context { facts: &self.facts, keymap: &self.keymap, seen: &self.seen, now: self.now };
        update(&mut self.ui, input, context);
    }

    fn new_facts(&mut self) {
        let count = if self.rng.chance(10) { 60 } else { self.rng.between(0, 12) };
        let workstreams = (0..count).map(|place| Arc::new(self.workstream(place))).collect();
        let (agents, brake) = (self.agents(), self.brake());
        let alerts = self.alerts();
        let notices = (0..self.rng.between(0, 30)).map(|number| Told {
            number,
            at: Timestamp(self.now.0.saturating_sub(number * 50_000)),
            workstream: (number % 3 > 0).then(|| format!("ws-{:02}", number % 7).into()),
            severity: *Rng::new(number).pick(&[Severity::Info, Severity::Warning, Severity::Bad]),
            text: (*Rng::new(number).pick(NASTY)).to_owned(),
        });
        let facts = Facts {
            agents,
            fleet: FleetFacts { brake, ..super::agents::fleet().fleet },
            alerts,
            rings: std::collections::VecDeque::new(),
            project: (*Rng::new(count).pick(NASTY)).to_owned(),
            at: self.now,
            notices: notices.collect(),
            workstreams,
            banner: self.rng.chance(20).then(|| (*self.rng.pick(NASTY)).to_owned()),
            configured: self.rng.between(0, 1),
            paused: self.rng.chance(20),
            idle: self.rng.chance(20),
        };
        facts_changed(&mut self.ui, &self.facts, &facts);
        self.facts = facts;
    }

    fn agents(&mut self) -> Vec<AgentFacts> {
        let known = super::agents::fleet().agents;
        (0..self.rng.between(0, 9))
            .map(|_| {
                let (until, why) = (self.now, (*self.rng.pick(NASTY)).to_owned());
                let states = [
                    State::Closed,
                    State::Open { until: until + Duration::from_secs(90), why: why.clone() },
                    State::HalfOpen { since: until, why: why.clone() },
                    State::Held { why },
                ];
                AgentFacts {
                    name: (*self.rng.pick(NASTY)).into(),
                    breaker: self.rng.pick(&states).clone(),
                    ..self.rng.pick(&known).clone()
                }
            })
            .collect()
    }

    fn brake(&mut self) -> Brake {
        let (until, why) = (self.now, (*self.rng.pick(NASTY)).to_owned());
        let all = [
            Brake::Calm,
            Brake::Held { until, why: why.clone() },
            Brake::Trial { left: 1, until, why },
            Brake::Resuming { left: 1, next: until },
        ];
        self.rng.pick(&all).clone()
    }

    fn alerts(&mut self) -> Vec<Alert> {
        let one = |rng: &mut Rng, number: u64| Alert {
            key: format!("ws-{number:02}/waits").as_str().into(),
            subject: match rng.between(0, 3) {
                0 => Subject::Fleet,
                1 => Subject::Agent((*rng.pick(NASTY)).into()),
                _ => Subject::Workstream(format!("ws-{number:02}").as_str().into()),
            },
            mark: 0,
            weight: Weight {
                severity: *rng.pick(alert::Severity::ALL),
                level: *rng.pick(&[Level::Recovering, Level::MustAct, Level::Held]),
            },
            text: (*rng.pick(NASTY)).to_owned(),
            since: rng.chance(80).then_some(Timestamp(0)),
            count: u32::try_from(rng.between(1, 2000)).unwrap(),
            acknowledged: rng.chance(30),
        };
        let count = if self.rng.chance(10) { 90 } else { self.rng.between(0, 6) };
        (0..count).map(|number| one(&mut self.rng, number)).collect()
    }

    fn workstream(&mut self, place: u64) -> WorkstreamFacts {
        let rng = &mut self.rng;
        let mut one =
            workstream(&format!("ws-{place:02}"), rng.pick::<&str>(NASTY), *rng.pick(PHASES));
        one.slow = rng.chance(20);
        one.started = rng.chance(50).then_some(Timestamp(self.now.0 - 95_000));
        one.agent = rng.chance(80).then(|| (*rng.pick(NASTY)).to_owned());
        one.waiting = rng.chance(10).then(|| (*rng.pick(NASTY)).to_owned());
        (*rng.pick(NASTY)).clone_into(&mut one.prompt);
        (*rng.pick(NASTY)).clone_into(&mut one.explain);
        one.question = rng.chance(50).then(|| (*rng.pick(NASTY)).to_owned());
        one.log = rng.chance(70).then(|| "/tmp/out.log".into());
        if rng.chance(10) {
            one.worktree = None;
        }
        let outcomes = [
            AttemptOutcome::Open,
            AttemptOutcome::Skipped,
            AttemptOutcome::Succeeded,
            AttemptOutcome::Stopped,
            AttemptOutcome::Failed(FailureClass::ContextOverflow),
        ];
        for number in 0..rng.between(0, 5) {
            let (began, ended) = (rng.between(0, 9000), rng.chance(80).then_some(500));
            let tier = usize::try_from(rng.between(0, 3)).unwrap();
            let outcome = rng.pick(&outcomes).clone();
            let id = u32::try_from(number + 1).unwrap();
            let agent = (*rng.pick(NASTY)).to_owned();
            one.attempts.push(attempt(
                id,
                (tier, &agent),
                (began, ended),
                outcome,
                rng.pick::<&str>(NASTY),
            ));
        }
        let mut at = self.now.0.saturating_sub(9_000_000);
        for _ in 0..rng.between(0, 20) {
            at += rng.between(0, 2_000_000);
            let attempt = Some(AttemptId(u32::try_from(rng.between(1, 5)).unwrap()));
            let gait = *rng.pick(&[Gait::Steady, Gait::Slow, Gait::Waiting]);
            one.course.push(Turn { at: Timestamp(at), phase: *rng.pick(PHASES), gait, attempt });
        }
        one
    }

    fn page(&self, top: Top, (rows, width): (usize, usize)) -> LogPage {
        let fold = self.ui.fold;
        let window = Window { rows, width, fold, find: None, stream: None, times: None };
        self.log.page(top, &window).unwrap()
    }

    fn draw(&mut self) {
        let (facts, ui, size) = (&self.facts, &self.ui, self.size);
        let top = match ui.scroll {
            Scroll::Follow => Top::End,
            Scroll::At(line) | Scroll::Rows { line, .. } => Top::Line(line),
        };
        let window = view_model::log_window(facts, ui, size);
        let page = window.map(|window| self.page(top, window));
        let tiles = view_model::grid_windows(facts, ui, size).into_iter();
        let tile =
            |(workstream, window)| Tile { workstream, page: Some(self.page(Top::End, window)) };
        let grid: Vec<Tile> = tiles.map(tile).collect();
        let shown = footer(facts, ui);
        let keys = hints::footer(&shown, facts, ui, &self.keymap);
        let palette = match &ui.modal {
            Some(Modal::Palette { input, .. }) => {
                hints::palette(input.value(), facts, ui, &self.keymap)
            }
            _other => Vec::new(),
        };
        let model = view_model::project(&Scene {
            facts,
            ui,
            log: page.as_ref(),
            grid: &grid,
            change: &self.change,
            tokens: &self.tokens,
            found: &self.found,
            terminal: None,
            keys: &keys,
            help: &hints::help(&self.keymap, ui.leaving),
            palette: &palette,
            start: &hints::start(ui, &self.keymap),
            now: self.now,
            size,
        });
        let area = Rect::new(0, 0, size.0, size.1);
        let beside = |at: &(u16, u16)| at.0 == size.0 || at.1 == size.1;
        let edge = (0..=size.0).map(|x| (x, size.1)).chain((0..=size.1).map(|y| (size.0, y)));
        let edge: Vec<(u16, u16)> = edge.filter(beside).collect();
        for at in &edge {
            self.buffer[*at] = Cell::new("#");
        }
        let theme = &self.themes[usize::from(self.now.0.is_multiple_of(7))];
        let cursor = render(&model, theme, area, &mut self.buffer);
        assert!(cursor.is_none_or(|cursor| area.contains(cursor)), "{cursor:?} in {area}");
        for at in edge {
            assert_eq!(self.buffer[at].symbol(), "#", "{at:?} is beside {area}: {:?}", self.ui);
        }
        let rows = page.as_ref().map(|page| page.numbers.clone()).unwrap_or_default();
        let log = page.zip(window).map(|(page, (rows, _))| LogShape::of(&page, rows, ui.scroll));
        let diff = DiffShape::of(&self.change, view_model::patch_window(facts, ui, size));
        let log = log.unwrap_or_default();
        let (lines, height) = (self.found.lines.len(), view_model::found_height(facts, ui, size));
        let found = FoundShape { lines, height, is_going: !self.found.is_done };
        self.seen = Seen { model: Some(model), footer: shown, log, rows, diff, found };
    }
}

#[test]
fn a_storm_of_input_harms_nothing() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let steps = number("OSTLER_STORM").unwrap_or(STEPS);
    let seed = number("OSTLER_STORM_SEED").unwrap_or(1);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), NASTY.join("\n").repeat(20)).unwrap();
    let mut log = LogFile::open(file.path()).unwrap();
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
    let mut storm = Storm::new(seed, log);
    storm.new_facts();
    let mut views = std::collections::BTreeSet::new();
    let mut written = 0;
    for _ in 0..steps {
        storm.step();
        written += u64::from(matches!(storm.ui.modal, Some(Modal::New(_) | Modal::Rewrite(_))));
        views.insert(format!("{:?}", storm.ui.view));
    }
    assert!(written > 0, "something new was written down");
    assert_eq!(views.len(), 10, "it came to every view: {views:?}");
}
