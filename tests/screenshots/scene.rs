//! What the pictures show: the demo's bookshop, whose agents are held where a picture shows them at work.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ostler::cli::demo::files::{self, Mode};
use regex::Regex;
use tempfile::TempDir;

use crate::Result;
use crate::terminal::{LIMIT, Terminal};

/// The size of most pictures, in columns and rows.
pub const USUAL: (u16, u16) = (128, 32);

/// Before they wait, the demo's scripts look whether they are held at this wait of theirs.
const HELD: &str = r#"
waits=0
sleep() {
    waits=$((waits + 1))
    place=$stage/$workstream-$attempt-$waits
    if [ -e "$place.hold" ]; then
        : >"$place.held"
        while [ -e "$place.hold" ]; do command sleep 0.1; done
    else
        command sleep "$@"
    fi
}
"#;

/// Who is held: workstream, attempt, and at which of its waits.
const HOLDS: &[&str] = &["ws-04-3-6", "ws-05-1-7", "ws-06-2-6", "ws-08-2-4", LAST];
/// The one that goes on when all others are at their places, so that it is known what happened last.
const LAST: &str = "ws-10-3-1";

/// In what the pictures' bookshop is not that of the demo: one more works, so that those that are held do not hold up
/// the others; only what stands still here is slow; two fall back where in the demo one hangs and one does its work.
const CHANGES: &[(&str, &str, &str)] = &[
    ("ostler.yaml", r"parallel: 4", "parallel: 5"),
    ("ostler.yaml", r"hard: \d+ms", "hard: 60m"),
    ("ostler.yaml", r"soft: 25000ms", "soft: 50m"),
    ("plot.sh", r"ws-06:swift:\*\) echo hang", "ws-06:swift:*) echo auth"),
    ("plot.sh", r"\*\) echo ok", "ws-08:swift:*) echo overflow ;; *) echo ok"),
];

/// A project in a folder of its own, and ostler on it in a terminal.
pub struct Scene {
    pub terminal: Terminal,
    program: PathBuf,
    folder: TempDir,
}

/// Starts ostler where there is nothing to do yet.
pub fn nothing_yet(program: &Path) -> Result<Scene> {
    let folder = folder()?;
    let repository = folder.path().join("bookshop");
    write(&repository, "README.md", include_str!("../../config/demo/repo/README.md"))?;
    commit(&repository)?;
    // No agent but these is found, whatever is installed.
    let programs = folder.path().join("bin");
    for name in ["claude", "codex", "aider"] {
        write(&programs, name, "#!/bin/sh\necho 1.0\n")?;
        fs::set_permissions(programs.join(name), fs::Permissions::from_mode(0o755))?;
    }
    for name in ["git", "sh"] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).map(|it| it.join(name)).find(|it| it.exists());
        symlink(found.ok_or_else(|| format!("there is no {name}"))?, programs.join(name))?;
    }
    let mut command = ostler(program, folder.path());
    command.env("PATH", &programs);
    let terminal = Terminal::start(&command, USUAL)?;
    Ok(Scene { terminal, program: program.to_owned(), folder })
}

/// Starts ostler on the demo's bookshop.
pub fn bookshop(program: &Path) -> Result<Scene> {
    let folder = folder()?;
    let repository = folder.path().join("bookshop");
    for (name, contents, mode) in files::FILES {
        let (below, name) = match name.strip_prefix("repo/") {
            Some(inside) => (&*repository, inside),
            None => (folder.path(), *name),
        };
        write(below, name, &changed(name, contents)?)?;
        if *mode == Mode::Executable {
            fs::set_permissions(below.join(name), fs::Permissions::from_mode(0o755))?;
        }
    }
    let agents = folder.path().join("agents");
    let config = files::config(&agents, 1.0);
    write(&repository, "ostler.yaml", &changed("ostler.yaml", &config)?)?;
    commit(&repository)?;
    let stage = folder.path().join("stage");
    for hold in HOLDS {
        write(&stage, &format!("{hold}.hold"), "")?;
    }
    let lib = fs::read_to_string(agents.join("lib.sh"))?;
    write(&agents, "lib.sh", &format!("{lib}stage='{}'\n{HELD}", stage.display()))?;
    let terminal = Terminal::start(&ostler(program, folder.path()), USUAL)?;
    Ok(Scene { terminal, program: program.to_owned(), folder })
}

impl Scene {
    /// Waits until everybody who is held is at its place.
    pub fn until_held(&mut self) -> Result<()> {
        let end = Instant::now() + LIMIT;
        for hold in HOLDS {
            let held = self.folder.path().join(format!("stage/{hold}.held"));
            while !held.exists() {
                self.terminal.drain(Duration::from_millis(100))?;
                if Instant::now() > end {
                    return Err(format!("{hold} was not reached; {}", self.terminal.shown()).into());
                }
            }
        }
        Ok(())
    }

    /// Lets the last one go on.
    pub fn release(&self) -> Result<()> {
        Ok(fs::remove_file(self.folder.path().join(format!("stage/{LAST}.hold")))?)
    }

    /// Ends everything.
    pub fn end(self) -> Result<()> {
        let Self { terminal, program, folder } = self;
        let left = terminal.end("q");
        let stopped = ostler(&program, folder.path())
            .args(["worker", "--stop"])
            .stdout(Stdio::null())
            .status();
        left?;
        stopped?;
        Ok(folder.close()?)
    }
}

/// Makes a folder with a short name, which some pictures show.
fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("ostler-").tempdir_in("/tmp")?)
}

fn write(folder: &Path, name: &str, contents: &str) -> Result<()> {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap_or(folder))?;
    Ok(fs::write(path, contents)?)
}

/// Returns a file of the demo with the changes of the pictures.
fn changed(name: &str, contents: &str) -> Result<String> {
    let mut text = contents.to_owned();
    for (_, pattern, instead) in CHANGES.iter().filter(|(file, ..)| name.ends_with(file)) {
        let pattern = Regex::new(pattern)?;
        if !pattern.is_match(&text) {
            return Err(format!("{name} of the demo has no {pattern} any more").into());
        }
        text = pattern.replace_all(&text, *instead).into_owned();
    }
    Ok(text)
}

fn commit(repository: &Path) -> Result<()> {
    let mut options = git2::RepositoryInitOptions::new();
    options.initial_head("main");
    let git = git2::Repository::init_opts(repository, &options)?;
    let mut index = git.index()?;
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None)?;
    index.write()?;
    let tree = git.find_tree(index.write_tree()?)?;
    let author = git2::Signature::now("The Bookshop", "bookshop@localhost")?;
    git.commit(Some("HEAD"), &author, &author, "the bookshop as it is", &tree, &[])?;
    Ok(())
}

fn ostler(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder.join("bookshop"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_CONFIG_HOME", folder.join("config"));
    command
}
