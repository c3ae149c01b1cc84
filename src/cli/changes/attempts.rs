//! A change divided by the attempts that made it.

use super::Reading;
use crate::core::AttemptId;
use crate::tui::diff::{Ends, Part};
use crate::tui::state::Point;

impl Reading<'_> {
    /// Reads what each attempt did between two states, and what was done beside them.
    pub(super) fn by_attempt(
        &mut self,
        (from, to): (Point, Point),
        ends: Ends,
    ) -> Result<Vec<Part>, String> {
        let points = &self.asked.points;
        let place = |point: Point| points.iter().position(|known| *known == point);
        let Some((first, last)) = place(from).zip(place(to)).filter(|(first, last)| first < last)
        else {
            return Ok(vec![self.part(unknown(from, to), ends)?]);
        };
        let mut known = Vec::new();
        for (number, point) in points.iter().enumerate().take(last).skip(first + 1) {
            let commit = self.commit(*point)?;
            known.extend(commit.map(|commit| (number, *point, commit)));
        }
        let mut parts = Vec::new();
        let mut begin = (first, from, ends.from);
        for (number, point, commit) in known {
            let ends = Ends { from: begin.2, to: Some(commit.clone()) };
            parts.extend(self.stretch((begin.0, begin.1), (number, point), ends)?);
            begin = (number, point, commit);
        }
        let ends = Ends { from: begin.2, to: ends.to };
        parts.extend(self.stretch((begin.0, begin.1), (last, to), ends)?);
        Ok(parts)
    }

    /// Reads what was done between two states that follow each other; none if that is nothing, unless an attempt did it.
    fn stretch(
        &mut self,
        (begin, from): (usize, Point),
        (end, to): (usize, Point),
        ends: Ends,
    ) -> Result<Option<Part>, String> {
        // A state between them was not saved.
        let is_gap = end > begin + 1;
        let title = match (from, to) {
            (Point::Before(one), Point::After(other)) if one == other => self.attempt(one),
            (Point::Before(one), Point::Now) if !is_gap => format!("{}, so far", self.attempt(one)),
            _other if is_gap => unknown(from, to),
            (Point::Base, _) => "before the first attempt".to_owned(),
            (Point::After(one), Point::Before(other)) => {
                format!("between attempts {one} and {other}")
            }
            (Point::After(one), Point::Now) => format!("since attempt {one} ended"),
            _other => unknown(from, to),
        };
        let is_attempt = matches!(from, Point::Before(_));
        let part = self.part(title, ends)?;
        Ok((is_attempt || !part.text.is_empty()).then_some(part))
    }

    fn attempt(&self, id: AttemptId) -> String {
        match self.asked.agents.get(&id) {
            Some(agent) => format!("attempt {id} · {agent}"),
            None => format!("attempt {id}"),
        }
    }
}

fn unknown(from: Point, to: Point) -> String {
    format!("not known by which attempt: {} → {}", from.short(), to.short())
}
