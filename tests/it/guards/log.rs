//! An outcome log that is written by a test.

use std::time::Duration;

use ostler::core::history::{Guards, History};
use ostler::core::outcome::{End, Ended, Outcome, Say, What, Which};
use ostler::core::{AgentName, AttemptId, FailureClass, Timestamp, WorkstreamId};

/// A log, and what it amounts to.
#[derive(Default)]
pub struct Log {
    pub history: History,
    pub guards: Guards,
    pub now: Timestamp,
    attempts: u32,
}

/// Which attempt, in short.
#[derive(Clone, Debug)]
pub struct Attempt {
    agent: AgentName,
    which: Which,
}

impl Log {
    pub fn pass(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    pub fn begin(&mut self, workstream: &str, agent: &str) -> Attempt {
        self.attempts += 1;
        let which = Which {
            workstream: WorkstreamId::from(workstream),
            attempt: AttemptId(self.attempts),
            begun: self.now,
            inner: None,
        };
        let attempt = Attempt { agent: AgentName::from(agent), which: which.clone() };
        self.write(&attempt.agent, What::Began(which));
        attempt
    }

    /// Ends an attempt that did the work, with what its check said.
    pub fn succeed(&mut self, attempt: &Attempt) {
        self.end(attempt, End::Succeeded, None, |ended| ended.check = Some(true));
    }

    pub fn fail(&mut self, attempt: &Attempt, class: FailureClass) {
        let check = (class == FailureClass::CheckFailed).then_some(false);
        self.end(attempt, End::Failed, Some(class), |ended| ended.check = check);
    }

    /// Ends an attempt that failed with a stated time at which the agent will work again.
    pub fn fail_until(&mut self, attempt: &Attempt, class: FailureClass, reset: Timestamp) {
        self.end(attempt, End::Failed, Some(class), |ended| ended.reset = Some(reset));
    }

    pub fn end(
        &mut self,
        attempt: &Attempt,
        end: End,
        class: Option<FailureClass>,
        change: impl FnOnce(&mut Ended),
    ) {
        let mut ended = Ended {
            kind: None,
            which: attempt.which.clone(),
            end,
            class,
            took: Some(self.now.since(attempt.which.begun)),
            first_output: None,
            check: None,
            reset: None,
            tokens: None,
            cost_usd: None,
        };
        change(&mut ended);
        self.write(&attempt.agent, What::Ended(ended));
    }

    pub fn refuse(&mut self, workstream: &str, agent: &str) {
        let attempt = self.attempts + 1;
        self.attempts = attempt;
        let workstream = WorkstreamId::from(workstream);
        let which = Which { workstream, attempt: AttemptId(attempt), begun: self.now, inner: None };
        self.write(&AgentName::from(agent), What::Refused(which));
    }

    pub fn tell(&mut self, agent: &str, say: Say) {
        self.write(&AgentName::from(agent), What::Told { say });
    }

    pub fn write(&mut self, agent: &AgentName, what: What) {
        let outcome = Outcome { at: self.now, agent: agent.clone(), what };
        // As it is read back from the log.
        let line = serde_json::to_string(&outcome).unwrap();
        let outcome: Outcome = serde_json::from_str(&line).unwrap();
        self.history.take(&outcome, &self.guards);
    }

    /// What the breaker of an agent says now, in words.
    pub fn bar(&self, agent: &str) -> String {
        let bars = self.history.bars(self.now);
        let bar = bars.get(&AgentName::from(agent));
        bar.map_or_else(|| "closed".to_owned(), |bar| bar.words(self.now))
    }
}
