//! Letters made of facts: in which language, and with which values.
//!
//! Promises that a language has a letter whole or falls back to English, and strictness: a name that is not among the
//! facts, or a phrase that a language does not have, is an error when the letters are loaded, not a hole in a letter.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    facts::Facts,
    problem::{LetterProblem, LetterProblems},
    templates::Templates,
    values::values,
    words::Words,
};
use crate::core::{iso3::Iso3, text::language::Language};

/// All templates and words, checked.
#[derive(Debug)]
pub struct Letters {
    languages: BTreeMap<Language, Templates>,
}

/// The text of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 200 characters.
    pub subject: String,
    /// Lines of at most 76 columns, where words allow it.
    pub body: String,
    /// The version of the letter: a hash of all templates and words that took part.
    pub template: String,
    /// The language it is in: the one that was asked for, or English.
    pub language: Language,
}

impl Letters {
    /// Takes templates and words by their paths (`letters/query/body.txt.j2`, `letters/fr/words.toml`), and renders each
    /// letter of each language with all sample facts.
    ///
    /// A language that has words has all letters; it may have a text of its own for one of them, in
    /// `letters/<language>/query/body.txt.j2`. English must be there, for every other language falls back to it.
    ///
    /// # Errors
    /// All problems of all files.
    pub fn load(read: &dyn Fn(&str) -> Option<String>) -> Result<Self, LetterProblems> {
        let mut problems = LetterProblems(Vec::new());
        let english = words(Language::En, None, read, &mut problems);
        if english.is_none() && problems.0.is_empty() {
            problems.note(missing_in_english(Words::path(Language::En)));
        }
        let mut languages = BTreeMap::new();
        for language in Language::ALL {
            let words = match language {
                Language::En => english.clone(),
                other => words(other, english.as_deref(), read, &mut problems),
            };
            languages.insert(language, Templates::load(language, words, read, &mut problems));
        }
        if english.is_some() {
            let lacking = languages.get(&Language::En).map_or_else(Vec::new, Templates::lacking);
            for kind in lacking {
                problems.note(missing_in_english(format!("letters/{}/body.txt.j2", kind.name())));
            }
        }
        languages.retain(|_, templates| !templates.is_empty());
        if problems.0.is_empty() { Ok(Self { languages }) } else { Err(problems.by_file_and_line()) }
    }

    /// The languages that have letters of their own.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<Language> {
        self.languages.keys().copied().collect()
    }

    /// The text of a letter in a language, or in English where the language has no such letter. `names` gives the name
    /// of a state in the language that the letter is then in.
    ///
    /// # Errors
    /// A template needs what these facts do not have, though it had it in all sample facts.
    pub fn render(
        &self,
        facts: &Facts,
        language: Language,
        names: &dyn Fn(Iso3, Language) -> String,
    ) -> Result<Rendered, LetterProblem> {
        let kind = facts.kind();
        for language in [language, Language::En] {
            let Some(templates) = self.languages.get(&language) else { continue };
            let Some(template) = templates.version(kind).map(str::to_owned) else { continue };
            let (subject, body) = templates.render(kind, &values(facts, language, names))?;
            return Ok(Rendered { subject, body, template, language });
        }
        Err(missing_in_english(format!("letters/{}/body.txt.j2", kind.name())))
    }
}

fn words(
    language: Language,
    english: Option<&Words>,
    read: &dyn Fn(&str) -> Option<String>,
    problems: &mut LetterProblems,
) -> Option<Arc<Words>> {
    let text = read(&Words::path(language))?;
    Words::read(language, &text, english, problems).map(Arc::new)
}

fn missing_in_english(file: String) -> LetterProblem {
    LetterProblem { file, line: None, what: "is missing, and every letter falls back to English".to_owned() }
}
