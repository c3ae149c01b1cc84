//! Taking in a changed configuration: what can apply does, and a broken file changes nothing.

use std::sync::{Arc, PoisonError};

use super::Supervisor;
use crate::core::notice::Severity;
use crate::core::{Definition, Event};

/// Says that a configuration is not used: where its first error is, and what is wrong there.
fn banner(text: &str) -> String {
    let not_used = "the changed configuration is not used";
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let what = text.lines().next().unwrap_or_default();
    let what = what.strip_prefix("error: ").unwrap_or(what);
    place.map_or_else(|| not_used.to_owned(), |place| format!("{place}: {what}; {not_used}"))
}

impl Supervisor {
    pub(super) fn reconfigure(&mut self) {
        let Some(reload) = self.options.reload else { return };
        let old = self.plan();
        match reload(&old) {
            Err(text) => {
                let banner = banner(&text);
                if self.banner.as_ref() != Some(&banner) {
                    self.banner = Some(banner);
                    self.tell(None, Severity::Bad, text);
                }
            }
            Ok(plan) => {
                let was_wrong = self.banner.take().is_some();
                self.shown.configured();
                if plan != *old {
                    let definitions: Vec<Definition> = plan
                        .workstreams
                        .iter()
                        .map(|workstream| plan.definition(workstream))
                        .collect();
                    *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plan);
                    self.store_plan();
                    self.post_sentry();
                    self.redefine(definitions);
                    self.look_now();
                    self.read_outcomes_anew();
                    self.alerting.reconfigured();
                    let text = "the configuration was read again; what runs keeps its timeouts";
                    self.tell(None, Severity::Info, text.to_owned());
                } else if was_wrong {
                    let text = "the configuration has no errors any more";
                    self.tell(None, Severity::Good, text.to_owned());
                }
            }
        }
    }

    fn redefine(&mut self, definitions: Vec<Definition>) {
        for definition in definitions {
            let id = definition.id.clone();
            match self.members.get(&id) {
                None => {
                    self.follow(definition);
                    if self.is_meant_to_be_ours(&id) {
                        self.take(&id);
                    }
                }
                Some(member) if !member.state.definition.means_the_same(&definition) => {
                    self.step(&id, &Event::Defined(Box::new(definition)));
                }
                Some(_) => {}
            }
            self.shown.stale(&id);
        }
    }
}
