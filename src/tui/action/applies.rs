//! Where each action applies, and why it does not elsewhere.

use super::{Action, Group, at_rest, needs_you, selected, selected_agent, waits};
use crate::core::breaker::State;
use crate::core::phase::PhaseWord;
use crate::ipc::facts::{Facts, Owner, WorkstreamFacts};
use crate::tui::log::Fold;
use crate::tui::outputs;
use crate::tui::state::{UiState, View};

impl Action {
    /// Says whether it applies now; if it does not, the error is a sentence that says why.
    pub fn applies(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        match self {
            Self::Help
            | Self::Palette
            | Self::Redraw
            | Self::Suspend
            | Self::Leave
            | Self::New
            | Self::Pause
            | Self::Inbox
            | Self::Timeline
            | Self::Grid
            | Self::Notices
            | Self::Agents
            | Self::Alerts
            | Self::Wrap
            | Self::Times
            | Self::Back => Ok(()),
            _about_an_agent if self.is_of_agents(ui) => {
                selected_agent(facts, ui).map(drop).ok_or("there is no agent")
            }
            Self::BreakerClose | Self::BreakerOpen | Self::BreakerHold => {
                self.applies_to_agent(facts, ui)
            }
            Self::Zoom | Self::Follow if ui.view == View::Found => Ok(()),
            Self::Undo => {
                ui.deeds.last().map(drop).ok_or("nothing done on this screen is left to undo")
            }
            Self::Filter if ui.view != View::Workstreams => {
                Err("the list is not in sight; go back first")
            }
            Self::Filter => {
                (!facts.workstreams.is_empty()).then_some(()).ok_or("there is no workstream")
            }
            Self::SearchAll => {
                let any = facts.workstreams.iter().any(|ws| has_output(ws));
                any.then_some(()).ok_or("there is no log yet")
            }
            Self::StopAll => {
                let any = facts.workstreams.iter().any(|ws| !at_rest(ws));
                any.then_some(()).ok_or("nothing is left to stop")
            }
            Self::AcknowledgeAll | Self::Acknowledge => self.applies_to_alert(facts, ui),
            Self::Zoom if ui.view == View::Alerts => self.applies_to_alert(facts, ui),
            Self::NextWaiting => facts
                .workstreams
                .iter()
                .any(|ws| needs_you(ws))
                .then_some(())
                .ok_or("nothing waits for you"),
            Self::NextMatch | Self::PreviousMatch if ui.view == View::Workstreams => {
                ui.search.is_some().then_some(()).ok_or("there is no search; `/` begins one")
            }
            Self::Closer | Self::Farther | Self::Left | Self::Right if ui.view != View::Diff => {
                self.applies_in(ui)
            }
            Self::Follow if ui.view == View::Timeline => {
                ui.timeline.end.map(drop).ok_or("it goes on with the time already")
            }
            Self::Follow if ui.view == View::Grid => Ok(()),
            _in_a_diff if ui.view == View::Diff && self.is_of_diff() => {
                self.applies_to_diff(facts, ui)
            }
            Self::Compare | Self::Divide => Err("there is no diff in sight; `diff` opens one"),
            _unseen if !ui.view.shows_selected() && self.decides() => {
                Err("no workstream is in sight; go back first")
            }
            _of_many if ui.is_about_many(self) => self.applies_to_any(facts, ui),
            _of_a_workstream => match selected(facts, ui) {
                None => Err("there is no workstream"),
                Some(workstream) if ui.view == View::Inbox && !needs_you(workstream) => {
                    Err("nothing waits for you")
                }
                Some(workstream) => self.applies_to(workstream, ui),
            },
        }
    }

    /// Says whether this moves among agents, or is about the selected one whatever its breaker says.
    fn is_of_agents(self, ui: &UiState) -> bool {
        ui.view == View::Agents
            && matches!(
                self,
                Self::Down
                    | Self::Up
                    | Self::First
                    | Self::Last
                    | Self::PageDown
                    | Self::PageUp
                    | Self::Jump
                    | Self::Zoom
                    | Self::Menu
                    | Self::Why
            )
    }

    fn applies_to_alert(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        if self == Self::AcknowledgeAll {
            let waits = facts.alerts.iter().any(|alert| !alert.acknowledged);
            return waits.then_some(()).ok_or("no alert waits for that");
        }
        if ui.view != View::Alerts {
            return Err("choose an alert first; `!` lists them");
        }
        match ui.alerts.alert(facts) {
            None => Err("nothing is wrong"),
            Some(alert) if self == Self::Acknowledge && alert.acknowledged => {
                Err("that is done already")
            }
            Some(_) => Ok(()),
        }
    }

    fn applies_to_agent(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        if ui.view != View::Agents {
            return Err("no agent is in sight; open the agents first");
        }
        let agent = selected_agent(facts, ui).ok_or("there is no agent")?;
        match (self, &agent.breaker) {
            (Self::BreakerClose, State::Closed) => Err("its breaker is closed already"),
            (Self::BreakerOpen, State::Open { .. }) => Err("its breaker is open already"),
            (Self::BreakerHold, State::Held { .. }) => Err("it is held already"),
            _changes => Ok(()),
        }
    }

