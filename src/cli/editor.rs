//! The operator's own editor.

use std::process::Command;
use std::{env, fs, io};

use super::failure::Failure;

/// Lets the operator edit a text in `$VISUAL`, `$EDITOR` or `vi`, and returns what was saved.
pub fn ask(text: &str) -> Result<String, Failure> {
    let unusable =
        |error: io::Error| Failure::failed(format!("no file can be made for the editor: {error}"));
    let file = tempfile::Builder::new().prefix("prompt-").suffix(".md").tempfile();
    let path = file.map_err(unusable)?.into_temp_path();
    fs::write(&path, text).map_err(unusable)?;
    let editor = ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os);
    let editor = editor.into_iter().find(|editor| !editor.is_empty());
    let editor = editor.unwrap_or_else(|| "vi".into());
    // It may have arguments, which a shell takes apart as everywhere else.
    let status = Command::new("sh")
        .args(["-c", "eval \"$OSTLER_EDITOR\" '\"$1\"'", "ostler"])
        .arg(&path)
        .env("OSTLER_EDITOR", &editor)
        .status();
    let named = editor.to_string_lossy();
    match status {
        Ok(status) if status.success() => fs::read_to_string(&path).map_err(|error| {
            Failure::failed(format!("what {named} saved cannot be read: {error}"))
        }),
        Ok(status) => {
            Err(Failure::failed(format!("{named} ended with {status}; nothing was made")))
        }
        Err(error) => Err(Failure::failed(format!("{named} could not be started: {error}"))),
    }
}
