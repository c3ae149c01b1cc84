//! The search in all logs: on a thread of its own, one log after the other.

use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::screen::Screen;
use super::{FindLog, LogSource};
use crate::ipc::facts::Facts;
use crate::tui::found::{FoundIn, FoundLine, FoundLines, MOST, MOST_OF_ONE};
use crate::tui::input::{Bell, Rung};
use crate::tui::log::{Finder, LogSearch, Refreshed};
use crate::tui::pace::Urgency;
use crate::tui::state::Search;
use crate::tui::{outputs, update};

/// What was found is told no more often than this while the search goes on.
const GAP: Duration = Duration::from_millis(100);

/// What was found since it was last taken.
#[derive(Debug, Default)]
struct News {
    lines: Vec<FoundLine>,
    count: usize,
    logs_with: usize,
    searched: usize,
    is_done: bool,
    unread: Option<(usize, String)>,
}

/// What a search and the screen share.
#[derive(Debug, Default)]
struct Shared {
    news: Mutex<News>,
    is_given_up: AtomicBool,
}

/// The search in all logs.
#[derive(Debug, Default)]
pub(super) struct FoundPane {
    asked: Option<(String, u32)>,
    found: FoundLines,
    shared: Arc<Shared>,
}

impl FoundPane {
    pub(super) fn found(&self) -> &FoundLines {
        &self.found
    }

    fn begin(&mut self, logs: Vec<FoundIn>, finder: Finder, find_log: FindLog, bell: Bell) {
        self.give_up();
        self.found = FoundLines { logs: logs.clone(), ..FoundLines::default() };
        let shared = Arc::clone(&self.shared);
        let searching = thread::Builder::new().name("screen-search-all".to_owned());
        let begun = searching.spawn(move || {
            let mut search = Searching { shared, bell, told: Instant::now(), room: MOST };
            for (place, log) in logs.iter().enumerate() {
                search.one(place, find_log(&log.workstream, log.shown), &finder);
            }
            search.tell(|news| news.is_done = true);
            search.bell.ring(Rung::FOUND_ANYWHERE);
        });
        if let Err(error) = begun {
            self.found.is_done = true;
            self.found.unread = Some((logs_count(&self.found), error.to_string()));
        }
    }

    /// Ends the search that goes on, if one does; what it has found until now stays.
    fn give_up(&mut self) {
        self.shared.is_given_up.store(true, Ordering::Release);
        self.shared = Arc::default();
        self.found.is_done = true;
    }

    fn take(&mut self) {
        let news = take(&mut *self.shared.news.lock().unwrap_or_else(PoisonError::into_inner));
        let found = &mut self.found;
        found.lines.extend(news.lines);
        found.count += news.count;
        found.logs_with += news.logs_with;
        found.searched += news.searched;
        found.is_done |= news.is_done;
        if let Some((count, why)) = news.unread {
            let unread = found.unread.get_or_insert((0, why));
            unread.0 += count;
        }
    }
}

fn logs_count(found: &FoundLines) -> usize {
    found.logs.len()
}

impl Drop for FoundPane {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A search at work.
struct Searching {
    shared: Arc<Shared>,
    bell: Bell,
    told: Instant,
    /// So many more lines are listed.
    room: usize,
}

impl Searching {
    /// Searches one log, unless the search was given up.
    fn one(&mut self, place: usize, source: Option<LogSource>, finder: &Finder) {
        let searched = source.map_or(Ok(()), |source| self.read(place, &source, finder));
        self.tell(|news| {
            news.searched += 1;
            match searched {
                Ok(()) => {}
                // One that was never written has nothing in it.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    let unread = news.unread.get_or_insert((0, error.to_string()));
                    unread.0 += 1;
                }
            }
        });
    }

    fn read(
        &mut self,
        place: usize,
        LogSource { path, stream }: &LogSource,
        finder: &Finder,
    ) -> std::io::Result<()> {
        let room = self.room.min(MOST_OF_ONE);
        let mut search = LogSearch::open(path, finder.clone(), *stream)?.keeping(room);
        let mut counted = 0;
        while !self.shared.is_given_up.load(Ordering::Acquire) {
            let stepped = search.step()?;
            let lines: Vec<FoundLine> = search
                .excerpts()
                .into_iter()
                .map(|it| FoundLine {
                    log: place,
                    line: usize::try_from(it.line).unwrap_or(usize::MAX),
                    text: it.text,
                    found: it.found,
                })
                .collect();
            self.room -= lines.len().min(self.room);
            let fresh = search.count().saturating_sub(counted);
            let is_first = counted == 0 && fresh > 0;
            counted = search.count();
            self.tell(|news| {
                news.lines.extend(lines);
                news.count += fresh;
                news.logs_with += usize::from(is_first);
            });
            // What is written meanwhile is not waited for.
            if stepped != Refreshed::MoreToDo {
                break;
            }
        }
        Ok(())
    }

    fn tell(&mut self, add: impl FnOnce(&mut News)) {
        add(&mut self.shared.news.lock().unwrap_or_else(PoisonError::into_inner));
        if self.told.elapsed() >= GAP && !self.shared.is_given_up.load(Ordering::Acquire) {
            self.told = Instant::now();
            self.bell.ring(Rung::FOUND_ANYWHERE);
        }
    }
}

/// Returns all logs there are: those of a workstream one after the other, what was written last first.
fn all_logs(facts: &Facts) -> Vec<FoundIn> {
    facts.workstreams.iter().flat_map(|ws| outputs::logs(ws).rev()).collect()
}

impl Screen<'_> {
    /// Begins the search in all logs that is wanted, unless it was begun.
    pub(super) fn turn_to_found(&mut self) {
        if self.ui.found.is_given_up && !self.found.found.is_done {
            self.found.give_up();
        }
        let wanted = (self.ui.found.pattern.clone(), self.ui.found.asked);
        if wanted.0.is_empty() || self.found.asked.as_ref() == Some(&wanted) {
            return;
        }
        let finder = Finder::new(&wanted.0);
        self.found.asked = Some(wanted);
        let Some(finder) = finder else { return };
        let find_log = self.host.find_log();
        self.found.begin(all_logs(&self.facts), finder, find_log, self.parts.bell.clone());
    }

    /// Takes what was found since.
    pub(super) fn take_found(&mut self) {
        self.found.take();
        self.want(Urgency::Output);
    }

    /// Opens the log of a line of the list there; the list is what one comes back to.
    pub(super) fn open_found(&mut self, place: usize) {
        let Some((log, line)) = self.found.found().get(place) else { return };
        let (id, shown, line) = (log.workstream.clone(), log.shown, line.line);
        if !self.facts.workstreams.iter().any(|ws| ws.id == id) {
            self.ui.hint = Some(format!("{id} is not there any more"));
            return;
        }
        update::found::enter(&mut self.ui, &id, shown);
        self.ui.search = Some(Search::of(&self.ui.found.pattern));
        self.turn_to_log();
        self.log.go_to(line, &self.ui);
    }
}
