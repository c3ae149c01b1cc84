//! Becoming the owner of workstreams that nobody owns.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::Arc;
use std::time::Duration;

use super::handover::{Claim, RUN_HERE};
use super::step::durability;
use super::{Adopt, Supervisor};
use crate::core::notice::Severity;
use crate::core::{Definition, Event, Timestamp, WorkstreamId, resume};
use crate::supervisor::inbox::Message;
use crate::supervisor::member::{Adoption, Followed, Member};
use crate::supervisor::ownership;

/// What could not be taken is tried again after this long, since a disk may have space again.
const AGAIN: Duration = Duration::from_secs(1);
/// A damaged journal is looked at again after this long, since somebody may have repaired it.
const REPAIRED: Duration = Duration::from_secs(30);

impl Supervisor {
    /// Begins to follow all configured workstreams.
    pub(super) fn follow_all(&mut self) {
        let plan = self.plan();
        for workstream in &plan.workstreams {
            self.follow(plan.definition(workstream));
        }
    }

    pub(super) fn follow(&mut self, definition: Definition) {
        let id = definition.id.clone();
        let dir = self.dir.workstream(&id);
        let member = Member::follow(definition, &dir, self.clock.now());
        if let Some(trouble) = &member.trouble {
            self.tell(Some(id.clone()), Severity::Bad, trouble.clone());
        }
        self.shown.stale(&id);
        self.members.insert(id.clone(), member);
        self.watch_member(&id);
    }

    /// Asks to be told when the journal or the lock of a workstream changes that another process owns.
    pub(super) fn watch_member(&self, id: &WorkstreamId) {
        let Some(member) = self.members.get(id) else { return };
        let (sender, name) = (self.sender.clone(), id.clone());
        let told = Arc::new(move || {
            let _ended = sender.send(Message::Stirred(name.clone()));
        });
        // One that is not there yet is made, since another supervisor that begins now would not be heard of.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(member.dir());
        if let Err(error) = made.and_then(|()| self.watch.directory(member.dir(), told)) {
            tracing::debug!("{} is not watched yet: {error}", member.dir().display());
        }
    }

    pub(super) fn is_meant_to_be_ours(&self, id: &WorkstreamId) -> bool {
        match &self.options.adopt {
            Adopt::All | Adopt::AllEvenDetached => true,
            Adopt::Only(ids) => ids.contains(id),
        }
    }

    /// Becomes the owner of all that is meant to be ours and that nobody owns.
    pub(super) fn adopt_due(&mut self) {
        let due: Vec<WorkstreamId> =
            self.members.keys().filter(|id| self.is_meant_to_be_ours(id)).cloned().collect();
        for id in due {
            self.take(&id);
            self.claim_from_owner(&id);
        }
        let others: Vec<WorkstreamId> =
            self.members.keys().filter(|id| !self.is_meant_to_be_ours(id)).cloned().collect();
        for id in others {
            self.mind(&id);
        }
    }

    /// Claims a workstream that another process owns, if this one is there for it.
    fn claim_from_owner(&mut self, id: &WorkstreamId) {
        let claim = match self.options.adopt {
            Adopt::All => return,
            Adopt::AllEvenDetached => Claim::Detached,
            Adopt::Only(_) => Claim::HandedOver,
        };
        let Some(member) = self.members.get(id).filter(|member| !member.is_ours()) else { return };
        if ownership::owner(member.dir()).is_some_and(|owner| claim.is_against(&owner)) {
            self.claim(id, claim);
        }
    }

