//! The shapes of values in JSON Schema (2020-12), as `OpenAPI` 3.1 has them.
//!
//! Promises that an object has all its fields, whether or not there is something in them, but for those that say otherwise.

#![expect(clippy::needless_pass_by_value, reason = "a shape is put into another one; to write it is what this is for")]

use serde_json::{Map, Value, json};

/// A shape.
pub(super) type Shape = Value;

/// A field: its name, its shape, and what it is.
pub(super) type Field = (&'static str, Shape, &'static str);

pub(super) fn text() -> Shape {
    json!({"type": "string"})
}

/// One of these words.
pub(super) fn word(words: impl IntoIterator<Item = &'static str>) -> Shape {
    json!({"type": "string", "enum": words.into_iter().collect::<Vec<_>>()})
}

/// An instant, in UTC.
pub(super) fn time() -> Shape {
    json!({"type": "string", "format": "date-time"})
}

pub(super) fn day() -> Shape {
    json!({"type": "string", "format": "date"})
}

/// An hour of a day: `18:00:00`.
pub(super) fn hour() -> Shape {
    json!({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$"})
}

/// A state by its ISO 3166-1 alpha-3 code.
pub(super) fn state() -> Shape {
    json!({"type": "string", "pattern": "^[A-Z]{3}$"})
}

/// How many; at least none.
pub(super) fn count() -> Shape {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn truth() -> Shape {
    json!({"type": "boolean"})
}

pub(super) fn number() -> Shape {
    json!({"type": "number"})
}

/// That, or nothing.
pub(super) fn maybe(shape: Shape) -> Shape {
    json!({"anyOf": [shape, {"type": "null"}]})
}

pub(super) fn list(of: Shape) -> Shape {
    json!({"type": "array", "items": of})
}

/// An object whose names are not known before.
pub(super) fn by_name(of: Shape) -> Shape {
    json!({"type": "object", "additionalProperties": of})
}

/// Two values side by side.
pub(super) fn pair(first: Shape, second: Shape) -> Shape {
    json!({"type": "array", "prefixItems": [first, second], "items": false, "minItems": 2})
}

/// The shape of that name.
pub(super) fn of(name: &str) -> Shape {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// An object with all these fields, and with some or none of the others.
pub(super) fn object(says: &str, fields: Vec<Field>, others: Vec<Field>) -> Shape {
    let required: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
    let properties = fields.into_iter().chain(others).map(|(name, mut shape, says)| {
        shape["description"] = says.into();
        (name.to_owned(), shape)
    });
    let properties: Map<String, Value> = properties.collect();
    json!({"type": "object", "description": says, "required": required, "properties": properties})
}
