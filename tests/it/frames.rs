//! What the screen shows for given facts: snapshots of whole frames, and properties of all of them.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ostler::core::event::Request;
use ostler::core::notice::Severity;
use ostler::core::progress::{Progress, Source};
use ostler::core::verdict::{DiffSize, Evidence, Exit, Tree};
use ostler::core::{
    Attempt, AttemptId, AttemptOutcome, FailureClass, PhaseWord, Timestamp, WorkstreamId,
};
use ostler::ipc::facts::{Facts, Link, LinkState, Next, Owner, Told, WorkstreamFacts};
use ostler::tui::log::{Fold, LogFile, LogPage, Refreshed, Top, Window};
use ostler::tui::state::{Choice, Confirmed, Focus, Modal, Purpose, Scroll, Search, UiState, View};
use ostler::tui::theme::{Surroundings, Theme};
use ostler::tui::view_model::{self, Hint, HintGroup, Scene, ViewModel};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The time at which all frames are made.
pub const NOW: Timestamp = Timestamp(10_000_000);

/// Returns the time so many seconds before [`NOW`].
pub fn ago(seconds: u64) -> Timestamp {
    Timestamp(NOW.0 - seconds * 1000)
}

/// Returns the time so many seconds after [`NOW`].
pub fn ahead(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

/// Returns a workstream in a phase that began a minute ago, with a chain of which nothing was tried.
pub fn workstream(id: &str, title: &str, phase: PhaseWord) -> WorkstreamFacts {
    WorkstreamFacts {
        id: id.into(),
        title: title.to_owned(),
        phase,
        since: ago(60),
        intent: "run",
        agent: Some("aider".to_owned()),
        tier: Some(0),
        chain: chain(&[("aider", LinkState::Untried), ("claude-api", LinkState::Untried)]),
        attempt: None,
        failure_class: None,
        slow: false,
        progress: None,
        started: None,
        begun: None,
        ended: None,
        next: None,
        soft_at: None,
        worktree: Some(PathBuf::from(format!("/home/ada/bookshop/.worktrees/{id}"))),
        branch: Some(format!("ostler/{id}")),
        log: None,
        check_log: None,
        agent_pid: None,
        keeper_pid: None,
        owner: Owner::Here,
        owner_pid: Some(4000),
        explain: String::new(),
        question: None,
        attempts: Vec::new(),
        prompt: "Split src/error.rs into one file for each kind of error.".to_owned(),
        tasks: vec!["move the types".to_owned(), "keep the re-exports".to_owned()],
        after: Vec::new(),
        trouble: None,
    }
}

/// Returns a chain without reasons.
pub fn chain(links: &[(&str, LinkState)]) -> Vec<Link> {
    let links = links.iter();
    links
        .map(|(agent, state)| Link {
            agent: (*agent).to_owned(),
            state: *state,
            reason: String::new(),
        })
        .collect()
}

/// Returns an attempt that began and ended so many seconds ago.
pub fn attempt(
    id: u32,
    (tier, agent): (usize, &str),
    (began, ended): (u64, Option<u64>),
    outcome: AttemptOutcome,
    reason: &str,
) -> Attempt {
    let failed = matches!(outcome, AttemptOutcome::Failed(_));
    Attempt {
        id: AttemptId(id),
        tier,
        agent: agent.into(),
        begun: ago(began),
        started: (outcome != AttemptOutcome::Skipped).then(|| ago(began)),
        ended: ended.map(ago),
        outcome,
        reason: reason.to_owned(),
        evidence: if failed {
            Evidence {
                rule: format!("{agent}.failure"),
                line: format!("Error: {reason}"),
                offset: Some(18_204),
            }
        } else {
            Evidence::default()
        },
        exit: ended.map(|_| Exit::Code(i32::from(failed))),
        tree: Tree::default(),
        diff: ended.map(|_| DiffSize { files: 3, added: 120, removed: 4 }),
        log_bytes: 20_000,
        keeper: None,
        process: None,
    }
}

fn told(number: u64, workstream: &str, severity: Severity, text: &str) -> Told {
    let workstream = Some(WorkstreamId::from(workstream));
    Told { number, at: ago(5), workstream, severity, text: text.to_owned() }
}

fn slow_one() -> WorkstreamFacts {
    use LinkState::{Failed, Running, Untried};
    WorkstreamFacts {
        agent: Some("claude-api".to_owned()),
        tier: Some(2),
        chain: chain(&[
            ("aider", Failed),
            ("copilot", Failed),
            ("claude-api", Running),
            ("replica", Untried),
        ]),
        attempt: Some(AttemptId(3)),
        slow: true,
        progress: Some(Progress {
            done: 6,
            total: 10,
            text: "updating the tests".to_owned(),
            source: Source::Plan,
        }),
        started: Some(ago(760)),
        begun: Some(ago(1400)),
        soft_at: Some(ago(460)),
        next: Some(Next { what: "hard timeout", at: ahead(440) }),
        log: Some(PathBuf::from("/home/ada/.local/state/ostler/v1/box/bookshop/ws-03/3/out.log")),
        agent_pid: Some(51_244),
        keeper_pid: Some(51_240),
        explain: "claude-api has been working for 12:40; attempt 3. It is past its soft timeout, for 7:40 \
                  now. It is ended in 7:20, or after 6:00 without output."
            .to_owned(),
        attempts: vec![
            attempt(
                1,
                (0, "aider"),
                (1400, Some(1249)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests: this organisation's limit of 30,000 input tokens per minute",
            ),
            attempt(
                2,
                (1, "copilot"),
                (1248, Some(800)),
                AttemptOutcome::Failed(FailureClass::CheckFailed),
                "2 of 148 tests failed: parser::nested, parser::empty",
            ),
            attempt(3, (2, "claude-api"), (760, None), AttemptOutcome::Open, ""),
        ],
        ..workstream("ws-03", "Split the error module", PhaseWord::Running)
    }
}

fn escalated_one() -> WorkstreamFacts {
    use LinkState::{Failed, Skipped};
    WorkstreamFacts {
        since: ago(190),
        tier: Some(2),
        agent: Some("claude-api".to_owned()),
        chain: chain(&[("aider", Failed), ("copilot", Skipped), ("claude-api", Failed)]),
        attempt: Some(AttemptId(3)),
        failure_class: Some(FailureClass::CheckFailed),
        question: Some("no agent is left; the last one failed the check".to_owned()),
        explain: "It waits for you: no agent is left; the last one failed the check".to_owned(),
        log: Some(PathBuf::from("/home/ada/.local/state/ostler/v1/box/bookshop/ws-05/3/out.log")),
        check_log: Some(PathBuf::from(
            "/home/ada/.local/state/ostler/v1/box/bookshop/ws-05/3/check.log",
        )),
        begun: Some(ago(900)),
        attempts: vec![
            attempt(
                1,
                (0, "aider"),
                (900, Some(749)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests",
            ),
            attempt(2, (1, "copilot"), (748, Some(746)), AttemptOutcome::Skipped, "not logged in"),
            attempt(
                3,
                (2, "claude-api"),
                (740, Some(195)),
                AttemptOutcome::Failed(FailureClass::CheckFailed),
                "2 of 148 tests failed: parser::nested, parser::empty",
            ),
        ],
        ..workstream("ws-05", "Rework the query parser", PhaseWord::Escalated)
    }
}

/// Returns a project in which eight workstreams are in the phases one sees most.
pub fn facts() -> Facts {
    use LinkState::{Failed, Running, Succeeded, Untried, Waiting};
    let workstreams = vec![
        WorkstreamFacts {
            chain: chain(&[("aider", Succeeded), ("claude-api", Untried)]),
            begun: Some(ago(2000)),
            ended: Some(ago(1300)),
            attempts: vec![attempt(
                1,
                (0, "aider"),
                (2000, Some(1310)),
                AttemptOutcome::Succeeded,
                "the check passed",
            )],
            ..workstream("ws-01", "Move the build to one crate", PhaseWord::Done)
        },
        WorkstreamFacts {
            chain: chain(&[("aider", Running), ("claude-api", Untried)]),
            started: Some(ago(95)),
            begun: Some(ago(99)),
            attempts: vec![attempt(1, (0, "aider"), (95, None), AttemptOutcome::Open, "")],
            ..workstream("ws-02", "Document the public API", PhaseWord::Running)
        },
        slow_one(),
        WorkstreamFacts {
            chain: chain(&[("aider", Waiting), ("claude-api", Untried)]),
            next: Some(Next { what: "attempt 2", at: ahead(42) }),
            failure_class: Some(FailureClass::RateLimit),
            attempts: vec![attempt(
                1,
                (0, "aider"),
                (300, Some(60)),
                AttemptOutcome::Failed(FailureClass::RateLimit),
                "429 Too Many Requests",
            )],
            ..workstream("ws-04", "Cache the price list", PhaseWord::Backoff)
        },
        escalated_one(),
        WorkstreamFacts {
            chain: chain(&[("aider", Failed), ("claude-api", Succeeded)]),
            tier: Some(1),
            since: ago(32),
            next: Some(Next { what: "check timeout", at: ahead(568) }),
            begun: Some(ago(500)),
            owner: Owner::Elsewhere,
            ..workstream("ws-06", "Retry failed payments", PhaseWord::Checking)
        },
        WorkstreamFacts {
            after: vec!["ws-03".into(), "ws-05".into()],
            ..workstream("ws-07", "Remove the old error type", PhaseWord::Queued)
        },
        WorkstreamFacts {
            chain: chain(&[("aider", Failed), ("claude-api", Failed)]),
            tier: Some(1),
            failure_class: Some(FailureClass::Auth),
            begun: Some(ago(500)),
            ended: Some(ago(450)),
            attempts: vec![attempt(
                1,
                (1, "claude-api"),
                (500, Some(450)),
                AttemptOutcome::Failed(FailureClass::Auth),
                "401 invalid x-api-key",
            )],
            ..workstream("ws-08", "Translate the mails", PhaseWord::Failed)
        },
    ];
    Facts {
        project: "bookshop".to_owned(),
        at: NOW,
        workstreams: workstreams.into_iter().map(Arc::new).collect(),
        notices: VecDeque::from([
            told(
                1,
                "ws-03",
                Severity::Warning,
                "falling back from copilot to claude-api (check_failed)",
            ),
            told(2, "ws-05", Severity::Bad, "waits for you: no agent is left"),
        ]),
        banner: None,
        paused: false,
        idle: false,
    }
}

/// Returns a project with one workstream in each phase.
pub fn all_phases() -> Facts {
    let explain = |phase: PhaseWord| match phase {
        PhaseWord::Queued => "It waits for a free slot (place 2 in the queue); then aider works.",
        PhaseWord::Lost => {
            "2 of its processes survived KILL. Nothing starts in this worktree until they are gone."
        }
        _ => "",
    };
    let workstreams = PHASES.iter().enumerate().map(|(place, phase)| {
        let mut one = workstream(&format!("ws-{place:02}"), &format!("Be {phase}"), *phase);
        one.explain = explain(*phase).to_owned();
        one.started = (*phase == PhaseWord::Running).then(|| ago(61));
        one.next = match phase {
            PhaseWord::Stopping => Some(Next { what: "KILL", at: ahead(8) }),
            PhaseWord::Backoff => Some(Next { what: "attempt 2", at: ahead(42) }),
            PhaseWord::Running => Some(Next { what: "hard timeout", at: ahead(59) }),
            _ => None,
        };
        if *phase == PhaseWord::Draining {
            one.owner = Owner::Nobody;
        }
        if *phase == PhaseWord::Preparing {
            one.trouble = Some("its journal cannot be read".to_owned());
        }
        Arc::new(one)
    });
    Facts { workstreams: workstreams.collect(), paused: true, ..facts() }
}

/// Every phase.
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

/// Returns a screen on which the slow workstream is selected.
pub fn ui() -> UiState {
    UiState { selected: Some("ws-03".into()), faded: 1, ..UiState::default() }
}

/// What the log of the fixtures says.
pub const LOG: &str = "\x1b[1mattempt 3\x1b[0m claude-api, 3 files, 2 tasks left\n\
\n\
I will move the types first, then the re-exports, and update the tests at the end, so that each step compiles on its own.\n\
\x1b[36m→ read\x1b[0m  src/error.rs (412 lines)\n\
\x1b[36m→ read\x1b[0m  src/lib.rs\n\
\x1b[33m→ edit\x1b[0m  src/error/parse.rs\n\
\x1b[32m+ pub enum ParseError {\x1b[0m\n\
\x1b[32m+     Empty,\x1b[0m\n\
\x1b[31m- pub enum Error {\x1b[0m\n\
\x20  Compiling bookshop v0.3.1\n\
\x1b[1;33mwarning\x1b[0m: unused import: `std::fmt`\n\
\x20building 10%\r building 60%\r building 100%\x1b[K\n\
test parser::nested ... \x1b[32mok\x1b[0m\n\
test parser::empty ... \x1b[31mFAILED\x1b[0m\n\
価格表のテスト 3/10 👩‍👩‍👧 café\n\
\x1b[38;5;208mstep 6 of 10\x1b[0m: updating the tests\n";

/// Returns a page of a log.
pub fn page(text: &[u8], top: Top, window: (usize, usize)) -> LogPage {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), text).expect("the log can be written");
    let mut log = LogFile::open(file.path()).expect("the log can be opened");
    while log.refresh().expect("the log can be read") == Refreshed::MoreToDo {}
    let (rows, width) = window;
    log.page(top, &Window { rows, width, fold: Fold::Wrap, find: None }).expect("a page")
}

fn hint(key: &str, what: &str) -> Hint {
    Hint { key: key.to_owned(), what: what.to_owned() }
}

/// Returns the keys of a footer.
pub fn keys() -> Vec<Hint> {
    [
        ("r", "retry"),
        ("x", "stop"),
        ("d", "detach"),
        ("e", "escalate"),
        ("t", "more time"),
        ("⏎", "zoom"),
        ("i", "why"),
        ("/", "search"),
        (":", "commands"),
        ("?", "help"),
    ]
    .iter()
    .map(|(key, what)| hint(key, what))
    .collect()
}

fn help() -> Vec<HintGroup> {
    let group = |title: &str, hints: &[(&str, &str)]| HintGroup {
        title: title.to_owned(),
        hints: hints.iter().map(|(key, what)| hint(key, what)).collect(),
    };
    vec![
        group("Move", &[("j k ↑ ↓", "up and down"), ("g G", "first and last"), ("Enter", "zoom")]),
        group(
            "The selected workstream",
            &[
                ("r", "retry"),
                ("R", "retry from a chosen tier"),
                ("x", "stop: TERM, then KILL after its grace"),
                ("X", "kill now"),
                ("e", "escalate to the next tier, a chosen one, or to you"),
            ],
        ),
        group("Everything", &[("q", "leave; work goes on"), ("Q", "stop all and leave")]),
    ]
}

/// Returns what a frame is made of, without a log.
pub fn scene<'a>(facts: &'a Facts, ui: &'a UiState, size: (u16, u16)) -> Scene<'a> {
    static KEYS: LazyLock<Vec<Hint>> = LazyLock::new(keys);
    static HELP: LazyLock<Vec<HintGroup>> = LazyLock::new(help);
    static PALETTE: LazyLock<Vec<Hint>> = LazyLock::new(|| {
        vec![hint("r", "retry"), hint("R", "retry from a chosen tier"), hint("", "reload")]
    });
    Scene { facts, ui, log: None, keys: &KEYS, help: &HELP, palette: &PALETTE, now: NOW, size }
}

/// Returns what a frame shows, with the log of the fixtures.
pub fn model(facts: &Facts, ui: &UiState, size: (u16, u16)) -> ViewModel {
    let page = view_model::log_window(facts, ui, size).map(|window| {
        let top = match ui.scroll {
            Scroll::Follow => Top::End,
            Scroll::At(line) => Top::Line(line),
        };
        page(LOG.as_bytes(), top, window)
    });
    view_model::project(&Scene { log: page.as_ref(), ..scene(facts, ui, size) })
}

/// Returns a built-in theme for a terminal that shows everything.
pub fn theme(name: &str) -> Theme {
    Theme::load(Some(name), Surroundings::default()).expect("a built-in theme")
}

/// Draws a frame.
pub fn draw(model: &ViewModel, theme: &Theme) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buffer = Buffer::empty(area);
    let cursor = ostler::tui::view::render(model, theme, area, &mut buffer);
    (buffer, cursor)
}

