//! Who dies when, and what must hold.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use ostler::core::verdict::Exit;
use ostler::keeper::inspect::{Found, inspect};
use ostler::keeper::{files, identity, orphan};
use rustix::process::Signal;

use super::bench::{Bench, dead, exited, kill, program, signal, until};

/// Played by another copy of this program: starts a keeper and waits to be killed.
#[test]
#[ignore = "part of the next test"]
fn a_launcher() {
    let Some(spec) = std::env::var_os("TEST_LAUNCHER_SPEC") else { return };
    let run = std::env::var_os("TEST_LAUNCHER_RUN").expect("a run directory");
    let spec = serde_json::from_slice(&fs::read(spec).expect("a spec")).expect("a spec");
    ostler::keeper::launch::launch(&program(), run.as_ref(), &spec, []).expect("a keeper");
    loop {
        std::thread::park();
    }
}

#[tokio::test]
async fn the_death_of_its_launcher_changes_nothing() {
    let bench = Bench::new();
    let script = "echo before; while [ ! -e go ]; do sleep 0.05; done; echo after; exit 9";
    let spec = serde_json::to_vec(&bench.spec(script)).expect("a spec");
    fs::write(bench.file("spec"), spec).expect("written");
    let mut launcher = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "keeper::survives::a_launcher"])
        .env("TEST_LAUNCHER_SPEC", bench.file("spec"))
        .env("TEST_LAUNCHER_RUN", &bench.run)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a launcher");
    let status = until("agent", || bench.status().filter(|it| it.agent.is_some()));
    launcher.kill().expect("killed");
    launcher.wait().expect("reaped");
    // Neither do the signals that a keeper must not fall to.
    for it in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM, Signal::TSTP] {
        signal(&status.keeper, it);
    }
    let (mut keeper, mut events) = bench.connect().await;
    fs::write(bench.file("go"), "").expect("written");
    let record = exited(&mut events).await;
    assert_eq!(record.exit, Exit::Code(9));
    assert_eq!(bench.log(), "before\nafter\n");
    keeper.release().await.expect("released");
    dead(&status.keeper);
}

#[test]
fn an_agent_without_its_keeper_is_found_and_ended() {
    let bench = Bench::new();
    let script = "
        setsid sh -c 'echo $$ > session; exec sleep 1000' &
        (env -i sh -c 'echo $$ > bare; exec sleep 1000' > /dev/null 2>&1 &)
        trap '' TERM; echo $$ > leader; exec sleep 1000";
    let status = bench.launch(&bench.spec(script));
    let family = ["session", "bare", "leader"].map(|name| bench.process(name));
    kill(&status.keeper);
    dead(&status.keeper);
    assert_eq!(inspect(&bench.run).expect("readable"), Found::Orphan(status.clone()));
    let tree = orphan::end(&bench.run, &status, Duration::from_millis(100));
    assert_eq!((tree.ended, tree.left), (3, 0));
    assert!(family.iter().all(|it| !identity::is_alive(it)));
    assert_eq!(inspect(&bench.run).expect("readable"), Found::Gone(status));
}

#[test]
fn a_terminal_goes_with_its_keeper() {
    let bench = Bench::new();
    let status = bench.launch(&bench.terminal("exec sleep 1000"));
    kill(&status.keeper);
    dead(&status.keeper);
    until("end of the agent", || match inspect(&bench.run).expect("readable") {
        Found::Gone(found) => (found == status).then_some(()),
        _ => None,
    });
}

#[test]
fn another_boot_explains_an_attempt_that_is_gone() {
    let bench = Bench::new();
    let mut status = bench.launch(&bench.spec("exec sleep 1000"));
    kill(&status.keeper);
    dead(&status.keeper);
    orphan::end(&bench.run, &status, Duration::ZERO);
    let found = inspect(&bench.run).expect("readable");
    assert!(!found.is_before_reboot());
    status.keeper.boot = "another".to_owned();
    files::replace(&bench.run, files::STATUS, &status).expect("written");
    let found = inspect(&bench.run).expect("readable");
    assert!(found.is_before_reboot() && found == Found::Gone(status));
}

#[tokio::test]
async fn an_idle_keeper_is_small() {
    let bench = Bench::new();
    let status = bench.launch(&bench.spec("exec sleep 1000"));
    let (_keeper, _events) = bench.connect().await;
    let path = format!("/proc/{}/smaps_rollup", status.keeper.pid);
    let text = fs::read_to_string(path).expect("its memory");
    let private: u64 = text
        .lines()
        // Pages of the program's file count as private when nobody else maps them, and as dirty when it was just built.
        .filter(|line| line.starts_with("Anonymous:"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .sum();
    eprintln!("private memory of an idle keeper: {private} kB");
    assert!(private < 2048, "{private} kB");
    let path = format!("/proc/{}/task", status.keeper.pid);
    assert_eq!(fs::read_dir(path).expect("its threads").count(), 1);
}
