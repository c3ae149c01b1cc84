//! Which key does what: the defaults of the action table under what the configuration says.

mod key;

use std::collections::{BTreeMap, HashMap};

use crossterm::event::KeyEvent;
use thiserror::Error;

pub use key::{Key, KeyError};

use super::action::{Action, TABLE};

/// What is wrong with the keys of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeymapError {
    /// There is no such action.
    #[error("there is no action `{name}`{}", hint(.nearest.as_deref()))]
    UnknownAction {
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// This is not a key.
    #[error("`{action}` cannot be bound to `{key}`: {error}")]
    Key {
        /// The action.
        action: &'static str,
        /// The key as written.
        key: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// One key, two actions.
    #[error(
        "the key `{key}` is bound to both `{first}` and `{second}`; give one of them another key"
    )]
    Conflict {
        /// The key.
        key: String,
        /// The action that stands first in the table.
        first: &'static str,
        /// The other one.
        second: &'static str,
    },
    /// A letter would end something although none is to.
    #[error(
        "`{action}` ends work, so with `key_mode: strict` it cannot be bound to `{key}`: write a key with \
         `ctrl-` or `alt-`, such as `alt-{key}`, or one with a name, such as `delete`"
    )]
    Careless {
        /// The action.
        action: &'static str,
        /// The key as written.
        key: String,
    },
    /// Nobody could leave.
    #[error("`{action}` needs at least one key")]
    Needed {
        /// The action.
        action: &'static str,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; `?` on the screen lists them all".to_owned(),
        |name| format!("; did you mean `{name}`?"),
    )
}

/// Actions that cannot be left without a key.
const NEEDED: &[Action] = &[Action::Leave, Action::Help];

/// How easily something is ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Care {
    /// A letter asks whether to end something.
    #[default]
    Usual,
    /// No letter by itself even asks: that takes Ctrl, Alt or a named key.
    Strict,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The action.
    pub action: Action,
    /// Which of the action's keys it is, from 0.
    pub nth: usize,
}

/// Which key does what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    keys: BTreeMap<Action, Vec<Key>>,
    actions: HashMap<Key, Bound>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&BTreeMap::new(), Care::Usual)
            .unwrap_or_else(|_| Self { keys: BTreeMap::new(), actions: HashMap::new() })
    }
}

impl Keymap {
    /// Returns the default keys, with those actions bound otherwise that `overrides` names.
    ///
    /// An empty list, or `none`, leaves an action without a key. All errors are returned, not the first alone.
    ///
    /// With [`Care::Strict`], letters that end something are bound with Alt instead.
    pub fn with(
        overrides: &BTreeMap<String, Vec<String>>,
        care: Care,
    ) -> Result<Self, Vec<KeymapError>> {
        let mut errors = Vec::new();
        for name in overrides.keys() {
            if Action::named(name).is_none() {
                errors.push(KeymapError::UnknownAction { name: name.clone(), nearest: near(name) });
            }
        }
        let mut map = Self { keys: BTreeMap::new(), actions: HashMap::new() };
        for entry in TABLE {
            let names: Vec<&str> = match overrides.get(entry.name) {
                Some(names) => names.iter().map(String::as_str).filter(|k| *k != "none").collect(),
                None => entry.keys.to_vec(),
            };
            if names.is_empty() && NEEDED.contains(&entry.action) {
                errors.push(KeymapError::Needed { action: entry.name });
            }
            let is_written = overrides.contains_key(entry.name);
            for name in names {
                let is_careful = care == Care::Strict && entry.action.ends_work();
                match name.parse::<Key>() {
                    Ok(key) if is_careful && key.is_letter() && is_written => {
                        errors.push(KeymapError::Careless {
                            action: entry.name,
                            key: name.to_owned(),
                        });
                    }
                    Ok(key) if is_careful && key.is_letter() => {
                        errors.extend(map.bind(entry.action, key.with_alt()));
                    }
                    Ok(key) => errors.extend(map.bind(entry.action, key)),
                    Err(error) => errors.push(KeymapError::Key {
                        action: entry.name,
                        key: name.to_owned(),
                        error,
                    }),
                }
            }
        }
        if errors.is_empty() { Ok(map) } else { Err(errors) }
    }

    fn bind(&mut self, action: Action, key: Key) -> Option<KeymapError> {
        if let Some(bound) = self.actions.get(&key)
            && bound.action != action
        {
            return Some(KeymapError::Conflict {
                key: key.to_string(),
                first: bound.action.entry().name,
                second: action.entry().name,
            });
        }
        let keys = self.keys.entry(action).or_default();
        self.actions.entry(key).or_insert(Bound { action, nth: keys.len() });
        if !keys.contains(&key) {
            keys.push(key);
        }
        None
    }

    /// Returns what a key does; nothing for a key that is let go or has no meaning here.
    pub fn lookup(&self, event: &KeyEvent) -> Option<Bound> {
        self.actions.get(&Key::of(event)?).copied()
    }

    /// Returns the keys of an action, the one to show first in front.
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map_or(&[], Vec::as_slice)
    }

    /// Returns the first key of an action as people read it; empty if it has none.
    pub fn label(&self, action: Action) -> String {
        self.keys(action).first().map(Key::label).unwrap_or_default()
    }

    /// Returns all keys of an action as people read them: `j Down`, `1-9`; empty if it has none.
    pub fn labels(&self, action: Action) -> String {
        let labels: Vec<String> = self.keys(action).iter().map(Key::label).collect();
        match labels.as_slice() {
            [first, .., last] if labels.len() > 3 => format!("{first}-{last}"),
            _few => labels.join(" "),
        }
    }
}

fn near(name: &str) -> Option<String> {
    TABLE
        .iter()
        .map(|entry| (strsim::damerau_levenshtein(name, entry.name), entry.name))
        .min()
        .filter(|(distance, near)| *distance <= near.len().div_ceil(3))
        .map(|(_, near)| near.to_owned())
}