/// Returns a frame as text, without the spaces at the ends of its lines.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        writeln!(out, "{}", line.trim_end()).unwrap();
    }
    out
}

fn shot(facts: &Facts, ui: &UiState, size: (u16, u16)) -> String {
    text(&draw(&model(facts, ui, size), &theme("dark")).0)
}

/// Returns a frame as text with escape sequences, for looking at: `OSTLER_FRAMES=DIR cargo test --test it frames`.
fn ansi(buffer: &Buffer) -> String {
    let colour = |colour: Color, ground: u8| match colour {
        Color::Rgb(r, g, b) => format!("{ground}8;2;{r};{g};{b}"),
        Color::Indexed(index) => format!("{ground}8;5;{index}"),
        _ => format!("{ground}9"),
    };
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            write!(out, "\x1b[0;{};{}", colour(cell.fg, 3), colour(cell.bg, 4)).unwrap();
            for (modifier, code) in [
                (Modifier::BOLD, 1),
                (Modifier::DIM, 2),
                (Modifier::ITALIC, 3),
                (Modifier::UNDERLINED, 4),
                (Modifier::REVERSED, 7),
            ] {
                if cell.modifier.contains(modifier) {
                    write!(out, ";{code}").unwrap();
                }
            }
            write!(out, "m{}", cell.symbol()).unwrap();
            x += u16::try_from(cell.symbol().width().max(1)).unwrap();
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

/// Compares a frame with the stored one, and leaves it where somebody wants to look at it in colours.
fn check(name: &str, facts: &Facts, ui: &UiState, size: (u16, u16)) {
    let (buffer, cursor) = draw(&model(facts, ui, size), &theme("dark"));
    look_at(name, &buffer);
    let mut shown = text(&buffer);
    if let Some(cursor) = cursor {
        writeln!(shown, "cursor: {}, {}", cursor.x, cursor.y).unwrap();
    }
    insta::assert_snapshot!(name.to_owned(), shown);
}

fn look_at(name: &str, buffer: &Buffer) {
    if let Ok(directory) = std::env::var("OSTLER_FRAMES") {
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(format!("{directory}/{name}.ansi"), ansi(buffer)).unwrap();
    }
}

#[test]
fn every_size() {
    for (columns, rows) in [(60, 16), (80, 24), (100, 30), (120, 40), (160, 48)] {
        check(&format!("workstreams_{columns}x{rows}"), &facts(), &ui(), (columns, rows));
    }
    check("too_small_40x12", &facts(), &ui(), (40, 12));
}

#[test]
fn every_phase() {
    check("phases_80x40", &all_phases(), &ui(), (80, 40));
    check("phases_160x48", &all_phases(), &ui(), (160, 48));
}

#[test]
fn zoomed_and_scrolled() {
    let search = Some(Search { pattern: "parser".to_owned(), matches: Some(2) });
    let scrolled = UiState { focus: Focus::Log, scroll: Scroll::At(2), search, ..ui() };
    check("scrolled_80x24", &facts(), &scrolled, (80, 24));
    let log = UiState { zoom: true, ..scrolled };
    check("zoomed_log_80x24", &facts(), &log, (80, 24));
    let list = UiState { zoom: true, ..ui() };
    check("zoomed_list_120x40", &facts(), &list, (120, 40));
}

#[test]
fn inbox() {
    let ui = UiState { view: View::Inbox, selected: Some("ws-05".into()), ..ui() };
    check("inbox_80x24", &facts(), &ui, (80, 24));
    check("inbox_160x48", &facts(), &ui, (160, 48));
    let nothing = Facts { workstreams: Vec::new(), ..facts() };
    check("inbox_empty_80x24", &nothing, &ui, (80, 24));
}

#[test]
fn nothing_yet() {
    let empty = Facts { workstreams: Vec::new(), notices: VecDeque::new(), ..facts() };
    check("empty_80x24", &empty, &UiState::default(), (80, 24));
    let shown = UiState { selected: Some("ws-07".into()), ..ui() };
    let model = view_model::project(&Scene { log: None, ..scene(&facts(), &shown, (80, 24)) });
    insta::assert_snapshot!("no_log_80x24", text(&draw(&model, &theme("dark")).0));
}

#[test]
fn something_is_wrong_as_a_whole() {
    let banner =
        Some("ostler.yaml:8:5: unknown field `retrys`; the last good one stays".to_owned());
    let facts = Facts { banner, paused: true, ..facts() };
    check("banner_80x24", &facts, &ui(), (80, 24));
}

fn modals() -> Vec<(&'static str, Modal)> {
    let question = "Stop ws-03? This ends claude-api (attempt 3, pid 51244) with TERM, and with KILL \
                    after 10 s. Its worktree stays.";
    let choices = [
        ("retry with a note", Choice::Note { tier: None }),
        ("choose a tier", Choice::Tier),
        ("open a shell in the worktree", Choice::Shell),
        ("accept the work as it is", Choice::Send(Request::Accept)),
        ("give up", Choice::Send(Request::GiveUp)),
    ];
    let choices = choices.into_iter().map(|(label, choice)| (label.to_owned(), choice)).collect();
    vec![
        ("help", Modal::Help { scroll: 3 }),
        ("palette", Modal::Palette { input: "ret".into(), selected: 1 }),
        (
            "confirm",
            Modal::Confirm { question: question.to_owned(), then: Confirmed::StopAllAndQuit },
        ),
        (
            "line",
            Modal::Line {
                workstream: "ws-03".into(),
                purpose: Purpose::RetryNote { tier: None },
                input: "keep the Display impl as it is".into(),
            },
        ),
        (
            "choose",
            Modal::Choose {
                workstream: "ws-05".into(),
                title: "ws-05: how does it go on?".to_owned(),
                choices,
                selected: 1,
            },
        ),
        ("why", Modal::Why { scroll: 0 }),
    ]
}

#[test]
fn every_dialog() {
    for (name, modal) in modals() {
        let ui = UiState { modal: Some(modal), ..ui() };
        check(&format!("{name}_80x24"), &facts(), &ui, (80, 24));
        check(&format!("{name}_160x48"), &facts(), &ui, (160, 48));
    }
}
