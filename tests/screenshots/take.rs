//! Takes the pictures of the README from the program itself: `cargo run --example screenshots`.
//!
//! It runs ostler in terminals, presses keys, waits until the screen shows what a picture is about, and writes it into
//! `screenshots/` as SVG. A picture that shows the same as the stored one, but for times and the like, stays as it is.
//! With `-- --check` nothing is written: it fails if a stored picture shows something else than the program does.

mod album;
mod likeness;
mod scene;
mod svg;
mod terminal;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use album::{Album, Purpose};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1).peekable();
    if arguments.next_if(|first| first == terminal::INSIDE).is_some() {
        return terminal::become_program(arguments).map(|()| ExitCode::FAILURE);
    }
    let purpose = match arguments.next().as_deref().map(|it| it.to_str().unwrap_or_default()) {
        None => Purpose::Take,
        Some("--check") => Purpose::Check,
        Some(other) => return Err(format!("{other}: there is only --check").into()),
    };
    let program = build()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let mut album = Album::new(folder, purpose);
    let start = scene::nothing_yet(&program)?;
    album.start(start)?;
    let scene = scene::bookshop(&program)?;
    album.bookshop(scene)?;
    Ok(album.end())
}

/// Builds the program that belongs to this source, and returns where it is.
fn build() -> Result<PathBuf> {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--bin", "ostler", "--profile", profile]);
    // What cargo tells this process of its package would have other packages built anew.
    for (name, _) in std::env::vars_os() {
        let is_of_package =
            |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|it| name.starts_with(it));
        if name.to_str().is_some_and(is_of_package) {
            cargo.env_remove(name);
        }
    }
    if !cargo.status()?.success() {
        return Err("the program could not be built".into());
    }
    let here = std::env::current_exe()?;
    let folder = here.parent().and_then(Path::parent).ok_or("the program has no folder")?;
    Ok(folder.join("ostler"))
}
