//! What is said when the owner of a workstream has taken a request.

use super::opened::Opened;
use super::say;
use crate::core::event::Target;
use crate::core::phase::StartFrom;
use crate::core::{Request, WorkstreamId};
use crate::supervisor::look;

/// Says who was told what, and where the workstream is since then.
pub fn tell(opened: &Opened, id: &WorkstreamId, owner: u32, request: &Request) {
    let asked = words(opened, id, request);
    let facts = look::look(&opened.project, &opened.plan).ok();
    let now = facts.as_ref().and_then(|facts| facts.workstreams.iter().find(|ws| ws.id == *id));
    let now = now.and_then(|ws| ws.explain.lines().next());
    let now = now.map_or_else(String::new, |now| format!(". {now}"));
    say::line(format_args!("{id}: its owner (pid {owner}) was told to {asked}{now}"));
}

fn words(opened: &Opened, id: &WorkstreamId, request: &Request) -> String {
    let agent = |tier: &usize| {
        let chain = opened.plan.workstream(id).map(|workstream| &workstream.chain);
        let agent = chain.and_then(|chain| chain.get(*tier));
        agent.map_or_else(|| format!("tier {}", tier + 1), ToString::to_string)
    };
    match request {
        Request::Stop => "stop it".to_owned(),
        Request::Kill => "kill it".to_owned(),
        Request::Accept => "accept it as it is".to_owned(),
        Request::Take { attempt, contestant } => {
            format!("take what contestant {contestant} of attempt {attempt} made")
        }
        Request::GiveUp => "give it up".to_owned(),
        Request::Undo(request) => format!("take back the {}", request.word()),
        Request::Extend(_) => "give it more time".to_owned(),
        Request::Input(_) => "pass on the input".to_owned(),
        Request::Escalate { to: Target::Next, .. } => "go on with the next agent".to_owned(),
        Request::Escalate { to: Target::Tier(tier), .. } => format!("go on with {}", agent(tier)),
        Request::Escalate { to: Target::Person, .. } => "leave it to you".to_owned(),
        Request::Retry { tier, from, .. } | Request::RetryWith { tier, from, .. } => {
            let with = tier.as_ref().map(|tier| format!(" with {}", agent(tier)));
            let from = match from {
                StartFrom::Current => String::new(),
                StartFrom::Clean => " from a clean worktree".to_owned(),
                StartFrom::Attempt(attempt) => format!(" from what attempt {attempt} left"),
                StartFrom::Contestant(attempt, number) => {
                    format!(" from what contestant {number} of attempt {attempt} left")
                }
            };
            format!("try it again{}{from}", with.unwrap_or_default())
        }
    }
}
