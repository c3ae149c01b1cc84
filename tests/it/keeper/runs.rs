//! An attempt that ends by itself, or that never began.

use std::fs;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ostler::core::lack::Lack;
use ostler::core::verdict::{EndedBy, Exit, Tree};
use ostler::keeper::files::{self, AGENT_LOCK, EXIT, LOG, SPEC, STATUS};
use ostler::keeper::inspect::{Found, inspect};
use ostler::keeper::launch::{LaunchError, Program, launch};
use ostler::keeper::spec::Spec;

use super::bench::{Bench, assert_exit, program};

#[tokio::test]
async fn the_exit_code_and_both_streams_are_kept() {
    let bench = Bench::new();
    let record = bench.complete(&bench.spec("echo out; echo err >&2; exit 7")).await;
    assert_exit(&record, &Exit::Code(7), EndedBy::Itself, Tree::default());
    assert_eq!(bench.log(), "out\nerr\n");
    assert_eq!(record.log_bytes, 8);
    let mode = |name| fs::metadata(bench.run.join(name)).expect("there").permissions().mode();
    assert_eq!(mode(LOG) & 0o777, 0o600);
    assert_eq!(mode("") & 0o777, 0o700);
}

#[tokio::test]
async fn a_signal_is_told_from_a_code() {
    let bench = Bench::new();
    let record = bench.complete(&bench.spec("kill -9 $$")).await;
    assert_exit(&record, &Exit::Signal(9), EndedBy::Itself, Tree::default());
}

#[tokio::test]
async fn an_agent_steps_back_as_far_as_it_is_told() {
    let bench = Bench::new();
    let script = "nice; sed 's/.* nice //' /proc/self/autogroup 2>&1";
    let own = Command::new("nice").output().expect("nice");
    let own: i32 = String::from_utf8_lossy(&own.stdout).trim().parse().expect("a number");
    bench.complete(&Spec { nice: 7, ..bench.spec(script) }).await;
    let log = bench.log();
    let told: Vec<&str> = log.lines().collect();
    assert_eq!(told[0], (own + 7).min(19).to_string());
    // Kernels without sessions that share the processor have no such file.
    if fs::exists("/proc/self/autogroup").expect("a look") {
        assert_eq!(told[1], "7");
    }
}

#[tokio::test]
async fn no_line_is_lost() {
    let count = "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done";
    let headless = Bench::new();
    let terminal = Bench::new();
    let cases = [(&headless, headless.spec(count)), (&terminal, terminal.terminal(count))];
    for (bench, spec) in cases {
        bench.complete(&spec).await;
        let log = bench.log();
        assert_eq!(log.lines().count(), 20000);
        assert!(log.lines().enumerate().all(|(i, it)| it == format!("line {i}")));
    }
}

#[tokio::test]
async fn the_environment_reaches_the_agent_and_nobody_else() {
    let bench = Bench::new();
    let script = "umask; echo $SECRET $PLAIN $OSTLER_RUN; set | grep -c OSTLER_PASS; exit 0";
    let mut spec = bench.spec(script);
    spec.env.insert("PLAIN".to_owned(), "plain".to_owned());
    let own = fs::read_to_string("/proc/self/status").expect("this process");
    let mask = own.lines().find_map(|it| it.strip_prefix("Umask:")).expect("a mask").trim();
    bench.complete(&spec).await;
    let expected = format!("{mask}\ns3cret plain {}\n0\n", bench.run.display());
    assert_eq!(bench.log(), expected);
    for name in [SPEC, STATUS, EXIT] {
        let text = fs::read_to_string(bench.run.join(name)).expect("a file");
        assert!(!text.contains("s3cret"), "{name} holds the secret");
    }
}

#[tokio::test]
async fn the_input_is_the_file_or_nothing() {
    let bench = Bench::new();
    fs::write(bench.file("input"), "from the file\n").expect("written");
    let spec = Spec { stdin: Some(bench.file("input")), ..bench.spec("cat") };
    bench.complete(&spec).await;
    assert_eq!(bench.log(), "from the file\n");
    let bench = Bench::new();
    let record = bench.complete(&bench.spec("cat")).await;
    assert_exit(&record, &Exit::Code(0), EndedBy::Itself, Tree::default());
}

#[tokio::test]
async fn an_agent_that_cannot_be_started_is_named() {
    let place = Bench::new();
    fs::write(place.file("plain"), "text\n").expect("written");
    fs::write(place.file("script"), "#!/no/such/interpreter\n").expect("written");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place.file("script"), mode).expect("executable");
    let path = |name| place.file(name).display().to_string();
    let cases = [
        (
            "aider-not-here",
            None,
            "`aider-not-here` was not found on PATH; install it or set its command".to_owned(),
        ),
        ("./no/such", None, "`./no/such` does not exist; install it or set its command".to_owned()),
        (
            &path("plain"),
            None,
            format!(
                "`{}` may not be executed; make it an executable file (chmod +x) or set another command",
                path("plain")
            ),
        ),
        (
            &path("script"),
            None,
            format!(
                "`{}` cannot be run: the interpreter that it names does not exist; install that",
                path("script")
            ),
        ),
        (
            "/bin/sh",
            Some("/no/such/directory"),
            "the working directory `/no/such/directory` cannot be entered: it does not exist"
                .to_owned(),
        ),
    ];
    for (program, cwd, words) in cases {
        let bench = Bench::new();
        let mut spec = Spec { argv: vec![program.to_owned()], ..bench.spec("") };
        if let Some(cwd) = cwd {
            spec.cwd = PathBuf::from(cwd);
        }
        let record = bench.complete(&spec).await;
        assert_exit(&record, &Exit::NotStarted(words), EndedBy::Itself, Tree::default());
    }
}

