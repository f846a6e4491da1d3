//! What may be asked behind the question mark: one list for those who read it and for the description of the interface.

use serde_json::{Value, json};

use crate::{
    core::text::language::Language,
    web::{asked::Asked, no_page::NoPage},
};

/// Characters of what is wrong that are shown.
const SHOWN: usize = 40;

/// Something that may be asked behind the question mark.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: &'static str,
    /// What it does, in a sentence.
    pub(super) says: &'static str,
    /// Which values it has.
    pub(super) values: Values,
}

/// Which values a parameter has.
#[derive(Clone, Debug)]
pub(super) enum Values {
    /// Any text.
    Text,
    /// One of these words.
    OneOf(Vec<&'static str>),
    /// A number between these.
    Number(u32, u32),
    /// A day, or a day with an hour.
    Time,
}

impl Parameter {
    pub(super) const fn new(name: &'static str, values: Values, says: &'static str) -> Self {
        Self { name, says, values }
    }

    /// As the description of the interface has it.
    pub(super) fn described(&self) -> Value {
        let schema = match &self.values {
            Values::Text => json!({"type": "string"}),
            Values::OneOf(words) => json!({"type": "string", "enum": words}),
            Values::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
            Values::Time => {
                json!({"type": "string", "examples": ["2020-09-30", "2020-09-30 18:00", "2020-09-30T16:00:00Z"]})
            }
        };
        json!({"name": self.name, "in": "query", "required": false, "description": self.says, "schema": schema})
    }
}

/// That nothing is asked which nobody reads, and nothing twice, and that every word and number can be understood.
pub(super) fn checked(asked: &Asked, parameters: &[Parameter]) -> Result<(), NoPage> {
    asked.can_be_looked_for()?;
    let mut seen = Vec::new();
    for name in asked.names() {
        let shown: String = name.chars().take(SHOWN).collect();
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
            let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
            let there =
                if names.is_empty() { "There is none".to_owned() } else { format!("There are: {}", names.join(", ")) };
            return Err(NoPage::Wrong(format!("“{shown}” is no parameter of this address. {there}.")));
        };
        if seen.contains(&parameter.name) {
            return Err(NoPage::Wrong(format!("{name} stands there more than once. Write it once.")));
        }
        seen.push(parameter.name);
        let Some(value) = asked.get(name) else { continue };
        let wrong = |instead: String| {
            let shown: String = value.chars().take(SHOWN).collect();
            Err(NoPage::Wrong(format!("{name}: “{shown}” is none of its values. {instead}")))
        };
        match &parameter.values {
            Values::OneOf(words) if !words.contains(&value) => {
                return wrong(format!("Write one of: {}.", words.join(", ")));
            }
            Values::Number(least, most) if !value.parse().is_ok_and(|n: u32| (*least..=*most).contains(&n)) => {
                return wrong(format!("Write a number from {least} to {most}."));
            }
            // Times depend on the zone of a call; whoever reads them says what is wrong.
            Values::OneOf(_) | Values::Number(..) | Values::Text | Values::Time => {}
        }
    }
    Ok(())
}

/// A number that was checked.
pub(super) fn number<N: std::str::FromStr>(asked: &Asked, name: &str) -> Option<N> {
    asked.get(name).and_then(|text| text.parse().ok())
}

/// The language that is asked for; English where none is.
pub(super) fn language(asked: &Asked) -> Language {
    asked.get("language").and_then(|code| code.parse().ok()).unwrap_or(Language::En)
}
