//! `ostler` with its screen.

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::changes::{self, Asked};
use super::failure::{Code, Failure, Outcome};
use super::log_sources::LogSources;
use super::opened::{self, Opened, around};
use super::{colours, headless, hosted, job, log_file, say, survey};
use crate::config;
use crate::config::alerts::{Alerts, OscForm};
use crate::config::draft::{self, Place};
use crate::config::plan::Plan;
use crate::core::draft::Draft;
use crate::core::{Timestamp, WorkstreamId};
use crate::ipc::facts::Facts;
use crate::supervisor::host::{Adopt, Handle, Options, Until};
use crate::supervisor::inbox::{Command, Launches};
use crate::supervisor::ownership::OwnerKind;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::stored_plan;
use crate::tui::input::End;
use crate::tui::keymap::Keymap;
use crate::tui::run::{
    self, Create, FindLog, FindTokens, Host, Left, LogSource, ReadChange, ReadSurvey, ScreenError,
    Settings,
};
use crate::tui::state::themes::Known;
use crate::tui::state::{Compared, Divided, Leaving, Shown};
use crate::tui::terminal::Dialect;
use crate::tui::theme::Theme;
use crate::tui::update::{self, Order};

/// After the terminal has gone, the hand-over may take this long; a worker that was started goes on with it alone.
const GONE: Duration = Duration::from_millis(700);

/// How the screen is opened.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// What leaving it means.
    pub leaving: Leaving,
    /// The workstream that is taken back from whoever runs it.
    pub attach: Option<WorkstreamId>,
}

/// Opens the screen.
pub fn run(opened: Opened, way: &Way) -> Outcome {
    let dialect = dialect()?;
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let options = run::Options {
        keymap: keymap(&opened.plan).map_err(Failure::wrong)?,
        theme: opened.theme()?,
        themes: themes(),
        around: around(),
        dialect,
        leaving: way.leaving,
        sound: sound(&opened.plan.alerts, dialect),
    };
    let _log = log_file::begin(&dir);
    let plan = opened.plan.clone();
    let warnings = opened.warnings.clone();
    let supervised = Options {
        adopt: Adopt::AllEvenDetached,
        until: Until::Told,
        kind: OwnerKind::Attended,
        reload: Some(opened::reload),
        state: None,
    };
    let hosted = hosted::start(opened, supervised)?;
    for warning in warnings {
        hosted.handle.warn(warning);
    }
    if let Some(id) = &way.attach {
        hosted.handle.send(Command::Attach(id.clone()));
    }
    let handle = hosted.handle.clone();
    let screen = Screened { sources: LogSources::new(dir.clone()), handle, plan, dir };
    let left = run::run(&screen, options);
    leave(hosted, left, way.leaving)
}

/// Returns which key does what, or what is wrong with the keys.
fn keymap(plan: &Plan) -> Result<Keymap, String> {
    opened::keymap(plan).map_err(|errors| {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        words.join("\n")
    })
}

/// Returns the themes that can be chosen.
fn themes() -> Vec<Known> {
    let known = config::theme::known().into_iter();
    known.map(|(name, source)| Known { name, source }).collect()
}

/// Returns which sequences the terminal knows; nothing is started if a screen cannot be drawn on it.
fn dialect() -> Result<Dialect, Failure> {
    let name = std::env::var("TERM").unwrap_or_default();
    Dialect::of(&name).ok_or_else(|| {
        let is = if name.is_empty() { "not set".to_owned() } else { name };
        Failure::wrong(format!(
            "no screen can be drawn on this terminal (TERM is {is}); set TERM to what it is, such as xterm-256color, \
             or use `ostler up --headless`, which needs none"
        ))
    })
}

/// Returns how the terminal that we are in tells of alerts.
fn sound(alerts: &Alerts, dialect: Dialect) -> run::Sound {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    run::Sound {
        bell: alerts.bell,
        osc: alerts.osc.filter(|_| dialect == Dialect::Xterm),
        form: match alerts.osc_form {
            OscForm::Both => run::Form::Both,
            OscForm::Osc9 => run::Form::Osc9,
            OscForm::Osc777 => run::Form::Osc777,
        },
        terminal: match (is_set("TMUX"), is_set("STY")) {
            (true, false) => run::Inside::Tmux,
            (false, true) => run::Inside::Screen,
            // One is in the other, and what the inner one is not meant to be told it shows.
            (true, true) | (false, false) => run::Inside::Terminal,
        },
    }
}

/// Sees to what leaving the screen means, and says what became of the work.
fn leave(hosted: hosted::Hosted, left: Result<Left, ScreenError>, leaving: Leaving) -> Outcome {
    let handle = hosted.handle.clone();
    match (&left, leaving) {
        // The order was given on the screen.
        (Ok(Left::StopAll), _) => {}
        (_, Leaving::HandsOver) => handle.send(Command::Leave),
        (_, Leaving::EndsAll) => handle.send(Command::StopAll),
    }
    if matches!(left, Ok(Left::Ended(End::Hangup))) {
        return Ok(end_soon(hosted));
    }
    let stops = matches!(left, Ok(Left::StopAll)) || leaving == Leaving::EndsAll;
    if stops && handle.facts().workstreams.iter().any(|ws| ws.phase.has_agent()) {
        say::line(format_args!("stopping everything: TERM, and KILL after the grace …"));
    }
    let facts = hosted.join()?;
    let words = match (&left, leaving) {
        (Ok(Left::StopAll), Leaving::HandsOver) => run::stopped(&facts),
        (Ok(Left::Asked) | Err(ScreenError::Panicked), Leaving::HandsOver) => {
            run::farewell(&facts, handle.now())
        }
        // Nothing is kept, or nobody is there who could read it.
        (Ok(_) | Err(_), _) => Vec::new(),
    };
    for line in words {
        say::line(format_args!("{line}"));
    }
    match left.map_err(Failure::failed)? {
        Left::Asked | Left::Ended(_) => Ok(Code::Done),
        Left::StopAll => Ok(headless::code(&facts.workstreams)),
    }
}

