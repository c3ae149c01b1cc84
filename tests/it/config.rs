//! What the configuration says and what it means; what people are told when it is wrong.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "functions that tests share may fail a test"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, sync::mpsc};

mod alerts;
mod contests;
mod mistakes;
mod replicas;

use ostler::config::draft::{Place, keep};
use ostler::config::load::{load_with, user_folder};
use ostler::config::plan::{Check, OnSupervisorLoss, Plan};
use ostler::config::{self, Colour, Loaded};
use ostler::core::account::Cost;
use ostler::core::breaker::BreakerPolicy;
use ostler::core::budget::Budget;
use ostler::core::definition::{Exhausted, Expects};
use ostler::core::draft::Draft;
use ostler::core::policy::{Growth, Response, RetryMode};
use ostler::core::storm::StormPolicy;
use ostler::core::{AgentName, FailureClass, WorkstreamId};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/config")
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples")
}

fn user() -> PathBuf {
    fixtures().join("user")
}

fn load(root: &Path, file: &str) -> Loaded {
    load_with(root, Some(&root.join(file)), Some(&user()))
        .unwrap_or_else(|errors| panic!("{}", errors.render(Colour::Plain)))
}

/// Loads a text as the `ostler.yaml` of a folder of its own.
fn plan(text: &str) -> Plan {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ostler.yaml"), text).unwrap();
    load_with(root.path(), None, Some(&user()))
        .unwrap_or_else(|errors| panic!("{}", errors.render(Colour::Plain)))
        .plan
}

fn names(names: &[AgentName]) -> Vec<&str> {
    names.iter().map(AgentName::as_str).collect()
}

#[test]
fn the_examples_are_right() {
    for entry in fs::read_dir(examples()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            let loaded = load(&examples(), path.file_name().unwrap().to_str().unwrap());
            assert!(!loaded.plan.workstreams.is_empty(), "{}", path.display());
        }
    }
}

#[test]
fn the_example_with_every_key_has_every_key() {
    let text = fs::read_to_string(examples().join("full.yaml")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&config::schema()).unwrap();
    let mut keys: Vec<String> = Vec::new();
    let forms = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for form in forms {
        keys.extend(
            form["properties"].as_object().into_iter().flat_map(|keys| keys.keys().cloned()),
        );
    }
    keys.retain(|key| FailureClass::ALL.iter().all(|class| class.word() != key));
    assert!(keys.len() > 50, "{keys:?}");
    for key in keys {
        // `json` is for agents that write JSON, which the one in the example does not.
        let given = text.contains(&format!("{key}:"));
        assert!(given || key == "json", "full.yaml does not have `{key}`");
    }
}

#[test]
fn a_theme_is_built_in_or_the_users_own_or_a_file() {
    let theme = |text: &str| plan(text).theme;
    assert_eq!(theme("base: main\n"), None);
    assert_eq!(theme("theme: colour-blind\n").as_deref(), Some("colour-blind"));
    let own = user().join("themes/dusk.yaml").display().to_string();
    assert_eq!(theme("theme: dusk\n"), Some(own.clone()));
    assert_eq!(theme(&format!("theme: {own}\n")), Some(own));
    // A path starts from the folder of the file that has it, be that the project's or the user's.
    let folders = tempfile::tempdir().unwrap();
    let [root, user] = ["root", "user"].map(|name| folders.path().join(name));
    for folder in [&root, &user] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("own.yaml"), "{}").unwrap();
    }
    fs::write(user.join("config.yaml"), "theme: ./own.yaml\n").unwrap();
    let found = || load_with(&root, None, Some(&user)).unwrap().plan.theme.unwrap();
    assert_eq!(found(), user.join("./own.yaml").display().to_string());
    fs::write(root.join("ostler.yaml"), "theme: ./own.yaml\n").unwrap();
    assert_eq!(found(), root.join("./own.yaml").display().to_string());
}

