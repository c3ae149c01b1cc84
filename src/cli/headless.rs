//! `ostler up --headless`: a line per event, and a table at the end.

use std::io::{self, Write as _};
use std::sync::Arc;

use super::failure::{Code, Failure, Outcome};
use super::opened::{self, Opened};
use super::{hosted, log_file, say, table, what_next};
use crate::core::PhaseWord;
use crate::core::alert::{Ring, Severity};
use crate::ipc::facts::{Facts, Told, WorkstreamFacts};
use crate::supervisor::clock::Wall;
use crate::supervisor::host::{Adopt, Handle, Options, Until};
use crate::supervisor::inbox::Command;
use crate::supervisor::ownership::OwnerKind;
use crate::supervisor::state_dir::StateDir;
use crate::tui::state::Leaving;

/// Runs all workstreams until nothing is left to do.
pub fn run(opened: Opened, leaving: Leaving) -> Outcome {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let _log = log_file::begin(&dir);
    for warning in &opened.warnings {
        say::warning(format_args!("warning: {warning}"));
    }
    let options = Options {
        adopt: Adopt::AllEvenDetached,
        until: Until::Idle,
        kind: OwnerKind::Attended,
        reload: Some(opened::reload),
        state: None,
    };
    let root = opened.project.root().to_owned();
    // Before anything runs, which nobody could follow without it.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(hosted::not_started)?;
    let hosted = hosted::start(opened, options)?;
    let handle = hosted.handle.clone();
    let written = runtime.block_on(follow(&handle, leaving));
    let facts = hosted.join()?;
    let mut out = io::stdout().lock();
    // A reader that has gone away changes nothing about the work, whose outcome the exit code tells.
    let _gone = written
        .and_then(|told| print_new(&mut out, &facts, told, handle.wall()))
        .and_then(|_| write!(out, "\n{}{}", table::table(&facts), reasons(&facts)))
        .and_then(|()| match leaving {
            Leaving::HandsOver => write!(out, "{}", what_next::what_next(&facts, &root)),
            Leaving::EndsAll => Ok(()),
        });
    Ok(code(&facts.workstreams))
}

/// Says why each workstream that needs somebody is where it is, with the reasons one a line.
fn reasons(facts: &Facts) -> String {
    let needy = facts.workstreams.iter().filter(|workstream| workstream.phase != PhaseWord::Done);
    needy.fold(String::new(), |text, workstream| {
        format!("{text}\n{}: {}\n", workstream.id, workstream.explain)
    })
}

/// Returns the exit code that the ends of these workstreams amount to.
pub fn code<'a>(workstreams: impl IntoIterator<Item = &'a Arc<WorkstreamFacts>>) -> Code {
    let worst = workstreams.into_iter().map(|workstream| match workstream.phase {
        PhaseWord::Escalated => Code::Waiting,
        PhaseWord::Done => Code::Done,
        _failed_or_not_begun => Code::Failed,
    });
    worst.fold(Code::Done, |worst, code| match (worst, code) {
        (Code::Waiting, _) | (_, Code::Done) => worst,
        (_, code) => code,
    })
}

/// Nothing is printed any more.
const NOBODY: Printed = Printed { notice: u64::MAX, ring: u64::MAX };

/// The numbers of what was printed last.
#[derive(Clone, Copy, Debug, Default)]
struct Printed {
    notice: u64,
    ring: u64,
}

/// Prints what happens until the supervisor ends; returns what was printed last.
async fn follow(handle: &Handle, leaving: Leaving) -> io::Result<Printed> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut facts = handle.watch();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let leave = || match leaving {
        Leaving::HandsOver => handle.send(Command::Leave),
        Leaving::EndsAll => handle.send(Command::StopAll),
    };
    let mut told = Printed::default();
    loop {
        let latest = Arc::clone(&facts.borrow_and_update());
        // Once nobody reads, there is nothing to print, but the work goes on.
        let wall = handle.wall();
        told = print_new(&mut io::stdout().lock(), &latest, told, wall).unwrap_or(NOBODY);
        tokio::select! {
            changed = facts.changed() => if changed.is_err() { return Ok(told) },
            _ = interrupt.recv() => handle.send(Command::StopAll),
            _ = terminate.recv() => leave(),
            _ = hangup.recv() => leave(),
        }
    }
}

fn print_new(
    out: &mut impl io::Write,
    facts: &Facts,
    told: Printed,
    wall: Wall,
) -> io::Result<Printed> {
    let mut last = told;
    for notice in facts.notices.iter().filter(|notice| notice.number > told.notice) {
        print(out, notice, wall)?;
        last.notice = notice.number;
    }
    for ring in facts.rings.iter().filter(|ring| ring.number > told.ring) {
        // What takes care of itself is a line already.
        if ring.alert.weight.severity > Severity::Low {
            print_alert(out, ring, wall)?;
        }
        last.ring = ring.number;
    }
    out.flush()?;
    Ok(last)
}

fn print(out: &mut impl io::Write, notice: &Told, wall: Wall) -> io::Result<()> {
    let time = table::time_of_day(wall.shows(notice.at));
    let who = notice.workstream.as_ref().map_or("ostler", |id| id.as_str());
    let mut lines = notice.text.lines();
    writeln!(out, "{time} {who:<10} {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:19} {line}", ""))
}

fn print_alert(out: &mut impl io::Write, ring: &Ring, wall: Wall) -> io::Result<()> {
    let Ring { at, alert, more, .. } = ring;
    let time = table::time_of_day(wall.shows(*at));
    let (severity, level) = (alert.weight.severity.word(), alert.weight.level.words());
    let more = if *more > 0 { format!(" (+{more} more)") } else { String::new() };
    writeln!(out, "{time} {:<10} alert, {severity}, {level}: {}{more}", alert.subject, alert.text)
}
