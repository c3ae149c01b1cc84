//! A project whose one workstream is held at a moment by gates: files that its scripts and its git wait for.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use super::blow::Victim;
use super::moment::Moment;
use crate::project::{Project, Running};
use crate::pty::Terminal;
use crate::resources::disk::Disk;

/// Shell: waits at a gate as long as it is closed.
const GATE: &str = "#!/bin/sh
gate() { [ ! -e $HOME/closed-$1 ] || : > $HOME/at-$1; while [ -e $HOME/closed-$1 ]; do sleep 0.02; done; }
";

const CONFIG: &str = "
supervisor_grace: 1s
limits: { min_free_disk: 12MB }
on:
  hard_timeout: next
  check_failed: next
  keeper_lost: next
  crashed: next
  exit_code: next
  resources: [{ backoff: 200ms }]
agents:
  first:
    command: [sh, $HOME/first]
    probe: [sh, $HOME/probe]
    probe_timeout: 60s
    timeout: { soft: off, hard: HARD, idle: off }
    grace: 30s
  second: { command: [sh, $HOME/second] }
chain: [first, second]
check: sh $HOME/check
workstreams:
  - { id: a, prompt: do it }
";

/// A supervisor of some kind.
pub enum Host {
    Headless(Running),
    Screen(Box<Terminal>),
}

impl Host {
    pub fn pid(&self) -> u32 {
        match self {
            Self::Headless(running) => running.pid(),
            Self::Screen(screen) => screen.pid(),
        }
    }
}

/// A project that is held at a moment.
pub struct Setting {
    pub project: Project,
    pub moment: Moment,
}

impl Setting {
    pub fn new(moment: Moment) -> Self {
        Self::of(Project::without_config(), moment)
    }

    /// One whose state and git objects are on a disk of their own.
    pub fn on(disk: &Disk, moment: Moment) -> Self {
        let project = Project::without_config();
        disk.hold_state(&project);
        let (objects, held) = (project.root.join(".git/objects"), disk.path().join("objects"));
        let copied = Command::new("cp").arg("-r").args([&objects, &held]).status();
        assert!(copied.unwrap().success());
        fs::remove_dir_all(&objects).unwrap();
        symlink(held, objects).unwrap();
        Self::of(project, moment)
    }

    fn of(project: Project, moment: Moment) -> Self {
        // Only where it is to come, and then on a loaded machine after the agent has begun.
        let hard = if moment == Moment::Stopping { "2s" } else { "5m" };
        project.configure_as(&CONFIG.replace("HARD", hard));
        let home = project.home.clone();
        let script = |name: &str, text: &str| {
            let text = format!("{GATE}{text}").replace("$HOME", &home.display().to_string());
            fs::write(home.join(name), text).unwrap();
        };
        script("probe", "gate probe\n");
        script("check", "gate check\ncat made\n");
        let closes = if moment == Moment::Saving { ": > $HOME/closed-commit\n" } else { "" };
        let term = "trap 'gate term; exit 3' TERM\n";
        // What traps a signal is not ended by it, so it is trapped only where that is the moment.
        let (term, waits) = if moment == Moment::Stopping {
            (term, "while :; do sleep 0.05; done\n")
        } else {
            ("", "gate agent\n")
        };
        let begins = "echo $OSTLER_ATTEMPT >> $HOME/starts; echo begin\n";
        let ends = "echo made > made; echo end\n";
        script("first", &format!("{term}{begins}{waits}{closes}{ends}"));
        script("second", &format!("{begins}{ends}"));
        let setting = Self { project, moment };
        Self::place_git(&home);
        setting.project.touch(&format!("closed-{}", moment.gate()));
        if moment == Moment::Saving {
            // Its agent closes it, after the checkpoint before the attempt.
            fs::remove_file(home.join("closed-commit")).unwrap();
        }
        setting
    }

    /// A git that waits at gates.
    fn place_git(home: &Path) {
        let found = Command::new("sh").args(["-c", "command -v git"]).output().unwrap();
        let real = String::from_utf8(found.stdout).unwrap();
        let bin = home.join("bin");
        fs::create_dir(&bin).unwrap();
        let text = format!(
            "{GATE}case \" $* \" in\n  *' worktree add '*) gate worktree ;;\n  *' commit-tree '*) gate commit ;;\nesac\n\
             exec {} \"$@\"\n",
            real.trim()
        );
        let text = text.replace("$HOME", &home.display().to_string());
        fs::write(bin.join("git"), text).unwrap();
        fs::set_permissions(bin.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(arguments);
        let path = command.get_envs().find(|(name, _)| *name == "PATH");
        let path = path.and_then(|(_, value)| value).unwrap().to_owned();
        let own = self.project.home.join("bin");
        command.env("PATH", format!("{}:{}", own.display(), path.display()));
        command
    }

    /// Starts the supervisor that is needed for a victim.
    pub fn start(&self, victim: Victim) -> Host {
        match victim {
            Victim::Terminal => {
                Host::Screen(Box::new(Terminal::start(&self.command(&[]), (80, 24))))
            }
            Victim::Worker => {
                let worker = self.command(&["worker", "--workstream", "a"]);
                let running = Running::start(worker, &self.project.home);
                Host::Headless(running)
            }
            Victim::Supervisor | Victim::Keeper | Victim::Agent => {
                let up = self.command(&["up", "--headless"]);
                Host::Headless(Running::start(up, &self.project.home))
            }
        }
    }

    /// Waits until the workstream is held.
    pub fn until_there(&self) {
        self.project.until_file(&format!("at-{}", self.moment.gate()));
        self.project.until_phase("a", self.moment.phase());
    }

    /// Opens the gate.
    pub fn go_on(&self) {
        fs::remove_file(self.project.home.join(format!("closed-{}", self.moment.gate()))).unwrap();
    }

    /// The attempts whose agents have begun.
    pub fn starts(&self) -> Vec<u32> {
        let starts = self.project.read("starts");
        let mut starts: Vec<u32> = starts.lines().map(|line| line.parse().unwrap()).collect();
        starts.sort_unstable();
        starts.dedup_by(|one, other| {
            assert_ne!(one, other, "attempt {one} was started twice");
            false
        });
        starts
    }

    /// Checks that no log has lost or doubled a line.
    pub fn assert_whole(&self) {
        for attempt in self.starts() {
            let log = self.project.log("a", attempt);
            // The shell itself may say how its `sleep` was ended.
            let own = log.lines().filter(|line| ["begin", "end"].contains(line));
            let own: Vec<&str> = own.collect();
            assert!(matches!(&own[..], ["begin", "end"] | ["begin"]), "attempt {attempt}: {log}");
        }
    }
}
