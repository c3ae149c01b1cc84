//! What the roles of the screen look like, read from `themes/*.yaml` or a file of the user's.
//!
//! A theme file names a `background`, a 16-colour `palette` for what agents colour themselves, and a look for every
//! [`Role`]. A file with `extends: light` only says what it wants otherwise; one without extends `dark`.

pub mod colour;
pub mod depth;
mod file;
mod ground;
pub mod role;

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

pub use depth::{Depth, Glyphs, Surroundings};
pub use role::Role;

use super::log::{Attributes, Ink, Sgr};
use colour::{contrast, reduce, rgb};
pub use file::ThemeError;
use file::{Look, Shade, ThemeFile};

/// The built-in themes by name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.yaml")),
    ("light", include_str!("../../themes/light.yaml")),
    ("high-contrast", include_str!("../../themes/high-contrast.yaml")),
    ("colour-blind", include_str!("../../themes/colour-blind.yaml")),
    ("tritan", include_str!("../../themes/tritan.yaml")),
    ("terminal-16", include_str!("../../themes/terminal-16.yaml")),
    ("mono", include_str!("../../themes/mono.yaml")),
];

/// What is used when nothing else is asked for.
const DEFAULT: &str = "dark";

/// Text of an agent's that would stand out from the background less than this is shown in the theme's colour.
const READABLE: f64 = 2.0;

/// What the roles of the screen look like on one terminal.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name or path.
    pub name: String,
    /// The colours that the terminal can show.
    pub depth: Depth,
    /// The characters that it can show.
    pub glyphs: Glyphs,
    styles: BTreeMap<Role, Style>,
    background: Color,
    palette: Vec<Color>,
}

impl Theme {
    /// Loads a built-in theme by name, or a file by path; without either, the default theme.
    ///
    /// A terminal without colours gets the theme `mono`, whatever was asked for.
    pub fn load(wanted: Option<&str>, around: Surroundings) -> Result<Self, ThemeError> {
        let wanted = wanted.unwrap_or(DEFAULT);
        let file = file::read(wanted)?;
        // What has no colours of its own shows none of an agent's either.
        let depth = if wanted == "mono" { Depth::None } else { around.depth };
        if depth == Depth::None && wanted != "mono" {
            return Self::load(Some("mono"), around);
        }
        let mut theme = Self {
            name: wanted.to_owned(),
            depth,
            glyphs: around.glyphs,
            styles: BTreeMap::new(),
            background: Color::Reset,
            palette: Vec::new(),
        };
        if !BUILT_IN.iter().any(|(known, _)| *known == wanted) {
            theme.take(&file::read(file.extends.as_deref().unwrap_or(DEFAULT))?);
        }
        theme.take(&file);
        theme.settle_grounds();
        Ok(theme)
    }

    /// Lays a file over what is there.
    fn take(&mut self, file: &ThemeFile) {
        if let Some(Shade(background)) = file.background {
            self.background = match self.depth {
                Depth::Ansi | Depth::None => Color::Reset,
                Depth::True | Depth::Indexed => reduce(background, self.depth),
            };
        }
        if !file.palette.is_empty() {
            self.palette = file.palette.iter().map(|shade| shade.0).collect();
        }
        for (role, look) in &file.roles {
            let mut style = self.resolve(look);
            if role.is_ground() {
                let bg = look.bg.and_then(|Shade(bg)| self.ground_colour(bg));
                style = Style { bg, ..style }.remove_modifier(Modifier::REVERSED);
            }
            self.styles.insert(*role, style);
        }
    }

    fn resolve(&self, look: &Look) -> Style {
        let mut style = Style::new();
        let modifiers = [
            (look.bold, Modifier::BOLD),
            (look.dim, Modifier::DIM),
            (look.italic, Modifier::ITALIC),
            (look.underline, Modifier::UNDERLINED),
            (look.reverse, Modifier::REVERSED),
        ];
        for (_, modifier) in modifiers.iter().filter(|(on, _)| *on) {
            style = style.add_modifier(*modifier);
        }
        let [fg, bg, ansi] = [look.fg, look.bg, look.ansi].map(|shade| shade.map(|Shade(it)| it));
        match self.depth {
            Depth::None => {}
            Depth::Ansi => {
                style.fg = ansi.or(fg.map(|fg| reduce(fg, Depth::Ansi)));
                // Sixteen colours of unknown shades: only an exchange of text and background is sure to be readable.
                if bg.is_some() {
                    style = style.add_modifier(Modifier::REVERSED);
                }
            }
            Depth::True | Depth::Indexed => {
                style.fg = fg.map(|fg| reduce(fg, self.depth));
                style.bg = bg.map(|bg| reduce(bg, self.depth));
            }
        }
        style
    }

    /// Returns what a role looks like; nothing is set that the theme does not set.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// Returns what is laid over a selected row.
    ///
    /// A selection that exchanges text and background does so in one look, or it would be patchwork.
    pub fn selection(&self) -> Style {
        let style = self.style(Role::Selection);
        if style.add_modifier.contains(Modifier::REVERSED) {
            let ground = self.ground();
            style
                .fg(ground.fg.unwrap_or_default())
                .bg(self.background())
                .remove_modifier(Modifier::DIM)
        } else {
            style
        }
    }

    /// Returns what the screen looks like where nothing is.
    pub fn ground(&self) -> Style {
        Style::new().bg(self.background).patch(self.style(Role::Text))
    }

    /// Returns the colour behind everything.
    pub fn background(&self) -> Color {
        self.background
    }

    /// Returns what a piece of an agent's output looks like.
    pub fn ink(&self, sgr: Sgr) -> Style {
        let mut style = Style::new();
        for (attribute, modifier) in [
            (Attributes::BOLD, Modifier::BOLD),
            (Attributes::DIM, Modifier::DIM),
            (Attributes::ITALIC, Modifier::ITALIC),
            (Attributes::UNDERLINE, Modifier::UNDERLINED),
            (Attributes::REVERSE, Modifier::REVERSED),
            (Attributes::STRIKE, Modifier::CROSSED_OUT),
        ] {
            if sgr.attributes.contains(attribute) {
                style = style.add_modifier(modifier);
            }
        }
        if self.depth != Depth::None {
            style.bg = self.colour(sgr.bg);
            style.fg = self.colour(sgr.fg).filter(|fg| self.is_readable(*fg, style.bg));
        }
        if sgr.attributes.contains(Attributes::MARKED) {
            style = style.patch(self.selection());
        }
        if sgr.attributes.contains(Attributes::FOUND) {
            style = style.patch(self.style(Role::Found));
        }
        style
    }

    fn colour(&self, ink: Ink) -> Option<Color> {
        match ink {
            Ink::Default => None,
            Ink::Indexed(index) if self.depth == Depth::Ansi && index < 16 => {
                Some(colour::named(index))
            }
            Ink::Indexed(index) => {
                let own = self.palette.get(usize::from(index)).copied();
                Some(reduce(own.unwrap_or(Color::Indexed(index)), self.depth))
            }
            Ink::Rgb(r, g, b) => Some(reduce(Color::Rgb(r, g, b), self.depth)),
        }
    }

    fn is_readable(&self, fg: Color, bg: Option<Color>) -> bool {
        match (rgb(fg), rgb(bg.unwrap_or(self.background))) {
            (Some(fg), Some(bg)) => contrast(fg, bg) >= READABLE,
            _ => true,
        }
    }
}