/// Ends within a second although nobody can be told anything any more.
fn end_soon(hosted: hosted::Hosted) -> Code {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let _late = sender.send(hosted.join().is_ok());
    });
    match receiver.recv_timeout(GONE) {
        Ok(true) => Code::Done,
        // What is not handed over by then is taken by the worker as soon as this process and its locks are gone.
        Ok(false) | Err(_) => Code::Failed,
    }
}

/// The supervisor as the screen sees it.
struct Screened {
    handle: Handle,
    sources: LogSources,
    /// The configuration as it was at first.
    plan: Plan,
    dir: StateDir,
}

impl Screened {
    /// Returns the configuration in force.
    fn plan(&self) -> Plan {
        // Before it was read again, what is stored may be of an earlier supervisor.
        let again = (self.handle.facts().configured > 0).then(|| stored_plan::read(&self.dir));
        again.flatten().unwrap_or_else(|| self.plan.clone())
    }
}

/// Returns where an output is; none if there is none.
fn find_log(
    handle: &Handle,
    sources: &LogSources,
    (workstream, shown): (&WorkstreamId, Shown),
) -> Option<LogSource> {
    let facts = handle.facts();
    let found = facts.workstreams.iter().find(|facts| facts.id == *workstream)?;
    sources.find(found, shown)
}

impl Host for Screened {
    fn facts(&self) -> Arc<Facts> {
        self.handle.facts()
    }

    fn now(&self) -> Timestamp {
        self.handle.now()
    }

    fn order(&self, order: Order) {
        self.handle.send(match order {
            Order::Send(id, request) => Command::Request(id, request),
            Order::Touch(id, attempt, touch) => Command::Touch(id, attempt, touch),
            Order::Detach(id) => Command::Detach(id),
            Order::Attach(id) => Command::Attach(id),
            Order::Breaker(agent, say) => Command::Breaker(agent, say),
            Order::Launches(update::Launches::Paused) => Command::Pause(Launches::Paused),
            Order::Launches(update::Launches::Going) => Command::Pause(Launches::Open),
            Order::Acknowledge(key) => Command::Acknowledge(key),
            Order::Recall(key) => Command::Recall(key),
            Order::StopAll => Command::StopAll,
        });
    }

    fn log(&self, workstream: &WorkstreamId, shown: Shown) -> Option<LogSource> {
        find_log(&self.handle, &self.sources, (workstream, shown))
    }

    fn find_log(&self) -> FindLog {
        let (handle, sources) = (self.handle.clone(), self.sources.clone());
        Box::new(move |workstream, shown| find_log(&handle, &sources, (workstream, shown)))
    }

    fn change(&self, workstream: &WorkstreamId, wanted: (Compared, Divided)) -> ReadChange {
        let facts = self.handle.facts();
        let found = facts.workstreams.iter().find(|facts| facts.id == *workstream);
        let found = found.map(|facts| Asked::of(facts));
        let id = workstream.clone();
        Box::new(move || {
            let asked = found.flatten().ok_or_else(|| format!("{id} has no worktree yet"))?;
            changes::read(&asked, wanted)
        })
    }

    fn tokens(&self, workstream: &WorkstreamId) -> FindTokens {
        let facts = self.handle.facts();
        let found = facts.workstreams.iter().find(|facts| facts.id == *workstream);
        let asked = found.and_then(|facts| Asked::of(facts));
        Box::new(move |patch, files, take| colours::find(asked.as_ref(), (patch, files), take))
    }

    fn survey(&self) -> ReadSurvey {
        let plan = self.plan();
        Box::new(move || survey::survey(&plan))
    }

    fn create(&self, draft: Draft) -> Create {
        let plan = self.plan();
        Box::new(move || {
            let programs = std::env::var_os("PATH").unwrap_or_default();
            let file = plan.file.as_deref();
            let place = Place { root: &plan.root, file, programs: &programs };
            draft::keep(&draft, place).map(|kept| kept.id).map_err(|error| error.to_string())
        })
    }

    fn settings(&self) -> Result<Settings, String> {
        let plan = stored_plan::read(&self.dir);
        let plan = plan.ok_or("the configuration was read again, but the screen cannot read it")?;
        let theme = Theme::load(plan.theme.as_deref(), around()).map_err(|it| it.to_string())?;
        Ok(Settings { keymap: keymap(&plan)?, theme })
    }

    fn stop(&self) -> io::Result<()> {
        job::stop()
    }

    fn on_change(&self, changed: Box<dyn Fn() + Send + Sync>) {
        let mut facts = self.handle.watch();
        let told = std::thread::Builder::new().name("ostler-facts".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
            while runtime.block_on(facts.changed()).is_ok() {
                facts.borrow_and_update();
                changed();
            }
        });
        if let Err(error) = told {
            tracing::error!("the screen is not told of changes: {error}");
        }
    }
}
