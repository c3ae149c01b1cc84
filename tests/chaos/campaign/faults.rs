//! What is done to a round while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::place::{Place, WORKSTREAMS, name};
use super::rng::Rng;
use super::screen::Screen;
use super::system::{Found, Role, processes};

/// A command for a person is answered within this time, whatever is stopped.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// Supervisors at the same time.
const MOST: usize = 4;

/// What was done, and what is needed to judge what came of it.
#[derive(Default)]
pub struct Done {
    /// How many of each kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// The run directories whose keepers were killed.
    pub keepers: BTreeSet<PathBuf>,
    /// The agents that were killed.
    pub agents: BTreeSet<u32>,
    /// Requests that were acknowledged: workstream and the request's word in the journal.
    pub acknowledged: Vec<(String, &'static str)>,
    /// What went wrong on the spot.
    pub violations: Vec<String>,
    pub screens: Vec<Screen>,
    pub children: Vec<Child>,
    stopped: Vec<(Instant, Found)>,
    full_until: Option<Instant>,
}

impl Done {
    fn count(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// Starts a supervisor without a screen.
    pub fn headless(&mut self, place: &mut Place) -> io::Result<()> {
        let log = place.log("headless")?;
        let mut command = place.ostler(&["up", "--headless"]);
        self.children.push(command.stdout(log.try_clone()?).stderr(log).spawn()?);
        Ok(())
    }

    /// Opens a screen.
    pub fn screen(&mut self, place: &Place, arguments: &[&str]) -> io::Result<()> {
        self.screens.push(Screen::open(place, arguments)?);
        Ok(())
    }

    /// Lets those go on that were stopped for long enough, frees the disk when it is time, and reaps who has ended.
    pub fn attend(&mut self, place: &Place, now: Instant) {
        if self.full_until.is_some_and(|until| now >= until) {
            self.free(place);
        }
        self.stopped.retain(|(until, found)| {
            let over = now >= *until;
            if over {
                found.signal(Signal::CONT);
            }
            !over
        });
        self.children.retain_mut(|child| !matches!(child.try_wait(), Ok(Some(_))));
        for screen in &mut self.screens {
            drop(screen.child.try_wait());
        }
    }

    fn fill(&mut self, place: &Place, rng: &mut Rng) {
        if let Some(disk) = &place.disk {
            disk.fill();
            self.full_until = Some(Instant::now() + Duration::from_millis(rng.range(200, 3000)));
            self.count("full disk");
        }
    }

    fn free(&mut self, place: &Place) {
        self.full_until = None;
        if let Some(disk) = &place.disk {
            disk.free();
        }
    }

    /// Ends what disturbs: all go on, there is space, and every terminal is closed.
    pub fn calm(&mut self, place: &Place) {
        self.free(place);
        for (_, found) in self.stopped.drain(..) {
            found.signal(Signal::CONT);
        }
        for screen in &mut self.screens {
            screen.cut();
        }
    }

    /// Does one thing.
    pub fn strike(&mut self, place: &mut Place, rng: &mut Rng) -> io::Result<()> {
        let all = processes(&place.root);
        let hosts: Vec<&Found> = all.iter().filter(|it| it.role == Role::Supervisor).collect();
        let keepers: Vec<&Found> =
            all.iter().filter(|it| matches!(it.role, Role::Keeper(_))).collect();
        match rng.range(0, 100) {
            0..16 => self.hit(rng.pick(&hosts).copied(), Signal::KILL, "kill -9 of a supervisor"),
            16..24 => self.hit(rng.pick(&hosts).copied(), Signal::TERM, "TERM to a supervisor"),
            24..31 => self.stop(rng.pick(&hosts).copied(), rng, "STOP and CONT of a supervisor"),
            31..39 => {
                if let Some(found) = rng.pick(&keepers) {
                    if let Role::Keeper(run) = &found.role {
                        self.keepers.insert(run.clone());
                    }
                    self.hit(Some(found), Signal::KILL, "kill -9 of a keeper");
                }
            }
            39..43 => self.stop(rng.pick(&keepers).copied(), rng, "STOP and CONT of a keeper"),
            43..46 => self.hit(rng.pick(&keepers).copied(), Signal::TERM, "TERM to a keeper"),
            46..50 => {
                let agents: Vec<&Found> = all.iter().filter(|it| it.role == Role::Agent).collect();
                if let Some(found) = rng.pick(&agents) {
                    self.agents.insert(found.process.pid);
                    self.hit(Some(found), Signal::KILL, "kill -9 of an agent");
                }
            }
            50..58 => {
                let open = self.screens.iter_mut().find(|screen| !screen.is_cut());
                if let Some(screen) = open {
                    screen.cut();
                    self.count("terminal cut");
                }
            }
            58..63 => {
                let open = self.screens.iter_mut().find(|screen| !screen.is_cut());
                if let Some(screen) = open {
                    screen.type_in("q");
                    self.count("screen left by q");
                }
            }
            63..70 if hosts.len() < MOST => {
                self.headless(place)?;
                self.count("another headless supervisor");
            }
            70..78 if hosts.len() < MOST => {
                let id = name(usize::try_from(rng.range(0, WORKSTREAMS as u64)).unwrap_or(0));
                let attach = ["attach", id.as_str()];
                let arguments: &[&str] = if rng.chance(50) { &attach } else { &["up"] };
                self.screen(place, arguments)?;
                self.count("another screen");
            }
            78..82 => self.fill(place, rng),
            82..86 => {
                let id = name(usize::try_from(rng.range(0, WORKSTREAMS as u64)).unwrap_or(0));
                self.command(place, &["detach", &id], None)?;
                self.count("detach");
            }
            86.. => self.operate(place, rng)?,
            _ => {}
        }
        Ok(())
    }

    fn hit(&mut self, found: Option<&Found>, signal: Signal, kind: &'static str) {
        if found.is_some_and(|found| found.signal(signal)) {
            self.count(kind);
        }
    }

    fn stop(&mut self, found: Option<&Found>, rng: &mut Rng, kind: &'static str) {
        if let Some(found) = found.filter(|found| found.signal(Signal::STOP)) {
            let span = Duration::from_millis(rng.range(200, 4000));
            self.stopped.push((Instant::now() + span, found.clone()));
            self.count(kind);
        }
    }

    fn operate(&mut self, place: &Place, rng: &mut Rng) -> io::Result<()> {
        const REQUESTS: [(&[&str], &str); 6] = [
            (&["stop"], "stop"),
            (&["kill"], "kill"),
            (&["retry"], "retry"),
            (&["retry", "--clean"], "retry"),
            (&["escalate"], "escalate"),
            (&["escalate", "--to", "person"], "escalate"),
        ];
        let id = name(usize::try_from(rng.range(0, WORKSTREAMS as u64)).unwrap_or(0));
        let Some((words, kind)) = rng.pick(&REQUESTS) else { return Ok(()) };
        let mut arguments = words.to_vec();
        arguments.insert(1, &id);
        self.command(place, &arguments, Some(kind))?;
        self.count("operator's command");
        Ok(())
    }

    /// Runs a command as an operator does; what is stopped meanwhile goes on in its own time.
    fn command(
        &mut self,
        place: &Place,
        arguments: &[&str],
        kind: Option<&'static str>,
    ) -> io::Result<()> {
        let begun = Instant::now();
        let said = place.run(Command::new(&place.program).args(arguments))?;
        let took = begun.elapsed();
        if said.code.is_none() || took > ANSWER_LIMIT {
            self.violations.push(format!("`ostler {}` took {took:?}", arguments.join(" ")));
        }
        if said.error.contains("panicked") {
            self.violations.push(format!("`ostler {}`: {}", arguments.join(" "), said.error));
        }
        match kind {
            Some(kind) if said.code == Some(0) => {
                let id = (*arguments.get(1).unwrap_or(&"")).to_owned();
                self.acknowledged.push((id, kind));
            }
            Some(_) => self.count("(operator's commands that were refused)"),
            None => {}
        }
        Ok(())
    }
}
