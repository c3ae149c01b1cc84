//! The live terminal of an agent.

use ratatui::layout::{Position, Rect};

use super::layout::log_inner;
use super::text::Line;
use super::{Content, Focused, Pane, PaneKind, Scene};
use crate::core::AttemptId;
use crate::tui::emulator::paint::Picture;
use crate::tui::state::Attached;
use crate::tui::theme::Role;

/// Returns the pane, and where its cursor stands.
pub fn pane(scene: &Scene<'_>, attached: &Attached, area: Rect) -> (Pane, Option<Position>) {
    let room = log_inner(area);
    let nothing = Picture::default();
    let picture = scene.terminal.unwrap_or(&nothing);
    let is_at_work = attached.is_at_work(scene.facts);
    let note = if is_at_work {
        Line::of(" live ", Role::Accent)
    } else {
        Line::of(" it has ended ", Role::Warning)
    };
    let columns = usize::from(area.width).saturating_sub(4);
    let title = title(scene, attached).cut(columns.saturating_sub(note.width() + 2));
    let pane = Pane {
        kind: PaneKind::Terminal,
        area,
        focused: Focused::Yes,
        title: title.with(" ", Role::Text),
        note: note.cut(columns),
        content: Content::Log(
            picture.lines.iter().take(usize::from(room.height)).cloned().collect(),
        ),
        scroll: None,
    };
    let place = picture.cursor.filter(|_| is_at_work);
    let cursor = place.map(|(column, row)| Position::new(room.x + column, room.y + row));
    (pane, cursor.filter(|at| room.contains(*at)))
}

fn title(scene: &Scene<'_>, attached: &Attached) -> Line {
    let Attached { workstream, attempt, .. } = attached;
    let agent = agent(scene, attached, *attempt);
    Line::of(format!(" {workstream} · terminal{agent} · attempt {attempt}"), Role::Text)
}

fn agent(scene: &Scene<'_>, attached: &Attached, attempt: AttemptId) -> String {
    let found = scene.facts.workstreams.iter().find(|ws| ws.id == attached.workstream);
    let made = found.and_then(|ws| ws.attempts.iter().find(|made| made.id == attempt));
    made.map(|made| format!(" · {}", made.agent)).unwrap_or_default()
}
