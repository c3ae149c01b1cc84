//! What an input leads to beside a change of what the screen remembers.

use super::screen::Screen;
use super::{Left, ScreenError};
use crate::tui::update::Command;

impl Screen<'_> {
    pub(super) fn command(&mut self, command: Command) -> Result<(), ScreenError> {
        match command {
            Command::Order(order) | Command::TakeBack(order) => self.host.order(order),
            Command::Leave => {
                self.left = Some(if self.ui.ending { Left::StopAll } else { Left::Asked });
            }
            Command::Shell { workstream, worktree } => self.open_shell(&workstream, &worktree)?,
            Command::Suspend => self.suspend()?,
            Command::Redraw => self.canvas.forget(),
            Command::Gesture(gesture) => self.gesture(&gesture),
            Command::Find(direction) => self.log.find(direction, &self.ui),
            Command::Survey => self.survey(),
            Command::Create(draft) => self.create(*draft),
            Command::Edit(text) => self.edit(&text)?,
            Command::FindTrouble(direction) => self.find_trouble(direction),
            Command::GoToTime(moment) => self.log.go_to_time(moment, &mut self.ui),
            Command::Copy(lines) => self.copy(lines),
            Command::Save { name, over } => self.save(name, over),
            Command::View(viewer) => self.open_viewer(viewer)?,
            Command::OpenFound(place) => self.open_found(place),
        }
        Ok(())
    }
}
