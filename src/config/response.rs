//! What is done about failures, as it is written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::duration::Friendly;
use super::nearest::hint;
use super::node::{Node, Value};
use super::read::{At, OneOrMore, Read, Reading, over};
use super::source::Place;
use super::value::share;
use crate::core::definition::Exhausted;
use crate::core::policy::{Response, Responses, RetryMode};
use crate::core::{AgentName, FailureClass};

/// The key that says what happens when no agent is left.
const EXHAUSTED: &str = "chain_exhausted";

/// What is done about failures: failure class → responses.
#[derive(Clone, Debug, Default)]
pub(super) struct On {
    /// The responses by class, with the place of the class's name.
    pub classes: Vec<(FailureClass, Place, At<OneOrMore<Answer>>)>,
    /// What happens when no agent is left.
    pub exhausted: Option<At<Exhausted>>,
}

/// One response, with the place of the agent that it names.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The response.
    pub response: Response,
    /// Where the agent is named, if one is.
    pub agent: Option<Place>,
}

impl Read for On {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let words = FailureClass::ALL.iter().map(|class| class.word()).chain([EXHAUSTED]);
        let mut on = Self::default();
        for (key, value) in into.entries(node)? {
            let class = FailureClass::ALL.iter().find(|class| class.word() == key.name);
            if let Some(class) = class {
                if let Some(answers) = into.value::<OneOrMore<Answer>>(value) {
                    if answers.value.0.is_empty()
                        && matches!(&value.value, Value::List(items) if items.is_empty())
                    {
                        into.error(
                            value,
                            "a list of responses without any",
                            Some("write [next] to fall back at once".to_owned()),
                        );
                    }
                    on.classes.push((*class, into.place(&key.span), answers));
                }
            } else if key.name == EXHAUSTED {
                on.exhausted = exhausted(value, into);
            } else {
                let here = Node { value: Value::Null, span: key.span.clone() };
                let help = hint(&key.name, "classes", words.clone());
                into.error(&here, format!("`{}` is not a failure class", key.name), help);
            }
        }
        Some(on)
    }

    fn over(self, below: Self) -> Self {
        let given = |class| self.classes.iter().any(|(other, ..)| *other == class);
        let mut classes: Vec<_> =
            below.classes.into_iter().filter(|(class, ..)| !given(*class)).collect();
        classes.extend(self.classes);
        Self { classes, exhausted: over(self.exhausted, below.exhausted) }
    }
}

impl On {
    /// Returns the responses by class.
    pub fn responses(&self) -> Responses {
        let classes = self.classes.iter().map(|(class, _, answers)| {
            let list = answers.value.0.iter().map(|answer| answer.value.response.clone());
            (*class, list.collect())
        });
        Responses(classes.collect())
    }
}

fn exhausted(node: &Node, into: &mut Reading<'_>) -> Option<At<Exhausted>> {
    let Value::List(items) = &node.value else { return into.value(node) };
    if let [one] = items.as_slice() {
        return into.value(one);
    }
    into.error(node, "expected one response", Some("write [escalate] or [fail]".to_owned()));
    None
}

impl Read for Exhausted {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        into.word(node, &[("escalate", Self::Escalate), ("fail", Self::Fail)])
    }
}

const MODES: [(&str, RetryMode); 4] = [
    ("plain", RetryMode::Plain),
    ("clean", RetryMode::Clean),
    ("feedback", RetryMode::Feedback),
    ("simpler", RetryMode::Simpler),
];

impl Read for Answer {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        if let Value::Map(_) = node.value {
            return map(node, into);
        }
        let words = [
            ("next", Response::Next),
            ("escalate", Response::Escalate),
            ("fail", Response::Fail),
            ("retry", Response::Retry { times: None, mode: RetryMode::Plain }),
        ];
        let Value::Text(text) = &node.value else {
            into.wrong(node, "a response such as `next` or `{ retry: 3 }`");
            return None;
        };
        let found = words.into_iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let keys = ["next", "escalate", "fail", "retry", "backoff", "goto", "compact"];
            let help = hint(text, "responses", keys);
            into.error(node, format!("`{text}` is not a response"), help);
        }
        found.map(|(_, response)| Self { response, agent: None })
    }
}

