//! The one text of a payload: what a commitment covers, and what anybody else computes from the same facts.
//!
//! It is JSON as RFC 8785 writes it, of a part of JSON in which nothing can be written in two ways: objects with their
//! keys sorted, lists, strings, and whole numbers that every reader holds exactly (up to 2⁵³ − 1 either way). No white
//! space stands between the signs, and in strings nothing is escaped but what must be. There are no fractions, no `null`
//! and no `true`: what is not known is left out, and a choice is a word.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};

/// The largest whole number that every reader of JSON holds exactly.
const LARGEST: u64 = (1 << 53) - 1;

/// The value has no canonical text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0} has no place in a payload: only lists, texts and whole numbers below 2^53 have")]
pub struct NotCanonical(String);

impl NotCanonical {
    pub(in crate::core) fn because(error: &serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// Where the version stands in a text that has one.
pub(in crate::core) const VERSION_KEY: &str = "v";

/// Facts in their canonical text, with the version in which they are written.
///
/// # Errors
/// A fact is of a kind that has no canonical text.
pub(in crate::core) fn versioned(facts: &impl Serialize, version: u64) -> Result<String, NotCanonical> {
    let mut facts = serde_json::to_value(facts).map_err(|error| NotCanonical::because(&error))?;
    if let Value::Object(facts) = &mut facts {
        facts.insert(VERSION_KEY.to_owned(), version.into());
    }
    canonical(&facts)
}

/// The facts that such a text holds, all of it.
///
/// # Errors
/// It holds something else, and what.
pub(in crate::core) fn read_versioned<T: Serialize + DeserializeOwned>(kept: &str, version: u64) -> Result<T, String> {
    let mut facts: Value = serde_json::from_str(kept).map_err(|error| error.to_string())?;
    let found = facts.as_object_mut().and_then(|facts| facts.remove(VERSION_KEY));
    if found.as_ref().and_then(Value::as_u64) != Some(version) {
        return Err("it has a version that this program does not know".to_owned());
    }
    let facts: T = serde_json::from_value(facts).map_err(|error| error.to_string())?;
    if versioned(&facts, version).is_ok_and(|text| text == kept) {
        Ok(facts)
    } else {
        Err("it holds more than it can, or is not in its canonical text".to_owned())
    }
}

/// The canonical text of a value.
///
/// # Errors
/// It holds a fraction, a number that is too large, `null` or a truth value.
pub fn canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::String(string) => quote(string, text),
        Value::Number(number) if is_exact(number) => text.push_str(&number.to_string()),
        Value::Array(list) => {
            text.push('[');
            for (i, value) in list.iter().enumerate() {
                separate(i, text);
                write(value, text)?;
            }
            text.push(']');
        }
        Value::Object(object) => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (i, (key, value)) in fields.into_iter().enumerate() {
                separate(i, text);
                quote(key, text);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => return Err(NotCanonical(value.to_string())),
    }
    Ok(())
}

fn separate(before: usize, text: &mut String) {
    if before > 0 {
        text.push(',');
    }
}

/// A string as RFC 8785 has it, which is how `serde_json` writes one.
fn quote(string: &str, text: &mut String) {
    text.push_str(&Value::from(string).to_string());
}

fn is_exact(number: &Number) -> bool {
    number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs)).is_some_and(|magnitude| magnitude <= LARGEST)
}
