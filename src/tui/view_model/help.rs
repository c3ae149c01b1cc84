//! All keys.

use ratatui::layout::Rect;

use super::dialog::reading;
use super::text::{Line, cut, wrap};
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

/// From this many columns the groups stand side by side.
const SIDE_BY_SIDE: u16 = 120;

/// Returns the dialog: the groups in two columns where there is room for them.
pub fn dialog(scene: &Scene<'_>, body: Rect, scroll: usize) -> Dialog {
    let key = scene.help.iter().flat_map(|group| &group.hints).map(|hint| width(&hint.key)).max();
    let key = key.unwrap_or(0).clamp(3, 16);
    let wide = usize::from(body.width.saturating_sub(10));
    let columns = if body.width < SIDE_BY_SIDE { wide } else { wide / 2 };
    let mut blocks: Vec<Vec<Line>> =
        scene.help.iter().map(|group| block(group, key, columns)).collect();
    blocks.push(marks());
    let column = blocks.iter().flatten().map(Line::width).max().unwrap_or(0) + 4;
    let lines =
        if body.width < SIDE_BY_SIDE { stacked(blocks) } else { two_columns(blocks, column) };
    reading(body, "Keys", lines, scroll)
}

/// Returns a group: its title, and each key with what it does, on as many lines as that takes.
fn block(group: &HintGroup, key: usize, columns: usize) -> Vec<Line> {
    let mut lines = vec![Line::of(&group.title, Role::Accent)];
    for hint in &group.hints {
        let name = cut(&hint.key, key);
        let mut left = Line::of(" ".repeat(key.saturating_sub(width(&name))), Role::Text)
            .with(name, Role::Key)
            .with("  ", Role::Text);
        for text in wrap(&hint.what, columns.saturating_sub(key + 4)) {
            lines.push(std::mem::take(&mut left).padded(key + 2).with(text, Role::Text));
        }
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
