//! The keys of a configuration, and where each is written: what is wrong with them is known to the screen alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::{ConfigErrors, Finding, Findings};
use super::form::Project;
use super::source::{Place, Sources};

/// Where the keys of each action are written.
#[derive(Clone, Debug, Default)]
pub struct KeyPlaces {
    places: BTreeMap<String, Place>,
    sources: Arc<Sources>,
}

/// What is wrong with keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongKeys {
    /// The actions that it is about; it is shown at the first one that is written, and points at the others.
    pub actions: Vec<String>,
    /// What is wrong.
    pub message: String,
}

impl KeyPlaces {
    pub(super) fn new(places: BTreeMap<String, Place>, sources: Arc<Sources>) -> Self {
        Self { places, sources }
    }

    /// Returns these errors as those of the configuration, each at its place.
    pub fn wrong(&self, errors: Vec<WrongKeys>) -> ConfigErrors {
        let findings = errors.into_iter().map(|WrongKeys { actions, message }| {
            let mut places = actions.iter().filter_map(|action| self.places.get(action));
            let finding = Finding::error(message);
            let Some(here) = places.next() else { return finding };
            places.fold(finding.at(*here), |finding, there| finding.also(*there, "the other one"))
        });
        ConfigErrors(Findings::new(findings.collect(), Arc::clone(&self.sources)))
    }
}

/// Returns the keys that are bound otherwise: action → keys.
pub(super) fn keys(written: &Project) -> BTreeMap<String, Vec<String>> {
    let named = written.keys.iter().flat_map(|keys| &keys.value.0);
    let keys = named.map(|(action, keys)| {
        let keys = keys.value.0.iter().map(|key| key.value.clone());
        (action.value.clone(), keys.collect())
    });
    keys.collect()
}

/// Returns where the keys of each action are written.
pub(super) fn places(written: &Project) -> BTreeMap<String, Place> {
    let named = written.keys.iter().flat_map(|keys| &keys.value.0);
    named.map(|(action, _)| (action.value.clone(), action.place)).collect()
}
