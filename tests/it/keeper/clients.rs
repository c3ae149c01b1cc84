//! What a keeper does for its clients, and what it does not put up with.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use ostler::core::verdict::Exit;
use ostler::keeper::client::{ClientError, Event, connect};
use ostler::keeper::files::SOCKET;
use ostler::keeper::record::Stage;

use super::bench::{Bench, contains, dead, exited, next, until};

#[tokio::test]
async fn a_terminal_is_one() {
    let bench = Bench::new();
    let script = "test -t 0 && test -t 1 && test -t 2 && echo yes; stty size; echo $TERM
        read line; echo got $line; stty size; : > /dev/tty && exit 6";
    bench.launch(&bench.terminal(script));
    let (mut keeper, mut events) = bench.connect().await;
    let log = bench.run.join("out.log");
    until("terminal", || contains(&log, "yes\r\n40 120\r\nxterm-256color\r\n").then_some(()));
    keeper.resize(100, 30).await.expect("resized");
    keeper.input("hello\n").await.expect("typed");
    let record = exited(&mut events).await;
    assert_eq!(record.exit, Exit::Code(6));
    let log = bench.log();
    assert!(log.contains("hello\r\n"), "it echoes: {log}");
    assert!(log.ends_with("got hello\r\n30 100\r\n"), "{log}");
    assert_eq!(record.log_bytes, log.len() as u64);
}

#[tokio::test]
async fn without_a_terminal_there_is_no_input() {
    let bench = Bench::new();
    bench.launch(&bench.spec("exec sleep 1000"));
    let (mut keeper, mut events) = bench.connect().await;
    keeper.input("hello\n").await.expect("asked");
    let Event::Refused(reason) = next(&mut events).await else { panic!("not refused") };
    assert!(reason.contains("no terminal"), "{reason}");
}

#[tokio::test]
async fn release_lets_the_keeper_leave() {
    let bench = Bench::new();
    let status = bench.launch(&bench.spec("exit 0"));
    let (mut keeper, mut events) = bench.connect().await;
    exited(&mut events).await;
    // Who comes later is told, too.
    let (_late, mut late) = bench.connect().await;
    exited(&mut late).await;
    keeper.stat().await.expect("asked");
    let Event::Stat(stat) = next(&mut events).await else { panic!("no answer") };
    assert_eq!((stat.status.stage, stat.deadline_in_ms), (Stage::Exited, None));
    keeper.release().await.expect("released");
    assert_eq!(next(&mut events).await, Event::Closed);
    dead(&status.keeper);
    assert!(!bench.run.join(SOCKET).exists());
    assert!(matches!(connect(&bench.run).await, Err(ClientError::Connect { .. })));
}

#[tokio::test]
async fn a_release_that_comes_early_counts() {
    let bench = Bench::new();
    let status = bench.launch(&bench.spec("exec sleep 1000"));
    let (mut keeper, _events) = bench.connect().await;
    keeper.release().await.expect("released");
    drop(keeper);
    let (mut keeper, mut events) = bench.connect().await;
    keeper.kill().await.expect("killed");
    exited(&mut events).await;
    dead(&status.keeper);
}

#[tokio::test]
async fn nonsense_is_answered_and_endless_lines_are_not_read() {
    let bench = Bench::new();
    bench.launch(&bench.spec("exec sleep 1000"));
    let path = bench.run.join(SOCKET);
    let mut stream = UnixStream::connect(&path).expect("connected");
    stream.write_all(b"{\"dance\":{}}\n\"stat\"\n").expect("said");
    let mut lines = BufReader::new(stream.try_clone().expect("cloned")).lines();
    let mut line = || lines.next().expect("a line").expect("readable");
    assert!(line().contains("hello"));
    assert!(line().contains("no request"));
    assert!(line().contains("running"));
    let mut endless = UnixStream::connect(&path).expect("connected");
    // The keeper hangs up in the middle of it.
    drop(endless.write_all(&vec![b'x'; 1 << 20]));
    let mut rest = Vec::new();
    drop(endless.read_to_end(&mut rest));
    // Others are served as before.
    stream.write_all(b"\"stat\"\n").expect("said");
    assert!(line().contains("running"));
}

#[tokio::test]
async fn who_does_not_read_is_dropped_and_too_many_are_refused() {
    let bench = Bench::new();
    bench.launch(&bench.spec("exec sleep 1000"));
    let path = bench.run.join(SOCKET);
    let mut deaf = UnixStream::connect(&path).expect("connected");
    until("end of patience", || deaf.write_all(&b"\"stat\"\n".repeat(1000)).is_err().then_some(()));
    let mut others = Vec::new();
    for _ in 0..16 {
        others.push(bench.connect().await);
    }
    let Err(ClientError::Unwilling { reason, .. }) = connect(&bench.run).await else {
        panic!("taken");
    };
    assert!(reason.contains("16"), "{reason}");
    others.pop();
    // Its place is free as soon as the keeper has seen that.
    while connect(&bench.run).await.is_err() {}
}
