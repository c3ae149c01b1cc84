//! Events and effects in a few words.

use ostler::core::event::{CheckOutcome, ProbeOutcome, Target};
use ostler::core::phase::StartFrom;
use ostler::core::policy::RetryMode;
use ostler::core::time::clock;
use ostler::core::verdict::{Ended, EndedBy, Exit, Verdict};
use ostler::core::{Effect, Event, Intent, Launch, Request, Timestamp, Workstream};

use super::story::Moment;

/// Returns a moment as one line: time, event, phase, effects.
pub fn line(moment: &Moment) -> String {
    let all: Vec<String> =
        moment.effects.iter().chain(&moment.resumed).map(effect).collect::<Vec<_>>();
    let text = format!(
        "{} {:<34} {:<12} {}",
        time(moment.at),
        event(&moment.event),
        state(&moment.after),
        all.join(" · ")
    );
    text.trim_end().to_owned()
}

/// Returns a time as `m:ss`, with tenths where there are any.
pub fn time(at: Timestamp) -> String {
    let tenths = at.0 % 1000 / 100;
    let rest = if tenths == 0 { String::new() } else { format!(".{tenths}") };
    let text = format!("{}:{:02}{rest}", at.0 / 60_000, at.0 / 1000 % 60);
    format!("{text:>7}")
}

/// Returns the phase, and the intent if it is not to run.
pub fn state(workstream: &Workstream) -> String {
    let word = workstream.phase.word();
    match &workstream.intent {
        Intent::Run => word.to_string(),
        Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
            format!("{word}+{}", workstream.intent.word())
        }
    }
}

/// Returns an event in a few words.
pub fn event(event: &Event) -> String {
    match event {
        Event::Defined(_) => "defined".to_owned(),
        Event::Operator(request) => format!("operator: {}", self::request(request)),
        Event::Admitted => "admitted".to_owned(),
        Event::Prepared { attempt, .. } => format!("prepared {attempt}"),
        Event::NotPrepared { attempt, .. } => format!("not prepared {attempt}"),
        Event::Barred(guarded) => format!("barred {}", guarded.bars.len()),
        Event::Probed { attempt, outcome } => match outcome {
            ProbeOutcome::Ready => format!("probed {attempt} ready"),
            ProbeOutcome::OnTrial(_) => format!("probed {attempt} on trial"),
            ProbeOutcome::Refused(_) => format!("probed {attempt} refused"),
        },
        Event::Warmed { agent, refused: None } => format!("warmed {agent}"),
        Event::Warmed { agent, refused: Some(_) } => format!("warmed {agent} refused"),
        Event::Transferred { attempt, .. } => format!("transferred {attempt}"),
        Event::Started { attempt, .. } => format!("started {attempt}"),
        Event::NotStarted { attempt, class, .. } => format!("not started {attempt} {class}"),
        Event::Active { attempt, at } => format!("active {attempt} at {}", time(*at).trim()),
        Event::Progressed { attempt, progress } => {
            format!("progress {attempt} {}/{}", progress.done, progress.total)
        }
        Event::Remarked { attempt, .. } => format!("remark {attempt}"),
        Event::Hopeless { attempt, class, .. } => format!("hopeless {attempt} {class}"),
        Event::Waiting { attempt, on } => match on {
            Some(_) => format!("waiting {attempt}"),
            None => format!("goes on {attempt}"),
        },
        Event::Accounted { attempt, account } => format!("account {attempt} {}", account.usage),
        Event::Exited { attempt, ended } => format!("exited {attempt} {}", self::ended(ended)),
        Event::Saved { attempt, diff, error } => match (diff, error) {
            (_, Some(_)) => format!("saved {attempt} error"),
            (Some(diff), None) => format!("saved {attempt} files {}", diff.files),
            (None, None) => format!("saved {attempt} unknown"),
        },
        Event::Checked { attempt, outcome } => {
            let word = match outcome {
                CheckOutcome::Passed => "passed",
                CheckOutcome::Failed(_) => "failed",
                CheckOutcome::Starved(_) => "starved",
                CheckOutcome::TimedOut => "timed out",
                CheckOutcome::NotRun(_) => "not run",
            };
            format!("checked {attempt} {word}")
        }
        Event::Slept(span) => format!("slept {}", clock(*span)),
        Event::Owned { owner } => format!("owned by {}", owner.pid),
        Event::Tick => "tick".to_owned(),
    }
}

