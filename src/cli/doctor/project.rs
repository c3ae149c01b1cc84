//! The repository and its configuration.

use std::path::Path;

use super::check::Check;
use crate::config;
use crate::config::plan::Plan;
use crate::worktree::Project;

/// Looks at the repository around a directory; returns it if there is one that can be used.
pub(super) fn look(
    here: &Path,
    file: Option<&Path>,
    checks: &mut Vec<Check>,
) -> Option<(Project, Plan)> {
    let project = match Project::discover(here) {
        Ok(project) => project,
        Err(error) => {
            checks.push(Check::bad("repository", error.to_string(), "run this in a repository"));
            return None;
        }
    };
    let root = project.root().display().to_string();
    let dirty = match project.dirty() {
        Ok(0) => "nothing uncommitted".to_owned(),
        Ok(count) => format!("{count} uncommitted, which worktrees do not have"),
        Err(error) => error.to_string(),
    };
    checks.push(Check::ok("repository", format!("{root}, {dirty}")));
    let plan = configuration(&project, file, checks)?;
    match project.resolve(plan.base.as_deref()) {
        Ok(commit) => {
            let base = plan.base.as_deref().unwrap_or("what is checked out");
            checks.push(Check::ok(
                "base",
                format!("{base}, {}", commit.get(..12).unwrap_or(&commit)),
            ));
        }
        Err(error) => {
            checks.push(Check::bad("base", error.to_string(), "set `base` in ostler.yaml"));
        }
    }
    Some((project, plan))
}

fn configuration(project: &Project, file: Option<&Path>, checks: &mut Vec<Check>) -> Option<Plan> {
    let name = "configuration";
    match config::load(project.root(), file) {
        Ok(loaded) => {
            let count = loaded.plan.workstreams.len();
            let streams = if count == 1 { "workstream" } else { "workstreams" };
            checks.push(match &loaded.plan.file {
                Some(file) => Check::ok(name, format!("{}, {count} {streams}", file.display())),
                None => Check::ok(name, "no ostler.yaml; `ostler init` writes one to start from"),
            });
            Some(loaded.plan)
        }
        Err(errors) => {
            let text = errors.render(config::Colour::Plain);
            let first = text.lines().next().unwrap_or_default().to_owned();
            checks.push(Check::bad(name, first, "`ostler check` says where"));
            None
        }
    }
}
