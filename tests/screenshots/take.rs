//! Takes the pictures of the README from the program itself: `cargo run --example screenshots`.
//!
//! It runs `ostler demo` in a terminal, presses keys, waits until the screen shows what a picture is about, and writes it
//! into `screenshots/` as SVG. It takes as long as the demo does: about three minutes.

mod svg;
mod terminal;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ostler::tui::theme::{Role, Surroundings, Theme};
use ratatui::style::Color;
use terminal::Terminal;

/// The size of most pictures, in columns and rows.
const USUAL: (u16, u16) = (128, 32);
/// The size of the smallest terminals in use.
const SMALL: (u16, u16) = (80, 24);
const ESC: &str = "\x1b";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).peekable();
    if arguments.next_if(|first| first == terminal::INSIDE).is_some() {
        return terminal::become_program(arguments);
    }
    let program = build()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    fs::create_dir_all(&folder)?;
    let terminal = Terminal::start(&program, &["demo"], USUAL)?;
    Album { folder, terminal }.take()
}

/// Builds the program that belongs to this source, and returns where it is.
fn build() -> Result<PathBuf> {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--bin", "ostler", "--profile", profile])
        .status()?;
    if !built.success() {
        return Err("the program could not be built".into());
    }
    let here = std::env::current_exe()?;
    let folder = here.parent().and_then(Path::parent).ok_or("the program has no folder")?;
    Ok(folder.join("ostler"))
}

struct Album {
    folder: PathBuf,
    terminal: Terminal,
}

impl Album {
    fn take(mut self) -> Result<()> {
        self.until("a fourth workstream", &["ws-04"])?;
        self.terminal.press("4")?;
        let screen = self.until("a slow agent beside a third tier", &["⚠ slow", "▶thorough"])?;
        self.save(
            &screen,
            "workstreams",
            "Ten workstreams, their chains of agents, and the log of one whose third agent works",
        )?;
        self.terminal.resize(SMALL)?;
        let screen = self.until("the same in a small terminal", &["⚠ slow"])?;
        self.save(&screen, "small", "The same in a terminal of 80 columns and 24 rows")?;
        self.terminal.resize(USUAL)?;
        self.terminal.press("L")?;
        let screen = self.until("several logs", &["Esc back", "attempt"])?;
        self.save(&screen, "grid", "The logs of what is at work, side by side")?;
        self.terminal.press(ESC)?;
        self.until("some work done", &["7 done"])?;
        self.terminal.press("b")?;
        let screen = self.until("the agents", &["Fleet", "all done in"])?;
        self.save(
            &screen,
            "agents",
            "The agents and the fleet: health, breakers, what is to come",
        )?;
        self.terminal.press(ESC)?;
        self.until("the end", &["at rest"])?;

        self.terminal.press("\t")?;
        self.terminal.press("\r")?;
        let screen = self.until("a log alone", &["result: success", "unzoom"])?;
        self.save(&screen, "log", "The log of one workstream fills the screen")?;
        self.terminal.press(ESC)?;

        self.terminal.press("w")?;
        self.terminal.press("i")?;
        let screen = self.until("the reasons", &["Why ws-10"])?;
        self.save(
            &screen,
            "why",
            "Why a workstream is where it is: its attempts, and what each verdict rests on",
        )?;
        self.terminal.press(ESC)?;

        self.terminal.press("E")?;
        let screen = self.until("the inbox", &["Inbox"])?;
        self.save(&screen, "inbox", "The inbox: what waits for the operator")?;
        self.terminal.press(ESC)?;

        self.look_further()?;
        self.terminal.press("T")?;
        let screen = self.until("the timeline", &["Timeline", "now"])?;
        self.save(&screen, "timeline", "The timeline: every attempt of every workstream")?;
        self.terminal.press(ESC)?;
        self.terminal.press("1")?;
        self.terminal.press("D")?;
        let screen = self.until_coloured("the diff", &["all changes", "@@"])?;
        self.save(&screen, "diff", "What a workstream has changed")?;
        self.terminal.press("%")?;
        let screen = self.until_coloured("its commits", &["by commit", "@@"])?;
        self.save(&screen, "divided", "What each commit of a workstream has changed")?;
        self.terminal.press("%%%")?;
        self.terminal.press(ESC)?;
        self.terminal.press("I")?;
        let screen = self.until("all of a workstream", &["What is to be done", "Attempts"])?;
        self.save(&screen, "detail", "All that is known of a workstream")?;
        self.terminal.press(ESC)?;

        self.terminal.press("?")?;
        let screen = self.until("the keys", &["Keys"])?;
        self.save(&screen, "help", "All keys")?;
        self.terminal.press(ESC)?;
        self.terminal.press("q")?;
        self.terminal.end()
    }

    /// The alerts, a search in all logs, and a new workstream.
    fn look_further(&mut self) -> Result<()> {
        self.terminal.press("!")?;
        let screen = self.until("the alerts", &["Alerts", "ws-10"])?;
        self.save(&screen, "alerts", "What is wrong now, the worst first")?;
        self.terminal.press(ESC)?;
        self.terminal.press("F")?;
        self.until("what is looked for", &["Enter"])?;
        self.terminal.press("editing")?;
        self.terminal.press("\r")?;
        let screen = self.until("what was found", &["Found", "lines in"])?;
        self.save(&screen, "found", "A search in the logs of all attempts of all workstreams")?;
        self.terminal.press(ESC)?;
        self.terminal.press("\x0e")?;
        let screen = self.until("the form", &["New workstream"])?;
        self.save(&screen, "new", "A new workstream")?;
        self.terminal.press(ESC)?;
        Ok(())
    }

    /// Waits until the screen shows all of these.
    fn until(&mut self, what: &str, texts: &[&str]) -> Result<vt100::Screen> {
        self.terminal.wait(what, |screen| {
            let contents = screen.contents();
            texts.iter().all(|text| contents.contains(text))
        })
    }

    /// The same for a change, whose colours come a moment after its text.
    fn until_coloured(&mut self, what: &str, texts: &[&str]) -> Result<vt100::Screen> {
        let theme = Theme::load(None, Surroundings::default())?;
        let colour = |role| match theme.style(role).fg {
            Some(Color::Rgb(r, g, b)) => Some(vt100::Color::Rgb(r, g, b)),
            _other => None,
        };
        let wanted = [Role::Keyword, Role::Comment, Role::Function].map(colour);
        self.terminal.wait(what, |screen| {
            let (columns, rows) = USUAL;
            let mut cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
            let is_coloured = cells.any(|(row, column)| {
                screen.cell(row, column).is_some_and(|cell| wanted.contains(&Some(cell.fgcolor())))
            });
            is_coloured && texts.iter().all(|text| screen.contents().contains(text))
        })
    }

    fn save(&self, screen: &vt100::Screen, name: &str, about: &str) -> Result<()> {
        let path = self.folder.join(format!("{name}.svg"));
        fs::write(&path, svg::draw(screen, "ostler demo", about))?;
        println!("{}", path.display());
        Ok(())
    }
}
