//! Looking for something in the log in sight, and going there.

use super::log_pane::LogPane;
use super::screen::Screen;
use super::seeker::{Next, Seeker};
use crate::tui::input::Bell;
use crate::tui::log::{Direction as Way, Finder};
use crate::tui::pace::Urgency;
use crate::tui::state::{Scroll, Tally, UiState};
use crate::tui::update::Direction;

/// Where the pane is to go.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// To the next line that matches.
    Match(Direction),
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
        self.seeker.iter().for_each(Seeker::grown);
    }

    /// Returns the line at which the pane stands because it was gone to.
    fn stands_at(&self, scroll: Scroll) -> Option<usize> {
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
                going: looking.going.filter(|_| pattern.is_some()),
                ..Looking::default()
            };
        }
        if let (None, Some((_, finder)), Some(path)) =
            (&looking.seeker, &looking.finder, &self.path)
        {
            match Seeker::start(path, finder.clone(), self.reads, bell.clone()) {
                Ok(seeker) => looking.seeker = Some(seeker),
                // A log that is not there yet is looked at again.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    ui.hint = Some(format!("the log cannot be searched: {error}"));
                    looking.going = None;
                }
            }
        }
        self.count(ui);
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
        let line = match goal {
            Goal::Line(line) => line,
            Goal::Match(direction) => match self.next(direction, ui.scroll) {
                Next::At(line) => line,
                Next::Later => return false,
                Next::Nowhere => {
                    self.looking.going = None;
                    ui.hint = Some("nothing in this log matches".to_owned());
                    return true;
                }
            },
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
        true
    }

    fn next(&self, direction: Direction, scroll: Scroll) -> Next {
        let way = match direction {
            Direction::Down => Way::Forward,
            Direction::Up => Way::Backward,
        };
        let from = self.looking.stands_at(scroll).unwrap_or(match scroll {
            Scroll::At(top) | Scroll::Rows { line: top, .. } => top,
            Scroll::Follow => usize::MAX,
        });
        // Without a seeker the log is not there yet.
        self.looking.seeker.as_ref().map_or(Next::Later, |seeker| seeker.next(from, way))
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
