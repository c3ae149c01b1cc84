//! Which theme is meant: one that is built in, one of the user's own by its name, or a file by its path.

use std::fs;
use std::path::Path;

use super::finding::Finding;
use super::input::Input;
use super::load::{USER_FILE, user_folder};
use super::nearest::hint;
use super::read::At;
use super::source;

/// The themes that are built in.
pub const BUILT_IN: &[&str] =
    &["dark", "light", "high-contrast", "colour-blind", "tritan", "terminal-16", "mono"];

/// The folder of the user's own themes, in that of the user's configuration.
const FOLDER: &str = "themes";

/// Where themes are looked for.
#[derive(Clone, Copy)]
pub(super) struct Folders<'a> {
    /// What paths in the project's file start from.
    pub project: &'a Path,
    /// What the names of files are told from.
    pub root: &'a Path,
    /// The user's folder; none if there is none.
    pub user: Option<&'a Path>,
}

/// Returns the name of a built-in theme, or the path of a file that is there. None means that there is no such theme and
/// that this was recorded.
pub(super) fn find(theme: &At<String>, folders: Folders<'_>, input: &mut Input) -> Option<String> {
    let name = theme.value.as_str();
    if BUILT_IN.contains(&name) {
        return Some(name.to_owned());
    }
    let is_path = name.contains(['/', '.']);
    let file = if is_path {
        Some(folder_of(theme, folders, input).join(name))
    } else {
        folders.user.map(|user| user.join(FOLDER).join(format!("{name}.yaml")))
    };
    if let Some(file) = file.filter(|file| file.is_file()) {
        input.sources.depends_on(&file);
        return Some(file.display().to_string());
    }
    let finding = if is_path {
        Finding::error(format!("there is no theme in `{name}`")).help(
            "a path starts from the folder of this file; a theme in `~/.config/ostler/themes/` needs no more than its name",
        )
    } else {
        let own = own(folders.user);
        let known = BUILT_IN.iter().copied().chain(own.iter().map(String::as_str));
        Finding::error(format!("there is no theme `{name}`"))
            .maybe_help(hint(name, "themes", known))
    };
    input.push(finding.at(theme.place));
    None
}

/// Returns the folder of the file that names a theme.
fn folder_of<'a>(theme: &At<String>, folders: Folders<'a>, input: &Input) -> &'a Path {
    let said_in = input.sources.get(theme.place.source()).map(|source| source.name.as_str());
    let is_of =
        |user: &&Path| said_in == Some(source::name(&user.join(USER_FILE), folders.root).as_str());
    folders.user.filter(is_of).unwrap_or(folders.project)
}

/// Returns the themes that can be chosen, with what each is loaded by: those that are built in, and the user's own.
pub fn known() -> Vec<(String, String)> {
    let folder = user_folder();
    let built_in = BUILT_IN.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
    let own = own(folder.as_deref()).into_iter().filter_map(|name| {
        let file = folder.as_ref()?.join(FOLDER).join(format!("{name}.yaml"));
        Some((name, file.display().to_string()))
    });
    built_in.chain(own).collect()
}

/// Returns the names of the user's own themes.
fn own(user: Option<&Path>) -> Vec<String> {
    let entries = user.and_then(|user| fs::read_dir(user.join(FOLDER)).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let themes = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    let mut names: Vec<String> = themes
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}
