//! What the screen looks like: the theme of the configuration, or the one that was chosen on the screen.

use super::Options;
use super::screen::Screen;
use crate::tui::theme::Theme;

/// What the screen looks like, and what was asked for.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) theme: Theme,
    chosen: Option<String>,
    /// How often the configuration had been read when this was.
    read: u64,
}

impl Look {
    pub(super) fn new(options: &Options) -> Self {
        Self { theme: options.theme.clone(), chosen: None, read: 0 }
    }
}

impl Screen<'_> {
    /// Loads the theme that is wanted, if it is not the one that is there, and the keys, if the configuration was read again.
    ///
    /// What cannot be used is said, and changes nothing.
    pub(super) fn fit_look(&mut self) {
        let read = self.facts.configured;
        if std::mem::replace(&mut self.look.read, read) != read {
            match self.host.settings() {
                Ok(settings) => {
                    self.options.keymap = settings.keymap;
                    self.options.theme = settings.theme;
                }
                Err(error) => self.ui.hint = Some(error),
            }
            self.look.theme = self.options.theme.clone();
            self.look.chosen = None;
        }
        let wanted = self.ui.themes.chosen.clone();
        if wanted == self.look.chosen {
            return;
        }
        match wanted.as_deref() {
            None => self.look.theme = self.options.theme.clone(),
            Some(source) => match Theme::load(Some(source), self.options.around) {
                Ok(theme) => self.look.theme = theme,
                Err(error) => self.ui.hint = Some(error.to_string()),
            },
        }
        self.look.chosen = wanted;
    }
}
