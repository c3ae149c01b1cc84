//! Frames made, drawn, and turned into text.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use ostler::core::AttemptId;
use ostler::core::event::Request;
use ostler::ipc::facts::Facts;
use ostler::tui::diff::{Change, Patch, Syntaxes, Texts, Tokens, parse};
use ostler::tui::found::{FoundIn, FoundLine, FoundLines};
use ostler::tui::log::{Fold, LogFile, LogPage, Refreshed, Top, Window};
use ostler::tui::state::form::Field;
use ostler::tui::state::{
    Choice, Confirmed, Form, Modal, Purpose, Rewrite, Scroll, Shown, TextArea, UiState,
};
use ostler::tui::theme::{Surroundings, Theme};
use ostler::tui::view_model::grid::Tile;
use ostler::tui::view_model::{self, Hint, HintGroup, Scene, ViewModel};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use super::fixture::{LOG, NOW};

/// Returns a page of a log.
pub fn page(text: &[u8], top: Top, window: (usize, usize)) -> LogPage {
    folded(text, top, (window, Fold::Wrap))
}

/// The same with lines that are wrapped or cut.
fn folded(text: &[u8], top: Top, (window, fold): ((usize, usize), Fold)) -> LogPage {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let mut log = LogFile::open(file.path()).unwrap();
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
    let (rows, width) = window;
    log.page(top, &Window { rows, width, fold, find: None, stream: None, times: None }).unwrap()
}

pub fn hint(key: &str, what: &str) -> Hint {
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
        ("Enter", "zoom"),
        ("i", "why"),
        ("/", "search"),
        (":", "commands"),
        ("?", "help"),
    ]
    .iter()
    .map(|(key, what)| hint(key, what))
    .collect()
}

pub fn help() -> Vec<HintGroup> {
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
    static START: LazyLock<Vec<Hint>> = LazyLock::new(|| {
        let keymap = ostler::tui::keymap::Keymap::default();
        ostler::tui::hints::start(&UiState::default(), &keymap)
    });
    static PALETTE: LazyLock<Vec<Hint>> = LazyLock::new(|| {
        vec![hint("r", "retry"), hint("R", "retry from a chosen tier"), hint("", "reload")]
    });
    static TOKENS: LazyLock<Tokens> = LazyLock::new(Tokens::default);
    static FOUND: LazyLock<FoundLines> = LazyLock::new(found);
    Scene {
        facts,
        ui,
        log: None,
        grid: &[],
        change: &Change::Reading,
        tokens: &TOKENS,
        found: &FOUND,
        terminal: None,
        keys: &KEYS,
        help: &HELP,
        palette: &PALETTE,
        start: &START,
        now: NOW,
        size,
    }
}

/// Returns what was found in all logs.
pub fn found() -> FoundLines {
    let log = |workstream: &str, shown: Shown, output: &str, agent: &str| FoundIn {
        workstream: workstream.into(),
        shown,
        output: output.to_owned(),
        agent: agent.to_owned(),
    };
    let logs = vec![
        log("ws-02", Shown::Latest, "1", "aider"),
        log("ws-03", Shown::Latest, "3", "claude-api"),
        log("ws-03", Shown::Attempt(AttemptId(1)), "1", "aider"),
        log("ws-03", Shown::Check, "check", ""),
    ];
    let texts = [
        (0, 11, "   Compiling parser v0.3.1 (/home/me/bookshop/parser)"),
        (1, 40_211, "error[E0432]: unresolved import `parser::Error`"),
        (
            1,
            40_215,
            "…he 価格表 of the parser is read by the parser, and the line is longer than any screen of these \
                     tests is wide, which is why it has to be cut somewhere, and that is seen by its end",
        ),
        (2, 7, "parser: 3 tests failed"),
        (3, 99, "test parser::empty ... FAILED"),
    ];
    let lines = texts.into_iter().map(|(log, line, text)| {
        let found = text.match_indices("parser").map(|(at, word)| at..at + word.len());
        FoundLine { log, line, text: text.to_owned(), found: found.collect() }
    });
    FoundLines {
        logs,
        lines: lines.collect(),
        count: 1234,
        logs_with: 4,
        searched: 3,
        is_done: false,
        unread: None,
    }
}

/// What an agent has changed.
pub const PATCH: &str = "\
diff --git a/src/error.rs b/src/error.rs
index 3f1a2b3..9c8d7e6 100644
--- a/src/error.rs
+++ b/src/error.rs
@@ -1,7 +1,6 @@ use std::fmt;
 use std::fmt;
 
