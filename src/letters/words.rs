//! The words of one language, `letters/<language>/words.toml`: the phrases that the templates say.
//!
//! A table holds phrases by their names; the one of a closed choice holds a phrase for each that can be chosen, under the
//! name by which it is stored. Promises that a language has all that English has and nothing else, and that whatever is
//! missing, unknown or not a phrase is named with its line when the letters are loaded.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

use super::{
    facts::{LetterKind, Unread},
    phrase::{Given, Phrase, Text},
    plural::Form,
    problem::{LetterProblem, LetterProblems},
    variants,
};
use crate::core::{
    calls::standing::Standing,
    file::{Format, Outcome},
    text::language::Language,
};

/// The setting of a phrase that names the number by which it goes.
const BY: &str = "by";

/// The closed choices that letters put into words: the table of each, and all that can be chosen.
#[must_use]
pub fn choices() -> [(&'static str, &'static [&'static str]); 5] {
    [
        ("format", variants::names::<Format>()),
        ("letter", variants::names::<LetterKind>()),
        ("outcome", variants::names::<Outcome>()),
        ("standing", variants::names::<Standing>()),
        ("unread", variants::names::<Unread>()),
    ]
}

/// All phrases of a language.
#[derive(Debug)]
pub(super) struct Words {
    language: Language,
    /// By their paths, such as `outcome.no_text`.
    phrases: BTreeMap<String, Phrase>,
    /// The tables by their paths, each with its line.
    tables: BTreeMap<String, usize>,
    /// The file.
    pub(super) text: String,
}

impl Words {
    /// Where the words of a language stand.
    pub(super) fn path(language: Language) -> String {
        format!("letters/{language}/words.toml")
    }

    /// Reads the words of a language; none where the text is not TOML. English is held against the closed choices alone,
    /// every other language against English too.
    pub(super) fn read(
        language: Language,
        text: &str,
        english: Option<&Self>,
        problems: &mut LetterProblems,
    ) -> Option<Self> {
        let words = Self { language, phrases: BTreeMap::new(), tables: BTreeMap::new(), text: text.to_owned() };
        let mut reader = Reader { text, problems, words };
        let table = reader.parse()?;
        reader.take_table("", table.get_ref());
        reader.check_choices();
        if let Some(english) = english {
            reader.check_against(english);
        }
        Some(reader.words)
    }

    /// Whether there is a phrase or a table of that path.
    fn has(&self, path: &str) -> bool {
        self.phrases.contains_key(path) || self.tables.contains_key(path)
    }

    /// The line of a phrase or a table.
    fn line(&self, path: &str) -> Option<usize> {
        self.phrases.get(path).map(|phrase| phrase.line).or_else(|| self.tables.get(path).copied())
    }

    /// A phrase with the facts in their places; none where the language has no such phrase.
    ///
    /// # Errors
    /// The facts do not fit the phrase.
    pub(super) fn say(&self, path: &str, given: &Given) -> Option<Result<String, LetterProblem>> {
        let phrase = self.phrases.get(path)?;
        let problem = |what| LetterProblem {
            file: Self::path(self.language),
            line: Some(phrase.line),
            what: format!("“{path}”: {what}"),
        };
        Some(phrase.fill(self.language, given).map_err(problem))
    }
}

/// A file of words that is being read.
struct Reader<'t, 'p> {
    text: &'t str,
    problems: &'p mut LetterProblems,
    words: Words,
}

impl<'t> Reader<'t, '_> {
    fn note(&mut self, line: Option<usize>, what: String) {
        self.problems.note(LetterProblem { file: Words::path(self.words.language), line, what });
    }

    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
    }

    fn parse(&mut self) -> Option<toml::Spanned<DeTable<'t>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = error.span().map(|span| self.line(span.start));
            self.note(line, format!("this is not TOML: {}", error.message()));
        }
        errors.is_empty().then_some(table)
    }

    fn take_table(&mut self, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let line = self.line(key.span().start);
            let phrase = match value.get_ref() {
                DeValue::String(text) => Text::parse(text).map(|text| Phrase::single(line, text)),
                DeValue::Table(table) if goes_by_number(table) => by_number(line, table, self.words.language),
                DeValue::Table(table) => {
                    self.words.tables.insert(path.clone(), line);
                    self.take_table(&path, table);
                    continue;
                }
                _ => Err("should be a text in quotes".to_owned()),
            };
            let phrase = phrase.unwrap_or_else(|what| {
                self.note(Some(line), format!("“{path}”: {what}"));
                Phrase::empty(line)
            });
            self.words.phrases.insert(path, phrase);
        }
    }

    /// Each closed choice has its words, and no others.
    fn check_choices(&mut self) {
        for (table, names) in choices() {
            for name in names {
                self.require(&format!("{table}.{name}"));
            }
            let here = format!("{table}.");
            let own = self.words.phrases.keys().chain(self.words.tables.keys());
            let own: BTreeSet<String> = own
                .filter_map(|path| path.strip_prefix(&here))
                .filter(|name| !name.contains('.') && !names.contains(name))
                .map(str::to_owned)
                .collect();
            for name in own {
                let line = self.words.line(&format!("{table}.{name}"));
                self.note(line, format!("“{name}” is unknown in [{table}]; there is {}", names.join(", ")));
            }
        }
    }

    /// All languages have the same phrases.
    fn check_against(&mut self, english: &Words) {
        for path in english.phrases.keys().filter(|path| !is_choice(path)) {
            self.require(path);
        }
        let unknown: Vec<(String, usize)> = self
            .words
            .phrases
            .iter()
            .filter(|(path, _)| !english.has(path) && !is_choice(path))
            .map(|(path, phrase)| (path.clone(), phrase.line))
            .collect();
        for (path, line) in unknown {
            let what = format!("“{path}” is unknown; {} has no such phrase", Words::path(Language::En));
            self.note(Some(line), what);
        }
    }

    /// Reports a phrase that is not there: an empty one stands in, so that the letters can be tried all the same. Where a
    /// whole table is missing, that is said alone.
    fn require(&mut self, path: &str) {
        if self.words.has(path) {
            return;
        }
        let table = path.rsplit_once('.').map_or("", |(table, _)| table);
        let line = self.words.line(table);
        if !self.words.phrases.contains_key(table) {
            self.note(line, format!("“{path}” is missing"));
        }
        self.words.phrases.insert(path.to_owned(), Phrase::empty(line.unwrap_or(1)));
    }
}

