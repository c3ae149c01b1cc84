//! The grounds of changed lines, and text of other roles on them.

use ratatui::style::{Color, Modifier, Style};

use super::colour::{contrast, hued, rgb};
use super::{Depth, Role, Theme};

/// Text has at least this contrast with what it stands on.
const LEAST: f64 = 4.5;

/// What can stand on a ground.
const ON_IT: &[Role] = &[
    Role::Text,
    Role::Keyword,
    Role::String,
    Role::Comment,
    Role::Number,
    Role::Function,
    Role::Type,
];

impl Theme {
    /// Returns what text of a role looks like on a ground. What could not be read there is shown as plain text is; and
    /// where the ground has no colour of its own, the sign of a line stands out instead.
    pub fn over(&self, ground: Role, role: Role) -> Style {
        let mut style = self.style(role);
        // What was found has a ground of its own.
        if style.bg.is_some() || style.add_modifier.contains(Modifier::REVERSED) {
            return style;
        }
        let line = match ground {
            Role::AddedWord => Role::Added,
            Role::RemovedWord => Role::Removed,
            other => other,
        };
        let is_sign = matches!(role, Role::Good | Role::Bad);
        for part in [Some(line), (ground != line).then_some(ground)].into_iter().flatten() {
            let part = self.style(part);
            if part.fg.is_some() {
                style = style.remove_modifier(Modifier::DIM);
            }
            style = style.patch(if is_sign { Style { fg: None, ..part } } else { part });
        }
        if is_sign && style.bg.is_none() {
            return style.add_modifier(Modifier::REVERSED);
        }
        if let (Some(fg), Some(bg)) = (style.fg.and_then(rgb), style.bg.and_then(rgb))
            && contrast(fg, bg) < LEAST
        {
            style.fg = self.style(Role::Text).fg;
        }
        style
    }

    /// Makes of the grounds of a theme what this terminal can show of them.
    pub(super) fn settle_grounds(&mut self) {
        if self.depth == Depth::Indexed {
            // Dark shades of some colours are not among the 256, and text cannot be read on the brighter ones.
            let lines = [Role::Added, Role::Removed];
            if !lines.iter().all(|ground| self.is_ground_readable(*ground)) {
                for ground in lines {
                    self.without_colour(ground);
                }
            }
        }
        if self.depth < Depth::True {
            // There is no shade between for words.
            for word in [Role::AddedWord, Role::RemovedWord] {
                self.without_colour(word);
                let style = self.styles.entry(word).or_default();
                *style = style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
            }
        }
    }

    /// Returns the colour of a ground, reduced to what the terminal can show so that it stays a colour.
    pub(super) fn ground_colour(&self, colour: Color) -> Option<Color> {
        match self.depth {
            Depth::True => Some(colour),
            Depth::Indexed => Some(hued(colour)),
            Depth::Ansi | Depth::None => None,
        }
    }

    fn is_ground_readable(&self, ground: Role) -> bool {
        let Some(bg) = self.style(ground).bg.and_then(rgb) else { return true };
        ON_IT.iter().filter_map(|role| self.style(*role).fg.and_then(rgb)).all(|fg| {
            let found = contrast(fg, bg);
            let usual = rgb(self.background).map_or(found, |usual| contrast(fg, usual));
            found >= LEAST && found * 2.0 >= usual
        })
    }

    fn without_colour(&mut self, ground: Role) {
        if let Some(style) = self.styles.get_mut(&ground) {
            style.bg = None;
        }
    }
}
