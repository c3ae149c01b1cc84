//! The colours of changed files, found in a process of its own.
//!
//! The rules of a language take ten megabytes and more once they are used, and go through text that nobody has looked at.
//! So neither their memory nor their faults are those of the screen: the process lives for the files that are in sight,
//! which it reads as lines of JSON, and answers each with another.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitCode, Stdio, exit};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::changes::{Asked, text};
use crate::keeper::launch::Program;
use crate::tui::diff::{Ends, FileTokens, Patch, PatchFile, Syntaxes, Texts};

/// The hidden subcommand.
const WORD: &str = "colours";
/// A file is gone through for so long.
const LONGEST: Duration = Duration::from_secs(2);
/// A line is looked at for so long at most before all is given up: its rules would never come to an end.
const HOPELESS: Duration = Duration::from_secs(6);

/// Finds the colours of files that come from standard input; none if the arguments ask for something else.
pub fn enter(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    let is_meant = arguments.next()? == WORD && arguments.next().is_none();
    is_meant.then(|| match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_nobody_listens) => ExitCode::FAILURE,
    })
}

fn answer() -> io::Result<()> {
    let syntaxes = Syntaxes::default();
    let (done, watched) = mpsc::channel();
    thread::spawn(move || {
        loop {
            match watched.recv() {
                Ok(()) if watched.recv_timeout(HOPELESS).is_err() => exit(1),
                Ok(()) => {}
                Err(_over) => return,
            }
        }
    });
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let (file, texts): (PatchFile, Texts) = serde_json::from_str(&line?)?;
        done.send(()).ok();
        let until = Instant::now() + LONGEST;
        let tokens = syntaxes.tokens(&file, &texts, &|| Instant::now() < until);
        done.send(()).ok();
        serde_json::to_writer(&mut output, &tokens)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

/// Finds the colours of these files of a change; what cannot be found is empty.
pub fn find(
    asked: Option<&Asked>,
    (patch, files): (&Patch, &[usize]),
    take: &mut dyn FnMut(usize, FileTokens),
) {
    let mut process = Process::start();
    if let Err(error) = &process {
        tracing::warn!(%error, "the colours of a diff cannot be found");
    }
    for number in files {
        let file = patch.files.get(*number);
        let found = file.zip(process.as_mut().ok()).map(|(file, process)| {
            let ends = patch.parts.get(file.part).map(|part| &part.ends);
            process.ask(file, &ends.map(|ends| texts(asked, file, ends)).unwrap_or_default())
        });
        let tokens = found.unwrap_or_else(|| Ok(FileTokens::default()));
        take(*number, tokens.unwrap_or_default());
    }
    if let Ok(process) = process {
        process.end();
    }
}

fn texts(asked: Option<&Asked>, file: &PatchFile, ends: &Ends) -> Texts {
    let Some(asked) = asked.filter(|_| !file.hunks.is_empty() && !ends.from.is_empty()) else {
        return Texts::default();
    };
    let before = file.from.as_deref().unwrap_or(&file.path);
    Texts {
        old: text(asked, Some(&ends.from), before),
        new: text(asked, ends.to.as_deref(), &file.path),
    }
}

/// The process that finds colours.
struct Process {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Process {
    fn start() -> io::Result<Self> {
        let mut command = Command::new(Program::default().0);
        command.arg(WORD).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let answers = child.stdout.take().map(BufReader::new);
        let answers = answers.ok_or_else(|| io::Error::other("it has no output"))?;
        Ok(Self { child, answers })
    }

    fn ask(&mut self, file: &PatchFile, texts: &Texts) -> io::Result<FileTokens> {
        let input = self.child.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = serde_json::to_vec(&(file, texts))?;
        line.push(b'\n');
        input.write_all(&line)?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer)?)
    }

    /// Lets it end, which it does when nothing more is asked.
    fn end(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}
