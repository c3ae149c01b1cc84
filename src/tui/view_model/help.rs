//! All keys.

use ratatui::layout::Rect;

use super::dialog::{reading, widest};
use super::text::Line;
use super::{Dialog, HintGroup, Scene, mark};
use crate::core::PhaseWord;
use crate::tui::clean::width;
use crate::tui::theme::Role;

/// The marks that the help explains.
const MARKS: &[PhaseWord] = &[
    PhaseWord::Queued,
    PhaseWord::Preparing,
    PhaseWord::Running,
    PhaseWord::Stopping,
    PhaseWord::Draining,
    PhaseWord::Checking,
    PhaseWord::Backoff,
    PhaseWord::Escalated,
    PhaseWord::Done,
    PhaseWord::Failed,
    PhaseWord::Stopped,
    PhaseWord::Lost,
];

/// Returns the dialog: the groups in two columns where there is room for them.
pub fn dialog(scene: &Scene<'_>, body: Rect, scroll: usize) -> Dialog {
    let key = scene.help.iter().flat_map(|group| &group.hints).map(|hint| width(&hint.key)).max();
    let key = key.unwrap_or(0).clamp(3, 16);
    let mut blocks: Vec<Vec<Line>> = scene.help.iter().map(|group| block(group, key)).collect();
    blocks.push(marks());
    let column = blocks.iter().flatten().map(Line::width).max().unwrap_or(0) + 4;
    let lines = if column * 2 <= widest(body).saturating_sub(2) {
        two_columns(blocks, column)
    } else {
        stacked(blocks)
    };
    reading(body, "Keys", lines, scroll)
}

fn block(group: &HintGroup, key: usize) -> Vec<Line> {
    let mut lines = vec![Line::of(&group.title, Role::Accent)];
    for hint in &group.hints {
        let missing = key.saturating_sub(width(&hint.key));
        lines.push(
            Line::of(" ".repeat(missing), Role::Text)
                .with(&hint.key, Role::Key)
                .with("  ", Role::Text)
                .with(&hint.what, Role::Text),
        );
    }
    lines
}

fn marks() -> Vec<Line> {
    let mut lines = vec![Line::of("Marks", Role::Accent)];
    for pair in MARKS.chunks(2) {
        let mut line = Line::new();
        for phase in pair {
            let mark = mark::phase(*phase);
            line.append(
                Line::of(format!("  {} ", mark.sign), mark.role)
                    .with(mark.word, Role::Text)
                    .padded(16),
            );
        }
        lines.push(line);
    }
    lines
}

fn stacked(blocks: Vec<Vec<Line>>) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(Line::new());
        }
        lines.extend(block);
    }
    lines
}

fn two_columns(blocks: Vec<Vec<Line>>, column: usize) -> Vec<Line> {
    let total: usize = blocks.iter().map(|block| block.len() + 1).sum();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut used = 0;
    for block in blocks {
        // A block goes where its middle lies.
        let side = if (used + block.len() / 2) * 2 < total { &mut left } else { &mut right };
        used += block.len() + 1;
        side.push(block);
    }
    let (left, right) = (stacked(left), stacked(right));
    let rows = left.len().max(right.len());
    let mut left = left.into_iter();
    let mut right = right.into_iter();
    (0..rows)
        .map(|_| {
            let mut line = left.next().unwrap_or_default().padded(column);
            line.append(right.next().unwrap_or_default());
            line
        })
        .collect()
}
