//! What is told to screens and lines.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{NOTICES, Supervisor};
use crate::core::WorkstreamId;
use crate::core::notice::Severity;
use crate::ipc::facts::{Facts, Owner, Told, WorkstreamFacts};
use crate::supervisor::facts::{self, Sources};
use crate::supervisor::inbox::Launches;
use crate::supervisor::member::Hold;
use crate::supervisor::{ownership, stored_plan};

/// What has been published, and what of it is out of date.
#[derive(Debug, Default)]
pub(super) struct Shown {
    facts: HashMap<WorkstreamId, Arc<WorkstreamFacts>>,
    owners: HashMap<WorkstreamId, Option<u32>>,
    stale: BTreeSet<WorkstreamId>,
    is_stale: bool,
    told: u64,
    configured: u64,
}

impl Shown {
    /// Marks the facts of a workstream as out of date.
    pub(super) fn stale(&mut self, id: &WorkstreamId) {
        self.stale.insert(id.clone());
        self.is_stale = true;
    }

    /// Marks what is known of the project as a whole as out of date.
    pub(super) fn changed(&mut self) {
        self.is_stale = true;
    }

    /// Marks the configuration as read again: files that belong to it may have changed although it says the same.
    pub(super) fn configured(&mut self) {
        self.configured += 1;
        self.is_stale = true;
    }

    /// Says whether anything is out of date.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Marks all facts as out of date.
    pub(super) fn all_stale<'a>(&mut self, ids: impl IntoIterator<Item = &'a WorkstreamId>) {
        ids.into_iter().for_each(|id| self.stale(id));
    }

    /// Marks what is known of the owner of a workstream as out of date.
    pub(super) fn owner_may_have_changed(&mut self, id: &WorkstreamId) {
        self.owners.remove(id);
        self.stale(id);
    }
}

impl Supervisor {
    /// Tells people something.
    pub(super) fn tell(
        &mut self,
        workstream: Option<WorkstreamId>,
        severity: Severity,
        text: String,
    ) {
        if let Some(id) = &workstream {
            tracing::info!(workstream = %id, "{text}");
        } else {
            tracing::info!("{text}");
        }
        self.shown.told += 1;
        let number = self.shown.told;
        self.notices.push_back(Told { number, at: self.clock.now(), workstream, severity, text });
        if self.notices.len() > NOTICES {
            self.notices.pop_front();
        }
        self.shown.is_stale = true;
    }

    /// Warns if changes cannot be told by the kernel.
    pub(super) fn warn_unwatched(&mut self) {
        if !self.watch.is_told() {
            let text = "the kernel has no more watches for this user (fs.inotify.max_user_instances), so changes are looked for once a second";
            self.tell(None, Severity::Warning, text.to_owned());
        }
    }

    /// Publishes what has changed, if anything has.
    pub(super) fn publish(&mut self) {
        if !self.shown.is_stale {
            return;
        }
        self.shown.is_stale = false;
        let now = self.clock.now();
        let plan = self.plan();
        for id in std::mem::take(&mut self.shown.stale) {
            let Some(member) = self.members.get(&id) else { continue };
            let (owner, owner_pid) = match &member.hold {
                Hold::Own(_) => (Owner::Here, Some(self.card.process.pid)),
                Hold::Other(_) => {
                    let known = self.shown.owners.entry(id.clone()).or_insert_with(|| {
                        ownership::owner(member.dir()).map(|card| card.process.pid)
                    });
                    (if known.is_some() { Owner::Elsewhere } else { Owner::Nobody }, *known)
                }
            };
            let mute = owner_pid.and_then(|pid| self.neighbours.mute(pid));
            let sources = Sources {
                dir: &self.dir,
                agents: &plan.agents,
                plan: plan.workstream(&id),
                blocked: self.blocked.get(&id),
                owner,
                owner_pid,
                trouble: member.trouble.as_deref().or(mute.as_deref()),
                now,
            };
            self.shown.facts.insert(id, Arc::new(facts::of(&member.state, &sources)));
        }
        let workstreams =
            self.members.keys().filter_map(|id| self.shown.facts.get(id)).map(Arc::clone).collect();
        let (agents, fleet) = self.fleet_facts(now);
        let facts = Facts {
            project: facts::project_name(&plan.root),
            at: now,
            workstreams,
            notices: self.notices.clone(),
            alerts: self.alerting.up.clone(),
            rings: self.alerting.rings.clone(),
            agents,
            fleet,
            banner: self.banner(),
            configured: self.shown.configured,
            paused: self.launches == Launches::Paused,
            idle: self.is_idle(),
        };
        self.facts.send_replace(Arc::new(facts));
    }

    /// Returns what is wrong as a whole, if something is.
    fn banner(&self) -> Option<String> {
        let wrong: Vec<&str> = self
            .banner
            .as_deref()
            .into_iter()
            .chain(self.disk.banner())
            .chain(self.guard.banner())
            .collect();
        (!wrong.is_empty()).then(|| wrong.join("; "))
    }

    /// Stores the configuration for workers that start later, unless it is there.
    pub(super) fn store_plan(&mut self) {
        if let Err(error) = stored_plan::write(&self.dir, &self.plan()) {
            let path = self.dir.plan();
            let text = format!(
                "{} cannot be written ({error}); a detached worker would go on with the old configuration",
                path.display()
            );
            self.tell(None, Severity::Bad, text);
        }
    }
}
