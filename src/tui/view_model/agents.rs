//! How the agents fare, and the fleet as a whole.

mod dashboard;
mod detail;
mod figures;
mod list;

use ratatui::layout::Rect;

use super::{Dialog, Pane, Scene};

pub use figures::Figures;

/// The rows of a pane that its frame takes.
const FRAME: u16 = 2;
/// From this many columns what is known of the selected agent stands beside the list; below, under it.
const BESIDE: u16 = 140;
/// Below so few rows there is no pane for it.
const DETAIL: u16 = 5;

/// Returns the panes: the fleet above, the agents below it, and the selected one where there is room.
pub fn panes(scene: &Scene<'_>, body: Rect) -> Vec<Pane> {
    let all = Figures::all(scene);
    let columns = usize::from(body.width.saturating_sub(4));
    let lines = dashboard::lines(scene, &all, columns);
    let most = body.height.saturating_sub(FRAME) * 2 / 5;
    let wanted = u16::try_from(lines.len()).unwrap_or(most);
    let (upper, lower) = split(body, wanted.min(most) + FRAME);
    let mut panes = vec![dashboard::pane(lines, upper)];
    if all.is_empty() {
        panes.push(list::pane(scene, &all, lower));
        return panes;
    }
    if body.width >= BESIDE {
        let width = body.width * 3 / 5;
        let right = Rect { x: lower.x + width, width: lower.width - width, ..lower };
        panes.push(list::pane(scene, &all, Rect { width, ..lower }));
        panes.push(detail::pane(scene, &all, right));
        return panes;
    }
    let rows = u16::try_from(all.len()).unwrap_or(u16::MAX).saturating_add(FRAME + 1);
    let height = match lower.height.checked_sub(DETAIL) {
        Some(most) if lower.height >= 2 * DETAIL + 2 => rows.min(most),
        _no_room => lower.height,
    };
    let (list, rest) = split(lower, height);
    panes.push(list::pane(scene, &all, list));
    if rest.height >= DETAIL {
        panes.push(detail::pane(scene, &all, rest));
    }
    panes
}

/// Returns all that is known of the selected agent, to be read over the view.
pub fn dialog(scene: &Scene<'_>, body: Rect, scroll: usize) -> Dialog {
    detail::dialog(scene, &Figures::all(scene), body, scroll)
}

fn split(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let upper = Rect { height, ..area };
    (upper, Rect { y: area.y + height, height: area.height - height, ..area })
}
