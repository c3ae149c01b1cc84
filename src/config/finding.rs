//! What is wrong with a configuration, as people are told.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::{Place, Sources};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Severity {
    /// Nothing starts with it.
    Error,
    /// Worth telling.
    Warning,
}

/// Whether text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// It has none.
    Plain,
    /// It has, as ANSI sequences.
    Ansi,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    severity: Severity,
    message: String,
    place: Option<Place>,
    label: Option<String>,
    also: Option<(Place, String)>,
    help: Option<String>,
}

impl Finding {
    /// Makes an error.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            place: None,
            label: None,
            also: None,
            help: None,
        }
    }

    /// Makes a warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Says where it is.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says where it is, if it is somewhere.
    pub fn maybe_at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Says something at the place, instead of the path of keys to it.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Points at a second place.
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.also = Some((place, label.into()));
        self
    }

    /// Says what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do next, if there is something to say.
    pub fn maybe_help(mut self, help: Option<impl Into<String>>) -> Self {
        self.help = help.map(Into::into).or(self.help);
        self
    }

    /// Says whether nothing starts with it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn group<'a>(&'a self, sources: &'a Sources) -> Group<'a> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(&self.message);
        let source = self.place.and_then(|place| Some((place, sources.get(place.source())?)));
        let mut group = Group::with_title(title);
        if let Some((place, source)) = source {
            let path = || source.tree.as_ref().and_then(|tree| tree.path(&place.span()));
            let label = self.label.clone().or_else(path).unwrap_or_default();
            let main = AnnotationKind::Primary.span(sources.underline(place)).label(label);
            let mut snippet =
                Snippet::source(source.text.as_str()).path(source.name.as_str()).annotation(main);
            if let Some((also, label)) = &self.also
                && also.source() == place.source()
            {
                let context = AnnotationKind::Context.span(sources.underline(*also));
                snippet = snippet.annotation(context.label(label.as_str()));
            }
            group = group.element(snippet);
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        group
    }
}

/// What is wrong with a configuration, with the lines of the files that it is about.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    sources: Arc<Sources>,
}

impl Findings {
    pub(super) fn new(mut list: Vec<Finding>, sources: Arc<Sources>) -> Self {
        list.sort_by_key(|finding| finding.place);
        let same = |a: &mut Finding, b: &mut Finding| a.place == b.place && a.message == b.message;
        list.dedup_by(same);
        Self { list, sources }
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Writes them as people read them: what, where with the line itself, and what to do next.
    pub fn render(&self, colour: Colour) -> String {
        let renderer = match colour {
            Colour::Plain => Renderer::plain(),
            Colour::Ansi => Renderer::styled(),
        };
        let texts = self.list.iter().map(|one| renderer.render(&[one.group(&self.sources)]));
        let mut text = texts.collect::<Vec<_>>().join("\n\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// Returns each in one line, as in `ostler.yaml:8:5: unknown key `retrys` (did you mean `retry`?)`.
    pub fn lines(&self) -> Vec<String> {
        self.list.iter().map(|finding| self.line(finding)).collect()
    }

    fn line(&self, finding: &Finding) -> String {
        let place = finding.place.and_then(|place| {
            let (line, column) = self.sources.position(place)?;
            Some(format!("{}:{line}:{column}: ", self.sources.get(place.source())?.name))
        });
        let help = finding.help.as_ref().map(|help| format!(" ({help})"));
        format!("{}{}{}", place.unwrap_or_default(), finding.message, help.unwrap_or_default())
    }
}

/// All that keeps a configuration from being used.
#[derive(Clone, Debug)]
pub struct ConfigErrors(pub(super) Findings);

impl ConfigErrors {
    /// Writes them as people read them: what, where with the line itself, and what to do next.
    pub fn render(&self, colour: Colour) -> String {
        self.0.render(colour)
    }

    /// Returns each in one line; see [`Findings::lines`].
    pub fn lines(&self) -> Vec<String> {
        self.0.lines()
    }

    /// Returns all that the configuration depends on, so that it can be watched until it is mended.
    pub fn paths(&self) -> &[std::path::PathBuf] {
        self.0.sources.paths()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}