fn map(node: &Node, into: &mut Reading<'_>) -> Option<Answer> {
    let mut answers: Vec<Option<Answer>> = Vec::new();
    let mut times = None;
    let before = into.count();
    let plain = |response| Some(Answer { response, agent: None });
    into.map(
        node,
        &["retry", "backoff", "goto", "compact", "times"],
        |into, key, value| match key.name.as_str() {
            "retry" => answers.push(retry(value, into).and_then(plain)),
            "backoff" => {
                let wait = into.value::<Friendly>(value);
                answers.push(wait.and_then(|wait| plain(Response::Backoff(wait.value.0))));
            }
            "goto" => answers.push(into.value::<String>(value).map(|agent| Answer {
                response: Response::Goto(AgentName::from(agent.value)),
                agent: Some(agent.place),
            })),
            "compact" => answers.push(share(value, into).and_then(|percent| {
                plain(Response::Retry { times: Some(1), mode: RetryMode::Compact(percent) })
            })),
            _ => times = into.value::<u32>(value),
        },
    )?;
    let [answer] = answers.as_mut_slice() else {
        if into.count() == before {
            let help = "one of `retry`, `backoff`, `goto` and `compact`; a list has one a place";
            into.error(node, "expected a map with one response", Some(help.to_owned()));
        }
        return None;
    };
    let mut answer = answer.take()?;
    if let Some(given) = times {
        match &mut answer.response {
            Response::Retry { times, .. } if given.value > 0 => *times = Some(given.value),
            _ => into.error(node, "`times` goes with `retry` or `compact` and is at least 1", None),
        }
    }
    Some(answer)
}

/// Reads how often, or with what, the same agent is tried again.
fn retry(node: &Node, into: &mut Reading<'_>) -> Option<Response> {
    let Value::Int(_) = node.value else {
        let mode = into.word(node, &MODES)?;
        return Some(Response::Retry { times: Some(1), mode });
    };
    let times = into.value::<u32>(node)?.value;
    if times == 0 {
        let help = "write `next` to fall back at once".to_owned();
        into.error(node, "0 retries are none", Some(help));
        return None;
    }
    Some(Response::Retry { times: Some(times), mode: RetryMode::Plain })
}

impl JsonSchema for Answer {
    fn schema_name() -> Cow<'static, str> {
        "Response".into()
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        let span = make.subschema_for::<Friendly>();
        let modes = MODES.map(|(word, _)| word);
        json_schema!({
            "description": "One answer to a failure.",
            "anyOf": [
                { "enum": ["next", "escalate", "fail", "retry"] },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "retry": {
                            "description": "Try the same agent again: how often, or with what.",
                            "anyOf": [{ "type": "integer", "minimum": 1 }, { "enum": modes }]
                        },
                        "compact": {
                            "description": "Try again with the hand-off cut to this share of the agent's context.",
                            "type": "number", "exclusiveMinimum": 0, "maximum": 1
                        },
                        "times": { "description": "How often, for `retry: simpler` and the like.", "type": "integer", "minimum": 1 },
                        "backoff": span,
                        "goto": { "description": "Fall back to this agent.", "type": "string" }
                    }
                }
            ]
        })
    }
}

impl JsonSchema for On {
    fn schema_name() -> Cow<'static, str> {
        "On".into()
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        let answers = make.subschema_for::<OneOrMore<Answer>>();
        let mut properties = serde_json::Map::new();
        for class in FailureClass::ALL {
            let mut schema = answers.clone();
            schema.insert("description".to_owned(), class.meaning().into());
            properties.insert(class.word().to_owned(), schema.into());
        }
        let words = ["escalate", "fail"];
        properties.insert(
            EXHAUSTED.to_owned(),
            serde_json::json!({
                "description": "No agent is left.",
                "anyOf": [
                    { "enum": words },
                    { "type": "array", "items": { "enum": words }, "minItems": 1, "maxItems": 1 }
                ]
            }),
        );
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}
