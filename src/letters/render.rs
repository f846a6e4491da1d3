//! The templates, and the text they make of facts.
//!
//! A template is a minijinja text, `letters/<language>/<letter>/{subject,body}.txt.j2`; what several letters say stands in
//! `letters/<language>/parts.txt.j2`. Promises strictness: a name that is not among the facts is an error when the
//! templates are loaded, not a hole in a letter.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::{Timestamp, civil::Date};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig, value::Serde};
use sha2::{Digest, Sha256};

use super::{
    facts::{CallFacts, EntryFacts, Facts, FileFacts, LetterKind, Receipt},
    format, sample, text,
};
use crate::core::{iso3::Iso3, language::Language};

/// The name under which templates import what they share.
const PARTS: &str = "parts.txt.j2";

/// All templates, checked.
#[derive(Debug)]
pub struct Letters {
    languages: BTreeMap<Language, Templates>,
}

/// The templates of one language.
#[derive(Debug)]
struct Templates {
    environment: Environment<'static>,
    /// The letters it has, each with the version of its templates.
    versions: BTreeMap<LetterKind, String>,
}

/// The text of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 200 characters.
    pub subject: String,
    /// Lines of at most 76 columns, where words allow it.
    pub body: String,
    /// The version of the templates: a hash of all that took part.
    pub template: String,
    /// The language it is in: the one that was asked for, or English.
    pub language: Language,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterProblem {
    /// The template, such as `letters/fr/query/body.txt.j2`.
    pub file: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for LetterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for LetterProblem {}

/// All problems of the templates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct LetterProblems(pub Vec<LetterProblem>);

impl LetterKind {
    /// All kinds of letters.
    pub const ALL: [Self; 4] = [Self::Acknowledgement, Self::Received, Self::Query, Self::Reminder];

    /// The folder of its templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Received => "received",
            Self::Query => "query",
            Self::Reminder => "reminder",
        }
    }
}

impl Letters {
    /// Takes the templates by their paths (`letters/en/query/body.txt.j2`), and renders each with all sample facts.
    ///
    /// A language may have some of the letters only; English must have all, for the others fall back to it.
    ///
    /// # Errors
    /// All problems of all templates.
    pub fn load(read: &dyn Fn(&str) -> Option<String>) -> Result<Self, LetterProblems> {
        let mut problems = Vec::new();
        let mut languages = BTreeMap::new();
        for language in Language::ALL {
            let templates = Templates::load(language, read, &mut problems);
            if !templates.versions.is_empty() {
                languages.insert(language, templates);
            }
        }
        let english = languages.get(&Language::En);
        for kind in LetterKind::ALL {
            let folder = format!("letters/en/{}", kind.name());
            let reported = problems.iter().any(|problem: &LetterProblem| problem.file.starts_with(&folder));
            if !reported && english.is_none_or(|templates| !templates.versions.contains_key(&kind)) {
                let what = "is missing, and every letter falls back to English".to_owned();
                problems.push(LetterProblem { file: format!("{folder}/body.txt.j2"), line: None, what });
            }
        }
        if problems.is_empty() { Ok(Self { languages }) } else { Err(LetterProblems(problems)) }
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
        let own = self.languages.get(&language).filter(|templates| templates.versions.contains_key(&kind));
        let (language, templates) = match own {
            Some(templates) => (language, Some(templates)),
            None => (Language::En, self.languages.get(&Language::En)),
        };
        let Some((templates, version)) = templates.and_then(|t| Some((t, t.versions.get(&kind)?))) else {
            let what = "is missing".to_owned();
            return Err(LetterProblem { file: path(language, kind, "body"), line: None, what });
        };
        let (subject, body) = templates.render(facts, language, names)?;
        Ok(Rendered { subject, body, template: version.clone(), language })
    }
}

impl Templates {
    fn load(language: Language, read: &dyn Fn(&str) -> Option<String>, problems: &mut Vec<LetterProblem>) -> Self {
        let mut templates = Self { environment: environment(language), versions: BTreeMap::new() };
        let parts = read(&format!("letters/{language}/{PARTS}"));
        if let Some(parts) = &parts {
            templates.add(language, PARTS, parts, problems);
        }
        for kind in LetterKind::ALL {
            let halves = ["subject", "body"].map(|half| read(&path(language, kind, half)));
            match &halves {
                [Some(subject), Some(body)] => {
                    let fine = templates.add(language, &name(kind, "subject"), subject, problems)
                        & templates.add(language, &name(kind, "body"), body, problems);
                    if fine {
                        templates.versions.insert(kind, version([subject, body, parts.as_deref().unwrap_or_default()]));
                    }
                }
                [None, None] => {}
                [subject, _] => {
                    let missing = if subject.is_none() { "subject" } else { "body" };
                    let what = "is missing; a letter has both a subject and a body".to_owned();
                    problems.push(LetterProblem { file: path(language, kind, missing), line: None, what });
                }
            }
        }
        templates.rehearse(language, problems);
        templates
    }

    fn add(&mut self, language: Language, name: &str, text: &str, problems: &mut Vec<LetterProblem>) -> bool {
        let added = self.environment.add_template_owned(name.to_owned(), text.to_owned());
        added.map_err(|error| problems.push(problem(language, name, &error))).is_ok()
    }

