//! Looking for something in the log in sight, and going there.

use super::landmarks::Landmark;
use super::log_pane::LogPane;
use super::screen::Screen;
use super::seeker::{Next, Seeker};
use crate::tui::input::Bell;
use crate::tui::log::{Direction as Way, Finder, LogSearch, Moment};
use crate::tui::pace::Urgency;
use crate::tui::state::{Scroll, Tally, UiState};
use crate::tui::update::Direction;

/// Where the pane is to go.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// To the next line that matches.
    Match(Direction),
    /// To the next line that tells of trouble, or the next landmark.
    Trouble(Direction),
    /// To the line at this offset.
    Offset(u64),
    /// To this line.
    Line(usize),
}

/// A place that was gone to.
#[derive(Clone, Copy, Debug)]
struct Found {
    line: usize,
    /// Where the pane was put for it; it counts only as long as the pane stays there.
    scroll: Scroll,
}

/// What is looked for in the log in sight.
#[derive(Debug, Default)]
pub(super) struct Looking {
    finder: Option<(String, Finder)>,
    seeker: Option<Seeker>,
    /// The search for lines that tell of trouble, once it was asked for.
    trouble: Option<Seeker>,
    landmarks: Vec<Landmark>,
    /// Where to go, and where the pane stood when that was wanted.
    going: Option<(Goal, Scroll)>,
    found: Option<Found>,
}

impl Looking {
    pub(super) fn finder(&self) -> Option<&Finder> {
        self.finder.as_ref().map(|(_, finder)| finder)
    }

    /// Says whether the operator waits for a place.
    pub(super) fn is_going(&self) -> bool {
        self.going.is_some()
    }

    /// Takes note that the log may have grown.
    pub(super) fn grown(&self) {
        self.seeker.iter().chain(&self.trouble).for_each(Seeker::grown);
    }

    /// Returns the line at which the pane stands because it was gone to.
    pub(super) fn stands_at(&self, scroll: Scroll) -> Option<usize> {
        self.found.filter(|found| found.scroll == scroll).map(|found| found.line)
    }
}

impl LogPane {
    /// Begins the search that is wanted, unless it has begun; forgets one that is not.
    pub(super) fn look_for(&mut self, ui: &mut UiState, bell: &Bell) {
        let looking = &mut self.looking;
        let pattern = ui.search.as_ref().map(|search| search.pattern.as_str());
        if looking.finder.as_ref().map(|(pattern, _)| pattern.as_str()) != pattern {
            let finder = |text: &str| Some((text.to_owned(), Finder::new(text)?));
            *looking = Looking {
                finder: pattern.and_then(finder),
                trouble: looking.trouble.take(),
                landmarks: std::mem::take(&mut looking.landmarks),
                going: looking.going.filter(|_| pattern.is_some()),
                ..Looking::default()
            };
        }
        let finder = self.looking.finder().filter(|_| self.looking.seeker.is_none()).cloned();
        // A log that is not there yet is looked at again.
        match finder.and_then(|finder| self.seek(finder, bell)) {
            None => {}
            Some(Ok(seeker)) => self.looking.seeker = Some(seeker),
            Some(Err(error)) => {
                ui.hint = Some(format!("the log cannot be searched: {error}"));
                self.looking.going = None;
            }
        }
        self.count(ui);
    }

    /// Begins a search in the log; none if that is not there.
    fn seek(&self, finder: Finder, bell: &Bell) -> Option<std::io::Result<Seeker>> {
        let search = LogSearch::within(self.file()?, finder, self.reads);
        Some(search.and_then(|search| Seeker::start(search, bell.clone())))
    }

    /// Writes down how much was found.
    pub(super) fn count(&self, ui: &mut UiState) {
        let Some(search) = &mut ui.search else { return };
        let at = self.looking.stands_at(ui.scroll);
        let seeker = self.looking.seeker.as_ref();
        search.tally = seeker.map_or_else(Tally::default, |seeker| seeker.tally(at));
    }

    /// Wants the next line that matches; it is gone to as soon as it is known.
    pub(super) fn find(&mut self, direction: Direction, ui: &UiState) {
        self.looking.going = Some((Goal::Match(direction), ui.scroll));
    }

    /// Wants the next line that tells of trouble.
    pub(super) fn find_trouble(
        &mut self,
        (direction, landmarks): (Direction, Vec<Landmark>),
        ui: &UiState,
        bell: &Bell,
    ) -> std::io::Result<()> {
        if let (None, Some(finder)) = (&self.looking.trouble, Finder::trouble()) {
            self.looking.trouble = self.seek(finder, bell).transpose()?;
        }
        self.looking.landmarks = landmarks;
        self.looking.going = Some((Goal::Trouble(direction), ui.scroll));
        Ok(())
    }

    /// Wants what was written at a time.
    pub(super) fn go_to_time(&mut self, moment: Moment, ui: &mut UiState) {
        match self.read_times().and_then(|times| times.offset(moment)) {
            Some(offset) => self.looking.going = Some((Goal::Offset(offset), ui.scroll)),
            None => {
                ui.hint = Some("when the lines of this log were written is not known".to_owned());
            }
        }
    }

    /// Wants this line; it is gone to as soon as it is counted.
    pub(super) fn go_to(&mut self, line: usize, ui: &UiState) {
        self.looking.going = Some((Goal::Line(line), ui.scroll));
        self.more_to_do = true;
    }

