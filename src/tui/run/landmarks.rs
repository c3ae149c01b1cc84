//! Places of the log in sight that are known without a search: where a verdict was read, and what was being written when
//! something went wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use super::log_pane::LogPane;
use super::screen::Screen;
use crate::core::Timestamp;
use crate::tui::action::selected;
use crate::tui::incidents::{self, Incident};
use crate::tui::state::Shown;
use crate::tui::update::Direction;

/// The end of a log, however long it is.
const END: u64 = u64::MAX;

/// A place that is known without a search.
#[derive(Clone, Debug)]
pub(super) struct Landmark {
    /// In bytes.
    pub offset: u64,
    /// What there is to say of it; none of where a verdict was read.
    pub words: Option<String>,
}

impl LogPane {
    /// Returns where the log was when these happened, as far as that is known: at its end, if the attempt had ended;
    /// `ahead` is how far the clock of the log is away from theirs, in milliseconds.
    fn landmarks(
        &mut self,
        incidents: Vec<Incident>,
        (ended, ahead): (Option<Timestamp>, i64),
    ) -> Vec<Landmark> {
        let Some(times) = self.read_times() else { return Vec::new() };
        let place = |incident: Incident| {
            let shown = incident.at.0.saturating_add_signed(ahead);
            let offset = match ended {
                Some(ended) if incident.at >= ended => END,
                _at_work => times.offset_at(shown)?,
            };
            let words = match times.clock(shown) {
                Some(clock) => format!("{clock} {}", incident.words),
                None => incident.words,
            };
            Some(Landmark { offset, words: Some(words) })
        };
        incidents.into_iter().filter_map(place).collect()
    }
}

impl Screen<'_> {
    /// Looks for the next line that tells of trouble, or that was being written when something went wrong.
    pub(super) fn find_trouble(&mut self, direction: Direction) {
        if self.log.open_path().is_none() {
            self.ui.hint = Some("it has no log yet".to_owned());
            return;
        }
        let ws = selected(&self.facts, &self.ui);
        let attempt = ws.and_then(|ws| match self.ui.shown {
            Shown::Latest => ws.attempts.iter().rfind(|attempt| attempt.started.is_some()),
            Shown::Attempt(id) => ws.attempts.iter().find(|attempt| attempt.id == id),
            Shown::Check => None,
        });
        let evidence = attempt.and_then(|attempt| attempt.evidence.offset);
        let incidents =
            ws.zip(attempt).map(|(ws, attempt)| incidents::of(&self.facts, ws, attempt));
        let clocks = (attempt.and_then(|attempt| attempt.ended), ahead(self.host.now()));
        let mut landmarks = self.log.landmarks(incidents.unwrap_or_default(), clocks);
        landmarks.extend(evidence.map(|offset| Landmark { offset, words: None }));
        let goal = (direction, landmarks);
        if let Err(error) = self.log.find_trouble(goal, &self.ui, &self.parts.bell) {
            self.ui.hint = Some(format!("the log cannot be searched: {error}"));
        }
    }
}

/// Returns how far the wall clock, by which logs are timed, is away from the project's now.
fn ahead(now: Timestamp) -> i64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let wall = i64::try_from(wall.as_millis()).unwrap_or(i64::MAX);
    wall.saturating_sub_unsigned(now.0)
}
