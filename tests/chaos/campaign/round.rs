//! One round: a project is run, disturbed, left alone, and judged.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use super::faults::Done;
use super::place::Place;
use super::rng::Rng;
use super::system::{processes, supervisors};
use super::verify;

/// Everything comes to rest within this time after the last disturbance.
const REST_LIMIT: Duration = Duration::from_secs(150);
/// Nobody looks after what is left for so long before the round does.
const ALONE_LIMIT: Duration = Duration::from_secs(15);
/// What is at rest leaves no process behind for longer than this.
const GONE_LIMIT: Duration = Duration::from_secs(20);

/// What came of a round.
#[derive(Debug, Default)]
pub struct Outcome {
    pub seed: u64,
    pub faults: BTreeMap<&'static str, u64>,
    pub violations: Vec<String>,
    pub attempts: usize,
    pub restarts: usize,
    seconds: u64,
    root: Option<PathBuf>,
}

impl Outcome {
    pub fn kept(&self) -> String {
        self.root.as_ref().map_or_else(String::new, |root| root.display().to_string())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: u64 = self.faults.values().sum();
        write!(
            f,
            "seed {:4}: {:3} faults, {:3} attempts, {} restarts, {:3} s, {} violations",
            self.seed,
            faults,
            self.attempts,
            self.restarts,
            self.seconds,
            self.violations.len()
        )?;
        self.violations.iter().try_for_each(|violation| write!(f, "\n    {violation}"))
    }
}

/// Makes one round, disturbed for so many milliseconds; its directory is kept if anything is violated.
pub fn round(program: &Path, seed: u64, span: Range<u64>) -> Outcome {
    let begun = Instant::now();
    let mut rng = Rng::new(seed);
    let mut outcome = Outcome { seed, ..Outcome::default() };
    let mut done = Done::default();
    let made = Place::make(program, seed, &mut rng);
    match made {
        Err(error) => outcome.violations.push(format!("the project could not be made: {error}")),
        Ok(mut place) => {
            outcome.root = Some(place.root.clone());
            if let Err(error) = play(&mut place, &mut done, (&mut rng, span), &mut outcome) {
                outcome.violations.push(format!("the round could not go on: {error}"));
            }
            outcome.violations.append(&mut done.violations);
            clean_up(&place, &mut done);
            if let Some(disk) = place.disk.take() {
                if !outcome.violations.is_empty() {
                    disk.copy_to(&place.root.join("state-kept"));
                }
                drop(disk);
            }
            if outcome.violations.is_empty() && fs::remove_dir_all(&place.root).is_err() {
                outcome.violations.push("its directory could not be removed".to_owned());
            }
        }
    }
    outcome.faults = std::mem::take(&mut done.faults);
    outcome.seconds = begun.elapsed().as_secs();
    outcome
}

fn play(
    place: &mut Place,
    done: &mut Done,
    (rng, span): (&mut Rng, Range<u64>),
    outcome: &mut Outcome,
) -> io::Result<()> {
    if rng.chance(50) {
        done.headless(place)?;
    } else {
        done.screen(place, &["up"])?;
    }
    let span = Duration::from_millis(rng.range(span.start, span.end));
    let begun = Instant::now();
    while begun.elapsed() < span {
        pause(place, done, Duration::from_millis(rng.range(50, 900)));
        done.strike(place, rng)?;
    }
    done.calm(place);
    let status = rest(place, done, outcome)?;
    gone(place, done, outcome);
    outcome.attempts = place.noted("starts").lines().count();
    verify::verify(place, done, &status, &mut outcome.violations);
    Ok(())
}

fn pause(place: &Place, done: &mut Done, span: Duration) {
    let until = Instant::now() + span;
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
        done.attend(place, Instant::now());
    }
}

/// Waits until nothing happens any more by itself, and returns what `status --json` says then.
fn rest(place: &mut Place, done: &mut Done, outcome: &mut Outcome) -> io::Result<Value> {
    let begun = Instant::now();
    let mut alone_since: Option<Instant> = None;
    loop {
        pause(place, done, Duration::from_millis(500));
        let said = place.run(Command::new(&place.program).args(["status", "--json"]))?;
        let status: Value = serde_json::from_str(&said.out).unwrap_or_default();
        if said.code == Some(0) && is_at_rest(&status) {
            return Ok(status);
        }
        if begun.elapsed() > REST_LIMIT {
            let phases = phases(&status);
            outcome.violations.push(format!("it does not come to rest: {phases} {}", said.error));
            return Ok(status);
        }
        if supervisors(&place.root).is_empty() || is_left_alone(&status) {
            let since = *alone_since.get_or_insert_with(Instant::now);
            if since.elapsed() > ALONE_LIMIT {
                outcome.restarts += 1;
                alone_since = None;
                done.headless(place)?;
            }
        } else {
            alone_since = None;
        }
    }
}

/// Says whether something goes on that nobody runs: a supervisor may be killed before it owns anything, while a worker of
/// one workstream lives.
fn is_left_alone(status: &Value) -> bool {
    workstreams(status).any(|it| {
        let phase = it["phase"].as_str().unwrap_or("");
        !is_final(phase) && it["owner_pid"].is_null()
    })
}

fn workstreams(status: &Value) -> impl Iterator<Item = &Value> {
    status["workstreams"].as_array().into_iter().flatten()
}

fn phases(status: &Value) -> String {
    let words = workstreams(status).map(|it| {
        format!("{}={} owner {} {}", it["id"], it["phase"], it["owner_pid"], it["trouble"])
    });
    words.collect::<Vec<_>>().join(", ")
}

fn is_final(phase: &str) -> bool {
    matches!(phase, "done" | "failed" | "stopped" | "escalated" | "lost")
}

fn is_at_rest(status: &Value) -> bool {
    let phase_of = |id: &Value| {
        let found = workstreams(status).find(|it| it["id"] == *id);
        found.and_then(|it| it["phase"].as_str()).unwrap_or("").to_owned()
    };
    workstreams(status).count() > 0
        && workstreams(status).all(|it| {
            let phase = it["phase"].as_str().unwrap_or("");
            let is_stuck = || {
                let after = it["after"].as_array().into_iter().flatten();
                let mut phases = after.map(phase_of);
                phases.any(|phase| is_final(&phase) && phase != "done")
            };
            is_final(phase) || (phase == "queued" && is_stuck())
        })
}

/// Waits until no process of the round is left.
fn gone(place: &Place, done: &mut Done, outcome: &mut Outcome) {
    let begun = Instant::now();
    loop {
        pause(place, done, Duration::from_millis(200));
        let left = processes(&place.root);
        if left.is_empty() {
            return;
        }
        if begun.elapsed() > GONE_LIMIT {
            for found in left {
                let text = format!("left at the end: {} {}", found.process.pid, found.words);
                outcome.violations.push(text);
            }
            return;
        }
    }
}

/// Whatever was found, nothing outlives its round.
fn clean_up(place: &Place, done: &mut Done) {
    for _ in 0..50 {
        let left = processes(&place.root);
        if left.is_empty() {
            break;
        }
        for found in left {
            found.signal(Signal::KILL);
        }
        pause(place, done, Duration::from_millis(100));
    }
    for screen in &mut done.screens {
        drop(screen.child.wait());
    }
    for child in &mut done.children {
        drop(child.wait());
    }
}
