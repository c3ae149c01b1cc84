//! The operator's own editor.

use std::{fs, io};

use tempfile::TempPath;

use super::program::{self, Use};

/// A text in a file that an editor can be opened on.
#[derive(Debug)]
pub struct Opened {
    path: TempPath,
}

impl Opened {
    /// Writes a text to a file of its own; the error is a sentence for the operator.
    pub fn with(text: &str) -> Result<Self, String> {
        let failed = |error: io::Error| format!("no file can be made for the editor: {error}");
        let file = tempfile::Builder::new().prefix("prompt-").suffix(".md").tempfile();
        let path = file.map_err(failed)?.into_temp_path();
        // Editors end the last line, and so is one begun after it.
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        fs::write(&path, format!("{text}{end}")).map_err(failed)?;
        Ok(Self { path })
    }

    /// Lets the operator edit it in `$VISUAL`, `$EDITOR` or `vi` on this terminal, and returns what was saved; the error is a
    /// sentence for the operator.
    pub fn edit(self) -> Result<String, String> {
        let editor = program::named(Use::Editor);
        let named = editor.to_string_lossy();
        match program::command(&editor).arg(&self.path).status() {
            Ok(status) if status.success() => fs::read_to_string(&self.path)
                .map_err(|error| format!("what {named} saved cannot be read: {error}")),
            Ok(status) if program::is_missing(status) => {
                Err(format!("{named} cannot be run; `$VISUAL` or `$EDITOR` names your editor"))
            }
            Ok(status) => Err(format!("{named} failed ({status}), so nothing was changed")),
            Err(error) => Err(format!("{named} could not be started: {error}")),
        }
    }
}