#[test]
fn the_example_of_a_fallback_chain_means_what_it_says() {
    let Loaded { plan, warnings, .. } = load(&examples(), "fallback-chain.yaml");
    let workstream = &plan.workstreams[0];
    assert_eq!(names(&workstream.chain), ["aider", "copilot_cli", "claude_api", "self_replicate"]);
    let aider = &plan.agents[&AgentName::from("aider")];
    assert_eq!(aider.timeouts.soft, Some(Duration::from_secs(60)));
    assert_eq!(aider.timeouts.hard, Duration::from_secs(120));
    assert_eq!(aider.timeouts.idle, None, "the preset's idle timeout is longer than the hard one");
    assert_eq!((aider.retry.max, aider.retry.backoff), (2, Growth::Exponential));
    assert_eq!(aider.retry.delay, Duration::from_secs(5));
    assert_eq!(aider.retry.max_delay, Duration::from_secs(30));
    assert_eq!(aider.retry.jitter, 50, "from the preset");
    assert_eq!(plan.agents[&AgentName::from("copilot_cli")].preset, "copilot");
    assert_eq!(plan.agents[&AgentName::from("claude_api")].preset, "claude-api");
    assert_eq!(plan.agents[&AgentName::from("self_replicate")].preset, "replica");
    for agent in plan.agents.values().filter(|agent| agent.unavailable.is_some()) {
        let told = warnings.lines().iter().any(|line| line.contains(agent.name.as_str()));
        assert!(told, "{}: {:?}", agent.name, warnings.lines());
    }
    let definition = plan.definition(workstream);
    assert_eq!(definition.tiers.len(), 4);
    let check = Check {
        argv: ["sh", "-c", "cargo test -q"].map(str::to_owned).to_vec(),
        timeout: Duration::from_secs(900),
    };
    assert_eq!(workstream.check, Some(check));
}

#[test]
fn the_example_with_every_key_means_what_it_says() {
    let Loaded { plan, warnings, paths, .. } = load(&examples(), "full.yaml");
    assert_eq!(plan.worktrees, examples().join(".worktrees"));
    let limits = plan.limits;
    assert_eq!((limits.parallel, limits.attempts, limits.nice), (3, 12, 5));
    assert_eq!(limits.min_free_disk, 100_000_000);
    assert_eq!(plan.on_supervisor_loss, OnSupervisorLoss::Continue);
    assert_eq!(plan.keys["stop"], ["x", "Delete"]);
    let ids: Vec<_> = plan.workstreams.iter().map(|workstream| workstream.id.as_str()).collect();
    assert_eq!(ids, ["ws-01", "ws-02", "ws-03"]);
    assert!(plan.workstreams[1].prompt.contains("src/error.rs"));
    assert_eq!(plan.workstreams[1].exhausted, Exhausted::Fail);
    assert_eq!(plan.workstreams[1].check.as_ref().unwrap().argv, ["cargo", "test", "--doc"]);
    let lint = &plan.agents[&AgentName::from("lint")];
    assert_eq!(lint.patterns.failure.len(), 4);
    assert_eq!(lint.expects, Expects::Change);
    let aider = &plan.agents[&AgentName::from("aider")];
    let model = aider.command.iter().position(|argument| argument == "openai/gpt-4o");
    assert!(model.is_some(), "{:?}", aider.command);
    let retry = |times, mode| Response::Retry { times, mode };
    let to = |class| aider.responses.0[&class].clone();
    assert_eq!(to(FailureClass::Overloaded), [retry(None, RetryMode::Plain), Response::Next]);
    assert_eq!(to(FailureClass::Crashed), [retry(Some(2), RetryMode::Plain), Response::Fail]);
    assert_eq!(
        to(FailureClass::HardTimeout),
        [
            retry(Some(1), RetryMode::Simpler),
            Response::Goto(AgentName::from("claude-api")),
            Response::Escalate
        ]
    );
    assert_eq!(to(FailureClass::ContextOverflow)[0], retry(Some(1), RetryMode::Compact(50)));
    assert_eq!(to(FailureClass::Auth), [Response::Next], "from the defaults");
    let copilot = &plan.agents[&AgentName::from("copilot")];
    assert_eq!(copilot.responses.0[&FailureClass::RateLimit], [Response::Next]);
    assert_eq!(limits.min_free_memory, 1 << 30);
    assert_eq!((limits.standby, limits.stagger), (1, Duration::from_millis(500)));
    assert_eq!(plan.guards.breaker, BreakerPolicy::default());
    assert_eq!(plan.guards.storm, StormPolicy::default());
    let budget =
        Budget { attempts: Some(100), tokens: Some(5_000_000), cost_usd: Some(Cost(20_000_000)) };
    assert_eq!(plan.guards.budget, budget);
    assert_eq!(aider.capacity, Some(2));
    assert_eq!(warnings.lines(), [] as [&str; 0]);
    assert!(paths.contains(&examples().join("prompts/ws-02.md")));
    assert!(paths.contains(&examples().join("workstreams/")));
}

