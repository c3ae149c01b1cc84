//! What becomes of our own folder when somebody removes it while it is in use: what is known is written again.

use super::Supervisor;
use crate::core::WorkstreamId;
use crate::core::notice::Severity;
use crate::supervisor::member::PutBack;

impl Supervisor {
    /// Looks whether our files are where they were, and puts them back if not.
    ///
    /// Whoever comes next would find nothing there, own the same workstreams, and start agents beside those that run.
    pub(super) fn keep_home(&mut self) {
        let moved = |id: &WorkstreamId| self.members.get(id).is_some_and(|it| !it.is_in_place());
        let lost: Vec<WorkstreamId> = self.members.keys().filter(|id| moved(id)).cloned().collect();
        if lost.is_empty() && self.server.is_in_place() {
            return;
        }
        if let Err(error) = self.put_back_what_all_share() {
            self.tell(
                None,
                Severity::Bad,
                format!("the state folder cannot be made again: {error}"),
            );
            return;
        }
        let text = format!(
            "{} was removed while it was in use; what is known was written again, what agents have printed is gone",
            self.dir.path().display()
        );
        self.tell(None, Severity::Bad, text);
        for id in lost {
            self.put_back(&id);
        }
    }

    fn put_back_what_all_share(&mut self) -> Result<(), String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        self.dir.make(self.executor.project().common_dir()).map_err(|error| words(&error))?;
        self.clock.put_back(self.dir.path()).map_err(|error| words(&error))?;
        self.server.bind_again().map_err(|error| words(&error))?;
        self.watch_slots().map_err(|error| words(&error))?;
        self.alerting.moved();
        if self.options.reload.is_some() {
            self.store_plan();
        }
        Ok(())
    }

    fn put_back(&mut self, id: &WorkstreamId) {
        let Some(member) = self.members.get_mut(id) else { return };
        match member.put_back(&self.card) {
            Ok(PutBack::Done) => self.watch_member(id),
            Ok(PutBack::Taken) => {
                member.let_go();
                self.executor.forget(id);
                self.watch_member(id);
                self.shown.owner_may_have_changed(id);
                let text = "its files were removed, and another process has begun it anew";
                self.tell(Some(id.clone()), Severity::Bad, text.to_owned());
            }
            Err(error) => self.trouble(id, error.to_string()),
        }
    }
}
