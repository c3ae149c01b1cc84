//! Whether agents outlive a login, from what `loginctl` prints.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use ostler::supervisor::login::{Fate, Login, Place};

use crate::project::{Project, Running};

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/login");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn places_are_read_from_control_groups() {
    for (groups, place) in [
        ("0::/user.slice/user-1000.slice/session-5.scope\n", Place::Login),
        (
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/gnome-terminal.scope\n",
            Place::UserManager,
        ),
        ("0::/system.slice/ssh.service\n", Place::Elsewhere),
        ("0::/\n", Place::Elsewhere),
        ("", Place::Elsewhere),
        (
            "12:pids:/user.slice\n1:name=systemd:/user.slice/user-0.slice/session-c1.scope\n",
            Place::Login,
        ),
        ("0::/user.slice/session-notes/x.scope\n", Place::Elsewhere),
    ] {
        assert_eq!(Place::of(groups), place, "{groups}");
    }
}

#[test]
fn the_table_of_fates() {
    let (login, user, nowhere) = (Place::Login, Place::UserManager, Place::Elsewhere);
    for (place, manager, who, fate) in [
        (login, "manager-spares.txt", "user.txt", Fate::GoOn),
        (login, "manager-spares.txt", "user-lingers.txt", Fate::GoOn),
        (login, "manager-kills.txt", "user.txt", Fate::End),
        (login, "manager-kills.txt", "user-lingers.txt", Fate::GoOnInScopes),
        (login, "manager-kills.txt", "root.txt", Fate::GoOn),
        (login, "manager-kills-some.txt", "user.txt", Fate::GoOn),
        (login, "manager-kills-some.txt", "student.txt", Fate::End),
        (user, "manager-spares.txt", "user.txt", Fate::End),
        (user, "manager-kills.txt", "user-lingers.txt", Fate::GoOn),
        (nowhere, "manager-kills.txt", "user.txt", Fate::GoOn),
    ] {
        let found = Login::parse(place, &fixture(manager), &fixture(who));
        assert_eq!(found.fate(), fate, "{place:?} {manager} {who}");
        assert_eq!(found.warning().is_some(), fate == Fate::End);
    }
}

#[test]
fn where_nobody_says_anything_nothing_is_claimed() {
    let silent = Login::parse(Place::Login, "", "");
    assert_eq!((silent.kills, silent.lingers, silent.fate()), (None, None, Fate::GoOn));
    let noise = "Failed to connect to bus: Host is down\n=\nLinger\n";
    assert_eq!(Login::parse(Place::UserManager, noise, noise).fate(), Fate::GoOn);
}

/// A login as the system's manager makes one: a control group with our processes in it.
struct Session {
    group: PathBuf,
}

impl Session {
    /// Makes one; none, and a line that says so, where that is not allowed.
    fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-test{}-{number}.scope", std::process::id());
        let places = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup"];
        let made = places.into_iter().find_map(|place| {
            let group = Path::new(place).join(&name);
            (Path::new(place).join("cgroup.procs").exists() && fs::create_dir(&group).is_ok())
                .then_some(group)
        });
        if made.is_none() {
            eprintln!("skipped: control groups can be made by root only");
        }
        Some(Self { group: made? })
    }

    /// Runs the program in this login, on a machine whose login manager says this, and whose user's manager does this.
    fn start(&self, project: &Project, lingers: &str, busctl: &str) -> Running {
        let bin = project.home.join("bin");
        fs::create_dir(&bin).unwrap();
        let loginctl = format!(
            "case \"$*\" in *Kill*) echo KillUserProcesses=yes;; *) echo Name=lena; echo Linger={lingers};; esac"
        );
        for (name, script) in [("loginctl", loginctl.as_str()), ("busctl", busctl)] {
            let path = bin.join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let ostler = project.command(&["up", "--headless"]);
        let mut command = Command::new("sh");
        let enter = format!("echo $$ > {}/cgroup.procs; exec \"$@\"", self.group.display());
        command.args(["-c", &enter, "sh"]).arg(ostler.get_program()).args(ostler.get_args());
        command.current_dir(ostler.get_current_dir().unwrap()).env_clear();
        command.envs(ostler.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", bin.display()));
        command.env("SESSION_GROUP", &self.group);
        Running::start(command, &project.home)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for entry in fs::read_dir(&self.group).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                drop(fs::remove_dir(entry.path()));
            }
        }
        drop(fs::remove_dir(&self.group));
    }
}

fn project() -> Project {
    Project::new(
        "
agents: { waits: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x'] } }
workstreams: [{ id: a, prompt: do it }]
",
    )
}

/// What the manager of a user does: it makes the group, answers, and moves the process then.
const MOVES: &str = r#"
echo "$*" > $HOME/asked
for word; do case $word in ostler-*.scope) name=$word;; esac; done
pid=${name#ostler-}; pid=${pid%.scope}
mkdir $SESSION_GROUP/$name && (sleep 0.1; echo $pid > $SESSION_GROUP/$name/cgroup.procs) &
"#;

fn groups(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap()
}

#[test]
fn keepers_get_scopes_of_their_own_where_logins_are_killed() {
    let Some(session) = Session::new() else { return };
    let project = project();
    let up = session.start(&project, "yes", MOVES);
    let agent = project.until_running("a");
    let scope = format!("ostler-{}.scope", agent.keeper);
    assert!(groups(agent.keeper).contains(&scope), "{}", groups(agent.keeper));
    assert!(groups(agent.pid).contains(&scope), "{}", groups(agent.pid));
    assert!(!groups(up.pid()).contains(&scope));
    let asked = project.read("asked");
    let wanted =
        format!("StartTransientUnit ssa(sv)a(sa(sv)) {scope} fail 2 PIDs au 1 {}", agent.keeper);
    assert!(asked.contains(&wanted), "{asked}");
    project.touch("go");
    let said = up.join();
    assert!(!said.expect(0, &["1 done"]).out.contains("log out"), "{}", said.out);
}

#[test]
fn a_manager_that_does_not_answer_holds_up_nothing() {
    let Some(session) = Session::new() else { return };
    let project = project();
    let up = session.start(&project, "yes", "exec sleep 1000");
    let agent = project.until_running("a");
    assert!(!groups(agent.pid).contains("/ostler-"), "{}", groups(agent.pid));
    project.touch("go");
    up.join().expect(0, &["1 done"]);
    let log = fs::read_to_string(project.files("a").join("1/run/keeper.log")).unwrap();
    assert!(log.contains("no scope of its own"), "{log}");
}

#[test]
fn where_agents_would_end_that_is_said_beforehand() {
    let Some(session) = Session::new() else { return };
    let project = project();
    let up = session.start(&project, "no", "touch $HOME/asked");
    up.until_out("agents end when you log out");
    up.until_out("`loginctl enable-linger` lets them go on");
    project.until_running("a");
    project.touch("go");
    up.join().expect(0, &["1 done"]);
    assert!(!project.home.join("asked").exists());
}
