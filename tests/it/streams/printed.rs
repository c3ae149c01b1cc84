//! Events on the command line.

use crate::project::Project;

const CONFIG: &str = "
agents:
  tool:
    preset: codex
    command: [sh, -c, 'cat $HOME/one; touch $HOME/begun; while [ ! -e $HOME/go ]; do sleep 0.1; done; cat $HOME/two; echo x > x']
workstreams: [{ id: a, prompt: do it }]
";
const ONE: &str = r#"a warning
{"type":"thread.started","thread_id":"t1"}
{"type":"item.started","item":{"type":"command_execution","command":"/bin/bash -lc 'cargo test'"}}
{"type":"item.completed","item":{"type":"agent_mes"#;
const TWO: &str = r#"sage","text":"All green."}}
{"type":"turn.completed","usage":{"input_tokens":19781,"output_tokens":9}}
{"type":"torn"#;
const READABLE: &str = "a warning
· session t1
▸ $  cargo test
All green.
✔ done · 19.8k in, 9 out
{\"type\":\"torn";

#[test]
fn logs_prints_what_events_say_and_raw_prints_bytes() {
    let project = Project::new(CONFIG);
    std::fs::write(project.home.join("one"), ONE).unwrap();
    std::fs::write(project.home.join("two"), TWO).unwrap();
    let up = project.start(&["up", "--headless"]);
    project.until_file("begun");
    let follow = project.start(&["logs", "a", "--follow"]);
    follow.until_out("▸ $  cargo test\n");
    project.touch("go");
    let said = follow.join();
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), READABLE, ""));
    up.join().expect(0, &[]);
    assert_eq!(project.ok(&["logs", "a"]), READABLE);
    assert_eq!(project.ok(&["logs", "a", "--raw"]), format!("{ONE}{TWO}"));
}