    /// Becomes the owner of a workstream, if nobody is.
    pub(super) fn take(&mut self, id: &WorkstreamId) {
        let now = self.clock.now();
        let Some(member) = self.members.get_mut(id) else { return };
        member.try_again = None;
        match member.adopt(&self.card) {
            Ok(Adoption::Adopted { torn, is_new }) => {
                let claiming = self.claims.remove(id);
                if claiming.is_some_and(|it| it.claim == Claim::Attached) {
                    self.tell(Some(id.clone()), Severity::Info, RUN_HERE.to_owned());
                }
                self.mean(id);
                self.shown.stale(id);
                if torn > 0 {
                    let text = format!("a torn last line of {torn} bytes was cut off its journal");
                    self.tell(Some(id.clone()), Severity::Warning, text);
                }
                self.begin(id, is_new);
                self.write_missing_outcomes(id);
                self.guard.look_again();
            }
            Ok(Adoption::Taken) => {
                // Who only looked was in the way, and its leaving is not told.
                if !matches!(ownership::is_held(&member.dir().join(ownership::NAME)), Ok(true)) {
                    member.try_again = Some(now + AGAIN);
                }
                self.watch_member(id);
            }
            Ok(Adoption::Ours) => {}
            Err(error) => {
                self.claims.remove(id);
                member.try_again = Some(now + if error.may_pass() { AGAIN } else { REPAIRED });
                let text = error.to_string();
                if member.trouble.as_ref() != Some(&text) {
                    member.trouble = Some(text.clone());
                    self.shown.stale(id);
                    self.tell(Some(id.clone()), Severity::Bad, text);
                }
            }
        }
    }

    /// Goes on where the former owner stopped.
    fn begin(&mut self, id: &WorkstreamId, is_new: bool) {
        let plan = self.plan();
        let definition = plan.workstream(id).map(|workstream| plan.definition(workstream));
        let Some(member) = self.members.get_mut(id) else { return };
        let definition = definition.unwrap_or_else(|| member.state.definition.clone());
        if is_new {
            self.define(id, definition);
        } else if !member.state.definition.means_the_same(&definition) {
            self.step(id, &Event::Defined(Box::new(definition)));
        }
        self.take_back(id);
        let Some(member) = self.members.get_mut(id) else { return };
        let effects = resume::effects(&member.state);
        self.executor.hold(&member.state);
        let owner = self.card.process.clone();
        self.step(id, &Event::Owned { owner });
        self.act(id, effects);
    }

    /// Writes the first event of a workstream, which is what it is meant to do.
    fn define(&mut self, id: &WorkstreamId, definition: Definition) {
        let now = self.clock.now();
        let Some(member) = self.members.get_mut(id) else { return };
        let crate::supervisor::member::Hold::Own(own) = &mut member.hold else { return };
        let at = own.journal.time(now);
        let event = Event::Defined(Box::new(definition.clone()));
        match own.journal.append(&event, at, durability(&event)) {
            Ok(at) => member.state = crate::core::Workstream::new(definition, at),
            Err(error) => {
                let text = error.to_string();
                member.let_go();
                member.trouble = Some(text.clone());
                member.try_again = Some(now + AGAIN);
                self.tell(Some(id.clone()), Severity::Bad, text);
            }
        }
    }

    /// Reads along with the owner of a workstream, and becomes its owner if it has none.
    pub(super) fn stirred(&mut self, id: &WorkstreamId) {
        let Some(member) = self.members.get_mut(id) else { return };
        if member.is_ours() {
            return;
        }
        if member.read_along() == Followed::Changed {
            self.shown.stale(id);
        }
        self.shown.owner_may_have_changed(id);
        let given = self.members.get(id).is_some_and(|member| member.given_until.is_some());
        // Our own attempt stirs it, too.
        let waits = self.members.get(id).is_some_and(|member| member.try_again.is_some());
        let is_free = !given && !waits;
        if self.ending == super::Ending::No && is_free {
            if self.is_meant_to_be_ours(id) {
                self.take(id);
            } else {
                self.mind(id);
            }
        }
    }

    /// Takes back what was given to a worker that never came, and tries again to take what could not be taken.
    pub(super) fn readopt(&mut self, now: Timestamp) {
        let due: Vec<WorkstreamId> = self
            .members
            .values()
            .filter(|member| member.given_until.is_some_and(|until| until <= now))
            .map(|member| member.id.clone())
            .collect();
        for id in due {
            if let Some(member) = self.members.get_mut(&id) {
                member.given_until = None;
            }
            self.take(&id);
        }
        let due: Vec<WorkstreamId> = self
            .members
            .values()
            .filter(|_| self.ending == super::Ending::No)
            .filter(|member| member.try_again.is_some_and(|at| at <= now))
            .map(|member| member.id.clone())
            .collect();
        for id in due {
            self.take(&id);
        }
    }
}
