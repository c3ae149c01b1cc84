//! The JSON Schema of `ostler.yaml`, for editors.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::form::{Project, Workstream};
use super::preset::{Patterns, Preset};
use super::read::{At, Named, OneOrMore};
use super::value::{
    Argv, Bytes, Command, Contenders, Dollars, Output, Share, Threshold, Workstreams,
};

/// Returns the JSON Schema of `ostler.yaml`.
pub fn schema() -> String {
    text(&schemars::schema_for!(Project), "ostler.yaml")
}

/// Returns the JSON Schema of a preset.
pub fn preset_schema() -> String {
    text(&schemars::schema_for!(Preset), "ostler preset")
}

fn text(schema: &Schema, title: &str) -> String {
    let mut schema = schema.as_value().clone();
    tidy(&mut schema);
    schema["title"] = title.into();
    format!("{schema:#}\n")
}

/// Takes `null` out of a schema, since a key that may be left out is none that may be empty, and line ends out of
/// descriptions.
fn tidy(schema: &mut Value) {
    let null = Value::from("null");
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(tidy);
            if let Some(Value::String(text)) = keys.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            if let Some(kind) = keys.get_mut("type")
                && let Value::Array(kinds) = kind
            {
                kinds.retain(|kind| *kind != null);
                if let [one] = kinds.as_slice() {
                    *kind = one.clone();
                }
            }
            let only = keys.get_mut("anyOf").and_then(Value::as_array_mut).and_then(|choices| {
                choices.retain(|choice| choice["type"] != null);
                (choices.len() == 1).then(|| choices.remove(0))
            });
            if let Some(Value::Object(only)) = only {
                keys.remove("anyOf");
                keys.extend(only);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        T::json_schema(make)
    }
}

macro_rules! like {
    ($type:ident => $other:ty) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(make: &mut SchemaGenerator) -> Schema {
                make.subschema_for::<$other>()
            }
        }
    };
    ($type:ident = $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

like!(Output => Patterns);
like!(Argv = { "type": "array", "items": { "type": "string" }, "minItems": 1 });
like!(Contenders = {
    "anyOf": [{ "type": "integer", "minimum": 2 }, { "enum": ["off", false] }]
});
like!(Dollars = { "type": "number", "minimum": 0 });
like!(Threshold = { "enum": ["low", "medium", "high", "critical", "off"] });
like!(Share = { "type": "number", "minimum": 0, "maximum": 1 });
like!(Bytes = {
    "type": "string",
    "description": "An amount such as `512MiB` or `1GB`.",
    "pattern": "^[0-9.]+ ?([KMG]iB|[kKMG]B)$"
});
like!(Command = {
    "anyOf": [
        { "type": "string" },
        { "type": "array", "items": { "type": "string" }, "minItems": 1 }
    ]
});

impl JsonSchema for Workstreams {
    fn schema_name() -> Cow<'static, str> {
        "Workstreams".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        let list = make.subschema_for::<Vec<Workstream>>();
        json_schema!({ "anyOf": [list, { "type": "string" }] })
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(make)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMore<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMore{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(make: &mut SchemaGenerator) -> Schema {
        let one = make.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}
