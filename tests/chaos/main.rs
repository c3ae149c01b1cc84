//! The chaos campaign: whatever dies, no agent, no log byte and no exit status is lost, and no work runs twice.
//!
//! `cargo run --example chaos -- --rounds 200 --seed 1`. Every round is a project of its own with ten workstreams, whose
//! supervisors, workers, keepers and terminals are killed, stopped, cut off and replaced at random instants. When all has
//! come to rest, by itself wherever that is possible, what the agents noted themselves is held against what is on disk.

mod campaign;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use campaign::round::{Outcome, round};

/// How long a round is disturbed, in milliseconds.
const SPAN: Range<u64> = 4_000..10_000;

struct Arguments {
    rounds: u64,
    seed: u64,
    parallel: u64,
    minutes: Option<u64>,
    program: PathBuf,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("chaos: {why}");
            return ExitCode::from(2);
        }
    };
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let outcomes: Mutex<Vec<Outcome>> = Mutex::new(Vec::new());
    let is_over =
        || arguments.minutes.is_some_and(|minutes| begun.elapsed().as_secs() >= minutes * 60);
    std::thread::scope(|scope| {
        for _ in 0..arguments.parallel {
            scope.spawn(|| {
                while !is_over() {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= arguments.rounds {
                        return;
                    }
                    let outcome = round(&arguments.program, arguments.seed + number, SPAN);
                    println!("{outcome}");
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    summarize(&outcomes.into_inner().unwrap_or_else(PoisonError::into_inner), begun)
}

fn summarize(outcomes: &[Outcome], begun: Instant) -> ExitCode {
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, count) in outcomes.iter().flat_map(|outcome| &outcome.faults) {
        *faults.entry(kind).or_default() += count;
    }
    let sum = |count: fn(&Outcome) -> usize| outcomes.iter().map(count).sum::<usize>();
    println!("\n{} rounds in {} s", outcomes.len(), begun.elapsed().as_secs());
    for (kind, count) in &faults {
        println!("{count:6} {kind}");
    }
    println!("{:6} faults in all", faults.values().sum::<u64>());
    println!("{:6} attempts", sum(|outcome| outcome.attempts));
    println!("{:6} rounds that needed `ostler up` at their end", sum(|outcome| outcome.restarts));
    println!("{:6} violations", sum(|outcome| outcome.violations.len()));
    for outcome in outcomes.iter().filter(|outcome| !outcome.violations.is_empty()) {
        println!("\n--seed {} --rounds 1: kept in {}", outcome.seed, outcome.kept());
        for violation in &outcome.violations {
            println!("  {violation}");
        }
    }
    if sum(|outcome| outcome.violations.len()) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Result<Arguments, String> {
    let beside = || Some(std::env::current_exe().ok()?.parent()?.parent()?.join("ostler"));
    let mut found = Arguments {
        rounds: 20,
        seed: 1,
        parallel: 2,
        minutes: None,
        program: beside().unwrap_or_default(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|error| format!("{word} {value}: {error}"));
        match word.as_str() {
            "--rounds" => found.rounds = number()?,
            "--seed" => found.seed = number()?,
            "--parallel" => found.parallel = number()?,
            "--minutes" => found.minutes = Some(number()?),
            "--program" => found.program = PathBuf::from(&value),
            _ => {
                return Err(format!(
                    "there is no {word}; there are --rounds --seed --parallel --minutes --program"
                ));
            }
        }
    }
    if found.program.is_file() {
        Ok(found)
    } else {
        Err(format!("{} is not there; run `cargo build` first", found.program.display()))
    }
}
