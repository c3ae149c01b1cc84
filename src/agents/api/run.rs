//! The work of the agent: read, ask, check, apply.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::io::Errno;

use super::apply::{ApplyError, apply};
use super::ask::{Patience, ask};
use super::client::Client;
use super::conversation::{Request, Role};
use super::edit::{self, Wishes};
use super::failure::{Failure, Tokens};
use super::mark::Mark;
use super::material::Source;
use super::plan::{Planned, plan};
use super::relative_path::RelativePath;
use super::reply::Reply;
use super::report::{Report, Step};
use super::root::{PlaceError, Root};
use super::scope::Scope;
use super::settings::Settings;
use super::{instructions, listing};
use crate::core::FailureClass;

/// How often a reply that cannot be used may be written anew.
const REPAIRS: u32 = 2;
/// How often the model may ask for files.
const READS: u32 = 4;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The files that were changed.
    pub files: Vec<String>,
    /// What it took.
    pub tokens: Tokens,
}

/// What a reply comes to.
enum Judged {
    /// Nothing needs to be changed.
    Nothing,
    /// These files change.
    Change(Vec<Planned>),
    /// The model wants to see files first.
    Read(Vec<RelativePath>),
    /// The reply cannot be used; the text says why.
    Wrong(String),
}

/// A run of the agent.
struct Run<'a, 'b> {
    settings: &'a Settings,
    root: Root,
    scope: Scope,
    tracked: BTreeSet<RelativePath>,
    /// The files that the model has seen whole.
    seen: BTreeSet<RelativePath>,
    mark: Mark,
    report: &'a mut Report<'b>,
    tokens: Tokens,
}

/// Does the work that `prompt` asks for in the worktree.
pub fn run(
    settings: &Settings,
    worktree: &Path,
    prompt: &str,
    report: &mut Report<'_>,
) -> Result<Done, Failure> {
    report.step(Step::Reading, "reading prompt and files");
    let root = Root::open(worktree).map_err(|error| {
        Failure::new(FailureClass::WorktreeLost, format!("{}: {error}", worktree.display()))
    })?;
    let scope = Scope::new(&settings.files, &root)?;
    let mut run = Run {
        settings,
        root,
        scope,
        tracked: listing::tracked(worktree),
        seen: BTreeSet::new(),
        mark: Mark::fresh(),
        report,
        tokens: Tokens::default(),
    };
    match run.work(prompt) {
        Ok(files) => Ok(Done { files, tokens: run.tokens }),
        Err(mut failure) => {
            failure.tokens += run.tokens;
            Err(failure)
        }
    }
}

impl Run<'_, '_> {
    fn work(&mut self, prompt: &str) -> Result<Vec<String>, Failure> {
        let client = Client::new(self.settings);
        let mut request = Request::default();
        let room = self.settings.prompt_room();
        self.begin(&mut request, prompt, room)?;
        let (mut repairs, mut reads) = (0, 0);
        let mut first = self.first_reply(&client, &mut request, prompt)?;
        loop {
            let reply = match first.take() {
                Some(reply) => reply,
                None => self.ask(&client, &request)?,
            };
            self.tokens += reply.tokens;
            let answer = match self.judge(&reply) {
                Judged::Nothing => {
                    self.report.note("the model says that nothing needs to be changed");
                    return Ok(Vec::new());
                }
                Judged::Change(planned) => return self.apply(&planned),
                Judged::Read(paths) if reads < READS => {
                    reads += 1;
                    self.show(&paths, &request)
                }
                Judged::Read(_) if repairs < REPAIRS => {
                    repairs += 1;
                    self.repair("no more files can be shown", repairs)
                }
                Judged::Wrong(words) if repairs < REPAIRS => {
                    repairs += 1;
                    self.repair(&words, repairs)
                }
                Judged::Read(_) => {
                    return Err(unusable("the model asks for more and more files"));
                }
                Judged::Wrong(words) => return Err(unusable(&words)),
            };
            request.say(Role::Model, reply.text);
            request.say(Role::User, answer);
            if request.tokens() > room {
                let message = "the conversation has outgrown the model's context";
                return Err(Failure::new(FailureClass::ContextOverflow, message));
            }
        }
    }

    /// Puts the first message together, in so many tokens.
    fn begin(&mut self, request: &mut Request, prompt: &str, room: u64) -> Result<(), Failure> {
        request.system = instructions::system(&self.mark, &self.scope);
        request.turns.clear();
        let left = room.saturating_sub(request.tokens() + 16);
        let material = self.source().first(prompt, left).ok_or_else(|| {
            let message = format!(
                "the prompt alone is larger than the {room} tokens that the model leaves for it; see --context"
            );
            Failure::new(FailureClass::ContextOverflow, message)
        })?;
        material.notes.iter().for_each(|note| self.report.note(note));
        self.seen.clone_from(&material.whole);
        request.say(Role::User, material.text);
        let shown = material.shown;
        let files = if shown == 1 { "1 file".to_owned() } else { format!("{shown} files") };
        let size = request.tokens();
        let words = format!("asking {} (about {size} tokens, {files})", self.settings.model);
        self.report.step(Step::Asking, &words);
        Ok(())
    }

