//! A search in one log, on a thread of its own: no key waits for it, and it goes on with what is written.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::tui::input::{Bell, Rung};
use crate::tui::log::{Direction, Hits, LogSearch, Refreshed};
use crate::tui::state::Tally;

/// What was found is told no more often than this while the search goes on.
const GAP: Duration = Duration::from_millis(100);

/// How far a search has come.
#[derive(Debug, Default)]
struct Found {
    hits: Hits,
    /// The bytes and lines that were searched, and the bytes that there are.
    bytes: u64,
    lines: u64,
    length: u64,
    is_done: bool,
    trouble: Option<String>,
}

/// Where the next line that matches is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// There.
    At(usize),
    /// That is not known yet.
    Later,
    /// Nowhere: no line matches.
    Nowhere,
}

/// A search in one log; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Seeker {
    found: Arc<Mutex<Found>>,
    wake: SyncSender<()>,
}

impl Seeker {
    /// Begins a search; the bell is rung when something was found, and when all is searched.
    pub(super) fn start(search: LogSearch, bell: Bell) -> io::Result<Self> {
        let found = Arc::<Mutex<Found>>::default();
        let (wake, woken) = sync_channel(1);
        let shared = Arc::clone(&found);
        thread::Builder::new()
            .name("screen-search".to_owned())
            .spawn(move || seek(search, &shared, &woken, &bell))?;
        Ok(Self { found, wake })
    }

    /// Takes note that the log may have grown.
    pub(super) fn grown(&self) {
        // It is woken already, or has ended.
        let _ = self.wake.try_send(());
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how much was found, and which of that this line is.
    pub(super) fn tally(&self, line: Option<usize>) -> Tally {
        let found = self.found();
        let part = found.bytes.saturating_mul(100) / found.length.max(1);
        Tally {
            count: found.hits.count(),
            place: line.and_then(|line| found.hits.place(line)),
            percent: (!found.is_done).then(|| u8::try_from(part.min(99)).unwrap_or(99)),
        }
    }

    /// Returns the sentence by which it gave up, once.
    pub(super) fn trouble(&self) -> Option<String> {
        self.found().trouble.take()
    }

    /// Returns the next line that matches after or before this one; past the end it begins anew.
    pub(super) fn next(&self, from: usize, way: Direction) -> Next {
        let found = self.found();
        // What lies before a line is known once the search has come there, what lies after it as soon as it is found.
        let is_known = match way {
            Direction::Forward => true,
            Direction::Backward => found.is_done || found.lines > from as u64,
        };
        match found.hits.beside(from, way).filter(|_| is_known) {
            Some(line) => Next::At(line),
            None if !found.is_done => Next::Later,
            None => found.hits.around(way).map_or(Next::Nowhere, Next::At),
        }
    }
}

fn seek(mut search: LogSearch, shared: &Mutex<Found>, woken: &Receiver<()>, bell: &Bell) {
    let mut told = Instant::now();
    loop {
        if woken.try_recv() == Err(TryRecvError::Disconnected) {
            return;
        }
        let stepped = search.step();
        let news = {
            let mut found = shared.lock().unwrap_or_else(PoisonError::into_inner);
            note(&mut found, &search, &stepped)
        };
        let is_over = !matches!(stepped, Ok(Refreshed::MoreToDo));
        if news && (is_over || told.elapsed() >= GAP) {
            told = Instant::now();
            bell.ring(Rung::FOUND);
        }
        if stepped.is_err() || (is_over && woken.recv().is_err()) {
            return;
        }
    }
}

/// Takes down how far it has come; says whether there is anything new to show.
fn note(found: &mut Found, search: &LogSearch, stepped: &io::Result<Refreshed>) -> bool {
    let before = (found.hits.count(), found.is_done);
    found.hits.catch_up(search.hits());
    (found.bytes, found.lines) = search.searched();
    found.length = search.length().max(found.bytes);
    match stepped {
        Ok(Refreshed::MoreToDo) => found.is_done = false,
        Ok(Refreshed::Same | Refreshed::Changed) => found.is_done = true,
        Err(error) => {
            (found.is_done, found.trouble) =
                (true, Some(format!("the log cannot be searched: {error}")));
        }
    }
    !found.is_done || before != (found.hits.count(), found.is_done) || found.trouble.is_some()
}
