//! Owners that die, and machines that go down.

use ostler::core::event::CheckOutcome;
use ostler::core::verdict::{Ended, EndedBy, Exit, Tree, Verdict};
use ostler::core::{Account, AttemptId, Event, resume};

use super::process::{Kind, Stage};
use super::{Happening, World, millis, sample};

impl World {
    /// Another process goes on; what the former one had under way in its own memory is gone.
    pub(super) fn owner_changes(&mut self) {
        let rng = &mut self.rng;
        let mut undone = Vec::new();
        self.agenda.retain(|_, happening| match happening {
            Happening::Report(Event::Admitted) => true,
            Happening::Report(_) => false,
            Happening::Appears(kind, id) => {
                let begins = rng.chance(50);
                if !begins {
                    undone.push((*kind, *id));
                }
                begins
            }
            _other => true,
        });
        for (kind, id) in undone {
            self.runs(kind).remove(&id);
        }
        for kind in [Kind::Agent, Kind::Check] {
            let begins: Vec<AttemptId> = self
                .agenda
                .values()
                .filter_map(|happening| match happening {
                    Happening::Appears(other, id) if *other == kind => Some(*id),
                    _other => None,
                })
                .collect();
            self.runs(kind).retain(|id, run| run.stage != Stage::Coming || begins.contains(id));
        }
        self.owner += 1;
        let before = self.workstream.clone();
        let event = Event::Owned { owner: sample::process(self.owner) };
        let effects = self.workstream.step(&event, self.now);
        let resumed = resume::effects(&self.workstream);
        self.remember(event, (effects, resumed.clone()), before);
        for effect in resumed {
            self.execute(effect);
        }
        self.await_admission();
    }

    pub(super) fn reboots(&mut self) {
        for kind in [Kind::Agent, Kind::Check] {
            let now = self.now;
            for run in self.runs(kind).values_mut() {
                match run.stage {
                    Stage::Alive | Stage::Leftover => {
                        run.stage = Stage::Gone;
                        let exit = Exit::Unknown("the machine went down".to_owned());
                        run.ended = Some(Ended {
                            exit,
                            by: EndedBy::Reboot,
                            tree: Tree::default(),
                            verdict: Verdict::Silent,
                            at: now,
                            log_bytes: 0,
                            short_of: None,
                            account: Account::default(),
                        });
                        let why = "the machine went down".to_owned();
                        run.outcome = Some(CheckOutcome::NotRun(why));
                    }
                    Stage::Coming => run.stage = Stage::Forbidden,
                    Stage::Forbidden | Stage::Gone => {}
                }
            }
        }
        self.now = self.now + millis(30_000);
        self.owner_changes();
    }
}
