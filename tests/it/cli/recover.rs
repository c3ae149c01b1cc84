//! `ostler recover`: after an outage, and after a supervisor that was killed.

use ostler::core::phase::PhaseWord;

use rustix::process::Signal;

use crate::project::Project;

const CONFIG: &str = "
on: { network: escalate, exit_code: escalate }
agents:
  good:
    command: [sh, -c, '[ -e $HOME/mended ] && echo x > x && exit; echo no connection; exit 1']
    output: { failure: [{ class: network, text: '^no connection$' }] }
  bad: { command: [sh, -c, '[ -e $HOME/all ] && echo x > x'] }
chain: [good]
workstreams:
  - { id: a, prompt: do it, priority: -1 }
  - { id: b, prompt: do it }
  - { id: c, prompt: do it, after: [b] }
  - { id: d, prompt: do it, chain: [bad] }
";

#[test]
fn what_failed_in_an_outage_is_shown_in_its_order_and_tried_again() {
    let project = Project::new(CONFIG);
    project.headless().expect(3, &[]);
    let said = project.ok(&["recover"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "  1  b  failed (network), which passes",
            "  2  d  waits for you",
            "  3  a  failed (network), which passes",
            "  4  c  waits to go; `ostler` goes on with it, after b",
            "at most 8 work at a time",
            "`ostler recover --now` tries 2 of them again",
        ]
    );
    project.touch("mended");
    let said = project.ok(&["recover", "--now"]);
    assert!(said.contains("b, a: a worker goes on with them"), "{said}");
    for id in ["a", "b"] {
        project.until_phase(id, PhaseWord::Done);
    }
    // What waited for them is nobody's yet, and what needs a person is left to one.
    project.until_nothing_is_left();
    let said = project.ok(&["recover"]);
    assert!(said.contains("d  waits for you"), "{said}");
    project.touch("all");
    let said = project.ok(&["recover", "--now", "--all"]);
    assert!(said.contains("d: a worker goes on with it"), "{said}");
    project.until_phase("d", PhaseWord::Done);
    project.headless().expect(0, &["4 done"]);
    assert_eq!(project.ok(&["recover"]), "nothing is left to do\n");
}

#[test]
fn a_supervisor_says_what_it_takes_up_again() {
    let project = Project::new(
        "
agents: { slow: { command: [sh, -c, 'until [ -e $HOME/go ]; do sleep 0.05; done; echo x > x'] } }
workstreams: [{ id: a, prompt: do it }, { id: b, prompt: do it }]
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    project.until_running("b");
    up.signal(Signal::KILL);
    drop(up.join());
    let up = project.start(&["up", "--headless"]);
    up.until_out("taken up again: 2 at work (a, b); at most ");
    project.touch("go");
    up.join().expect(0, &["2 done"]);
    project.headless().expect(0, &["2 done"]);
}
