//! A new workstream while it is being written down.

use std::path::PathBuf;

use tui_input::Input;

use super::text_area::TextArea;
use crate::core::WorkstreamId;
use crate::core::draft::Draft;

/// What there is to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The agents that are installed here, those of the project's chain first.
    pub agents: Vec<String>,
    /// The project's chain, or what stands for it.
    pub chain: Vec<String>,
    /// The files that git knows, from the repository's root.
    pub files: Vec<String>,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// The title.
    #[default]
    Title,
    /// What is to be done.
    Prompt,
    /// The files it is about.
    Files,
    /// Its agents.
    Agents,
    /// Its check.
    Check,
    /// What must be done before it.
    After,
}

impl Field {
    /// All, in their order.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Prompt, Self::Files, Self::Agents, Self::Check, Self::After];

    /// Returns its place in the form, from 0.
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|field| *field == self).unwrap_or(0)
    }

    /// Returns the one so many places after it; the last one is followed by the first.
    #[must_use]
    pub fn beside(self, places: isize) -> Self {
        let of = Self::ALL.len();
        let way = places.rem_euclid(isize::try_from(of).unwrap_or(1));
        let place = (self.place() + usize::try_from(way).unwrap_or(0)) % of;
        Self::ALL.get(place).copied().unwrap_or_default()
    }
}

/// How far the form is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It is being filled in.
    #[default]
    Open,
    /// It was asked whether what was typed is to be thrown away.
    Asks,
    /// It is being made part of the configuration.
    Saving,
}

/// A new workstream while it is being written down.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where the keys go.
    pub field: Field,
    /// The title.
    pub title: Input,
    /// What is to be done.
    pub prompt: TextArea,
    /// What is typed to find a file.
    pub pattern: Input,
    /// The files that were chosen.
    pub files: Vec<String>,
    /// The chosen line of the list in sight: of files, of agents, or of workstreams.
    pub pointed: usize,
    /// The agents that were chosen, in their order; empty for the project's chain.
    pub chain: Vec<String>,
    /// The check; empty for the project's.
    pub check: Input,
    /// The workstreams that must be done before it.
    pub after: Vec<WorkstreamId>,
    /// Those that there are and that are not done, with their titles.
    pub others: Vec<(WorkstreamId, String)>,
    /// How far it is.
    pub stage: Stage,
    /// What is wrong with it, in lines.
    pub wrong: Vec<String>,
}

impl Form {
    /// Says whether nothing was filled in.
    pub fn is_blank(&self) -> bool {
        let lines = [&self.title, &self.check];
        lines.iter().all(|line| line.value().trim().is_empty())
            && self.prompt.is_blank()
            && self.files.is_empty()
            && self.chain.is_empty()
            && self.after.is_empty()
    }

    /// Returns what was filled in.
    pub fn draft(&self) -> Draft {
        let check = self.check.value().trim();
        Draft {
            title: self.title.value().trim().to_owned(),
            prompt: format!("{}\n", self.prompt.text().trim_end()),
            files: self.files.iter().map(PathBuf::from).collect(),
            chain: self.chain.iter().map(|name| name.as_str().into()).collect(),
            check: (!check.is_empty()).then(|| check.to_owned()),
            after: self.after.clone(),
            ..Draft::default()
        }
    }
}

/// A part of the form that can be clicked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A field.
    Field(Field),
    /// A line of the list in sight, from 0.
    Listed(usize),
}

impl Spot {
    /// Returns its number among the entries of the dialog.
    pub fn number(self) -> usize {
        match self {
            Self::Field(field) => field.place(),
            Self::Listed(place) => Field::ALL.len() + place,
        }
    }

    /// Returns the one with this number.
    pub fn numbered(number: usize) -> Self {
        match Field::ALL.get(number) {
            Some(field) => Self::Field(*field),
            None => Self::Listed(number - Field::ALL.len()),
        }
    }
}