    /// Renders every letter with every set of sample facts of its kind; each problem is said once.
    fn rehearse(&self, language: Language, problems: &mut Vec<LetterProblem>) {
        let names = |state: Iso3, _: Language| state.to_string();
        for facts in LetterKind::ALL.into_iter().flat_map(sample::facts) {
            if !self.versions.contains_key(&facts.kind()) {
                continue;
            }
            match self.render(&facts, language, &names) {
                Err(found) if !problems.contains(&found) => problems.push(found),
                _ => {}
            }
        }
    }

    fn render(
        &self,
        facts: &Facts,
        language: Language,
        names: &dyn Fn(Iso3, Language) -> String,
    ) -> Result<(String, String), LetterProblem> {
        let values = values(facts, language, names);
        let half = |half| {
            let name = name(facts.kind(), half);
            let template = self.environment.get_template(&name);
            let rendered = template.and_then(|template| template.render(&values));
            rendered.map_err(|error| problem(language, &name, &error))
        };
        Ok((text::one_line(&half("subject")?), text::body(&half("body")?)))
    }
}

fn name(kind: LetterKind, half: &str) -> String {
    format!("{}/{half}.txt.j2", kind.name())
}

fn path(language: Language, kind: LetterKind, half: &str) -> String {
    format!("letters/{language}/{}", name(kind, half))
}

/// The first cause: an error within an imported part is reported where it stands.
fn problem(language: Language, name: &str, error: &minijinja::Error) -> LetterProblem {
    let mut cause = error;
    while let Some(inner) = std::error::Error::source(cause).and_then(|inner| inner.downcast_ref()) {
        cause = inner;
    }
    let what = cause.detail().map_or_else(|| cause.kind().to_string(), |detail| format!("{}: {detail}", cause.kind()));
    LetterProblem { file: format!("letters/{language}/{}", cause.name().unwrap_or(name)), line: cause.line(), what }
}

fn version(texts: [&str; 3]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    }
    hex::encode(&hash.finalize()[..8])
}

/// An environment whose filters speak the language.
fn environment(language: Language) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // A block on a line of its own leaves no line behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.add_filter("day", move |text: &str| {
        let day: Date = text.parse().map_err(|_| not("a day", text))?;
        Ok::<_, minijinja::Error>(format::day(day, language))
    });
    environment.add_filter("moment", move |text: &str, zone: &str| {
        let instant: Timestamp = text.parse().map_err(|_| not("an instant", text))?;
        Ok::<_, minijinja::Error>(format::moment(instant, zone, language))
    });
    environment.add_filter("zone_name", move |zone: &str| format::zone_name(zone, language));
    environment.add_filter("number", move |value: u64| format::number(value, language));
    environment.add_filter("size", move |bytes: u64| format::size(bytes, language));
    environment.add_filter("listed", move |items: Vec<String>| format::listed(&items, language));
    environment
}

fn not(what: &str, text: &str) -> minijinja::Error {
    minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, format!("“{text}” is not {what}"))
}

/// The facts as the templates see them: the names of [`facts`](super::facts), texts chosen by language and made safe.
fn values(facts: &Facts, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    match facts {
        Facts::Acknowledgement(receipt) | Facts::Received(receipt) => receipt_values(receipt, language, names),
        Facts::Query(query) => context! {
            call => call(&query.call, language),
            number => query.number.as_str(),
            received => query.received.to_string(),
            subject => query.subject.as_deref().and_then(shown),
            cloud_link => query.cloud_link,
            files => files(&query.files),
        },
        Facts::Reminder(reminder) => context! {
            call => call(&reminder.call, language),
            state => text::one_line(&names(reminder.state, language)),
            addressee => reminder.addressee.as_deref().and_then(shown),
            send_to => reminder.send_to.as_str(),
            days_left => reminder.days_left,
        },
    }
}

fn receipt_values(receipt: &Receipt, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    let entry = |entry: &EntryFacts| {
        context! {
            reference => entry.reference.as_deref(),
            states => entry.states.iter().map(|state| text::one_line(&names(*state, language))).collect::<Vec<_>>(),
            version => entry.version,
            duplicate => entry.duplicate,
            standing => Serde(entry.standing),
            words => entry.words,
            files => files(&entry.files),
        }
    };
    context! {
        call => call(&receipt.call, language),
        number => receipt.number.as_str(),
        received => receipt.received.to_string(),
        subject => receipt.subject.as_deref().and_then(shown),
        unread => Serde(receipt.unread),
        entries => receipt.entries.iter().map(entry).collect::<Vec<_>>(),
    }
}

fn call(call: &CallFacts, language: Language) -> Value {
    let in_language = |texts: &BTreeMap<Language, String>| {
        texts.get(&language).or_else(|| texts.get(&Language::En)).map_or_else(String::new, Clone::clone)
    };
    context! {
        title => in_language(&call.title),
        secretariat => in_language(&call.secretariat),
        reference => call.reference.as_str(),
        contact => call.contact.as_str(),
        last_day => call.last_day.to_string(),
        zone => call.zone.as_str(),
        word_limit => call.word_limit,
    }
}

fn files(files: &[FileFacts]) -> Vec<Value> {
    let file = |file: &FileFacts| {
        context! {
            name => file.name.as_deref().and_then(shown),
            size => file.size,
            sha256 => file.sha256.as_str(),
            format => Serde(file.format),
            role => Serde(file.role),
            outcome => Serde(file.outcome),
        }
    };
    files.iter().map(file).collect()
}

/// A text of the sender's as it may be shown; nothing where nothing is left of it.
fn shown(text: &str) -> Option<String> {
    Some(text::one_line(text)).filter(|text| !text.is_empty())
}