/// Whether a path is that of a closed choice, such as `outcome.read`, which is checked by itself.
fn is_choice(path: &str) -> bool {
    path.split_once('.').is_some_and(|(table, name)| !name.contains('.') && choices().iter().any(|(t, _)| *t == table))
}

/// Whether a table is one phrase in several forms.
fn goes_by_number(table: &DeTable<'_>) -> bool {
    table.contains_key(BY) || table.keys().all(|key| Form::named(key.get_ref()).is_some())
}

/// A phrase in the forms that its language needs.
fn by_number(line: usize, table: &DeTable<'_>, language: Language) -> Result<Phrase, String> {
    let (needed, spare) = (Form::needed(language), Form::spare(language));
    let written = || needed.iter().map(|form| form.name()).collect::<Vec<_>>().join(", ");
    let mut number = None;
    let mut forms = BTreeMap::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        let DeValue::String(text) = value.get_ref() else {
            return Err(format!("“{name}” should be a text in quotes"));
        };
        if name == BY {
            number = Some(text.to_string());
            continue;
        }
        let form = Form::named(name).filter(|form| needed.contains(form) || spare.contains(form));
        let form = form.ok_or_else(|| format!("“{name}” is no form of “{language}”, which has {}", written()))?;
        forms.insert(form, Text::parse(text)?);
    }
    if let Some(missing) = needed.iter().find(|form| !forms.contains_key(form)) {
        return Err(format!("has no “{}”; “{language}” needs {}", missing.name(), written()));
    }
    let number = number.ok_or_else(|| format!("has no “{BY}”, which names the number that the form goes by"))?;
    Ok(Phrase::by_number(line, number, forms))
}
