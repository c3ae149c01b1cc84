//! The pictures, one after the other.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use vt100::Screen;

use crate::likeness::{Loose, differences};
use crate::scene::{Scene, USUAL};
use crate::terminal::LIMIT;
use crate::{Result, svg};

/// The size of the smallest terminals in use.
const SMALL: (u16, u16) = (80, 24);
/// A screen that shows what a picture is about has come to rest after this time.
const REST: Duration = Duration::from_secs(2);
/// It is waited for so long that the screen shows what the stored picture does.
const PATIENCE: Duration = Duration::from_secs(30);
const ESC: &str = "\x1b";

/// What the pictures are taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Those that show something else than the stored ones are stored.
    Take,
    /// It is told which ones do.
    Check,
}

/// The stored pictures, and what was found of them.
pub struct Album {
    folder: PathBuf,
    purpose: Purpose,
    taken: Vec<String>,
    differing: Vec<String>,
}

/// A picture: its name, what it shows, and what is on the screen then.
struct Picture {
    name: &'static str,
    about: &'static str,
    shows: &'static [&'static str],
    loose: Loose,
}

/// Returns a picture of which all is compared but figures.
fn of(name: &'static str, about: &'static str, shows: &'static [&'static str]) -> Picture {
    Picture { name, about, shows, loose: Loose::None }
}

impl Album {
    pub fn new(folder: PathBuf, purpose: Purpose) -> Self {
        Self { folder, purpose, taken: Vec::new(), differing: Vec::new() }
    }

    /// The first screen of a repository that was never seen.
    pub fn start(&mut self, mut scene: Scene) -> Result<()> {
        let about = "The first screen in a repository without a configuration";
        self.look(&mut scene, "", &of("start", about, &["Agents found here"]))?;
        scene.end()
    }

    /// All that can be seen of a project at work.
    pub fn bookshop(&mut self, mut scene: Scene) -> Result<()> {
        scene.until_held()?;
        until(&mut scene, &["⚠ slow"])?;
        scene.release()?;
        until(&mut scene, &["4 running", "1 waiting for you", "4 done", "1 queued"])?;
        self.at_work(&mut scene)?;
        self.what_is_wrong(&mut scene)?;
        self.one_workstream(&mut scene)?;
        self.dialogs(&mut scene)?;
        scene.end()
    }

    fn at_work(&mut self, scene: &mut Scene) -> Result<()> {
        let about =
            "Ten workstreams, their chains of agents, and the log of one whose third agent works";
        self.look(scene, "4", &of("workstreams", about, &["all tests passed"]))?;
        scene.terminal.resize(SMALL)?;
        let about = "The same in a terminal of 80 columns and 24 rows";
        self.look(scene, "", &of("small", about, &["⚠ slow"]))?;
        scene.terminal.resize(USUAL)?;
        let about = "The logs of what is at work, side by side";
        self.look(scene, "L", &of("grid", about, &["closer", "farther"]))?;
        let about = "The agents and the fleet: health, breakers, what is to come";
        self.look(scene, "b", &of("agents", about, &["Fleet", "last ends"]))?;
        // How long each was at what depends on how busy the machine is.
        let about = "The timeline: every attempt of every workstream";
        let timeline = of("timeline", about, &["Timeline", "now"]);
        let loose = Loose::Bars { rows: 2..23, from: 11 };
        self.look(scene, "T", &Picture { loose, ..timeline })
    }

    fn what_is_wrong(&mut self, scene: &mut Scene) -> Result<()> {
        let about = "The inbox: what waits for the operator";
        self.look(scene, "E", &of("inbox", about, &["Inbox", "What you can do"]))?;
        let about = "Why a workstream is where it is: its attempts, and what each verdict rests on";
        self.look(scene, "wi", &of("why", about, &["Why ws-10"]))?;
        let about = "What is wrong now, the worst first";
        self.look(scene, "!", &of("alerts", about, &["Alerts", "acknowledged"]))
    }

