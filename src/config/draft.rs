//! Making a proposed workstream part of the configuration, as a file of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use thiserror::Error;

use super::finding::ConfigErrors;
use super::load::{OWN_FOLDER, Proposed, load_as_if, user_folder};
use super::name::slug;
use super::plan::Plan;
use super::skeleton::installed;
use crate::core::draft::Draft;
use crate::core::{AgentName, WorkstreamId};

/// How often another name is tried when somebody else has just taken one.
const TRIES: u32 = 5;

/// A project's configuration, and where its programs are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The main worktree.
    pub root: &'a Path,
    /// The configuration file; none for the usual one.
    pub file: Option<&'a Path>,
    /// What has the form of the environment variable `PATH`.
    pub programs: &'a OsStr,
}

/// A workstream that is part of the configuration now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub id: WorkstreamId,
    /// Its file.
    pub path: PathBuf,
}

/// Why a proposed workstream did not become part of the configuration. Nothing is left of it.
#[derive(Debug, Error)]
pub enum NotKept {
    /// The configuration, or this workstream in it, is wrong.
    #[error("{}", .0.lines().join("\n"))]
    Wrong(ConfigErrors),
    /// There is such a file already.
    #[error("{} is there already; it is left as it is", .0.display())]
    Taken(PathBuf),
    /// The file could not be written.
    #[error("{} could not be written: {error}", path.display())]
    Unwritten {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// What is written to the file.
#[derive(Serialize)]
struct Written<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    prompt: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [PathBuf],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tasks: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    after: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    chain: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a str>,
    #[serde(skip_serializing_if = "is_usual")]
    priority: i32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_usual(priority: &i32) -> bool {
    *priority == 0
}

/// Writes a workstream's file, which is never over one that is there. The configuration is right with it, or nothing is written.
pub fn keep(draft: &Draft, place: Place<'_>) -> Result<Kept, NotKept> {
    let user = user_folder();
    let load = |proposed: Option<Proposed<'_>>| {
        load_as_if(place.root, place.file, user.as_deref(), proposed)
    };
    let mut draft = draft.clone();
    let mut tried = 0;
    loop {
        let plan = load(None).map_err(NotKept::Wrong)?.plan;
        let folder = plan.root.join(OWN_FOLDER);
        let id = draft.id.clone().unwrap_or_else(|| named(&draft, &plan, &folder));
        if draft.chain.is_empty() && plan.chain.is_empty() {
            draft.chain = installed(&plan, place.programs);
        }
        let path = folder.join(format!("{id}.yaml"));
        let text = text(&draft, &id);
        load(Some(Proposed { path: &path, text: &text })).map_err(NotKept::Wrong)?;
        match write(&folder, &path, &text) {
            Ok(()) => return Ok(Kept { id, path }),
            Err(NotKept::Taken(_)) if draft.id.is_none() && tried < TRIES => tried += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Makes a name of the title, or of the first line of the prompt, that nothing has yet.
fn named(draft: &Draft, plan: &Plan, folder: &Path) -> WorkstreamId {
    let first = draft.prompt.lines().map(slug).find(|slug| !slug.is_empty());
    let short = |slug: String| slug.split('-').take(6).collect::<Vec<_>>().join("-");
    let base = Some(slug(&draft.title)).filter(|slug| !slug.is_empty());
    let base = base.or(first).map_or_else(|| "ws".to_owned(), short);
    let is_free = |name: &str| {
        super::name::check(name).is_ok()
            && plan.workstream(&WorkstreamId::from(name)).is_none()
            && !folder.join(format!("{name}.yaml")).exists()
    };
    let names = std::iter::once(base.clone()).chain((2_u64..).map(|n| format!("{base}-{n}")));
    let free = names.into_iter().find(|name| is_free(name));
    WorkstreamId::from(free.unwrap_or(base))
}

fn text(draft: &Draft, id: &WorkstreamId) -> String {
    let prompt = plain(&draft.prompt);
    let title = plain(draft.title.trim());
    let written = Written {
        id: id.as_str(),
        title: &title,
        prompt: &prompt,
        files: &draft.files,
        tasks: &draft.tasks,
        after: draft.after.iter().map(WorkstreamId::as_str).collect(),
        chain: draft.chain.iter().map(AgentName::as_str).collect(),
        check: draft.check.as_deref(),
        priority: draft.priority,
    };
    // Whatever cannot be written as YAML is told as what is wrong with the file.
    serde_yaml::to_string(&written).unwrap_or_else(|error| format!("# {error}\n"))
}

/// Leaves out what no file of text has.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn write(folder: &Path, path: &Path, text: &str) -> Result<(), NotKept> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| NotKept::Unwritten { path, error }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    keep_out_of_status(folder).map_err(failed(folder))?;
    // As any new file in the repository: the umask decides who else may read it.
    let usual = fs::Permissions::from_mode(0o666);
    let new = tempfile::Builder::new().prefix(".new-").permissions(usual).tempfile_in(folder);
    let mut new = new.map_err(failed(folder))?;
    new.write_all(text.as_bytes()).and_then(|()| new.as_file().sync_all()).map_err(failed(path))?;
    match new.persist_noclobber(path) {
        Ok(_file) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            Err(NotKept::Taken(path.to_owned()))
        }
        Err(error) => Err(failed(path)(error.error)),
    }
}

/// Lets git ignore the folder that all of them are in, unless somebody has decided about that.
fn keep_out_of_status(folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent() else { return Ok(()) };
    let mut open = fs::OpenOptions::new();
    match open.write(true).create_new(true).open(above.join(".gitignore")) {
        Ok(mut file) => file.write_all(b"*\n"),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
