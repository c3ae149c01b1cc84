//! A configuration that is changed while a supervisor runs.

use std::fs;

use ostler::core::phase::PhaseWord;

use crate::project::Project;

const CONFIG: &str = "
agents:
  slow: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x'] }
  good: { command: [sh, -c, 'echo x > x'] }
workstreams:
  - { id: a, prompt: do it, chain: [slow] }
";

#[test]
fn new_workstreams_appear_and_a_broken_file_changes_nothing() {
    let project = Project::new(CONFIG);
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");

    project.configure(&format!("{CONFIG}  - {{ id: b, prompt: do it, chain: [good] }}\n"));
    project.until_phase("b", PhaseWord::Done);
    up.until_out("the configuration was read again");
    assert_eq!(project.agent("a"), Some(agent));

    project.configure(&format!("{CONFIG}  - {{ id: c, promt: do it, chain: [good] }}\n"));
    up.until_out("unknown key `promt`");
    // Written the way that most editors do not: in place.
    fs::write(project.root.join("ostler.yaml"), "workstreams: [").unwrap();
    assert_eq!(project.agent("a"), Some(agent));

    // And a good one again, with one workstream less and one more.
    project.configure(&format!("{CONFIG}  - {{ id: d, prompt: do it, chain: [good] }}\n"));
    project.until_phase("d", PhaseWord::Done);
    assert_eq!(project.agent("a"), Some(agent));
    assert!(project.replay("c").is_none());
    project.touch("go");
    up.join().expect(0, &["configuration"]);
}

#[test]
fn what_was_begun_is_seen_and_stopped_while_the_configuration_has_errors() {
    let project = Project::new(CONFIG);
    fs::write(project.root.join("ostler.yaml"), "agents: [").unwrap();
    // Nothing was begun, so there is nothing to go by.
    project.run(&["status"]).expect(2, &["ostler.yaml:1"]);
    project.configure(CONFIG);
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");

    project.configure(&format!("{CONFIG}  - {{ id: b, promt: do it, chain: [good] }}\n"));
    let errors = ["unknown key `promt`", "the configuration that was in force last is used"];
    project.run(&["status"]).expect(0, &[&errors[..], &["running"]].concat());
    project.run(&["logs", "a"]).expect(0, &errors);
    project.run(&["check"]).expect(2, &errors[..1]);
    project.run(&["status", "b"]).expect(2, &["b"]);
    project.run(&["stop", "a"]).expect(0, &errors);
    project.until_phase("a", PhaseWord::Stopped);
    drop(up);
}

#[test]
fn what_runs_keeps_its_agent_and_the_next_attempt_has_the_new_one() {
    let config = "
on: { exit_code: [{ retry: 1 }, next] }
agents:
  slow: { command: [sh, -c, 'echo OLD; while [ ! -e $HOME/go ]; do sleep 0.1; done; exit 1'] }
workstreams:
  - { id: a, prompt: do it, chain: [slow] }
";
    let project = Project::new(config);
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    project.configure(&config.replace("echo OLD; ", "echo NEW; ").replace("exit 1", "echo x > x"));
    up.until_out("the configuration was read again");
    project.touch("go");
    up.join().expect(0, &[]);
    assert_eq!(
        (project.log("a", 1), project.log("a", 2)),
        ("OLD\n".to_owned(), "NEW\n".to_owned())
    );
}

#[test]
fn a_configuration_elsewhere_is_used_and_watched() {
    let project = Project::without_config();
    let path = project.home.join("other.yaml");
    let config = CONFIG.replace("$HOME", &project.home.display().to_string());
    fs::write(&path, &config).unwrap();
    let up = project.start(&["up", "--headless", "--config", &path.display().to_string()]);
    project.until_running("a");
    fs::write(&path, format!("{config}  - {{ id: b, prompt: do it, chain: [good] }}\n")).unwrap();
    project.until_phase("b", PhaseWord::Done);
    project.touch("go");
    up.join().expect(0, &["2 done"]);
}

#[test]
fn presets_that_are_written_while_it_runs_are_taken_up() {
    let project = Project::new(
        "
on: { exit_code: [{ retry: 1 }, next], rate_limit: next }
agents:
  slow: { command: [sh, -c, 'echo BUSY; while [ ! -e $HOME/go ]; do sleep 0.1; done; exit 1'] }
workstreams:
  - { id: a, prompt: do it, chain: [slow] }
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    // Not even the folder above it was there.
    let folder = project.home.join("config/ostler/agents");
    fs::create_dir_all(&folder).unwrap();
    let preset = "extends: command\noutput: { failure: [{ class: rate_limit, text: '^BUSY' }] }\n";
    fs::write(folder.join("command.yaml"), preset).unwrap();
    up.until_out("the configuration was read again");
    project.touch("go");
    up.join().expect(3, &["slow failed (exit_code)", "slow failed (rate_limit): BUSY"]);
}