    fn one_workstream(&mut self, scene: &mut Scene) -> Result<()> {
        let about = "The log of one workstream fills the screen";
        self.look(scene, "4\t\r", &of("log", about, &["unzoom", "all tests passed"]))?;
        let about = "What a workstream has changed";
        self.look(scene, "D", &of("diff", about, &["all changes", "@@"]))?;
        let about = "What each commit of a workstream has changed";
        self.look(scene, "7D%", &of("divided", about, &["by commit", "@@"]))?;
        for key in ["D", "%", "%", "%", ESC] {
            scene.terminal.press(key)?;
        }
        let about = "All that is known of a workstream";
        self.look(scene, "7I", &of("detail", about, &["What is to be done", "Attempts"]))
    }

    fn dialogs(&mut self, scene: &mut Scene) -> Result<()> {
        scene.terminal.press("F")?;
        until(scene, &["Enter"])?;
        scene.terminal.press("editing")?;
        let about = "A search in the logs of all attempts of all workstreams";
        self.look(scene, "\r", &of("found", about, &["Found", "lines in"]))?;
        scene.terminal.press("\x0e")?;
        until(scene, &["New workstream"])?;
        let prompt = "Sell vouchers of 10, 20 and 50 pounds, and take them at the till.\n\n\
                      A voucher is a line of data/vouchers.csv: number, pence, when it was used.";
        for keys in ["Gift vouchers", "\t", &pasted(prompt), "\t"] {
            scene.terminal.press(keys)?;
        }
        let about = "A new workstream";
        self.look(scene, "lib", &of("new", about, &["New workstream", "lib/price.sh"]))?;
        scene.terminal.press(ESC)?;
        scene.terminal.press("y")?;
        self.look(scene, "?", &of("help", "All keys", &["Keys", "Look closer"]))
    }

    /// Presses keys one by one, looks at the screen when it shows what it must, and closes what was opened.
    fn look(&mut self, scene: &mut Scene, keys: &str, picture: &Picture) -> Result<()> {
        for key in keys.chars() {
            scene.terminal.press(&key.to_string())?;
        }
        until(scene, picture.shows)?;
        let draw = |screen: &Screen| svg::draw(screen, "ostler", picture.about);
        let path = self.folder.join(format!("{}.svg", picture.name));
        let stored = fs::read_to_string(&path).unwrap_or_default();
        let is_same =
            |screen: &Screen| differences(&stored, &draw(screen), &picture.loose).is_empty();
        let limit = if self.purpose == Purpose::Check { PATIENCE } else { REST };
        if !scene.terminal.wait(limit, is_same)? {
            let drawn = draw(scene.terminal.screen());
            match self.purpose {
                Purpose::Take => fs::write(&path, &drawn)?,
                Purpose::Check => {
                    println!("{}.svg shows something else than the program does:", picture.name);
                    for line in differences(&stored, &drawn, &picture.loose) {
                        println!("  {line}");
                    }
                }
            }
            self.differing.push(picture.name.to_owned());
        }
        self.taken.push(format!("{}.svg", picture.name));
        for _ in 0..2 {
            scene.terminal.press(ESC)?;
        }
        Ok(())
    }

    /// Says what became of the pictures.
    pub fn end(self) -> ExitCode {
        let names = self.differing.join(", ");
        match (self.purpose, self.differing.is_empty()) {
            (_, true) => println!("{} pictures are current", self.taken.len()),
            (Purpose::Take, false) => println!("taken anew: {names}"),
            (Purpose::Check, false) => {
                println!("not current: {names}; `cargo run --example screenshots` takes them anew");
                return ExitCode::FAILURE;
            }
        }
        ExitCode::SUCCESS
    }
}

/// Returns what a terminal sends when this is pasted.
fn pasted(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

/// Waits until the screen shows all of these.
fn until(scene: &mut Scene, texts: &[&str]) -> Result<()> {
    let shows = |screen: &Screen| {
        let contents = screen.contents();
        texts.iter().all(|text| contents.contains(text))
    };
    if scene.terminal.wait(LIMIT, shows)? {
        return Ok(());
    }
    Err(format!("{texts:?} was never seen; {}", scene.terminal.shown()).into())
}