    /// Asks for the first time; when the service says how far the prompt is too long, it is cut to that once.
    fn first_reply(
        &mut self,
        client: &Client,
        request: &mut Request,
        prompt: &str,
    ) -> Result<Option<Reply>, Failure> {
        match self.ask(client, request) {
            Ok(reply) => Ok(Some(reply)),
            Err(failure) => {
                let Some(sizes) = failure.sizes.filter(|sizes| sizes.was > sizes.limit) else {
                    return Err(failure);
                };
                let said =
                    format!("{} tokens are more than the model's {}", sizes.was, sizes.limit);
                self.report.note(&format!("{said}; cutting the prompt to ask again"));
                // A tenth is kept free for the reply.
                let share = u128::from(request.tokens()) * u128::from(sizes.limit) * 9;
                let room = share / (u128::from(sizes.was) * 10);
                let room = u64::try_from(room).unwrap_or(u64::MAX);
                // What the service said counts for more than that it cannot be cut so far.
                self.begin(request, prompt, room).map_err(|_| failure)?;
                self.ask(client, request).map(Some)
            }
        }
    }

    fn ask(&mut self, client: &Client, request: &Request) -> Result<Reply, Failure> {
        let patience = Patience { retries: self.settings.retries, delay: self.settings.delay };
        let reply = ask(client, request, patience, &mut self.tokens, self.report)?;
        let words = format!("received {} tokens", reply.tokens.received);
        self.report.step(Step::Receiving, &words);
        Ok(reply)
    }

    fn judge(&mut self, reply: &Reply) -> Judged {
        let wishes = match edit::read(&reply.text, &self.mark) {
            Ok(wishes) => wishes,
            Err(unclear) => return Judged::Wrong(unclear.to_string()),
        };
        match wishes {
            Wishes { edits, reads, .. } if !edits.is_empty() => {
                if !reads.is_empty() {
                    self.report
                        .note("the model asked for files beside its edits; they are not shown");
                }
                match plan(&edits, &self.root, &self.scope, &self.seen) {
                    Ok(planned) => Judged::Change(planned),
                    Err(refused) => {
                        let lines: Vec<String> = refused.iter().map(ToString::to_string).collect();
                        Judged::Wrong(lines.join("; "))
                    }
                }
            }
            Wishes { reads, .. } if !reads.is_empty() => Judged::Read(reads),
            Wishes { done: true, .. } => Judged::Nothing,
            _ => Judged::Wrong("there is no block with an edit in it".to_owned()),
        }
    }

    fn show(&mut self, paths: &[RelativePath], request: &Request) -> String {
        let names = paths.iter().map(RelativePath::text).collect::<Vec<_>>().join(", ");
        self.report.step(Step::Asking, &format!("showing more files: {names}"));
        let room = self.settings.prompt_room().saturating_sub(request.tokens());
        let material = self.source().wanted(paths, room);
        material.notes.iter().for_each(|note| self.report.note(note));
        self.seen.extend(material.whole);
        material.text
    }

    fn repair(&mut self, words: &str, number: u32) -> String {
        let note = format!("the reply cannot be used: {words}; asking again ({number}/{REPAIRS})");
        self.report.note(&note);
        format!(
            "Nothing of your reply was applied: {words}.\n\nWrite all blocks again, in the form that was described, and \
             end with the line {} DONE.",
            self.mark.text()
        )
    }

    fn apply(&mut self, planned: &[Planned]) -> Result<Vec<String>, Failure> {
        let changed: Vec<&Planned> = planned
            .iter()
            .filter(|planned| planned.old.as_ref().map(|old| &old.bytes) != planned.new.as_ref())
            .collect();
        let names: Vec<String> = changed.iter().map(|planned| planned.path.to_string()).collect();
        let files = if names.len() == 1 { "file" } else { "files" };
        let words = format!("applying changes to {} {files}: {}", names.len(), names.join(", "));
        self.report.step(Step::Applying, &words);
        hold_signals();
        let changed: Vec<Planned> = changed.into_iter().cloned().collect();
        apply(&self.root, &changed).map_err(|error| unapplied(&error))?;
        Ok(names)
    }

    fn source(&self) -> Source<'_> {
        Source { root: &self.root, scope: &self.scope, tracked: &self.tracked, mark: &self.mark }
    }
}

/// From here on a request to end waits for the end, which is near: half of the changes must not stay.
fn hold_signals() {
    for signal in
        [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT, signal_hook::consts::SIGHUP]
    {
        // Without it, a signal at the wrong moment leaves what the checkpoint before the attempt puts right.
        let _held = signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)));
    }
}

fn unusable(words: &str) -> Failure {
    Failure::new(FailureClass::InvalidResponse, format!("the reply cannot be used: {words}"))
}

fn unapplied(error: &ApplyError) -> Failure {
    let full = |source: &io::Error| {
        let errno = source.raw_os_error();
        [Errno::NOSPC, Errno::DQUOT].iter().any(|full| errno == Some(full.raw_os_error()))
    };
    let class = match error {
        ApplyError::System { source, .. }
        | ApplyError::Place(PlaceError::System { source, .. })
            if full(source) =>
        {
            FailureClass::Resources
        }
        ApplyError::System { .. }
        | ApplyError::Place(PlaceError::System { .. })
        | ApplyError::NotTakenBack { .. } => FailureClass::WorktreeLost,
        ApplyError::Changed(_) | ApplyError::Place(_) => FailureClass::ExitCode,
    };
    Failure::new(class, format!("nothing was changed: {error}"))
}
