//! The `ostler.yaml` to start from.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use super::plan::Plan;
use crate::core::AgentName;

/// Returns the agents whose program is found in these folders, in the order of the plan.
///
/// `path` has the form of the environment variable `PATH`.
pub fn installed(plan: &Plan, path: &OsStr) -> Vec<AgentName> {
    let there = |program: &str| {
        if program.contains('/') {
            return is_program(&plan.root.join(program));
        }
        env::split_paths(path).any(|folder| is_program(&folder.join(program)))
    };
    let usable = plan.agents.values().filter(|agent| agent.unavailable.is_none());
    let found = usable.filter(|agent| agent.command.first().is_some_and(|program| there(program)));
    found.map(|agent| agent.name.clone()).collect()
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Returns the text of an `ostler.yaml` to start from, with these agents as its chain.
pub fn skeleton(found: &[AgentName]) -> String {
    let chain = match found {
        [] => "# No agent was found on this machine. Name the ones to use:\n# chain: [claude-code, aider]\n"
            .to_owned(),
        found => {
            let names: Vec<String> = found.iter().map(|name| scalar(name.as_str())).collect();
            format!("chain: [{}]\n", names.join(", "))
        }
    };
    format!("{HEAD}\n{chain}{REST}")
}

/// Writes a text so that YAML reads it as that text.
fn scalar(text: &str) -> String {
    let written = serde_yaml::to_string(text).unwrap_or_else(|_| format!("{text:?}"));
    written.trim_end().to_owned()
}

const HEAD: &str = "\
# How ostler supervises the coding agents of this repository. `ostler check` says what is wrong with it.

# Worktrees start from this branch, and are made in this folder.
# base: main
# worktrees: .worktrees
# copy: [.env]                # untracked files that every worktree needs

limits: { parallel: 3 }

# The agents in the order in which they fall back. A name is that of a preset, or of one of `agents`.";

const REST: &str = "
# agents:
#   aider:
#     timeout: { soft: 5m, hard: 20m }
#     retry: { max: 2, backoff: exponential, delay: 5s, max_delay: 30s }
#   fix:                      # any program
#     command: [./tools/fix.sh, \"{prompt_file}\"]

# Work is done when this command exits with 0.
# check: make test

# What is done about failures; these are some of the defaults.
# on:
#   rate_limit:   [{ backoff: 60s }, next]
#   check_failed: [{ retry: feedback }, next]

workstreams: []
# workstreams:
#   - id: ws-01
#     title: Split the error module
#     prompt: Move the error types of src/lib.rs into src/error.rs.
#     files: [src/lib.rs]
#   - id: ws-02
#     prompt_file: prompts/ws-02.md
#     after: [ws-01]
";
