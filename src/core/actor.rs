//! Who did something: the program, an import, or a person.
//!
//! Promises one text for each, as the database keeps it, that comes back as the same actor whatever a person is called:
//! `docket` is the program, any other plain text the name of a person without an account, and `12=Ana` the person with
//! account 12. A name that would be taken for something else stands behind a bare `=`.

use serde::{Deserialize, Serialize};

const PROGRAM: &str = "docket";
const IMPORT: &str = "docket import";

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Actor {
    /// The program, by itself.
    Program,
    /// An import of mail that had arrived before.
    Import,
    /// A person.
    Person {
        /// The account; none at the terminal, and in what is older than accounts.
        id: Option<i64>,
        /// The name.
        name: String,
    },
}

impl Actor {
    /// A person without an account.
    #[must_use]
    pub fn person(name: impl Into<String>) -> Self {
        Self::Person { id: None, name: name.into() }
    }

    /// What it is called where people look.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Program => PROGRAM,
            Self::Import => "import",
            Self::Person { name, .. } => name,
        }
    }

    /// What it is, in a word: `program`, `import`, `person`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Import => "import",
            Self::Person { .. } => "person",
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        match &actor {
            Actor::Program => PROGRAM.to_owned(),
            Actor::Import => IMPORT.to_owned(),
            Actor::Person { id: Some(id), name } => format!("{id}={name}"),
            Actor::Person { id: None, name } if Actor::from(name.clone()) == actor => name.clone(),
            Actor::Person { id: None, name } => format!("={name}"),
        }
    }
}

impl From<String> for Actor {
    fn from(text: String) -> Self {
        match text.as_str() {
            PROGRAM => return Self::Program,
            IMPORT => return Self::Import,
            _ => {}
        }
        if let Some((id, name)) = text.split_once('=') {
            if id.is_empty() {
                return Self::person(name);
            }
            let id = id.parse().ok().filter(|id: &i64| *id >= 0);
            if let Some(id) = id {
                return Self::Person { id: Some(id), name: name.to_owned() };
            }
        }
        Self::Person { id: None, name: text }
    }
}