fn ended(ended: &Ended) -> String {
    let exit = match &ended.exit {
        Exit::Code(code) => format!("code {code}"),
        Exit::Signal(signal) => format!("signal {signal}"),
        Exit::NotStarted(_) => "never ran".to_owned(),
        Exit::Unknown(_) => "unknown".to_owned(),
    };
    let by = match ended.by {
        EndedBy::Itself => "",
        EndedBy::Request => " by request",
        EndedBy::Deadline => " by deadline",
        EndedBy::KeeperLost => " keeper lost",
        EndedBy::Reboot => " reboot",
    };
    let verdict = match &ended.verdict {
        Verdict::Success(_) => " success".to_owned(),
        Verdict::Failure { class, .. } => format!(" {class}"),
        Verdict::Silent => String::new(),
    };
    let left =
        if ended.tree.left > 0 { format!(" left {}", ended.tree.left) } else { String::new() };
    format!("{exit}{by}{verdict}{left}")
}

/// Returns a request in a few words.
pub fn request(request: &Request) -> String {
    match request {
        Request::Retry { tier, from, note } => {
            let tier = tier.map_or_else(String::new, |tier| format!(" tier {tier}"));
            let note = note.as_ref().map_or_else(String::new, |note| format!(" “{note}”"));
            format!("retry{tier}{}{note}", start(from))
        }
        Request::RetryWith { tier, from, prompt } => {
            let tier = tier.map_or_else(String::new, |tier| format!(" tier {tier}"));
            format!("retry{tier}{} with “{prompt}”", start(from))
        }
        Request::Stop => "stop".to_owned(),
        Request::Kill => "kill".to_owned(),
        Request::Escalate { to: Target::Next, .. } => "escalate next".to_owned(),
        Request::Escalate { to: Target::Tier(tier), .. } => format!("escalate tier {tier}"),
        Request::Escalate { to: Target::Person, .. } => "escalate person".to_owned(),
        Request::Extend(by) => format!("extend {}", clock(*by)),
        Request::Input(_) => "input".to_owned(),
        Request::Accept => "accept".to_owned(),
        Request::Take { attempt, contestant } => format!("take {attempt}.{contestant}"),
        Request::GiveUp => "give up".to_owned(),
        Request::Undo(request) => format!("undo {}", self::request(request)),
    }
}

fn start(from: &StartFrom) -> String {
    match from {
        StartFrom::Current => String::new(),
        StartFrom::Clean => " from clean".to_owned(),
        StartFrom::Attempt(id) => format!(" from {id}"),
        StartFrom::Contestant(id, number) => format!(" from {id}.{number}"),
    }
}

/// Returns an effect in a few words.
pub fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Prepare(attempt) => format!("PREPARE {attempt}"),
        Effect::Probe(launch) => format!("PROBE {}", self::launch(launch)),
        Effect::Warm(tier) => format!("WARM tier {tier}"),
        Effect::Spawn { launch, .. } => format!("SPAWN {}", self::launch(launch)),
        Effect::Watch(attempt) => format!("WATCH {attempt}"),
        Effect::Stop { attempt, grace } => format!("STOP {attempt} grace {}", clock(*grace)),
        Effect::Kill(attempt) => format!("KILL {attempt}"),
        Effect::Inspect(attempt) => format!("INSPECT {attempt}"),
        Effect::Extend { attempt, hard_at } => {
            format!("EXTEND {attempt} to {}", time(*hard_at).trim())
        }
        Effect::Input { attempt, .. } => format!("INPUT {attempt}"),
        Effect::Save(attempt) => format!("SAVE {attempt}"),
        Effect::Check(attempt) => format!("CHECK {attempt}"),
        Effect::CancelCheck(attempt) => format!("CANCEL CHECK {attempt}"),
        Effect::Release(attempt) => format!("RELEASE {attempt}"),
        Effect::Notice(notice) => format!("“{notice}”"),
    }
}

fn launch(launch: &Launch) -> String {
    let mode = match launch.mode {
        RetryMode::Plain => String::new(),
        RetryMode::Clean => " clean".to_owned(),
        RetryMode::Feedback => " feedback".to_owned(),
        RetryMode::Simpler => " simpler".to_owned(),
        RetryMode::Compact(percent) => format!(" compact {percent} %"),
        RetryMode::Take => " take".to_owned(),
    };
    let note = launch.note.as_ref().map_or_else(String::new, |note| format!(" “{note}”"));
    let who: Vec<String> =
        launch.entrants.iter().map(|it| format!("{} {}", it.number, it.agent)).collect();
    let who = if who.is_empty() { String::new() } else { format!(" [{}]", who.join(", ")) };
    format!("{} tier {}{mode}{}{note}{who}", launch.attempt, launch.tier, start(&launch.from))
}
