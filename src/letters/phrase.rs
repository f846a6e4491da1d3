//! One phrase of a letter: a text, or a text for each form that a number asks for, with places for facts.
//!
//! A place is the name of a fact in braces: `{day}`. Promises that what is filled in is never read again, and that a place
//! for which there is no fact is an error whichever form is asked for, so that trying a phrase once tries all of it.

use std::collections::BTreeMap;

use super::{format, plural::Form};
use crate::core::text::language::Language;

/// What a template gives to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// A number, written as the language writes it; a phrase may go by it.
    Number(u64),
    /// A text, taken as it is.
    Text(String),
}

/// Facts by their names.
pub(super) type Given = BTreeMap<String, Fact>;

/// A phrase and the line on which its file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) line: usize,
    texts: Texts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Texts {
    Single(Text),
    ByNumber { number: String, forms: BTreeMap<Form, Text> },
}

/// A text, taken apart at its places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Place(String),
}

impl Text {
    /// Takes a text apart.
    ///
    /// # Errors
    /// A brace that is no place, in words for the problem.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text.trim_end_matches('\n');
        while let Some(at) = rest.find(['{', '}']) {
            let (words, from) = rest.split_at(at);
            let place = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let Some((name, after)) = place.filter(|(name, _)| is_name(name)) else {
                let shown: String = from.chars().take(20).collect();
                return Err(format!("“{shown}” is no place for a fact: that is its name in braces, such as {{day}}"));
            };
            pieces.extend([Piece::Words(words.to_owned()), Piece::Place(name.to_owned())]);
            rest = after;
        }
        pieces.push(Piece::Words(rest.to_owned()));
        Ok(Self(pieces))
    }

    fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Words(_) => None,
        })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

impl Phrase {
    /// A phrase that is one text.
    pub(super) fn single(line: usize, text: Text) -> Self {
        Self { line, texts: Texts::Single(text) }
    }

    /// A phrase with a text for each form that the number of that name asks for.
    pub(super) fn by_number(line: usize, number: String, forms: BTreeMap<Form, Text>) -> Self {
        Self { line, texts: Texts::ByNumber { number, forms } }
    }

    /// A phrase that says nothing, in the place of one that is wrong.
    pub(super) fn empty(line: usize) -> Self {
        Self::single(line, Text::default())
    }

    fn texts(&self) -> Vec<&Text> {
        match &self.texts {
            Texts::Single(text) => vec![text],
            Texts::ByNumber { forms, .. } => forms.values().collect(),
        }
    }

    /// The phrase with the facts in their places.
    ///
    /// # Errors
    /// The facts do not fit, in words for the problem.
    pub(super) fn fill(&self, language: Language, given: &Given) -> Result<String, String> {
        let names = || match given.keys().map(String::as_str).collect::<Vec<_>>().join(", ") {
            names if names.is_empty() => "there is none".to_owned(),
            names => format!("there is {names}"),
        };
        let mut places = self.texts().into_iter().flat_map(Text::places);
        if let Some(unknown) = places.find(|place| !given.contains_key(*place)) {
            return Err(format!("“{{{unknown}}}” is no fact here; {}", names()));
        }
        let text = match &self.texts {
            Texts::Single(text) => text,
            Texts::ByNumber { number, forms } => {
                let Some(Fact::Number(count)) = given.get(number) else {
                    return Err(format!("“by” names “{number}”, which is no number here; {}", names()));
                };
                let form = Form::of(*count, language);
                let text = forms.get(&form).or_else(|| forms.get(&Form::Other));
                text.ok_or_else(|| format!("there is no form “{}”, which {count} needs", form.name()))?
            }
        };
        let said = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Place(name) => match given.get(name) {
                Some(Fact::Number(number)) => format::number(*number, language),
                Some(Fact::Text(text)) => text.clone(),
                None => String::new(),
            },
        };
        Ok(text.0.iter().map(said).collect())
    }
}
