//! Three supervisors on one project, one of which is killed.

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use super::QUICK;
use crate::project::{Project, left};

/// Each agent notes how many are at work with it, as the kernel's file system tells.
const CONFIG: &str = "
supervisor_grace: 1s
on: { exit_code: next, keeper_lost: { retry: 2 } }
breaker: { failures: 3, delay: 10m }
limits: { parallel: 2 }
agents:
  bad: { command: [sh, -c, 'echo >> $HOME/bad; exit 3'] }
  good:
    command: [sh, -c, 'mkdir $HOME/at/$OSTLER_WORKSTREAM; ls $HOME/at | wc -l >> $HOME/counts; sleep 0.1; rmdir $HOME/at/$OSTLER_WORKSTREAM; echo x > x']
chain: [bad, good]
workstreams:
";

#[test]
fn three_supervisors_keep_to_the_slots_and_agree_on_breakers() {
    let project = Project::without_config();
    let streams: Vec<String> =
        (0..12).map(|it| format!("  - {{ id: ws-{it:02}, prompt: do it }}\n")).collect();
    project.configure_as(&format!("{QUICK}{CONFIG}{}", streams.concat()));
    std::fs::create_dir(project.home.join("at")).unwrap();
    let mut workers = Vec::new();
    for part in 0..3 {
        let mut arguments = vec!["worker".to_owned()];
        for it in (part..12).step_by(3) {
            arguments.extend(["--workstream".to_owned(), format!("ws-{it:02}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        workers.push(project.start(&arguments));
    }
    project.until_file("counts");
    let killed = workers.remove(0);
    let (pid, start) = (killed.pid(), left::start(killed.pid()).unwrap());
    killed.signal(Signal::KILL);
    project.until("its death", || (!left::is_alive(pid, start)).then_some(()));
    for it in 0..12 {
        project.until_phase(&format!("ws-{it:02}"), PhaseWord::Done);
    }
    drop((killed, workers));
    project.until_nothing_is_left();
    let counts = project.read("counts");
    let most = counts.lines().map(|line| line.trim().parse::<u32>().unwrap()).max();
    assert!(most <= Some(2), "{counts}");
    // Those that were under way when the third one failed may have tried it, too.
    let tried = project.read("bad").lines().count();
    assert!((3..=5).contains(&tried), "{tried} attempts with an agent that fails");
    let told = project.status()["agents"][0]["breaker"]["state"].clone();
    assert_eq!(told, "open");
}

#[test]
fn a_place_with_an_agent_moves_with_its_work() {
    let project = Project::without_config();
    project.configure_as(&format!(
        "{QUICK}
agents:
  few:
    command: [sh, -c, 'echo $OSTLER_WORKSTREAM >> $HOME/order; until [ -e $HOME/go-$OSTLER_WORKSTREAM ]; do sleep 0.05; done; echo x > x']
    capacity: 1
workstreams: [{{ id: a, prompt: do it }}, {{ id: b, prompt: do it }}]
"
    ));
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    // The worker has the one place now, and keeps it when everybody else has gone.
    project.ok(&["detach", "a"]);
    let owner = project.until("another owner", || {
        let owner = project.workstream("a")["owner_pid"].as_u64();
        owner.filter(|pid| *pid != u64::from(up.pid()))
    });
    let explain = project.workstream("b")["explain"].to_string();
    assert!(explain.contains("few, which may make 1 attempt at a time"), "{explain}");
    assert_eq!(project.read("order"), "a\n");
    assert_ne!(owner, 0);
    project.touch("go-a");
    project.touch("go-b");
    up.join().expect(0, &["2 done"]);
    assert_eq!(project.read("order"), "a\nb\n");
}
