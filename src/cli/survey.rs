//! What there is to choose from for a new workstream.

use crate::config;
use crate::config::plan::Plan;
use crate::core::AgentName;
use crate::tui::state::form::Survey;
use crate::worktree::Project;

/// So many files are offered.
const MOST: usize = 50_000;

/// Looks for agents and files. It may take long.
pub fn survey(plan: &Plan) -> Survey {
    let programs = std::env::var_os("PATH").unwrap_or_default();
    let installed = config::installed(plan, &programs);
    let chain = plan.chain.as_slice();
    let names =
        |agents: &[AgentName]| -> Vec<String> { agents.iter().map(ToString::to_string).collect() };
    let others = installed.iter().filter(|agent| !chain.contains(agent)).cloned();
    let there = chain.iter().cloned().chain(others).collect::<Vec<_>>();
    let usual = if chain.is_empty() { &installed } else { chain };
    let files = Project::discover(&plan.root).and_then(|project| project.tracked());
    let mut files = files.unwrap_or_default();
    files.truncate(MOST);
    Survey { agents: names(&there), chain: names(usual), files }
}
