//! An attempt that is ended, with everything that it has started.

use std::time::Duration;

use ostler::core::verdict::{EndedBy, Exit, Tree};
use ostler::keeper::identity;
use ostler::keeper::inspect::{Found, inspect};
use ostler::keeper::spec::Spec;

use super::bench::{Bench, assert_exit, dead, exited, until};

/// Three processes: one that ignores TERM, one in another session, one that forked twice.
const FAMILY: &str = "
    setsid sh -c 'echo $$ > session; exec sleep 1000' &
    (sh -c 'echo $$ > daemon; exec sleep 1000' > /dev/null 2>&1 &)
    trap '' TERM
    echo $$ > leader
    exec sleep 1000
";

#[tokio::test]
async fn stop_ends_the_whole_tree() {
    let bench = Bench::new();
    bench.launch(&bench.spec(FAMILY));
    let family = ["session", "daemon", "leader"].map(|name| bench.process(name));
    let (mut keeper, mut events) = bench.connect().await;
    keeper.stop(Duration::from_millis(300)).await.expect("asked");
    let record = exited(&mut events).await;
    let tree = Tree { ended: 3, left: 0 };
    assert_exit(&record, &Exit::Signal(9), EndedBy::Request, tree);
    assert!(family.iter().all(|it| !identity::is_alive(it)));
}

#[tokio::test]
async fn kill_does_not_wait() {
    let bench = Bench::new();
    bench.launch(&bench.spec(FAMILY));
    let family = ["session", "daemon", "leader"].map(|name| bench.process(name));
    let (mut keeper, mut events) = bench.connect().await;
    keeper.stop(Duration::from_secs(3600)).await.expect("asked");
    keeper.kill().await.expect("asked");
    let record = exited(&mut events).await;
    assert_exit(&record, &Exit::Signal(9), EndedBy::Request, Tree { ended: 3, left: 0 });
    assert!(family.iter().all(|it| !identity::is_alive(it)));
}

#[tokio::test]
async fn an_agent_may_clean_up_after_term() {
    let bench = Bench::new();
    let script = "trap 'echo cleaned; exit 4' TERM; echo up > up; while :; do sleep 0.1; done";
    bench.launch(&bench.spec(script));
    bench.line("up");
    let (mut keeper, mut events) = bench.connect().await;
    keeper.stop(Duration::from_secs(20)).await.expect("asked");
    let record = exited(&mut events).await;
    assert_eq!((record.exit, record.by), (Exit::Code(4), EndedBy::Request));
    assert!(bench.log().contains("cleaned"));
}

#[tokio::test]
async fn a_stopped_process_is_ended_too() {
    let bench = Bench::new();
    bench.launch(&bench.spec("echo $$ > leader; kill -STOP $$; exec sleep 1000"));
    bench.line("leader");
    let (mut keeper, mut events) = bench.connect().await;
    keeper.stop(Duration::from_secs(20)).await.expect("asked");
    let record = exited(&mut events).await;
    assert_exit(&record, &Exit::Signal(15), EndedBy::Request, Tree { ended: 1, left: 0 });
}

#[tokio::test]
async fn what_an_exited_agent_leaves_is_ended_and_counted() {
    let bench = Bench::new();
    let script = "trap '' TERM; setsid sh -c 'echo $$ > left; exec sleep 1000' > /dev/null 2>&1 &
        while [ ! -s left ]; do sleep 0.01; done; exit 5";
    bench.launch(&bench.spec(script));
    let (_keeper, mut events) = bench.connect().await;
    let record = exited(&mut events).await;
    assert_exit(&record, &Exit::Code(5), EndedBy::Itself, Tree { ended: 1, left: 0 });
    let left = bench.line("left").parse().expect("a number");
    assert_eq!(identity::of(left), None);
}

#[tokio::test]
async fn a_tree_that_forks_on_and_on_is_ended() {
    let bench = Bench::new();
    let script = "cat > fork.sh <<'END'
trap '' TERM
(sh ./fork.sh > /dev/null 2>&1 &)
sleep 0.05
END
        for i in 1 2 3; do (sh ./fork.sh > /dev/null 2>&1 &); done; echo up > up; sleep 1000";
    bench.launch(&bench.spec(script));
    bench.line("up");
    let (mut keeper, mut events) = bench.connect().await;
    keeper.stop(Duration::ZERO).await.expect("asked");
    let record = exited(&mut events).await;
    assert_eq!((record.by, record.tree.left), (EndedBy::Request, 0));
    let mark = format!("OSTLER_RUN={}", bench.run.display());
    let survivors = std::fs::read_dir("/proc").expect("processes").flatten().filter(|it| {
        std::fs::read(it.path().join("environ"))
            .is_ok_and(|environ| environ.split(|b| *b == 0).any(|it| it == mark.as_bytes()))
    });
    assert_eq!(survivors.count(), 0);
}

#[test]
fn the_deadline_needs_nobody() {
    let bench = Bench::new();
    let deadline = Duration::from_millis(300);
    let spec = Spec { deadline, ..bench.spec("echo $$ > leader; exec sleep 1000") };
    let status = bench.launch(&spec);
    let ended = || match inspect(&bench.run) {
        Ok(Found::Alive(status)) => bench.run.join("exit.json").exists().then_some(status),
        other => panic!("the keeper must stay: {other:?}"),
    };
    until("record", ended);
    let text = std::fs::read(bench.run.join("exit.json")).expect("a record");
    let record = serde_json::from_slice(&text).expect("a whole record");
    assert_exit(&record, &Exit::Signal(15), EndedBy::Deadline, Tree { ended: 1, left: 0 });
    dead(&status.agent.expect("an agent"));
}

#[tokio::test]
async fn the_deadline_can_be_moved() {
    let bench = Bench::new();
    bench.launch(&bench.spec("trap '' TERM; exec sleep 1000"));
    let (mut keeper, mut events) = bench.connect().await;
    keeper.deadline(Duration::from_millis(100)).await.expect("asked");
    let record = exited(&mut events).await;
    assert_eq!((record.exit, record.by), (Exit::Signal(9), EndedBy::Deadline));
}
