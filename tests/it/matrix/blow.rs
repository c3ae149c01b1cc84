//! Who is hit, and by what.

use ostler::keeper::files::{self, STATUS};
use ostler::keeper::record::Status;
use rustix::process::Signal;

use super::moment::Moment;
use super::setting::{Host, Setting};
use crate::project::left;

/// Who is hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// `ostler up --headless`.
    Supervisor,
    /// A worker without a terminal.
    Worker,
    /// The screen, and the terminal in which it is.
    Terminal,
    /// The process that owns the attempt, or its check.
    Keeper,
    /// The agent, or the check.
    Agent,
}

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    Kill,
    Term,
    /// It stands still for as long as somebody asks how things are, and goes on.
    StopAndContinue,
    /// Its terminal goes away.
    Cut,
}

impl Blow {
    pub fn strike(self, setting: &Setting, victim: Victim, host: &mut Host) {
        let pid = match victim {
            Victim::Supervisor | Victim::Worker | Victim::Terminal => host.pid(),
            Victim::Keeper => status(setting).keeper.pid,
            Victim::Agent => status(setting).agent.unwrap().pid,
        };
        let project = &setting.project;
        let start = left::start(pid).unwrap();
        match self {
            Self::Kill => {
                left::signal(pid, Signal::KILL);
                project.until("death", || (!left::is_alive(pid, start)).then_some(()));
            }
            Self::Term => left::signal(pid, Signal::TERM),
            Self::StopAndContinue => {
                left::signal(pid, Signal::STOP);
                project.ok(&["status"]);
                left::signal(pid, Signal::CONT);
            }
            Self::Cut => {
                let Host::Screen(screen) = host else { panic!("nobody has a terminal") };
                screen.hang_up();
                project.until("death", || (!left::is_alive(pid, start)).then_some(()));
            }
        }
    }
}

/// What the keeper of the process that is at work has written down.
fn status(setting: &Setting) -> Status {
    let part = if setting.moment == Moment::Checking { "check" } else { "run" };
    let path = setting.project.files("a").join("1").join(part).join(STATUS);
    files::read(&path).unwrap().unwrap()
}
