//! Durations as people write them.

use std::time::Duration;

use jiff::fmt::friendly::SpanParser;
use serde::{Deserialize, Deserializer, de};

/// A duration as people write it: `250ms`, `5s`, `1m30s`, `2h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Friendly(pub Duration);

/// A time limit: a duration, or `off` for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// None.
    Off,
    /// After this long.
    After(Duration),
}

impl Friendly {
    /// Reads a duration; the error says what is wrong with it and what to write.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Err(DurationError::NoUnit(text.to_owned()));
        }
        let parsed = SpanParser::new().parse_unsigned_duration(text);
        parsed.map(Self).map_err(|_| DurationError::NotOne(text.to_owned()))
    }
}

impl Limit {
    /// Reads a time limit.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        match text.trim() {
            "off" => Ok(Self::Off),
            text => Friendly::parse(text).map(|span| Self::After(span.0)),
        }
    }

    /// Returns the duration, none for `off`.
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Off => None,
            Self::After(span) => Some(span),
        }
    }
}

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It is only a number.
    #[error("`{0}` has no unit")]
    NoUnit(String),
    /// It is something else.
    #[error("`{0}` is not a duration")]
    NotOne(String),
}

impl DurationError {
    /// Says what to write.
    pub fn help(&self) -> String {
        match self {
            Self::NoUnit(number) => {
                format!("write `{number}s` for seconds or `{number}m` for minutes")
            }
            Self::NotOne(_) => "durations are written `250ms`, `5s`, `1m30s` or `2h`".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Friendly {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Self::parse(&text(serde_yaml::Value::deserialize(input)?)?).map_err(|error| custom(&error))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        match serde_yaml::Value::deserialize(input)? {
            // What YAML makes of `off`.
            serde_yaml::Value::Bool(false) => Ok(Self::Off),
            value => Self::parse(&text(value)?).map_err(|error| custom(&error)),
        }
    }
}

/// Reads text, or a number as the text it would be, so that a missing unit is reported as such.
fn text<E: de::Error>(value: serde_yaml::Value) -> Result<String, E> {
    match value {
        serde_yaml::Value::String(text) => Ok(text),
        serde_yaml::Value::Number(number) => Ok(number.to_string()),
        _ => Err(E::custom("this is not a duration; write `5s`, `1m30s` or `2h`")),
    }
}

fn custom<E: de::Error>(error: &DurationError) -> E {
    E::custom(format!("{error}; {}", error.help()))
}

macro_rules! text_schema {
    ($type:ident, $description:literal, $pattern:literal) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": $description,
                    "pattern": $pattern,
                })
            }
        }
    };
}

text_schema!(Friendly, "A duration such as `250ms`, `5s`, `1m30s` or `2h`.", "[a-zA-Zµ]$");
text_schema!(Limit, "A duration such as `5s`, `1m30s` or `2h`, or `off`.", "[a-zA-Zµ]$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, millis) in [
            ("250ms", 250),
            ("5s", 5_000),
            ("90s", 90_000),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
            ("45m", 2_700_000),
            ("2h", 7_200_000),
            ("1.5h", 5_400_000),
            ("2 hours 30 minutes", 9_000_000),
            ("0s", 0),
        ] {
            assert_eq!(
                Friendly::parse(text),
                Ok(Friendly(Duration::from_millis(millis))),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_the_rest() {
        assert_eq!(Friendly::parse("90"), Err(DurationError::NoUnit("90".to_owned())));
        assert_eq!(Friendly::parse("1.5"), Err(DurationError::NoUnit("1.5".to_owned())));
        for text in ["", "45 parsecs", "-5s", "5 s s", "soon", "1m30", "999999999999999999999h"] {
            assert!(matches!(Friendly::parse(text), Err(DurationError::NotOne(_))), "{text}");
        }
        assert_eq!(Limit::parse("off"), Ok(Limit::Off));
        for off in ["off", "\"off\""] {
            assert_eq!(serde_yaml::from_str::<Limit>(off).expect("a limit"), Limit::Off, "{off}");
        }
        serde_yaml::from_str::<Limit>("on").expect_err("no limit");
    }
}
