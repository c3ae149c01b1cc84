//! A chain of both agents, run by the program as it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::bench::KEY;
use super::server::{Answer, Server};

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let settings = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
    let output = command.args(settings).arg("-C").arg(root).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Says whether any file below a directory holds a text.
fn holds(directory: &Path, text: &str) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            return holds(&path, text);
        }
        let bytes = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn the_second_agent_takes_over_when_the_key_of_the_first_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().canonicalize().unwrap();
    let root = home.join("shop");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("greeting.txt"), "hello\n").unwrap();
    fs::write(
        root.join("ostler.yaml"),
        "agents:\n  claude-api: { model: m-1 }\n  openai-api: { model: m-2, api_key_env: SHOP_KEY }\n\
         chain: [claude-api, openai-api]\n\
         workstreams:\n  - id: ws-01\n    title: Greet\n    prompt: Greet the world.\n    files: [greeting.txt]\n    \
         check: grep -q world greeting.txt\n",
    )
    .unwrap();
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "first"]);
    let refused = Answer::claude_error(401, "authentication_error", "invalid x-api-key");
    let first = Server::new([Answer::claude("O", "max_tokens"), refused]);
    let reply = "{mark} EDIT greeting.txt\n{mark} SEARCH\nhello\n{mark} REPLACE\nhello world\n{mark} END\n{mark} DONE\n";
    let second = Server::new([Answer::openai(reply, "stop")]);
    let output = Command::new(env!("CARGO_BIN_EXE_ostler"))
        .args(["up", "--headless"])
        .current_dir(&root)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", &home)
        .env("XDG_STATE_HOME", home.join("state"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("ANTHROPIC_BASE_URL", first.url())
        .env("OPENAI_BASE_URL", format!("{}/v1", second.url()))
        .env("ANTHROPIC_API_KEY", KEY)
        .env("SHOP_KEY", KEY)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}\n{complaint}");
    assert!(told.contains("auth") && told.contains("invalid x-api-key"), "{told}");
    assert_eq!((first.asked().len(), second.asked().len()), (2, 1), "{told}");
    let greeting = fs::read_to_string(root.join(".worktrees/ws-01/greeting.txt")).unwrap();
    assert_eq!(greeting, "hello world\n");
    let hand_off = second.asked()[0].body.to_string();
    assert!(hand_off.contains("failed: auth"), "{hand_off}");
    assert!(!holds(&home, KEY), "the key is written somewhere");
}
