//! Those that work side by side take a slot each, and a place of each agent.

use crate::project::{Project, QUICK};

/// Each agent waits for those that work side by side with it, and notes how many are at work, of all and of its own kind.
const CONFIG: &str = "
supervisor_grace: 1s
limits: { parallel: 3 }
agents:
  x: { command: [sh, -c, '. $HOME/work.sh'], capacity: 2 }
  y: { command: [sh, -c, '. $HOME/work.sh'] }
  z: { command: [sh, -c, '. $HOME/work.sh'] }
workstreams:
";

/// So many workstreams.
const COUNT: usize = 10;

const WORK: &str = "
me=$OSTLER_AGENT-$OSTLER_WORKSTREAM
mkdir $HOME/at/$me
touch $HOME/came/$OSTLER_WORKSTREAM
ours=${OSTLER_WORKSTREAM%.*}
needed=$(cat $HOME/needed/${OSTLER_WORKSTREAM%%+*})
until [ $(ls $HOME/came | grep -c ^$ours) -ge $needed ]; do sleep 0.02; done
ls $HOME/at | wc -l >> $HOME/counts
ls $HOME/at | grep -c '^x-' >> $HOME/counts-x
echo x > x
rmdir $HOME/at/$me
";

#[test]
fn three_supervisors_never_have_more_at_work_than_there_are_slots() {
    let project = Project::without_config();
    let chains = [
        ("chain: [x, y], vote: 2", 2),
        ("chain: [z]", 1),
        ("chain: [x], vote: 2", 2),
        ("chain: [x]", 1),
        ("chain: [x, y, z], vote: 3", 3),
    ];
    let of = |it: usize| (format!("ws-{it:02}"), chains[it % chains.len()]);
    let stream =
        |(id, (chain, _)): (String, _)| format!("  - {{ id: {id}, prompt: p, {chain} }}\n");
    let streams: Vec<String> = (0..COUNT).map(of).map(stream).collect();
    // `QUICK` has limits of its own.
    let quick = QUICK.replace("limits: { parallel: 8 }\n", "");
    project.configure_as(&format!("{quick}{CONFIG}{}", streams.concat()));
    for folder in ["at", "came", "needed"] {
        std::fs::create_dir(project.home.join(folder)).unwrap();
    }
    for (id, (_, needed)) in (0..COUNT).map(of) {
        std::fs::write(project.home.join("needed").join(id), format!("{needed}\n")).unwrap();
    }
    let work = WORK.replace("$HOME", &project.home.display().to_string());
    std::fs::write(project.home.join("work.sh"), work).unwrap();
    let workers = (0..3).map(|part| {
        let mut arguments = vec!["worker".to_owned()];
        for it in (part..COUNT).step_by(3) {
            arguments.extend(["--workstream".to_owned(), format!("ws-{it:02}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        project.start(&arguments)
    });
    let workers: Vec<_> = workers.collect();
    for it in 0..COUNT {
        let id = format!("ws-{it:02}");
        project.until_phase(&id, ostler::core::PhaseWord::Done);
    }
    for worker in workers {
        worker.join();
    }
    project.until_nothing_is_left();
    let most =
        |name: &str| project.read(name).lines().map(|it| it.trim().parse::<u32>().unwrap()).max();
    assert!(most("counts") <= Some(3), "{}", project.read("counts"));
    assert!(most("counts-x") <= Some(2), "{}", project.read("counts-x"));
}

#[test]
fn one_that_waits_says_for_how_many() {
    let project = Project::without_config();
    let quick = QUICK.replace("limits: { parallel: 8 }\n", "");
    let waits = "until [ -e $HOME/go ]; do sleep 0.05; done; echo x > x";
    project.configure_as(&format!(
        "{quick}limits: {{ parallel: 2 }}
agents: {{ x: {{ command: [sh, -c, '{waits}'] }}, y: {{ command: [sh, -c, 'echo y > y'] }} }}
workstreams:
  - {{ id: a, prompt: p, chain: [x] }}
  - {{ id: b, prompt: p, chain: [x, y], race: 2 }}
  - {{ id: c, prompt: p, chain: [y] }}
"
    ));
    let running = project.start(&["up", "--headless"]);
    project.until_running("a");
    let told = project.workstream("b")["explain"].as_str().unwrap().to_owned();
    assert!(
        told.contains("waits for 2 free slots, of which there are 1 (place 1 in the queue)"),
        "{told}"
    );
    // What it waits for is not taken away by one that came later and needs less.
    let told = project.workstream("c")["explain"].as_str().unwrap().to_owned();
    assert!(told.contains("waits for a free slot (place 2 in the queue)"), "{told}");
    project.touch("go");
    running.join().expect(0, &["3 done"]);
}
