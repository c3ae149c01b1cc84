//! What the login manager does to what a user leaves behind: it decides whether agents outlive a login.

use std::collections::HashMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use super::brief::{self, Answer};

/// The login manager answers within this time, or is not asked.
const LIMIT: Duration = Duration::from_secs(1);

/// Where this process lives, as the system's manager sorts processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In a login of its user.
    Login,
    /// Below the manager of its user, as what desktops start.
    UserManager,
    /// Anywhere else, where no login ends it.
    #[default]
    Elsewhere,
}

/// What is known of the login manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Where this process lives.
    pub place: Place,
    /// Whether what a user leaves behind is killed when the login ends; none if nobody says.
    pub kills: Option<bool>,
    /// Whether the user may have processes without a login; none if nobody says.
    pub lingers: Option<bool>,
}

/// What becomes of agents when the login ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They go on.
    GoOn,
    /// They go on if their keepers are in scopes of their own.
    GoOnInScopes,
    /// They are killed.
    End,
}

impl Login {
    /// Asks the login manager; what it does not say is not known.
    pub fn read() -> Self {
        let place = Place::of(&fs::read_to_string("/proc/self/cgroup").unwrap_or_default());
        let user = rustix::process::getuid().as_raw().to_string();
        let manager = show(&["KillUserProcesses", "KillOnlyUsers", "KillExcludeUsers"], None);
        let user = show(&["Linger", "Name"], Some(&user));
        Self::parse(place, &manager.unwrap_or_default(), &user.unwrap_or_default())
    }

    /// Understands what `loginctl show-user` prints of the manager and of the user.
    pub fn parse(place: Place, manager: &str, user: &str) -> Self {
        let (manager, user) = (properties(manager), properties(user));
        let name = user.get("Name").copied().unwrap_or_default();
        let is_in = |key: &str| {
            manager.get(key).is_some_and(|list| list.split_whitespace().any(|one| one == name))
        };
        let only = manager.get("KillOnlyUsers").is_some_and(|list| !list.trim().is_empty());
        let is_meant = (!only || is_in("KillOnlyUsers")) && !is_in("KillExcludeUsers");
        let kills = manager.get("KillUserProcesses").map(|word| *word == "yes" && is_meant);
        Self { place, kills, lingers: user.get("Linger").map(|word| *word == "yes") }
    }

    /// Says what becomes of agents when the login ends.
    pub fn fate(&self) -> Fate {
        match (self.place, self.kills, self.lingers) {
            (Place::Login, Some(true), Some(true)) => Fate::GoOnInScopes,
            // The manager of a user ends with the last login, and all that is below it.
            (Place::Login, Some(true), _) | (Place::UserManager, _, Some(false)) => Fate::End,
            (Place::Login | Place::UserManager | Place::Elsewhere, _, _) => Fate::GoOn,
        }
    }

    /// Says that agents end with the login, and what to do; nothing if they do not.
    pub fn warning(&self) -> Option<String> {
        (self.fate() == Fate::End).then(|| {
            "agents end when you log out: this machine kills what a login leaves behind; \
             `loginctl enable-linger` lets them go on"
                .to_owned()
        })
    }
}

impl Place {
    /// Reads the control groups of a process, as `/proc/self/cgroup` lists them.
    pub fn of(groups: &str) -> Self {
        // The group of the system's manager: that of the second version, or the named one of the first.
        let own = groups.lines().find_map(|line| {
            line.strip_prefix("0::").or_else(|| line.split_once(":name=systemd:").map(|it| it.1))
        });
        let parts: Vec<&str> = own.unwrap_or_default().split('/').collect();
        let named = |part: &str, start: &str, end: &str| {
            part.strip_prefix(start).is_some_and(|rest| rest.strip_suffix(end).is_some())
        };
        let is_user = |part: &&str| named(part, "user@", ".service");
        let is_login = |part: &&str| named(part, "session-", ".scope");
        if parts.iter().any(is_user) {
            Self::UserManager
        } else if parts.iter().any(is_login) {
            Self::Login
        } else {
            Self::Elsewhere
        }
    }
}

fn show(names: &[&str], user: Option<&str>) -> Option<String> {
    let mut command = Command::new("loginctl");
    command.arg("show-user").args(user).env("LC_ALL", "C");
    command.args(names.iter().map(|name| format!("--property={name}")));
    match brief::ask(&mut command, LIMIT) {
        Ok(Answer { is_good: true, text }) => Some(text),
        Ok(_) | Err(_) => None,
    }
}

fn properties(text: &str) -> HashMap<&str, &str> {
    text.lines().filter_map(|line| line.split_once('=')).collect()
}
