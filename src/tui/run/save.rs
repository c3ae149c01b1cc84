//! Saving the whole log to a file.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;

use super::screen::Screen;
use crate::core::Stream;
use crate::tui::input::Bell;
use crate::tui::log::write_plain;
use crate::tui::state::{Confirmed, Modal};
use crate::tui::update::Over;

impl Screen<'_> {
    /// Saves the log there, as text without colours; a file that is there is not written over unasked.
    pub(super) fn save(&mut self, name: String, over: Over) {
        let Some((log, stream)) = self.log.source() else {
            self.ui.hint = Some("it has no log yet".to_owned());
            return;
        };
        let path = at_home(&name);
        let mut options = OpenOptions::new();
        options.write(true);
        match over {
            Over::Nothing => options.create_new(true),
            Over::What => options.create(true).truncate(true),
        };
        match options.open(&path) {
            Ok(file) => begin((log, stream), (path, file), self.parts.bell.clone()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && !path.is_dir() => {
                let question = format!("{name} is there already. Write the log over it?");
                self.ui.modal = Some(Modal::Confirm { question, then: Confirmed::SaveOver(name) });
            }
            Err(error) => self.ui.hint = Some(format!("{name} cannot be written: {error}")),
        }
    }
}

/// Writes it on a thread of its own, and tells how that went.
fn begin((log, stream): (PathBuf, Option<Stream>), (path, file): (PathBuf, File), bell: Bell) {
    let told = bell.clone();
    let writing = thread::Builder::new().name("screen-save".to_owned()).spawn(move || {
        let place = path.display();
        let sentence = match write_plain(&log, stream, 0, &mut BufWriter::new(file)) {
            Ok(written) if written.lines == 1 => format!("saved 1 line in {place}"),
            Ok(written) => format!("saved {} lines in {place}", written.lines),
            Err(error) => format!("{place} has only the beginning of the log: {error}"),
        };
        bell.tell(sentence);
    });
    if let Err(error) = writing {
        told.tell(format!("the log cannot be saved: {error}"));
    }
}

/// Returns the path that is meant by a name as people write it.
fn at_home(name: &str) -> PathBuf {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match (name.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _other => PathBuf::from(name),
    }
}
