//! Acting on a workstream that nobody owns, without running it.

use std::io;

use thiserror::Error;

use super::clock::Clock;
use super::host::{is_at_rest, own};
use super::journal::{Durability, JournalError};
use super::member::{Adoption, Hold, Member};
use super::ownership::{OwnerCard, OwnerKind};
use super::state_dir::StateDir;
use crate::config::plan::Plan;
use crate::core::{Effect, Event, Notice, Request, Timestamp, Workstream, WorkstreamId};

/// Why nothing could be done.
#[derive(Debug, Error)]
pub enum AloneError {
    /// The journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The clock cannot be read.
    #[error("the project's clock cannot be read: {0}")]
    Clock(#[from] io::Error),
    /// It is not configured.
    #[error("there is no workstream {0}")]
    Unknown(WorkstreamId),
    /// Somebody became its owner just now.
    #[error("{0} has just been taken by a supervisor; try again")]
    Taken(WorkstreamId),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is written down, and nothing follows by itself.
    AtRest(Vec<String>),
    /// It is written down, and an owner has to go on.
    GoesOn(Vec<String>),
    /// The rules refuse it.
    Refused(String),
}

/// Writes an operator's request into the journal of a workstream that nobody owns.
///
/// What it entails is left to the next owner, who asks for it again.
pub fn apply(
    dir: &StateDir,
    plan: &Plan,
    id: &WorkstreamId,
    request: Request,
) -> Result<Taken, AloneError> {
    let now = Clock::open(dir.path())?.now();
    let workstream = plan.workstream(id).ok_or_else(|| AloneError::Unknown(id.clone()))?;
    let definition = plan.definition(workstream);
    let mut member = Member::follow(definition.clone(), &dir.workstream(id), now);
    let card =
        OwnerCard { process: own(), socket: dir.hosts().join("none"), kind: OwnerKind::Attended };
    let is_new = match member.adopt(&card)? {
        Adoption::Adopted { is_new, .. } => is_new,
        Adoption::Ours | Adoption::Taken => return Err(AloneError::Taken(id.clone())),
    };
    let Hold::Own(own) = &mut member.hold else { return Err(AloneError::Taken(id.clone())) };
    if is_new || !member.state.definition.means_the_same(&definition) {
        let event = Event::Defined(Box::new(definition));
        let at = own.journal.append(&event, now, Durability::Synced)?;
        if !is_new {
            let _left_to_the_next_owner = member.state.step(&event, at);
        }
    }
    let event = Event::Operator(request);
    let at = own.journal.time(now);
    let mut next = member.state.clone();
    let effects = next.step(&event, at);
    let notices: Vec<Notice> = notices(effects).collect();
    if let Some(why) = refused(&notices) {
        return Ok(Taken::Refused(why));
    }
    own.journal.append(&event, at, Durability::Synced)?;
    let words = notices.iter().map(ToString::to_string).collect();
    Ok(if is_at_rest(next.phase.word()) { Taken::AtRest(words) } else { Taken::GoesOn(words) })
}

/// Says why the rules refuse a request now; none if they do not.
pub fn refusal(state: &Workstream, request: &Request, now: Timestamp) -> Option<String> {
    let effects = state.clone().step(&Event::Operator(request.clone()), now);
    refused(&notices(effects).collect::<Vec<_>>())
}

fn notices(effects: Vec<Effect>) -> impl Iterator<Item = Notice> {
    effects.into_iter().filter_map(|effect| match effect {
        Effect::Notice(notice) => Some(notice),
        _other => None,
    })
}

fn refused(notices: &[Notice]) -> Option<String> {
    notices.iter().find_map(|notice| match notice {
        Notice::Refused { what, why } => Some(format!("{what}: {why}")),
        _other => None,
    })
}