#[test]
fn the_form_in_the_design_is_accepted_as_it_is_written() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("prompts")).unwrap();
    fs::write(root.path().join("prompts/ws-03.md"), "Split it.\n").unwrap();
    fs::copy(fixtures().join("design.yaml"), root.path().join("ostler.yaml")).unwrap();
    let loaded =
        load_with(root.path(), None, Some(&user())).unwrap_or_else(|errors| panic!("{errors}"));
    let ws = loaded.plan.workstream(&WorkstreamId::from("ws-03")).unwrap();
    assert_eq!(names(&ws.chain), ["aider", "claude-api"]);
    assert_eq!(ws.prompt, "Split it.\n");
    assert_eq!(loaded.plan.chain.len(), 4);
}

#[test]
fn every_class_has_a_default_response() {
    let plan = plan("chain: [aider]\n");
    let agent = &plan.agents[&AgentName::from("aider")];
    for class in FailureClass::ALL {
        assert!(agent.responses.0.contains_key(class), "{class}");
    }
}

#[test]
fn without_a_file_there_are_agents_to_choose_from_and_no_work() {
    let root = tempfile::tempdir().unwrap();
    let loaded = load_with(root.path(), None, Some(&user())).unwrap();
    assert!(loaded.plan.workstreams.is_empty() && loaded.plan.chain.is_empty());
    assert_eq!(loaded.plan.file, None);
    assert!(loaded.plan.agents.contains_key(&AgentName::from("aider")));
    assert!(loaded.plan.agents.values().all(|agent| agent.unavailable.is_none()));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings.lines());
    assert!(loaded.paths.contains(&root.path().join("ostler.yaml")), "so that it is noticed later");
}

#[test]
fn the_project_comes_before_the_user_who_comes_before_the_defaults() {
    let (root, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir(home.path().join("agents")).unwrap();
    fs::copy(user().join("agents/aider.yaml"), home.path().join("agents/aider.yaml")).unwrap();
    let own = "theme: light\nlimits: { parallel: 7, attempts: 5 }\ngrace: 3s\n\
               agents: { aider: { model: mine, timeout: { hard: 9m }, env: { A: user, B: user } } }\n\
               on: { auth: escalate, quota: fail }\n";
    fs::write(home.path().join("config.yaml"), own).unwrap();
    let project = "limits: { parallel: 2 }\nchain: [aider]\non: { auth: next }\n\
                   agents: { aider: { timeout: { soft: 1m }, env: { B: project } } }\n";
    fs::write(root.path().join("ostler.yaml"), project).unwrap();
    let plan = load_with(root.path(), None, Some(home.path())).unwrap().plan;
    assert_eq!(plan.theme.as_deref(), Some("light"));
    assert_eq!((plan.limits.parallel, plan.limits.attempts), (2, 5));
    let aider = &plan.agents[&AgentName::from("aider")];
    assert_eq!(aider.timeouts.soft, Some(Duration::from_secs(60)), "the project");
    assert_eq!(aider.timeouts.hard, Duration::from_secs(540), "the user");
    assert_eq!(aider.timeouts.idle, Some(Duration::from_secs(300)), "the preset");
    assert_eq!(aider.grace, Duration::from_secs(3), "the user, before the preset");
    assert_eq!(aider.retry.delay, Duration::from_secs(5), "the defaults");
    assert_eq!((aider.env["A"].as_str(), aider.env["B"].as_str()), ("user", "project"));
    assert_eq!(aider.env["COLUMNS"], "1000");
    assert_eq!(aider.command[1..3], ["--model", "mine"]);
    assert_eq!(aider.responses.0[&FailureClass::Auth], [Response::Next]);
    assert_eq!(aider.responses.0[&FailureClass::Quota], [Response::Fail]);
}

#[test]
fn an_agent_may_be_named_without_being_declared() {
    let plan = plan("chain: [aider, copilot]\nworkstreams: [{ id: a, prompt: Do it }]\n");
    assert_eq!(names(&plan.workstreams[0].chain), ["aider", "copilot"]);
    assert_eq!(plan.agents.len(), 2);
    let aider = &plan.agents[&AgentName::from("aider")];
    assert_eq!(aider.command, ["aider", "--message-file", "{prompt_file}"], "no model, no option");
    assert_eq!(plan.workstreams[0].title, "Do it");
}

#[test]
fn numbers_and_the_like_can_be_texts() {
    let plan = plan(
        "chain: [aider]\nagents: { aider: { model: 4.10, env: { N: 007, Y: yes, T: true } } }\n\
                     workstreams: [{ id: 12, title: 1.10, prompt: true }]\n",
    );
    let aider = &plan.agents[&AgentName::from("aider")];
    assert_eq!(aider.model.as_deref(), Some("4.10"));
    assert_eq!(
        (aider.env["N"].as_str(), aider.env["Y"].as_str(), aider.env["T"].as_str()),
        ("007", "yes", "true")
    );
    let workstream = &plan.workstreams[0];
    assert_eq!((workstream.id.as_str(), workstream.title.as_str()), ("12", "1.10"));
}

#[test]
fn anchors_and_merge_keys_work() {
    let plan = plan(
        "agents:\n  a: &a { preset: aider, timeout: { soft: 1m, hard: 2m } }\n  b: { <<: *a, grace: 1s }\nchain: [b]\n",
    );
    let b = &plan.agents[&AgentName::from("b")];
    assert_eq!((b.timeouts.hard, b.grace), (Duration::from_secs(120), Duration::from_secs(1)));
}

#[test]
fn workstreams_come_from_folders_and_documents() {
    let folder = load(&fixtures().join("folder"), "ostler.yaml").plan;
    let told: Vec<_> =
        folder.workstreams.iter().map(|one| (one.id.as_str(), one.title.as_str())).collect();
    let expected = [
        ("a", "From YAML"),
        ("b", "Do b"),
        ("c", "From Markdown"),
        ("d", "Do d, without more words."),
    ];
    assert_eq!(told, expected);
    assert_eq!(folder.workstreams[0].after, [WorkstreamId::from("b")]);
    assert_eq!(folder.workstreams[2].prompt, "# Do c\n\nWith care.");
    assert_eq!(folder.workstreams[2].priority, 3);
    let document = load(&fixtures().join("document"), "ostler.yaml").plan;
    let told: Vec<_> =
        document.workstreams.iter().map(|one| (one.id.as_str(), one.title.as_str())).collect();
    let expected = [
        ("split-the-error-module", "Split the `error` module"),
        ("2-name-things-better", "2. Name things better"),
    ];
    assert_eq!(told, expected);
    assert!(
        document.workstreams[0].prompt.contains("## no heading")
            && document.workstreams[0].prompt.ends_with("re-exports.")
    );
    assert_eq!(document.workstreams[1].prompt, "Rename `foo`.");
}

#[test]
fn a_plan_survives_being_stored() {
    let plan = load(&examples(), "full.yaml").plan;
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), plan);
}