    /// Says whether a key that means another thing in each view means anything in this one.
    fn applies_in(self, ui: &UiState) -> Result<(), &'static str> {
        match ui.view {
            View::Timeline if self == Self::Right => {
                ui.timeline.end.map(drop).ok_or("nothing came after that yet")
            }
            View::Timeline | View::Grid => Ok(()),
            View::Workstreams if matches!(self, Self::Left | Self::Right) => match ui.fold {
                Fold::Cut { .. } => Ok(()),
                Fold::Wrap => Err("long lines are wrapped; `wrap` cuts them"),
            },
            View::Workstreams
            | View::Inbox
            | View::Diff
            | View::Detail
            | View::Notices
            | View::Agents
            | View::Alerts
            | View::Found => Err("it means nothing here"),
        }
    }

    /// Says whether it applies to any of those that are selected together.
    fn applies_to_any(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        let marked = facts.workstreams.iter().filter(|ws| ui.marked.contains(&ws.id));
        let mut why = "none of those that are selected is there any more";
        for ws in marked {
            match self.applies_to(ws, ui) {
                Ok(()) => return Ok(()),
                Err(sentence) => why = sentence,
            }
        }
        Err(why)
    }

    /// Says whether it is about the log of the selected workstream, which must be in sight for it.
    fn is_of_log(self) -> bool {
        matches!(
            self,
            Self::Follow
                | Self::Raw
                | Self::Search
                | Self::NextMatch
                | Self::PreviousMatch
                | Self::NextTrouble
                | Self::PreviousTrouble
                | Self::GoToTime
                | Self::MarkLines
                | Self::Copy
                | Self::Save
                | Self::Pager
                | Self::Editor
                | Self::EarlierOutput
                | Self::LaterOutput
        )
    }

    fn is_of_diff(self) -> bool {
        matches!(
            self,
            Self::Left
                | Self::Right
                | Self::Closer
                | Self::Farther
                | Self::NextMatch
                | Self::PreviousMatch
                | Self::NextPane
                | Self::EarlierOutput
                | Self::LaterOutput
                | Self::Follow
                | Self::Search
                | Self::Compare
                | Self::Divide
        )
    }

    fn applies_to_diff(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        let ws = selected(facts, ui).ok_or("there is no workstream")?;
        let beside = |places| ui.diff.compared.beside(ws, places).map(drop);
        match self {
            Self::Closer | Self::Farther => Err("it means nothing here"),
            Self::EarlierOutput => beside(-1).ok_or("no attempt was made before"),
            Self::LaterOutput => beside(1).ok_or("these are all changes"),
            _moves => Ok(()),
        }
    }

    /// Says whether this is about the selected workstream, which must be in sight for it.
    fn decides(self) -> bool {
        let entry = self.entry();
        entry.group == Group::Decide
            || matches!(self, Self::Zoom | Self::Why | Self::Diff | Self::Detail | Self::Jump)
    }

    /// Says the same for one workstream.
    pub(in crate::tui) fn applies_to(
        self,
        ws: &WorkstreamFacts,
        ui: &UiState,
    ) -> Result<(), &'static str> {
        let phase = ws.phase;
        let running = phase == PhaseWord::Running;
        match self {
            Self::Extend => {
                running.then_some(()).ok_or("no agent runs, so there is no timeout to move")
            }
            Self::SendInput => {
                running.then_some(()).ok_or("no agent runs, so nobody reads the input")
            }
            Self::Terminal if !running => Err("no agent runs, so there is no terminal"),
            Self::Terminal => {
                ws.terminal.then_some(()).ok_or("its agent has no terminal; `io: pty` gives it one")
            }
            Self::Stop | Self::Escalate if phase == PhaseWord::Lost => {
                Err("its processes survived; kill tries again")
            }
            Self::Stop => (!at_rest(ws)).then_some(()).ok_or("it has ended already"),
            Self::Kill => (!at_rest(ws) || phase == PhaseWord::Lost)
                .then_some(())
                .ok_or("it has ended already"),
            Self::Escalate => (!at_rest(ws)).then_some(()).ok_or("it has ended; retry it instead"),
            Self::Detach if ws.owner != Owner::Here => Err("another process runs it already"),
            Self::Detach => (!at_rest(ws) && !waits(ws))
                .then_some(())
                .ok_or("nothing of it goes on, so there is nothing to hand over"),
            Self::Attach => {
                (ws.owner != Owner::Here).then_some(()).ok_or("this screen runs it already")
            }
            Self::Diff | Self::Shell => {
                ws.worktree.is_some().then_some(()).ok_or("it has no worktree yet")
            }
            Self::Accept => {
                (matches!(phase, PhaseWord::Escalated | PhaseWord::Failed | PhaseWord::Stopped))
                    .then_some(())
                    .ok_or("only what waits or has ended can be accepted")
            }
            Self::GiveUp => {
                (matches!(phase, PhaseWord::Escalated | PhaseWord::Queued | PhaseWord::Backoff))
                    .then_some(())
                    .ok_or("stop it first")
            }
            _elsewhere if self.is_of_log() && ui.view != View::Workstreams => {
                Err("its log is not in sight; go back first")
            }
            Self::EarlierOutput => {
                outputs::beside(ws, ui.shown, -1).map(drop).ok_or("it has no earlier output")
            }
            Self::LaterOutput => {
                outputs::beside(ws, ui.shown, 1).map(drop).ok_or("it has no later output")
            }
            _of_a_log if self.is_of_log() => {
                has_output(ws).then_some(()).ok_or("it has no log yet")
            }
            Self::NextPane => {
                (ui.view == View::Workstreams).then_some(()).ok_or("there is no other pane")
            }
            _moves => Ok(()),
        }
    }
}

fn has_output(ws: &WorkstreamFacts) -> bool {
    ws.log.is_some() || ws.check_log.is_some()
}
