//! What there is to show of a workstream, in order.

use super::found::FoundIn;
use super::state::Shown;
use crate::core::Attempt;
use crate::ipc::facts::WorkstreamFacts;

/// Returns the output that stands so many places after this one; none if there is none.
pub fn beside(ws: &WorkstreamFacts, shown: Shown, places: isize) -> Option<Shown> {
    let outputs = all(ws);
    let latest = outputs.iter().position(|other| *other == Shown::Latest).unwrap_or(0);
    let place = outputs.iter().position(|other| *other == shown).unwrap_or(latest);
    outputs.get(place.checked_add_signed(places)?).copied()
}

/// Returns what there is to show: its attempts, oldest first, then its check.
pub fn all(ws: &WorkstreamFacts) -> Vec<Shown> {
    let mut ran: Vec<_> = ws.attempts.iter().filter(|a| a.started.is_some()).collect();
    ran.pop();
    let earlier = ran.into_iter().map(|attempt| Shown::Attempt(attempt.id));
    let check = ws.check_log.is_some().then_some(Shown::Check);
    earlier.chain([Shown::Latest]).chain(check).collect()
}

/// Returns the logs of what there is to show, in its order.
pub fn logs(ws: &WorkstreamFacts) -> impl DoubleEndedIterator<Item = FoundIn> {
    all(ws).into_iter().map(|shown| {
        let attempt = match shown {
            Shown::Attempt(id) => ws.attempts.iter().find(|attempt| attempt.id == id),
            Shown::Latest => ws.attempts.iter().rfind(|attempt| attempt.started.is_some()),
            Shown::Check => None,
        };
        let of = |attempt: &Attempt| (attempt.id.to_string(), attempt.agent.to_string());
        let (output, agent) = attempt.map_or_else(|| ("check".to_owned(), String::new()), of);
        FoundIn { workstream: ws.id.clone(), shown, output, agent }
    })
}
