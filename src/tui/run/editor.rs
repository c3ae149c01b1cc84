//! The operator's own editor.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use tempfile::TempPath;

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
        let named = ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os);
        let editor = named.into_iter().find(|editor| !editor.is_empty());
        let editor = editor.unwrap_or_else(|| "vi".into());
        let named = editor.to_string_lossy();
        match command(&editor, &self.path).status() {
            Ok(status) if status.success() => fs::read_to_string(&self.path)
                .map_err(|error| format!("what {named} saved cannot be read: {error}")),
            Ok(status) => Err(format!("{named} failed ({status}), so nothing was changed")),
            Err(error) => Err(format!("{named} could not be started: {error}")),
        }
    }
}

/// It may have arguments, which a shell takes apart as everywhere else.
fn command(editor: &std::ffi::OsStr, path: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "eval \"$OSTLER_EDITOR\" '\"$1\"'", "ostler"]).arg(path);
    command.env("OSTLER_EDITOR", editor);
    command
}
