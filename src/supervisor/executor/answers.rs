//! What agents have answered lately when they were asked whether they can work, shared by all workstreams.
//!
//! Ten workstreams that start together ask once: whoever asks holds the question's lock, and the others wait for it. One
//! that is cancelled frees the lock without an answer, so the next one asks by itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::agents::probe::{self, ProbeOutcome};
use crate::config::plan::Agent;
use crate::core::notice::Notice;
use crate::core::{AgentName, WorkstreamId};

/// An agent that can work is not asked again for so long.
const READY: Duration = Duration::from_secs(30);
/// One that cannot is not asked again for so long.
const REFUSED: Duration = Duration::from_secs(10);

/// What agents have answered lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Arc<std::sync::Mutex<HashMap<Question, Cell>>>);

/// The lock of a question, and its last answer.
type Cell = Arc<Mutex<Option<Answer>>>;

/// What is asked: the same agent with the same probe in the same environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    agent: AgentName,
    probe: Vec<String>,
    env: BTreeMap<String, String>,
}

/// Which answer is good enough, and for how long a new one holds if the agent can work.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    left: Duration,
    holds: Duration,
}

/// An answer, and who has heard it.
#[derive(Debug)]
struct Answer {
    outcome: ProbeOutcome,
    until: Instant,
    told: HashSet<WorkstreamId>,
}

impl Answers {
    /// Returns whether an agent can work, as it said lately, or asks it now.
    ///
    /// A workstream that has heard a refusal and comes again wants to know whether it still holds, so it asks anew.
    pub(super) async fn ask(
        &self,
        id: &WorkstreamId,
        agent: &Agent,
        cwd: &Path,
        ostler: &Path,
    ) -> ProbeOutcome {
        self.ask_for(id, agent, (cwd, ostler), Wanted { left: Duration::ZERO, holds: READY }).await
    }

    /// Asks an agent ahead of the time when it is wanted, so that the answer holds until it is asked ahead again.
    pub(super) async fn ask_ahead(
        &self,
        id: &WorkstreamId,
        agent: &Agent,
        (cwd, ostler): (&Path, &Path),
        every: Duration,
    ) -> ProbeOutcome {
        let wanted = Wanted { left: every / 2, holds: every + READY };
        self.ask_for(id, agent, (cwd, ostler), wanted).await
    }

    async fn ask_for(
        &self,
        id: &WorkstreamId,
        agent: &Agent,
        (cwd, ostler): (&Path, &Path),
        wanted: Wanted,
    ) -> ProbeOutcome {
        let Some(command) = agent.probe.as_ref().filter(|_| agent.unavailable.is_none()) else {
            return probe::probe(agent, cwd, ostler).await;
        };
        let question =
            Question { agent: agent.name.clone(), probe: command.clone(), env: agent.env.clone() };
        let cell = self.cell(question);
        let mut last = cell.lock().await;
        if let Some(answer) = last.as_mut().filter(|it| Instant::now() + wanted.left < it.until) {
            let is_new = answer.told.insert(id.clone());
            if is_new || answer.outcome == ProbeOutcome::Ready {
                return answer.outcome.clone();
            }
        }
        let outcome = probe::probe(agent, cwd, ostler).await;
        let holds = match outcome {
            ProbeOutcome::Ready => wanted.holds,
            ProbeOutcome::Refused(_) => REFUSED,
        };
        let told = HashSet::from([id.clone()]);
        *last = Some(Answer { outcome: outcome.clone(), until: Instant::now() + holds, told });
        outcome
    }

    /// Forgets that an agent said that it can work, if the notice says that its service has just refused it.
    pub(super) fn hear(&self, notice: &Notice) {
        let Notice::Failed { agent, class, .. } = notice else { return };
        if !class.is_of_the_service() {
            return;
        }
        let is_ready = |cell: &Cell| {
            // One that is being asked right now answers anew.
            let last = cell.try_lock();
            last.is_ok_and(|last| last.as_ref().is_some_and(Answer::is_ready))
        };
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.retain(|question, cell| question.agent != *agent || !is_ready(cell));
    }

    fn cell(&self, question: Question) -> Cell {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry(question).or_default())
    }
}

