//! Other users of the machine: they read nothing, ask nobody, and what they have planted is not used.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::env;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::project::{Project, wait};

const NOBODY: u32 = 65_534;
const KEY: &str = "sk-this-is-a-key-of-somebody";
const PLAN: &str = "the plan that nobody else may know";

fn project() -> Project {
    Project::new(&format!(
        "
agents:
  waits: {{ command: [sh, -c, 'echo at work; while [ ! -e $HOME/go ]; do sleep 0.05; done; echo x > x', \"{{prompt_file}}\"] }}
workstreams: [{{ id: a, prompt: {PLAN} }}]
"
    ))
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Everything in a folder, itself included.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    let mut at = 0;
    while at < all.len() {
        if fs::symlink_metadata(&all[at]).unwrap().is_dir() {
            all.extend(fs::read_dir(&all[at]).unwrap().map(|entry| entry.unwrap().path()));
        }
        at += 1;
    }
    all
}

/// A program that another user runs; none, and a line that says so, where only root could.
fn nobody(program: &Path, args: &[&str]) -> Option<Command> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(args);
    let mut probe = Command::new("setpriv");
    probe.args(["--reuid=65534", "--regid=65534", "--clear-groups", "test", "-x"]).arg(program);
    if probe.output().is_ok_and(|output| output.status.success()) {
        return Some(command);
    }
    eprintln!(
        "skipped: only root can be another user, and only where others may run what was built"
    );
    None
}

#[test]
fn what_is_written_is_for_one_user_and_keys_are_not_written() {
    let project = project();
    let mut command = project.command(&["up", "--headless"]);
    command.env("ANTHROPIC_API_KEY", KEY);
    let up = crate::project::Running::start(command, &project.home);
    let agent = project.until_running("a");
    for path in all(&project.home.join("state/ostler")) {
        let meta = fs::symlink_metadata(&path).unwrap();
        // Our own log is made by a library, and what the agent makes by the agent: in folders that nobody else can enter.
        let is_log = path.parent().unwrap().ends_with("log");
        assert!(
            meta.mode().trailing_zeros() >= 6 || is_log,
            "{:o} {}",
            meta.mode(),
            path.display()
        );
        if meta.is_file() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(KEY), "the key is in {}", path.display());
        }
    }
    // Arguments can be read by everybody; the environment, where the key is, cannot.
    for pid in [up.pid(), agent.keeper, agent.pid] {
        let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap();
        let arguments = String::from_utf8_lossy(&read("cmdline")).into_owned();
        assert!(!arguments.contains(KEY) && !arguments.contains(PLAN), "{arguments}");
        let environ = fs::metadata(format!("/proc/{pid}/environ")).unwrap();
        assert_eq!(environ.mode() & 0o077, 0);
    }
    project.touch("go");
    up.join().expect(0, &["1 done"]);
}

#[test]
fn others_read_nothing_and_are_not_answered() {
    let project = project();
    let Some(mut find) = nobody(Path::new("/usr/bin/find"), &[]) else { return };
    let Some(mut knock) = nobody(&env::current_exe().unwrap(), &[]) else { return };
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    let state = project.state();
    let above = [project.home.clone(), project.home.join("state")];
    for dir in &above {
        mode(dir, 0o755);
    }
    let found = find.arg(project.home.join("state")).args(["-type", "f"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
    assert!(String::from_utf8_lossy(&found.stderr).contains("Permission denied"));

    // Even if somebody opens every door, sockets look who knocks.
    let everything = all(&project.home.join("state/ostler"));
    let (folders, rest): (Vec<_>, Vec<_>) = everything.into_iter().partition(|it| it.is_dir());
    let sockets: Vec<_> = rest
        .into_iter()
        .filter(|it| fs::symlink_metadata(it).unwrap().file_type().is_socket())
        .collect();
    assert_eq!(sockets.len(), 2, "{sockets:?}");
    for folder in &folders {
        mode(folder, 0o755);
    }
    for socket in &sockets {
        mode(socket, 0o777);
    }
    let names: Vec<String> = sockets.iter().map(|it| it.display().to_string()).collect();
    knock.args(["--exact", "strangers::child_that_knocks", "--ignored"]);
    let knocked = knock.env("OSTLER_TEST_SOCKETS", names.join(":")).output().unwrap();
    let told = String::from_utf8_lossy(&knocked.stdout).into_owned();
    assert!(knocked.status.success() && told.contains("1 passed"), "{told}");
    for folder in &folders {
        mode(folder, 0o700);
    }
    assert!(state.exists() && !project.replay("a").unwrap().phase.word().is_final());
    project.touch("go");
    up.join().expect(0, &["1 done"]);
}

#[test]
#[ignore = "run as another user by another test"]
fn child_that_knocks() {
    for path in env::var("OSTLER_TEST_SOCKETS").unwrap().split(':') {
        // A path may be too long for a socket, so it is reached by its folder.
        let (dir, name) = path.rsplit_once('/').unwrap();
        env::set_current_dir(dir).unwrap();
        let mut stream = UnixStream::connect(name).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _hung_up = stream.write_all(b"\"ping\"\n");
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "{path}: {read:?} {answer:?}");
    }
}

#[track_caller]
fn refused(project: &Project, words: &[&str]) {
    for args in [&["up", "--headless"][..], &["status"], &["stop", "a"]] {
        project.run(args).expect(if args == ["status"] { 1 } else { 2 }, words);
    }
}

#[test]
fn a_state_that_others_could_read_or_replace_is_refused() {
    let project = project();
    let state = project.home.join("state");
    let elsewhere = project.home.join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir(&state).unwrap();
    symlink(&elsewhere, state.join("ostler")).unwrap();
    refused(&project, &["is not safe: it is not a directory", "move "]);
    fs::remove_file(state.join("ostler")).unwrap();
    fs::write(state.join("ostler"), "").unwrap();
    project.run(&["up", "--headless"]).expect(2, &["cannot be used"]);
    fs::remove_file(state.join("ostler")).unwrap();
    fs::create_dir(state.join("ostler")).unwrap();
    mode(&state.join("ostler"), 0o755);
    refused(&project, &["is not safe: others may enter it", "run: chmod 700 "]);
    mode(&state.join("ostler"), 0o700);
    mode(&state, 0o777);
    refused(&project, &["is not safe: others may replace what is in it", "run: chmod o-w "]);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    // A shared folder where nobody can remove what is another's is good enough.
    mode(&state, 0o1777);
    project.touch("go");
    project.headless().expect(0, &["1 done"]);
}

#[test]
fn what_another_user_has_made_beforehand_is_not_used() {
    let project = project();
    let state = project.home.join("state");
    fs::create_dir(&state).unwrap();
    mode(&state, 0o1777);
    let ours = state.join("ostler");
    fs::create_dir(&ours).unwrap();
    mode(&ours, 0o700);
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give files away");
        return;
    }
    chown(&ours, Some(NOBODY), Some(NOBODY)).unwrap();
    let words = ["is not safe: it belongs to another user", "set XDG_STATE_HOME to"];
    refused(&project, &words);
    assert_eq!(fs::read_dir(&ours).unwrap().count(), 0);
    fs::remove_dir(&ours).unwrap();
    chown(&state, Some(NOBODY), Some(NOBODY)).unwrap();
    mode(&state, 0o755);
    refused(&project, &words);
    // Nor is the one that root has made for somebody else.
    chown(&state, Some(0), Some(0)).unwrap();
    project.touch("go");
    project.headless().expect(0, &["1 done"]);
    assert!(wait(Duration::ZERO, || project.find_state()).is_some());
}
