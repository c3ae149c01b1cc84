//! The sentry that a supervisor posts beside itself, so that somebody follows it if it dies.

use std::io::{self, Write as _};
use std::process::{ChildStdin, Command, Stdio};

use super::Supervisor;
use crate::config::plan::{OnSupervisorLoss, Plan};
use crate::core::notice::Severity;
use crate::keeper::launch::Program;
use crate::keeper::sentry::DISMISSED;

/// The line to a sentry, which takes its end for our own.
#[derive(Debug)]
pub(super) struct Sentry {
    line: ChildStdin,
}

impl Sentry {
    /// Starts a sentry; it belongs to nobody and outlives this process. None if nobody is to follow us.
    fn post(program: &Program, plan: &Plan) -> io::Result<Option<Self>> {
        let what = match plan.on_supervisor_loss {
            OnSupervisorLoss::Finish => return Ok(None),
            OnSupervisorLoss::Continue => "--all",
            OnSupervisorLoss::Stop => "--stop",
        };
        let mut apart = Command::new(&program.0)
            .args(["apart", "/"])
            .arg(&program.0)
            .args(["sentry", &plan.supervisor_grace.as_millis().to_string()])
            .arg(&plan.root)
            .arg(&program.0)
            .args(["worker", what])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let line = apart.stdin.take();
        let status = apart.wait()?;
        match line {
            Some(line) if status.success() => Ok(Some(Self { line })),
            _ => Err(io::Error::other(format!("{} sentry: {status}", program.0.display()))),
        }
    }

    fn dismiss(mut self) {
        // One that is gone needs no word.
        drop(self.line.write_all(&[DISMISSED]));
    }
}

impl Supervisor {
    /// Posts a sentry by the configuration in force, in the place of the one before.
    pub(super) fn post_sentry(&mut self) {
        let posted = Sentry::post(self.executor.program(), &self.plan());
        self.dismiss_sentry();
        match posted {
            Ok(sentry) => self.sentry = sentry,
            Err(error) => {
                let text = format!(
                    "no sentry could be posted ({error}): if this process dies, only running agents bring a worker back"
                );
                self.tell(None, Severity::Warning, text);
            }
        }
    }

    /// Tells the sentry that nobody has to follow us.
    pub(super) fn dismiss_sentry(&mut self) {
        if let Some(sentry) = self.sentry.take() {
            sentry.dismiss();
        }
    }
}