    /// Goes to where the operator wants to be, if that is known by now; says whether the pane has moved.
    pub(super) fn go(&mut self, ui: &mut UiState, height: usize) -> bool {
        let Some((goal, from)) = self.looking.going else { return false };
        if from != ui.scroll {
            // Whoever has moved on meanwhile is not torn away.
            self.looking.going = None;
            return false;
        }
        let line = match self.place(goal, ui.scroll) {
            Next::At(line) => line,
            Next::Later => return self.wait(goal, ui),
            Next::Nowhere => {
                self.looking.going = None;
                ui.hint = Some(nowhere(goal).to_owned());
                return true;
            }
        };
        if self.file().is_none_or(|file| !file.knows(line)) {
            self.more_to_do = true;
            return false;
        }
        self.looking.going = None;
        // A third of the pane above it shows what led there.
        let above = height / 3;
        ui.scroll = match self.reads {
            Some(_) => Scroll::Rows { line, rows: -isize::try_from(above).unwrap_or(0) },
            None => Scroll::At(line.saturating_sub(above)),
        };
        self.looking.found = Some(Found { line, scroll: ui.scroll });
        self.count(ui);
        if let (Goal::Trouble(_), Some(trouble)) = (goal, &self.looking.trouble) {
            let incidents = self.incidents(line);
            let words = || told(trouble.tally(Some(line)));
            ui.hint = Some(if incidents.is_empty() { words() } else { incidents.join(" · ") });
        }
        true
    }

    /// Goes on counting while a place is not known; says whether there is news for the operator.
    fn wait(&mut self, goal: Goal, ui: &mut UiState) -> bool {
        match goal {
            Goal::Line(_) | Goal::Offset(_) => self.more_to_do = true,
            Goal::Match(_) => {}
            Goal::Trouble(_) => {
                // Where the landmarks are is known when the lines before them are counted.
                self.more_to_do |= self.file().is_some_and(|file| file.uncounted() > 0);
                let tally = self.looking.trouble.as_ref().map(|trouble| trouble.tally(None));
                let percent = tally.and_then(|tally| tally.percent).unwrap_or(0);
                ui.hint = Some(format!("looking for errors and warnings … {percent} %"));
                return true;
            }
        }
        false
    }

    /// Returns the line that is meant.
    fn place(&self, goal: Goal, scroll: Scroll) -> Next {
        let from = self.looking.stands_at(scroll).unwrap_or(match scroll {
            Scroll::At(top) | Scroll::Rows { line: top, .. } => top,
            Scroll::Follow => usize::MAX,
        });
        // Without a seeker the log is not there yet.
        let next = |seeker: Option<&Seeker>, direction: Direction| {
            seeker.map_or(Next::Later, |seeker| seeker.next(from, way(direction)))
        };
        match goal {
            Goal::Line(line) => Next::At(line),
            Goal::Offset(offset) => self.line_at(offset),
            Goal::Match(direction) => next(self.looking.seeker.as_ref(), direction),
            Goal::Trouble(direction) => {
                let word = next(self.looking.trouble.as_ref(), direction);
                let places = self.looking.landmarks.iter().map(|it| self.line_at(it.offset));
                places.fold(word, |nearest, place| match place {
                    Next::At(line) => nearer(nearest, line, (from, direction)),
                    Next::Later => Next::Later,
                    Next::Nowhere => nearest,
                })
            }
        }
    }

    /// Returns what went wrong while a line was being written.
    fn incidents(&self, line: usize) -> Vec<&str> {
        let here = |landmark: &&Landmark| self.line_at(landmark.offset) == Next::At(line);
        self.looking.landmarks.iter().filter(here).filter_map(|it| it.words.as_deref()).collect()
    }

    fn line_at(&self, offset: u64) -> Next {
        let line = self.file().map(|file| file.line_at(offset));
        match line {
            Some(Ok(Some(line))) => Next::At(line),
            Some(Ok(None)) | None => Next::Later,
            Some(Err(_)) => Next::Nowhere,
        }
    }
}

fn way(direction: Direction) -> Way {
    match direction {
        Direction::Down => Way::Forward,
        Direction::Up => Way::Backward,
    }
}

/// Returns the line of a landmark, if one comes by it before the next line that was found.
fn nearer(word: Next, landmark: usize, (from, direction): (usize, Direction)) -> Next {
    let comes_by = |line: usize| match direction {
        // Past the end it begins anew, so that what lies before comes last.
        Direction::Down => (line <= from, line),
        Direction::Up => (line >= from, usize::MAX - line),
    };
    match word {
        Next::At(line) if comes_by(line) <= comes_by(landmark) => word,
        Next::Later => word,
        Next::At(_) | Next::Nowhere => Next::At(landmark),
    }
}

fn nowhere(goal: Goal) -> &'static str {
    match goal {
        Goal::Trouble(_) => {
            "no line of this log tells of an error, a warning or a failure, and nothing was told of it"
        }
        Goal::Match(_) => "nothing in this log matches",
        Goal::Line(_) | Goal::Offset(_) => "the log cannot be read there",
    }
}

fn told(tally: Tally) -> String {
    let Tally { count, place, percent } = tally;
    let more = if percent.is_some() { " so far" } else { "" };
    match place {
        Some(place) => format!("error, warning or failure {place} of {count}{more}"),
        None => "the line that the verdict on this attempt rests on".to_owned(),
    }
}

impl Screen<'_> {
    /// Begins what is to be looked for, and goes where that leads as far as it is known.
    pub(super) fn look_in_log(&mut self) {
        self.log.look_for(&mut self.ui, &self.parts.bell);
        if let Some(trouble) = self.log.looking.seeker.as_ref().and_then(Seeker::trouble) {
            self.ui.hint = Some(trouble);
            self.want(Urgency::Output);
        }
        if self.log.go(&mut self.ui, self.seen.log.height) {
            self.want(Urgency::Input);
        }
    }
}