#[test]
fn the_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/ostler.schema.json");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, config::schema()).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == config::schema(),
        "config/ostler.schema.json is old: run this test once with INSTA_UPDATE=always"
    );
}

#[test]
fn the_skeleton_is_right_with_and_without_agents() {
    let found = ["aider", "copilot"].map(AgentName::from);
    assert_eq!(names(&plan(&config::skeleton(&found)).chain), ["aider", "copilot"]);
    assert!(plan(&config::skeleton(&[])).chain.is_empty());
    // Lines of YAML that are commented out start with a small letter or a blank.
    let skeleton = config::skeleton(&found).replace("workstreams: []\n", "");
    let lines = skeleton.lines().map(|line| match line.strip_prefix("# ") {
        Some(code) if !code.starts_with(char::is_uppercase) => code,
        _ => line,
    });
    let text =
        lines.collect::<Vec<_>>().join("\n").replace("prompt_file: prompts/ws-02.md", "prompt: x");
    let plan = plan(&text);
    assert_eq!(plan.workstreams.len(), 2, "{text}");
    assert_eq!(plan.base.as_deref(), Some("main"));
}

#[test]
fn programs_are_found_in_the_path() {
    use std::os::unix::fs::PermissionsExt as _;
    let bin = tempfile::tempdir().unwrap();
    let plan = load(&examples(), "full.yaml").plan;
    assert!(config::installed(&plan, bin.path().as_os_str()).is_empty());
    let program = bin.path().join("aider");
    fs::write(&program, "").unwrap();
    assert!(config::installed(&plan, bin.path().as_os_str()).is_empty(), "it cannot be executed");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(names(&config::installed(&plan, bin.path().as_os_str())), ["aider"]);
}

#[test]
fn the_users_folder_is_ostlers_own() {
    assert!(user_folder().is_none_or(|folder| folder.ends_with("ostler")));
}

