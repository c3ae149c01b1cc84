//! What is shown while there is nothing to show yet.

use super::text::{Line, wrap};
use super::{Hint, Row};
use crate::tui::clean::width;
use crate::tui::state::form::Survey;
use crate::tui::theme::Role;

/// Returns the rows: what there is, and what can be done.
pub fn rows(survey: Option<&Survey>, ways: &[Hint], (columns, height): (usize, usize)) -> Vec<Row> {
    let airy = height >= 14;
    let mut rows = vec![Row::default()];
    let gap = |rows: &mut Vec<Row>| {
        if airy {
            rows.push(Row::default());
        }
    };
    say(&mut rows, "No workstreams yet", Role::Strong, columns);
    let what = "A workstream is a piece of work. An agent does it in a git worktree of its own, and the next \
                agent takes over when it fails.";
    say(&mut rows, what, Role::Text, columns);
    gap(&mut rows);
    let (agents, role) = match survey {
        None => ("Looking for agents …".to_owned(), Role::Dim),
        Some(Survey { agents, .. }) if agents.is_empty() => (
            "No agent was found on PATH: install one, or name a program in ostler.yaml.".to_owned(),
            Role::Warning,
        ),
        Some(Survey { agents, .. }) => {
            (format!("Agents found here: {}", agents.join(", ")), Role::Good)
        }
    };
    say(&mut rows, &agents, role, columns);
    gap(&mut rows);
    let key = ways.iter().map(|way| width(&way.key)).max().unwrap_or(0);
    for way in ways {
        let gap = " ".repeat(key.saturating_sub(width(&way.key)) + 2);
        let line = Line::of("  ", Role::Text)
            .with(&way.key, Role::Key)
            .with(gap, Role::Text)
            .with(&way.what, Role::Text);
        rows.push(Row::plain(line.cut(columns)));
    }
    rows
}

fn say(rows: &mut Vec<Row>, text: &str, role: Role, columns: usize) {
    for line in wrap(text, columns.saturating_sub(4).min(76)) {
        rows.push(Row::plain(Line::of("  ", Role::Text).with(line, role)));
    }
}
