//! A theme as it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ratatui::style::Color;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::BUILT_IN;
use super::role::Role;

/// A theme file is no longer than this, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The file cannot be read.
    #[error("cannot read the theme {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not a theme.
    #[error("{}", place(name, source))]
    Parse {
        /// The file or the built-in theme.
        name: String,
        /// What is wrong with it, and where.
        source: Box<serde_saphyr::Error>,
    },
    /// There is no such theme.
    #[error("there is no theme `{name}`; there are {}, or give the path of a file", known())]
    Unknown {
        /// What was asked for.
        name: String,
    },
}

/// A colour, or what the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shade(pub Color);

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches in a theme file")]
pub(super) struct Look {
    pub fg: Option<Shade>,
    pub bg: Option<Shade>,
    pub ansi: Option<Shade>,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
    pub reverse: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ThemeFile {
    /// Only a built-in theme can be extended, so that there is no circle.
    #[serde(deserialize_with = "built_in")]
    pub extends: Option<String>,
    pub background: Option<Shade>,
    pub palette: Vec<Shade>,
    pub roles: BTreeMap<Role, Look>,
}

impl<'de> Deserialize<'de> for Shade {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text == "terminal" {
            return Ok(Self(Color::Reset));
        }
        let wrong = |_| {
            let names = "`terminal`, #rrggbb, a name such as `blue`, or 0 to 255";
            D::Error::custom(format!("`{text}` is no colour; use {names}"))
        };
        text.parse().map(Self).map_err(wrong)
    }
}

fn built_in<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let base = Option::<String>::deserialize(from)?;
    match base {
        Some(base) if !BUILT_IN.iter().any(|(name, _)| *name == base) => Err(D::Error::custom(
            format!("there is no theme `{base}` to extend; there are {}", known()),
        )),
        base => Ok(base),
    }
}

/// Reads a built-in theme by its name, or a file by its path.
pub(super) fn read(wanted: &str) -> Result<ThemeFile, ThemeError> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == wanted) {
        return parse(name, text);
    }
    if !wanted.contains(['/', '.']) {
        return Err(ThemeError::Unknown { name: wanted.to_owned() });
    }
    let path = Path::new(wanted);
    let failed = |source| ThemeError::Read { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > MAX_FILE {
        return Err(failed(std::io::Error::other("it is too long for a theme")));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    parse(wanted, &text)
}

fn parse(name: &str, text: &str) -> Result<ThemeFile, ThemeError> {
    // A file with nothing but comments says that nothing is different.
    let read = serde_saphyr::from_str::<Option<ThemeFile>>(text).map(Option::unwrap_or_default);
    read.map_err(|source| ThemeError::Parse { name: name.to_owned(), source: Box::new(source) })
}

/// Says where in a file something is wrong, and what, as other mistakes in a configuration are told.
fn place(name: &str, error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    match error.location() {
        Some(at) => format!("{name}:{}:{}: {text}", at.line(), at.column()),
        None => format!("{name}: {text}"),
    }
}

fn known() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