#[test]
fn changes_are_noticed_however_they_are_made() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("ostler.yaml");
    let (send, receive) = mpsc::channel();
    let watcher = config::watch(&[file.clone(), root.path().join("missing/x.yaml")], move || {
        send.send(()).ok();
    });
    let watcher = watcher.unwrap();
    let noticed = |what: &str| {
        let told = receive.recv_timeout(Duration::from_secs(30));
        assert!(told.is_ok(), "{what} was not noticed");
    };
    fs::write(&file, "base: main\n").unwrap();
    noticed("making it");
    fs::write(&file, "base: other\n").unwrap();
    noticed("writing it");
    let new = root.path().join("ostler.yaml.new");
    fs::write(&new, "base: third\n").unwrap();
    fs::rename(&new, &file).unwrap();
    noticed("replacing it");
    fs::remove_file(&file).unwrap();
    noticed("removing it");
    fs::create_dir(root.path().join("missing")).unwrap();
    noticed("making the folder of another");
    fs::write(root.path().join("missing/x.yaml"), "base: main\n").unwrap();
    noticed("making that other");
    drop(watcher);
    // The end of the channel shows that its thread has ended.
    let end = loop {
        if let Err(end) = receive.recv_timeout(Duration::from_secs(30)) {
            break end;
        }
    };
    assert_eq!(end, mpsc::RecvTimeoutError::Disconnected);
}

#[test]
fn the_folder_of_new_workstreams_is_read_wherever_it_is() {
    let root = tempfile::tempdir().unwrap();
    let load = || load_with(root.path(), None, Some(&user()));
    let ids = |loaded: &Loaded| -> Vec<String> {
        loaded.plan.workstreams.iter().map(|workstream| workstream.id.to_string()).collect()
    };
    let agents = "agents: { good: { command: ['true'] } }\n";
    fs::write(root.path().join("ostler.yaml"), agents).unwrap();
    let folder = root.path().join(".ostler/workstreams");
    let loaded = load().unwrap();
    assert!(loaded.paths.contains(&folder), "it is watched before it is there");
    fs::create_dir_all(&folder).unwrap();
    let loaded = load().unwrap();
    assert!(ids(&loaded).is_empty() && loaded.warnings.is_empty(), "an empty one is no warning");
    fs::write(folder.join("b.yaml"), "prompt: do it\n").unwrap();
    fs::write(folder.join(".new-x"), "prompt: [\n").unwrap();
    assert_eq!(ids(&load().unwrap()), ["b"]);
    // One that is named too is not read twice.
    fs::write(
        root.path().join("ostler.yaml"),
        format!("{agents}workstreams_from: ./.ostler/workstreams\n"),
    )
    .unwrap();
    assert_eq!(ids(&load().unwrap()), ["b"]);
    fs::write(root.path().join("ostler.yaml"), agents).unwrap();
    fs::write(folder.join("c.yaml"), "prompt: do it\nafter: [d]\nchian: [good]\n").unwrap();
    let lines = load().unwrap_err().lines();
    assert!(lines.iter().any(|line| line.contains(".ostler/workstreams/c.yaml:3:1")), "{lines:?}");
}

#[test]
fn whatever_is_written_down_is_read_as_it_was_written() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ostler.yaml"), "agents: { good: { command: ['true'] } }\n")
        .unwrap();
    let place = Place { root: root.path(), file: None, programs: "".as_ref() };
    let texts = [
        "plain",
        "  begins with spaces\n\n   and more of them  \nends: so \n",
        "- a list\n- of: things # with a comment\n",
        "---\nfront: matter\n---\n# and text\n...\n",
        "tab\tand\n\ttab\n",
        "\"quotes\" and 'quotes' and \\backslashes\\ and {braces} and [brackets] & *anchors !tags %directives @at `ticks`",
        "null",
        "1e3",
        "yes\n",
        "価格表 👨\u{200d}👩\u{200d}👧 \u{feff}\u{2028}line\u{2029}para \u{a0}",
        "\n\nlines before and after\n\n\n",
        &"a line that is longer than YAML likes to write on one line ".repeat(20),
    ];
    for (number, text) in texts.iter().enumerate() {
        let draft = Draft {
            title: text.lines().find(|line| !line.trim().is_empty()).unwrap().trim().to_owned(),
            prompt: (*text).to_owned(),
            tasks: vec![text.trim().to_owned()],
            check: Some(text.trim().to_owned()),
            ..Draft::default()
        };
        let kept = keep(&draft, place).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let plan = load_with(root.path(), None, Some(&user())).unwrap().plan;
        let found = plan.workstream(&kept.id).unwrap();
        assert_eq!((&found.prompt, &found.title), (&draft.prompt, &draft.title), "{number}");
        assert_eq!(found.tasks, draft.tasks, "{number}");
        assert_eq!(found.check.as_ref().unwrap().argv[2], draft.check.unwrap(), "{number}");
    }
    // What no text has is left out.
    let draft = Draft { prompt: "a\r\nb\x1b[31m\0\rc".to_owned(), ..Draft::default() };
    let kept = keep(&draft, place).unwrap();
    let plan = load_with(root.path(), None, Some(&user())).unwrap().plan;
    assert_eq!(plan.workstream(&kept.id).unwrap().prompt, "a\nb[31m\nc");
}
