//! What becomes of agents when the login ends.

use std::fs;

use super::check::Check;
use crate::supervisor::login::{Fate, Login, Place};

pub(super) fn look(checks: &mut Vec<Check>) {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    checks.push(login(&Login::read()));
    checks.push(group(&groups));
}

fn login(login: &Login) -> Check {
    let word = |known: Option<bool>| match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    };
    let found =
        format!("KillUserProcesses {}, lingering {}", word(login.kills), word(login.lingers));
    if login.kills.is_none() && login.lingers.is_none() {
        let found = "no login manager answers, so nothing ends agents when you log out";
        return Check::ok("login", found);
    }
    match login.fate() {
        Fate::GoOn => Check::ok("login", format!("{found}: agents go on when you log out")),
        Fate::GoOnInScopes => Check::ok(
            "login",
            format!("{found}: agents go on when you log out, in scopes of their own"),
        ),
        Fate::End => Check::warn(
            "login",
            format!("{found}: agents end when you log out"),
            "run: loginctl enable-linger",
        ),
    }
}

/// Says in which control group we are: whatever ends that as a whole ends the agents.
fn group(groups: &str) -> Check {
    let own = groups.lines().find_map(|line| {
        line.strip_prefix("0::").or_else(|| line.split_once(":name=systemd:").map(|it| it.1))
    });
    let Some(own) = own.filter(|own| !own.is_empty()) else {
        return Check::ok("control group", "none");
    };
    let service =
        own.split('/').find(|part| part.ends_with(".service") && !part.starts_with("user@"));
    match (Place::of(groups), service) {
        (Place::Elsewhere, Some(service)) => Check::warn(
            "control group",
            format!("{own}: agents end when {service} is stopped"),
            "start ostler from a login of your own if it is to outlive that",
        ),
        _other => Check::ok("control group", own.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn what_kills_is_warned_of_with_what_to_do() {
        let with = |kills, lingers| Login { place: Place::Login, kills, lingers };
        let kept = login(&with(Some(false), Some(false)));
        assert_eq!(kept.state, State::Ok);
        assert!(kept.found.contains("KillUserProcesses no"), "{}", kept.found);
        let scoped = login(&with(Some(true), Some(true)));
        assert!(scoped.state == State::Ok && scoped.found.ends_with("scopes of their own"));
        let killed = login(&with(Some(true), Some(false)));
        assert_eq!(killed.advice.as_deref(), Some("run: loginctl enable-linger"));
        let unknown = login(&with(None, None));
        assert!(unknown.state == State::Ok && unknown.found.starts_with("no login manager"));
    }

    #[test]
    fn a_service_takes_along_what_was_started_in_it() {
        assert_eq!(group("0::/system.slice/jenkins.service\n").state, State::Warn);
        for fine in ["0::/user.slice/user-1000.slice/session-5.scope\n", "0::/\n", ""] {
            assert_eq!(group(fine).state, State::Ok, "{fine}");
        }
        let desktop = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope\n";
        assert_eq!(group(desktop).state, State::Ok);
    }
}
