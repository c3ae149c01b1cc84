//! What is said of replicas, and that presets say what is done about failures.

use std::fs;

use ostler::config::Colour;
use ostler::config::load::load_with;
use ostler::core::policy::{Response, RetryPolicy};
use ostler::core::{AgentName, FailureClass};

use super::plan;

#[test]
fn a_replica_is_never_tried_again_by_itself() {
    let plan = plan(
        "agents: { other: { preset: replica, max_workers: 2 }, aider: {} }\nchain: [aider, replica]\n",
    );
    let agent = |name: &str| &plan.agents[&AgentName::from(name)];
    assert_eq!((agent("replica").max_workers, agent("other").max_workers), (Some(10), Some(2)));
    assert!(agent("replica").is_replica() && !agent("aider").is_replica());
    assert_eq!(agent("replica").timeouts.idle, None);
    let retry = RetryPolicy { max: 5, ..agent("replica").retry.clone() };
    for class in FailureClass::ALL {
        for replica in ["replica", "other"] {
            let response = agent(replica).responses.to(*class, 0, &retry);
            let lost = *class == FailureClass::Lost;
            assert_eq!(response, if lost { Response::Escalate } else { Response::Next }, "{class}");
        }
    }
}

#[test]
fn what_a_preset_does_about_failures_stands_below_what_files_say() {
    let root = tempfile::tempdir().unwrap();
    let (home, user) = (root.path().join("home"), root.path().join("user"));
    fs::create_dir_all(user.join("agents")).unwrap();
    fs::create_dir(&home).unwrap();
    let preset = |name: &str, text: &str| fs::write(user.join("agents").join(name), text).unwrap();
    preset(
        "one.yaml",
        "command: [x]\non: { auth: escalate, quota: [{ backoff: 5s }, fail], network: fail }\n",
    );
    preset("two.yaml", "extends: one\ntimeout: { idle: off }\non: { quota: next }\n");
    fs::write(
        home.join("ostler.yaml"),
        "agents: { two: { on: { auth: fail } } }\non: { network: next }\n",
    )
    .unwrap();
    let load = || load_with(&home, None, Some(&user));
    let plan = load().unwrap().plan;
    let of = |class| plan.agents[&AgentName::from("two")].responses.0[&class].clone();
    assert_eq!(of(FailureClass::Auth), [Response::Fail], "its own");
    assert_eq!(of(FailureClass::Network), [Response::Next], "the project's");
    assert_eq!(of(FailureClass::Quota), [Response::Next], "the preset's");
    assert_eq!(of(FailureClass::Lost), [Response::Escalate], "the default");
    assert_eq!(plan.agents[&AgentName::from("two")].timeouts.idle, None);

    preset(
        "one.yaml",
        "command: [x]\nmax_workers: 0\non: { auht: next, auth: [nxt], chain_exhausted: fail }\n",
    );
    let told = load().unwrap_err().lines().join("\n");
    for words in ["`auht` is not a failure class", "`nxt` is not a response"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    preset("one.yaml", "command: [x]\nmax_workers: 0\non: { chain_exhausted: fail }\n");
    let told = load().unwrap_err().lines().join("\n");
    for words in
        ["with 0, no replica would ever start", "`chain_exhausted` is no matter of one agent"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn workers_are_a_matter_of_replicas() {
    let root = tempfile::tempdir().unwrap();
    let load = |text: &str| {
        fs::write(root.path().join("ostler.yaml"), text).unwrap();
        load_with(root.path(), None, None)
    };
    let loaded = load("agents: { aider: { max_workers: 3 } }\n").unwrap();
    let told = loaded.warnings.render(Colour::Plain);
    assert!(told.contains("`max_workers` changes nothing here"), "{told}");
    assert!(!loaded.plan.agents[&AgentName::from("aider")].is_replica());
    // Another command than ours is no replica.
    let own = load("agents: { replica: { command: [x] } }\n").unwrap().plan;
    assert!(!own.agents[&AgentName::from("replica")].is_replica());
    let told = load("agents: { replica: { max_workers: 0 } }\n").unwrap_err().to_string();
    assert!(told.contains("with 0, no replica would ever start"), "{told}");
}
