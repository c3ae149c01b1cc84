//! A scene: events one after the other, and their trace.

use std::fmt;
use std::time::Duration;

use ostler::core::definition::Definition;
use ostler::core::event::{CheckOutcome, ProbeOutcome, Target};
use ostler::core::phase::StartFrom;
use ostler::core::progress::{Progress, Source};
use ostler::core::verdict::{DiffSize, Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{
    Account, AttemptId, Effect, Event, FailureClass, Request, Timestamp, Workstream, resume,
};

use crate::world::sample::{evidence, process};
use crate::world::story::Moment;
use crate::world::trace;

/// A workstream and what has happened to it; each report takes a second.
pub struct Scene {
    pub workstream: Workstream,
    pub now: Timestamp,
    lines: Vec<String>,
}

impl Scene {
    /// Opens with a workstream that waits for its slot.
    pub fn new(definition: Definition) -> Self {
        let now = Timestamp(0);
        Self { workstream: Workstream::new(definition, now), now, lines: Vec::new() }
    }

    /// Opens with an agent at work.
    pub fn running(definition: Definition) -> Self {
        let mut scene = Self::new(definition);
        scene.admitted().prepared().started();
        scene
    }

    /// Tells the core, now.
    pub fn tell(&mut self, event: Event) -> &mut Self {
        let before = self.workstream.clone();
        let effects = self.workstream.step(&event, self.now);
        let resumed = if matches!(event, Event::Owned { .. }) {
            resume::effects(&self.workstream)
        } else {
            Vec::<Effect>::new()
        };
        let (at, after) = (self.now, self.workstream.clone());
        let moment = Moment { at, event, effects, undone: 0, resumed, before, after };
        self.lines.push(trace::line(&moment));
        self
    }

    /// Tells the core a second later.
    fn soon(&mut self, event: Event) -> &mut Self {
        self.wait(1).tell(event)
    }

    /// Lets so many seconds pass.
    pub fn wait(&mut self, seconds: u64) -> &mut Self {
        self.now = self.now + Duration::from_secs(seconds);
        self
    }

    /// Lets time pass until the deadline, and ticks.
    pub fn due(&mut self) -> &mut Self {
        if let Some(deadline) = self.workstream.deadline() {
            self.now = self.now.max(deadline);
        }
        self.tell(Event::Tick)
    }

    /// Writes a remark into the trace.
    pub fn note(&mut self, text: &str) -> &mut Self {
        self.lines.push(format!("        -- {text}"));
        self
    }

    /// Writes the explanation into the trace.
    pub fn explain(&mut self) -> &mut Self {
        let text = ostler::core::explain::explain(&self.workstream, None, self.now);
        self.lines.extend(text.lines().map(|line| format!("        ?? {line}")));
        self
    }

    pub fn attempt(&self) -> AttemptId {
        self.workstream.phase.launch().map(|launch| launch.attempt).unwrap_or_default()
    }

    pub fn admitted(&mut self) -> &mut Self {
        self.tell(Event::Admitted)
    }

    pub fn prepared(&mut self) -> &mut Self {
        let attempt = self.attempt();
        let (worktree, branch) = (".worktrees/ws-03".to_owned(), "ostler/ws-03".to_owned());
        self.soon(Event::Prepared { attempt, worktree, branch })
    }

    pub fn not_prepared(&mut self) -> &mut Self {
        let attempt = self.attempt();
        let error = "the branch is checked out elsewhere".to_owned();
        self.soon(Event::NotPrepared { attempt, error })
    }

    pub fn ready(&mut self) -> &mut Self {
        let attempt = self.attempt();
        self.soon(Event::Probed { attempt, outcome: ProbeOutcome::Ready })
    }

    pub fn refused(&mut self, why: &str) -> &mut Self {
        let attempt = self.attempt();
        self.soon(Event::Probed { attempt, outcome: ProbeOutcome::Refused(why.to_owned()) })
    }

    pub fn started(&mut self) -> &mut Self {
        let attempt = self.attempt();
        self.soon(Event::Started { attempt, keeper: process(100), agent: process(101) })
    }

    pub fn not_started(&mut self) -> &mut Self {
        let attempt = self.attempt();
        let error = "aider: no such program".to_owned();
        self.soon(Event::NotStarted { attempt, class: FailureClass::SpawnFailed, error })
    }

    pub fn active(&mut self, ago: u64) -> &mut Self {
        let attempt = self.attempt();
        let at = Timestamp(self.now.0 - ago * 1000);
        self.tell(Event::Active { attempt, at })
    }

    pub fn progress(&mut self, done: u32) -> &mut Self {
        let attempt = self.attempt();
        let progress = Progress { done, total: 10, text: String::new(), source: Source::Status };
        self.soon(Event::Progressed { attempt, progress })
    }

    /// The agent says something of itself.
    pub fn remarks(&mut self, words: &str) -> &mut Self {
        let (attempt, evidence) = (self.attempt(), evidence("aider.retrying#1", words));
        self.soon(Event::Remarked { attempt, evidence })
    }

    /// It asks the operator something, or goes on.
    pub fn waits(&mut self, question: Option<&str>) -> &mut Self {
        let (attempt, on) = (self.attempt(), question.map(|text| evidence("rule", text)));
        self.tell(Event::Waiting { attempt, on })
    }

    /// It says what it does not come out of by itself.
    pub fn hopeless(&mut self, class: FailureClass, words: &str) -> &mut Self {
        let (attempt, evidence) = (self.attempt(), evidence("codex.abort_on#1", words));
        self.tell(Event::Hopeless { attempt, class, evidence })
    }

    pub fn exited(&mut self, exit: Exit, by: EndedBy, verdict: Verdict, tree: Tree) -> &mut Self {
        self.wait(1);
        let attempt = self.attempt();
        let ended = Ended {
            exit,
            by,
            tree,
            verdict,
            at: self.now,
            log_bytes: 2048,
            short_of: None,
            account: Account::default(),
        };
        self.tell(Event::Exited { attempt, ended: Box::new(ended) })
    }

    /// The agent ends with words of success.
    pub fn succeeds(&mut self) -> &mut Self {
        let words = Verdict::Success(evidence("aider.done", "Applied edit to src/error.rs"));
        self.exited(Exit::Code(0), EndedBy::Itself, words, Tree::default())
    }

    /// The agent ends with a code and says nothing.
    pub fn exits(&mut self, code: i32) -> &mut Self {
        self.exited(Exit::Code(code), EndedBy::Itself, Verdict::Silent, Tree::default())
    }

    /// The agent ends with the words of a failure.
    pub fn fails(&mut self, class: FailureClass) -> &mut Self {
        self.fails_until(class, None)
    }

    /// The agent ends with the words of a failure that is over at a stated time.
    pub fn fails_until(&mut self, class: FailureClass, reset: Option<u64>) -> &mut Self {
        let reset = reset.map(|seconds| Timestamp(seconds * 1000));
        let evidence = evidence("aider.says", "the service said no");
        let verdict = Verdict::Failure { class, evidence, reset };
        self.exited(Exit::Code(0), EndedBy::Itself, verdict, Tree::default())
    }

    /// The agent ends because it was asked to.
    pub fn obeys(&mut self) -> &mut Self {
        let tree = Tree { ended: 3, left: 0 };
        self.exited(Exit::Signal(15), EndedBy::Request, Verdict::Silent, tree)
    }

    /// KILL ends all but so many processes.
    pub fn survives(&mut self, left: u32) -> &mut Self {
        let tree = Tree { ended: 1, left };
        let exit = Exit::Unknown("it did not end".to_owned());
        self.exited(exit, EndedBy::Request, Verdict::Silent, tree)
    }

    pub fn saved(&mut self, files: u32) -> &mut Self {
        let attempt = self.attempt();
        let diff = Some(DiffSize { files, added: files * 10, removed: files });
        self.soon(Event::Saved { attempt, diff, error: None })
    }

    pub fn checked(&mut self, outcome: CheckOutcome) -> &mut Self {
        let attempt = self.attempt();
        self.soon(Event::Checked { attempt, outcome })
    }

    pub fn passes(&mut self) -> &mut Self {
        self.checked(CheckOutcome::Passed)
    }

    pub fn check_fails(&mut self) -> &mut Self {
        self.checked(CheckOutcome::Failed("2 of 14 tests failed\nerror::display".to_owned()))
    }

    pub fn owned(&mut self, pid: u32) -> &mut Self {
        self.soon(Event::Owned { owner: process(pid) })
    }

    pub fn request(&mut self, request: Request) -> &mut Self {
        self.soon(Event::Operator(request))
    }

    pub fn stop(&mut self) -> &mut Self {
        self.request(Request::Stop)
    }

    pub fn kill(&mut self) -> &mut Self {
        self.request(Request::Kill)
    }

    pub fn retry(&mut self, tier: Option<usize>, note: Option<&str>) -> &mut Self {
        let note = note.map(str::to_owned);
        self.request(Request::Retry { tier, from: StartFrom::Current, note })
    }

    pub fn escalate(&mut self, to: Target) -> &mut Self {
        self.request(Request::Escalate { to, note: None })
    }

    pub fn extend(&mut self, seconds: u64) -> &mut Self {
        self.request(Request::Extend(Duration::from_secs(seconds)))
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}
