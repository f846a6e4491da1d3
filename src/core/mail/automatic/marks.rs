//! Header fields that say that a message must not be answered, by the table `marks.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::own::Own;
use crate::core::mail::message::Message;

static MARKS: LazyLock<Vec<Mark>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("marks.toml")).expect("the table comes with the program");
    table.mark
});

#[derive(Deserialize)]
struct Table {
    mark: Vec<Mark>,
}

/// What fields of some names say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    names: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
    program: bool,
    #[serde(default)]
    list: bool,
    /// A field beside which it says nothing.
    #[serde(default)]
    unless: Option<String>,
    says: String,
}

impl Mark {
    fn is_said(&self, name: &str, value: &str) -> bool {
        let named = self.names.iter().any(|pattern| fits(pattern, name));
        let first = value.split([';', ' ', '(']).next().unwrap_or_default();
        named
            && if self.values.is_empty() {
                !matches!(first, "" | "no" | "none" | "false" | "0")
            } else {
                self.values.iter().any(|wanted| match wanted.strip_prefix('*') {
                    Some(within) => value.contains(within),
                    None => value.starts_with(wanted.as_str()),
                })
            }
    }
}

/// Whether a name is that of a pattern, a star before or behind which stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (None, Some(start)) => name.starts_with(start),
        (Some(end), None) => name.ends_with(end),
        (None, None) => name == pattern,
    }
}

/// What the header says outright: whether a program wrote the message, and the reason.
pub(super) fn header_marks(message: &Message, own: &Own) -> Option<(bool, String)> {
    let fields: Vec<_> =
        message.headers.iter().map(|h| (h, h.name.to_ascii_lowercase(), h.value.trim().to_ascii_lowercase())).collect();
    MARKS.iter().find_map(|mark| {
        let (field, _, value) = fields.iter().find(|(_, name, value)| mark.is_said(name, value))?;
        let beside = |unless: &String| fields.iter().any(|(_, name, _)| name == unless);
        if mark.list && own.is_group_of(message) || mark.unless.as_ref().is_some_and(beside) {
            return None;
        }
        let value: String = value.split([';', '(', '<']).next().unwrap_or_default().trim().chars().take(60).collect();
        let quoted = if value.is_empty() { field.name.clone() } else { format!("{}: {value}", field.name) };
        Some((mark.program, format!("{} ({quoted}).", mark.says)))
    })
}
