//! A change divided by the commits that were made, and by the tasks that these name.

use super::{Reading, words};
use crate::tui::diff::{Ends, Part};
use crate::tui::state::Point;
use crate::worktree::Commit;

/// So many commits are told apart, the last ones.
const MOST: usize = 100;

/// In which order commits are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As they were made.
    Time,
    /// By the tasks that they name, those that name none after them.
    Task,
}

impl Reading<'_> {
    /// Reads what each commit between two states made, and what is in none.
    pub(super) fn by_commit(
        &mut self,
        (from, ends): (Point, Ends),
        order: Order,
    ) -> Result<Vec<Part>, String> {
        let head = match &ends.to {
            Some(to) => self.worktree.parent(to),
            None => self.worktree.head(),
        };
        let Some(head) = head.map_err(words)? else {
            return Ok(vec![self.part("not known in which commit".to_owned(), ends)?]);
        };
        let commits = self.worktree.commits(&ends.from, &head, MOST).map_err(words)?;
        let mut parts = Vec::new();
        // A state that was saved may have had files that were in no commit; what a workstream starts from is one.
        let mut before = None;
        if from == Point::Base {
            let begin = commits.first().map_or(Some(&head), |commit| commit.parent.as_ref());
            let begin = Ends { from: ends.from.clone(), to: begin.cloned() };
            if begin.to.is_some() && begin.to.as_ref() != Some(&begin.from) {
                let earlier =
                    self.part("not known in which commit: what was before".to_owned(), begin)?;
                parts.extend((!earlier.text.is_empty()).then_some((usize::MAX, earlier)));
            }
        } else {
            let parent = self.worktree.parent(&ends.from).map_err(words)?;
            let is_in = |parent: &String| self.worktree.is_same(parent, &ends.from);
            let all_in = parent.as_ref().map(is_in).transpose().map_err(words)?;
            before = (all_in != Some(true)).then_some(", some of it before");
        }
        for commit in &commits {
            parts.push(self.of_commit(commit, (&ends.from, order))?);
        }
        let rest = match order {
            Order::Time => format!("in no commit{}", before.unwrap_or_default()),
            Order::Task => format!("task not known · in no commit{}", before.unwrap_or_default()),
        };
        let rest = self.part(rest, Ends { from: head, to: ends.to })?;
        parts.extend((!rest.text.is_empty()).then_some((usize::MAX, rest)));
        if order == Order::Task {
            parts.sort_by_key(|(task, _)| *task);
        }
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// Reads what a commit made, and the number of the task that it was for.
    fn of_commit(
        &mut self,
        commit: &Commit,
        (from, order): (&str, Order),
    ) -> Result<(usize, Part), String> {
        let tasks = &self.asked.tasks;
        let number = task(commit, tasks);
        let name = number.and_then(|number| tasks.get(number));
        let named = name.cloned().or_else(|| commit.tasks.first().cloned());
        let place = number.unwrap_or(if named.is_some() { tasks.len() } else { usize::MAX });
        let short = commit.id.get(..8).unwrap_or(&commit.id);
        let made = format!("{short} {}", commit.subject);
        let said = match (number, named) {
            (Some(number), Some(named)) => format!("task {}: {named}", number + 1),
            (None, Some(named)) => format!("task: {named}"),
            (_, None) => "task not known".to_owned(),
        };
        let title = match order {
            Order::Task => format!("{said} · {made}"),
            Order::Time if place == usize::MAX => made,
            Order::Time => format!("{made} · {said}"),
        };
        let parent = commit.parent.clone().unwrap_or_else(|| from.to_owned());
        let part = self.part(title, Ends { from: parent, to: Some(commit.id.clone()) })?;
        Ok((place, part))
    }
}

/// Returns the number of the task that a commit names: by its number or its text in a line `Task: …`, or by being called
/// as it is.
fn task(commit: &Commit, tasks: &[String]) -> Option<usize> {
    let plain = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
    let by_text = |text: &str| tasks.iter().position(|task| plain(task) == plain(text));
    let by_number = |text: &str| {
        let number = text.trim().parse::<usize>().ok()?.checked_sub(1)?;
        (number < tasks.len()).then_some(number)
    };
    let named = commit.tasks.iter().find_map(|name| by_number(name).or_else(|| by_text(name)));
    named.or_else(|| by_text(&commit.subject))
}
