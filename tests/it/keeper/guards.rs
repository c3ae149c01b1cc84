//! The dead-man's switch.

use std::fs::{self, File};
use std::time::Duration;

use ostler::keeper::identity;
use ostler::keeper::spec::{Raise, Spec};

use super::bench::{Bench, dead, exited, kill, next};
use ostler::keeper::client::Event;

#[tokio::test]
async fn somebody_is_raised_who_is_not_the_agents() {
    let bench = Bench::new();
    File::create(bench.file("owner.lock")).expect("a lock");
    let script = "umask > umask; env > environment
        echo $$ > raised; exec sleep 1000";
    let raise = Raise {
        owner_lock: bench.file("owner.lock"),
        argv: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        cwd: bench.file(""),
        after: Duration::from_millis(300),
    };
    let spec = Spec { raise: Some(raise), ..bench.spec("exec sleep 1000") };
    let status = bench.launch(&spec);
    let raised = bench.process("raised");
    // It survives the end of the agent's whole tree, and the keeper.
    let (mut keeper, mut events) = bench.connect().await;
    keeper.kill().await.expect("asked");
    let record = exited(&mut events).await;
    assert_eq!((record.tree.ended, record.tree.left), (1, 0));
    keeper.release().await.expect("released");
    assert_eq!(next(&mut events).await, Event::Closed);
    dead(&status.keeper);
    assert!(identity::is_alive(&raised));
    kill(&raised);
    dead(&raised);
    let environment = bench.line("environment");
    assert!(!environment.contains("s3cret"), "the agent's secret is the agent's");
    assert!(!environment.contains(&format!("OSTLER_RUN={}", bench.run.display())));
    assert_ne!(bench.line("umask"), "0077");
}

#[tokio::test]
async fn somebody_is_raised_after_the_last_client_has_gone() {
    let bench = Bench::new();
    File::create(bench.file("owner.lock")).expect("a lock");
    let raise = Raise {
        owner_lock: bench.file("owner.lock"),
        argv: ["/bin/sh", "-c", "echo $$ > raised; exec sleep 1000"].map(str::to_owned).to_vec(),
        cwd: bench.file(""),
        after: Duration::from_millis(300),
    };
    let spec = Spec { raise: Some(raise), ..bench.spec("exec sleep 1000") };
    bench.launch(&spec);
    let first = bench.connect().await;
    drop(first);
    let raised = bench.process("raised");
    let (mut keeper, mut events) = bench.connect().await;
    keeper.kill().await.expect("asked");
    exited(&mut events).await;
    keeper.release().await.expect("released");
    kill(&raised);
    dead(&raised);
}

#[test]
fn a_keeper_without_a_home_leaves_after_its_agent() {
    let bench = Bench::new();
    let status = bench.launch(&bench.spec("echo $$ > leader; exec sleep 1000"));
    let agent = bench.process("leader");
    fs::remove_dir_all(&bench.run).expect("removed");
    kill(&agent);
    dead(&agent);
    dead(&status.keeper);
}
