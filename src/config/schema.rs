//! The JSON Schema of `ostler.yaml`, for editors.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::form::{Project, Workstream};
use super::preset::{Patterns, Preset};
use super::read::{At, Named, OneOrMore};
use super::value::{Argv, Bytes, Command, Output, Share, Workstreams};

/// Returns the JSON Schema of `ostler.yaml`.
pub fn schema() -> String {
    text(&schemars::schema_for!(Project), "ostler.yaml")
}

/// Returns the JSON Schema of a preset.
pub fn preset_schema() -> String {
    text(&schemars::schema_for!(Preset), "ostler preset")
}

fn text(schema: &Schema, title: &str) -> String {
    let mut schema = schema.clone();
    schema.insert("title".to_owned(), title.into());
    let mut text = format!("{:#}", schema.as_value());
    text.push('\n');
    text
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
like!(Share = { "type": "number", "minimum": 0, "maximum": 1 });
like!(Bytes = {
    "type": "string",
    "description": "An amount of memory such as `512MiB` or `1GiB`.",
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
