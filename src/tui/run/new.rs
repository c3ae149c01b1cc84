//! New workstreams: what there is to choose from, and making them part of the configuration.

use std::sync::Arc;

use super::ScreenError;
use super::editor;
use super::errand::Errand;
use super::screen::Screen;
use crate::core::WorkstreamId;
use crate::core::draft::Draft;
use crate::tui::input::Rung;
use crate::tui::pace::Urgency;
use crate::tui::state::form::Survey;
use crate::tui::update::form::{edited, made};

/// What was asked for and is not there yet.
#[derive(Debug, Default)]
pub(super) struct Asked {
    survey: Errand<Survey>,
    made: Errand<Result<WorkstreamId, String>>,
    edited: Errand<Result<String, String>>,
}

impl Screen<'_> {
    /// Looks what there is to choose from.
    pub(super) fn survey(&mut self) {
        let survey = self.host.survey();
        if let Err(error) = self.asked.survey.run(survey, (self.parts.bell.clone(), Rung::SURVEYED))
        {
            self.ui.hint = Some(format!("files and agents cannot be looked for: {error}"));
        }
    }

    /// Makes a new workstream part of the configuration.
    pub(super) fn create(&mut self, draft: Draft) {
        let create = self.host.create(draft);
        if let Err(error) = self.asked.made.run(create, (self.parts.bell.clone(), Rung::MADE)) {
            made(&mut self.ui, Err(format!("no thread can be made: {error}")));
        }
    }

    /// Takes what has been found or done meanwhile.
    pub(super) fn take_answers(&mut self) {
        if let Some(survey) = self.asked.survey.take() {
            self.ui.survey = Some(Arc::new(survey));
        }
        if let Some(answer) = self.asked.made.take() {
            made(&mut self.ui, answer);
        }
        self.want(Urgency::Input);
    }

    /// Leaves the terminal to the operator's editor.
    pub(super) fn edit(&mut self, text: &str) -> Result<(), ScreenError> {
        let opened = match editor::Opened::with(text) {
            Ok(opened) => opened,
            Err(why) => {
                self.ui.hint = Some(why);
                return Ok(());
            }
        };
        self.lend("The prompt is opened in an editor; leave that to come back.");
        let wait = (self.parts.bell.clone(), Rung::SHELL);
        if let Err(error) = self.asked.edited.run(move || opened.edit(), wait) {
            self.ui.hint = Some(format!("no thread can be made: {error}"));
            self.come_back()?;
        }
        Ok(())
    }

    /// Takes what the editor has saved, if it was one that had the terminal.
    pub(super) fn take_edited(&mut self) {
        if let Some(answer) = self.asked.edited.take() {
            edited(&mut self.ui, answer);
        }
    }
}