impl Answer {
    fn is_ready(&self) -> bool {
        self.outcome == ProbeOutcome::Ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::core::{AttemptId, FailureClass};

    /// A place, and an agent whose probe counts how often it is asked there and says what `says` does.
    fn asked(says: &str) -> (tempfile::TempDir, Agent) {
        let place = tempfile::tempdir().expect("a directory");
        let count = place.path().join("count").display().to_string();
        let text = format!(
            "agents: {{ a: {{ command: ['true'], probe: [sh, -c, 'echo x >> {count}; {says}'] }} }}\n"
        );
        std::fs::write(place.path().join("ostler.yaml"), text).expect("written");
        let loaded = config::load(place.path(), None).expect("a configuration");
        let agent = loaded.plan.agents.values().next().expect("an agent").clone();
        (place, agent)
    }

    /// A program that is called like ours and runs what it is told to, tied to nobody.
    fn untied() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/programs/untied"))
    }

    fn count(place: &Path) -> usize {
        std::fs::read_to_string(place.join("count")).map_or(0, |text| text.lines().count())
    }

    fn id(number: usize) -> WorkstreamId {
        WorkstreamId::from(format!("ws-{number}").as_str())
    }

    #[tokio::test]
    async fn ten_that_ask_together_ask_once() {
        let (place, agent) = asked("sleep 0.2");
        let answers = Answers::default();
        let asking: Vec<_> = (0..10)
            .map(|number| {
                let (answers, agent) = (answers.clone(), agent.clone());
                let place = place.path().to_owned();
                tokio::spawn(
                    async move { answers.ask(&id(number), &agent, &place, untied()).await },
                )
            })
            .collect();
        for one in asking {
            assert_eq!(one.await.expect("asked"), ProbeOutcome::Ready);
        }
        assert_eq!(count(place.path()), 1);
        let mut other = agent.clone();
        other.env.insert("KEY".to_owned(), "another".to_owned());
        assert_eq!(answers.ask(&id(0), &other, place.path(), untied()).await, ProbeOutcome::Ready);
        assert_eq!(count(place.path()), 2);
    }

    #[tokio::test]
    async fn a_refusal_is_told_once_to_each_and_then_asked_for_again() {
        let (place, agent) = asked("echo no key; exit 1");
        let answers = Answers::default();
        for number in [1, 2, 1] {
            let outcome = answers.ask(&id(number), &agent, place.path(), untied()).await;
            assert!(matches!(&outcome, ProbeOutcome::Refused(why) if why.contains("no key")));
        }
        assert_eq!(count(place.path()), 2);
    }

    /// A notice that this agent failed in this way.
    fn failed(agent: &str, class: FailureClass) -> Notice {
        let (attempt, reason) = (AttemptId(1), "no".to_owned());
        Notice::Failed { attempt, agent: AgentName::from(agent), class, reason }
    }

    #[tokio::test]
    async fn one_that_was_ready_is_asked_again_after_its_service_has_refused_it() {
        let (place, agent) = asked("true");
        let answers = Answers::default();
        let (auth, crash) = (FailureClass::Auth, FailureClass::Crashed);
        for (number, (name, class), asks) in [
            (1, ("a", auth), 1),
            (2, ("other", auth), 1),
            (3, ("a", crash), 1),
            (4, ("a", auth), 2),
        ] {
            answers.hear(&failed(name, class));
            let outcome = answers.ask(&id(number), &agent, place.path(), untied()).await;
            assert_eq!((outcome, count(place.path())), (ProbeOutcome::Ready, asks));
        }
        // A refusal holds for as long as it does.
        let (place, agent) = asked("exit 1");
        for number in [1, 2] {
            answers.ask(&id(number), &agent, place.path(), untied()).await;
            answers.hear(&failed("a", FailureClass::Auth));
        }
        assert_eq!(count(place.path()), 1);
    }

    #[tokio::test]
    async fn one_that_is_cancelled_leaves_the_question_to_the_next() {
        let (place, agent) = asked("test $(wc -l < count) -ge 2 || sleep 1000");
        let answers = Answers::default();
        let (first, asking) = (answers.clone(), agent.clone());
        let there = place.path().to_owned();
        let first = tokio::spawn(async move { first.ask(&id(1), &asking, &there, untied()).await });
        while count(place.path()) == 0 {
            tokio::task::yield_now().await;
        }
        first.abort();
        assert!(first.await.is_err());
        assert_eq!(answers.ask(&id(2), &agent, place.path(), untied()).await, ProbeOutcome::Ready);
        assert_eq!(count(place.path()), 2);
    }
}