#[tokio::test]
async fn a_run_directory_is_used_once() {
    let bench = Bench::new();
    assert_eq!(inspect(&bench.run).expect("readable"), Found::Absent);
    let spec = bench.spec("echo ran >> ran");
    bench.launch(&spec);
    assert!(matches!(bench.try_launch(&spec), Err(LaunchError::Used { .. })));
    let keep = || {
        let mut keeper = Command::new(program().0);
        keeper.arg("keep").arg(&bench.run).stdout(Stdio::null());
        keeper.status().expect("a keeper").code()
    };
    assert_eq!(keep(), Some(75), "the other one is still there");
    let (mut keeper, mut events) = bench.connect().await;
    super::bench::exited(&mut events).await;
    keeper.release().await.expect("released");
    while super::bench::next(&mut events).await != ostler::keeper::client::Event::Closed {}
    assert_eq!(keep(), Some(76), "it was used");
    assert_eq!(fs::read_to_string(bench.file("ran")).expect("it ran"), "ran\n");
}

#[tokio::test]
async fn a_gate_without_a_keeper_runs_nothing() {
    let bench = Bench::new();
    fs::create_dir(&bench.run).expect("a directory");
    let spec = bench.spec("echo ran > ran");
    files::replace(&bench.run, SPEC, &spec).expect("written");
    assert_eq!(inspect(&bench.run).expect("readable"), Found::NotStarted);
    let mut gate = Command::new(program().0);
    gate.args(["gate", "22"]).current_dir(&bench.run);
    let status = gate.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("a gate");
    assert_eq!(status.code(), Some(126));
    assert!(bench.run.join(AGENT_LOCK).exists(), "it came as far as the gate");
    assert!(!bench.file("ran").exists());
    assert_eq!(inspect(&bench.run).expect("readable"), Found::NotStarted);
    let record = bench.complete(&spec).await;
    assert_eq!(record.exit, Exit::Code(0));
}

#[test]
fn a_gate_whose_directory_was_removed_says_so() {
    let bench = Bench::new();
    fs::create_dir(&bench.run).expect("a directory");
    let (mut keeper, theirs) = UnixStream::pair().expect("a pair");
    let mut gate = Command::new(program().0);
    gate.args(["gate", "22"]).current_dir(&bench.run);
    let mut gate = gate.stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).spawn().expect("a gate");
    let status = gate.wait().expect("its end");
    let mut words = String::new();
    // Its end of the pair is held by the command.
    keeper.set_nonblocking(true).expect("set");
    drop(keeper.read_to_string(&mut words));
    assert_eq!((status.code(), Lack::named_in(&words)), (Some(127), Some(Lack::Home)), "{words}");
}

#[tokio::test]
async fn a_keeper_whose_directory_is_removed_has_not_failed_for_good() {
    let bench = Bench::new();
    // The only program that looks at the run directory before the gate does: a shell that takes it away.
    let script = bench.file("takes");
    let text = format!("#!/bin/sh\nrm -rf '{}'\necho 70 words\n", bench.run.display());
    fs::write(&script, text).expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("executable");
    let spec = bench.spec("true");
    let error = launch(&Program(script), &bench.run, &spec, []).expect_err("it was removed");
    assert!(matches!(error, LaunchError::Removed { .. }), "{error}");
    assert_eq!(Lack::named_in(&error.to_string()), Some(Lack::Home), "{error}");
}

#[tokio::test]
async fn a_keeper_that_cannot_start_says_why() {
    let bench = Bench::new();
    fs::create_dir(&bench.run).expect("a directory");
    fs::create_dir(bench.run.join(LOG)).expect("in the way");
    let words = bench.try_launch(&bench.spec("true")).expect_err("no keeper").to_string();
    assert!(words.contains("the log cannot be opened"), "{words}");
    let Found::Ended(record) = inspect(&bench.run).expect("readable") else {
        panic!("no record");
    };
    assert!(matches!(record.exit, Exit::NotStarted(words) if words.contains("the log")));
}

#[tokio::test]
async fn a_path_may_be_longer_than_a_socket_name() {
    let bench = Bench::below(&format!("{}/{}", "a".repeat(120), "b".repeat(120)));
    let record = bench.complete(&bench.spec("exit 3")).await;
    assert_eq!(record.exit, Exit::Code(3));
}

#[tokio::test]
async fn a_damaged_status_is_named() {
    let bench = Bench::new();
    bench.complete(&bench.spec("true")).await;
    fs::write(bench.run.join(EXIT), "{\"version\":1,").expect("written");
    let words = inspect(&bench.run).expect_err("damaged").to_string();
    assert!(words.contains(EXIT), "{words}");
}
