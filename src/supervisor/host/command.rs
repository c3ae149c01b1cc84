//! What operators and other processes want.

use std::time::Duration;

use tokio::sync::oneshot;

use super::handover::{Claim, RUN_HERE, is_at_rest};
use super::step::Stepped;
use super::{Ending, Supervisor};
use crate::core::notice::Severity;
use crate::core::{Event, Request, WorkstreamId};
use crate::ipc::client;
use crate::ipc::protocol::{Answer, Ask};
use crate::supervisor::alone::refusal;
use crate::supervisor::inbox::{Command, Launches, Message};
use crate::supervisor::ownership;

/// A request that is passed on to another supervisor is answered within this time.
const FORWARD_LIMIT: Duration = Duration::from_secs(5);

impl Supervisor {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Request(id, request) => self.request(&id, request),
            Command::Touch(id, attempt, touch) => self.touch(&id, attempt, touch),
            Command::Detach(id) => self.detach(id),
            Command::Attach(id) => self.attach(&id),
            Command::Breaker(agent, say) => self.say_of_breaker(&agent, say),
            Command::Pause(launches) => {
                self.launches = launches;
                let text = match launches {
                    Launches::Open => "launches go on",
                    Launches::Paused => "launches are paused; what runs goes on",
                };
                self.tell(None, Severity::Info, text.to_owned());
            }
            Command::Acknowledge(key) => self.acknowledge(key),
            Command::Recall(key) => self.recall(&key),
            Command::Leave => self.leave(),
            Command::StopAll => self.stop_all(),
        }
    }

    pub(super) fn asked(&mut self, ask: Ask, reply: oneshot::Sender<Answer>) {
        match ask {
            Ask::Release { workstream } => self.let_go(workstream, reply),
            Ask::Ping => {
                let _gone = reply.send(Answer::Done);
            }
            Ask::Touch { workstream, attempt, touch } => {
                let _gone = reply.send(self.touched(&workstream, attempt, touch));
            }
            Ask::Request { workstream, request } => {
                let _gone = reply.send(self.asked_of(&workstream, request));
            }
        }
    }

    /// Takes a request of another process, which is told if the rules refuse it.
    fn asked_of(&mut self, id: &WorkstreamId, request: Request) -> Answer {
        let Some(member) = self.members.get(id).filter(|member| member.is_ours()) else {
            return Answer::Elsewhere;
        };
        if let Some(why) = refusal(&member.state, &request, self.clock.now()) {
            return Answer::Refused(format!("{id}: {why}"));
        }
        match self.step_now(id, &Event::Operator(request)) {
            Stepped::Taken => Answer::Done,
            Stepped::Unwritten(why) => {
                Answer::Refused(format!("it cannot be written down, so nothing was done: {why}"))
            }
            Stepped::NotOurs => Answer::Elsewhere,
        }
    }

    /// Passes a request to whoever owns the workstream; what nobody owns becomes ours.
    fn request(&mut self, id: &WorkstreamId, request: Request) {
        self.take(id);
        let Some(member) = self.members.get(id) else {
            self.tell(None, Severity::Warning, format!("there is no workstream {id}"));
            return;
        };
        if member.is_ours() {
            self.step(id, &Event::Operator(request));
            return;
        }
        let (owner, sender, id) = (ownership::owner(member.dir()), self.sender.clone(), id.clone());
        tokio::spawn(async move {
            let ask = Ask::Request { workstream: id.clone(), request };
            let refused = match owner {
                None => "nobody runs it, and it could not be taken; see its trouble".to_owned(),
                Some(owner) => match client::ask(&owner.socket, &ask, FORWARD_LIMIT).await {
                    Ok(Answer::Done) => return,
                    Ok(Answer::Refused(why)) => why,
                    Ok(Answer::Elsewhere) => "it changes hands just now; ask again".to_owned(),
                    Err(error) => ownership::unreachable(&owner, &error),
                },
            };
            let _ended = sender.send(Message::Told(Some(id), Severity::Bad, refused));
        });
    }

    fn detach(&mut self, id: WorkstreamId) {
        let Some(member) = self.members.get(&id) else { return };
        let word = member.state.phase.word();
        if !member.is_ours() {
            let text = "another process runs it already".to_owned();
            self.tell(Some(id), Severity::Warning, text);
        } else if is_at_rest(word) {
            let text = format!("nothing to detach: it is {word}");
            self.tell(Some(id), Severity::Warning, text);
        } else {
            let text = "detaching: a worker of its own goes on with it".to_owned();
            self.tell(Some(id.clone()), Severity::Info, text);
            self.give(&[id]);
        }
    }

    fn attach(&mut self, id: &WorkstreamId) {
        self.take(id);
        match self.members.get(id) {
            Some(member) if !member.is_ours() => self.claim(id, Claim::Attached),
            Some(_) => self.tell(Some(id.clone()), Severity::Info, RUN_HERE.to_owned()),
            None => {}
        }
    }

    fn stop_all(&mut self) {
        self.ending = Ending::Stopping;
        self.claims.clear();
        let active: Vec<WorkstreamId> = self
            .members
            .values()
            .filter(|member| !is_at_rest(member.state.phase.word()) && !member.is_unreadable())
            .map(|member| member.id.clone())
            .collect();
        for id in active {
            self.request(&id, Request::Stop);
        }
    }
}