-pub enum Error {
-    Parse(String),
-    Empty,
+pub enum ParseError {
+\tEmpty,
 }
 
@@ -40,3 +39,4 @@ impl fmt::Display for Error {
     fn fmt(&self) {
-        write!(f, \"価格表のテスト {}\", self.0)
+        write!(f, \"価格表 👩‍👩‍👧 a line that is far longer than any pane is wide, so that it is cut or scrolled to the side {}\", self.0)
+        // done
     }
\\ No newline at end of file
diff --git a/src/error/parse.rs b/src/error/parse.rs
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/src/error/parse.rs
@@ -0,0 +1,2 @@
+pub struct Empty;
+-- a comment that looks like a header
diff --git a/old name.txt b/new name.txt
similarity index 100%
rename from old name.txt
rename to new name.txt
diff --git a/logo.png b/logo.png
deleted file mode 100644
index 2222222..0000000
Binary files a/logo.png and /dev/null differ
";

/// Returns what a frame shows, with the log and the patch of the fixtures.
pub fn model(facts: &Facts, ui: &UiState, size: (u16, u16)) -> ViewModel {
    let page = view_model::log_window(facts, ui, size).map(|window| {
        let top = match ui.scroll {
            Scroll::Follow => Top::End,
            Scroll::At(line) | Scroll::Rows { line, .. } => Top::Line(line),
        };
        folded(LOG.as_bytes(), top, (window, ui.fold))
    });
    let tiles = view_model::grid_windows(facts, ui, size).into_iter();
    let tile = |(workstream, window)| Tile {
        workstream,
        page: Some(self::page(LOG.as_bytes(), Top::End, window)),
    };
    let grid: Vec<Tile> = tiles.map(tile).collect();
    let change = Change::Read(Arc::new(parse(PATCH)), super::fixture::ago(42));
    let tokens = change.patch().map(|patch| tokens(patch)).unwrap_or_default();
    let made = scene(facts, ui, size);
    let (log, change, tokens) = (page.as_ref(), &change, &tokens);
    view_model::project(&Scene { log, grid: &grid, change, tokens, ..made })
}

/// Returns what is known of the lines of a change of which nothing else can be read.
pub fn tokens(patch: &Patch) -> Tokens {
    static SYNTAXES: LazyLock<Syntaxes> = LazyLock::new(Syntaxes::default);
    let of = |file| Arc::new(SYNTAXES.tokens(file, &Texts::default(), &|| true));
    Tokens { files: patch.files.iter().map(of).enumerate().collect() }
}

/// Returns a built-in theme for a terminal that shows everything.
pub fn theme(name: &str) -> Theme {
    Theme::load(Some(name), Surroundings::default()).unwrap()
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

/// Returns a frame as text with escape sequences, for looking at: `OSTLER_FRAMES=DIR cargo test --test it frames`.
pub fn ansi(buffer: &Buffer) -> String {
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
pub fn check(name: &str, facts: &Facts, ui: &UiState, size: (u16, u16)) {
    let (buffer, cursor) = draw(&model(facts, ui, size), &theme("dark"));
    look_at(name, &buffer);
    let mut shown = text(&buffer);
    if let Some(cursor) = cursor {
        writeln!(shown, "cursor: {}, {}", cursor.x, cursor.y).unwrap();
    }
    insta::assert_snapshot!(name.to_owned(), shown);
}

pub fn look_at(name: &str, buffer: &Buffer) {
    if let Ok(directory) = std::env::var("OSTLER_FRAMES") {
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(format!("{directory}/{name}.ansi"), ansi(buffer)).unwrap();
    }
}

/// Returns every dialog with a name.
pub fn form(field: Field) -> Form {
    let prompt = "Move the error types of src/lib.rs into src/error.rs, one file for each kind, and keep the \
                  re-exports.\n\nThe tests stay as they are: \u{4fa1}\u{683c}\u{8868}.\n";
    Form {
        field,
        title: "Split the error module".into(),
        prompt: TextArea::of(prompt),
        pattern: "err".into(),
        files: vec!["src/lib.rs".to_owned()],
        chain: vec!["codex".to_owned(), "aider".to_owned()],
        check: "cargo test -q".into(),
        after: vec!["ws-03".into()],
        others: vec![
            ("ws-01".into(), "Faster start".to_owned()),
            ("ws-03".into(), "Typed configuration".to_owned()),
        ],
        ..Form::default()
    }
}

/// Returns what is open in each window that can lie over the view.
pub fn modals() -> Vec<(&'static str, Modal)> {
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
    let rewrite = Rewrite {
        workstream: "ws-03".into(),
        tier: None,
        about: "Claude-api (pid 51244) is ended first; its changes are saved.".to_owned(),
        text: TextArea::of(
            "Split src/error.rs into one file for each kind of error.\n\nLeave tests/ alone.",
        ),
        before: String::new(),
        asks: false,
    };
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
                workstream: Some("ws-05".into()),
                title: "What next for ws-05".to_owned(),
                about: "no agent is left in the chain\n1 aider: rate_limit: 429 Too Many Requests, try again \
                        in 2 minutes, says the service\n2 copilot: refusal: I cannot help with that"
                    .to_owned(),
                choices,
                selected: 1,
            },
        ),
        ("why", Modal::Why { scroll: 0 }),
        ("form", Modal::New(Box::new(form(Field::Title)))),
        ("rewrite", Modal::Rewrite(Box::new(rewrite))),
    ]
}
