//! The templates of one language, and the environment that renders them.
//!
//! A template is a minijinja text: `letters/<letter>/{subject,body}.txt.j2`, and in `letters/parts.txt.j2` what several
//! letters say. They are shared by all languages; `say` takes from the words of the language what they say. Promises that
//! every one has been rendered with all sample facts when it is loaded.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value,
    syntax::SyntaxConfig,
    value::{Kwargs, ValueKind},
};
use sha2::{Digest, Sha256};

use super::{
    facts::LetterKind,
    format,
    phrase::{Fact, Given},
    problem::{LetterProblem, LetterProblems},
    sample, text,
    values::values,
    words::Words,
};
use crate::core::{iso3::Iso3, text::language::Language};

/// The name under which templates import what they share.
const PARTS: &str = "parts.txt.j2";

/// The templates of one language.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
    /// The file of each template, by the template's name.
    files: BTreeMap<String, String>,
    /// The letters it has, each with the version of its texts.
    versions: BTreeMap<LetterKind, String>,
    /// The letters that are there, in whole or in part, and cannot be used.
    broken: BTreeSet<LetterKind>,
}

impl Templates {
    /// Loads all letters of a language. What all languages share is a language's too if it has words to say it with; a
    /// file of its own goes before.
    pub(super) fn load(
        language: Language,
        words: Option<Arc<Words>>,
        read: &dyn Fn(&str) -> Option<String>,
        problems: &mut LetterProblems,
    ) -> Self {
        let spoken = words.as_ref().map(|words| words.text.clone());
        let find = |name: &str| {
            let (own, shared) = (format!("letters/{language}/{name}"), format!("letters/{name}"));
            let text = read(&own).map(|text| (own, text));
            text.or_else(|| read(&shared).filter(|_| spoken.is_some()).map(|text| (shared, text)))
        };
        let mut templates = Self {
            environment: environment(language, words),
            files: BTreeMap::new(),
            versions: BTreeMap::new(),
            broken: BTreeSet::new(),
        };
        let parts = find(PARTS);
        if let Some(parts) = &parts {
            templates.add(PARTS, parts, problems);
        }
        let shared = [parts.map(|(_, text)| text), spoken.clone()].map(Option::unwrap_or_default);
        for kind in LetterKind::ALL {
            templates.load_letter(kind, &find, &shared, problems);
        }
        templates.rehearse(language, problems);
        templates
    }

    /// Loads one letter, if the language has it.
    fn load_letter(
        &mut self,
        kind: LetterKind,
        find: &dyn Fn(&str) -> Option<(String, String)>,
        [parts, words]: &[String; 2],
        problems: &mut LetterProblems,
    ) {
        let [subject, body] = ["subject", "body"].map(|half| name(kind, half));
        match (find(&subject), find(&body)) {
            (None, None) => return,
            (Some(subject_text), Some(body_text)) => {
                if self.add(&subject, &subject_text, problems) & self.add(&body, &body_text, problems) {
                    self.versions.insert(kind, version([&subject_text.1, &body_text.1, parts, words]));
                    return;
                }
            }
            (Some((file, _)), None) => problems.note(half_missing(file.replace(&subject, &body))),
            (None, Some((file, _))) => problems.note(half_missing(file.replace(&body, &subject))),
        }
        self.broken.insert(kind);
    }

    fn add(&mut self, name: &str, (file, text): &(String, String), problems: &mut LetterProblems) -> bool {
        self.files.insert(name.to_owned(), file.clone());
        let added = self.environment.add_template_owned(name.to_owned(), text.clone());
        added.map_err(|error| problems.note(self.problem(name, &error))).is_ok()
    }

    /// Renders every letter with every set of sample facts of its kind.
    fn rehearse(&self, language: Language, problems: &mut LetterProblems) {
        let names = |state: Iso3, _: Language| state.to_string();
        for kind in self.versions.keys() {
            for facts in sample::facts(*kind) {
                match self.render(*kind, &values(&facts, language, &names)) {
                    Ok((subject, _)) if subject.is_empty() => {
                        let what = format!("is empty in “{language}”");
                        problems.note(LetterProblem { file: self.file(&name(*kind, "subject")), line: None, what });
                    }
                    Ok(_) => {}
                    Err(problem) => problems.note(problem),
                }
            }
        }
    }

    /// Where a template stands.
    fn file(&self, name: &str) -> String {
        self.files.get(name).map_or_else(|| format!("letters/{name}"), Clone::clone)
    }

    /// Whether the language has no letter.
    pub(super) fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// The version of a letter, where the language has it.
    pub(super) fn version(&self, kind: LetterKind) -> Option<&str> {
        self.versions.get(&kind).map(String::as_str)
    }

    /// The letters of which nothing is there.
    pub(super) fn lacking(&self) -> Vec<LetterKind> {
        let there = |kind: &LetterKind| self.versions.contains_key(kind) || self.broken.contains(kind);
        LetterKind::ALL.into_iter().filter(|kind| !there(kind)).collect()
    }

    /// The subject and the body of a letter.
    pub(super) fn render(&self, kind: LetterKind, values: &Value) -> Result<(String, String), LetterProblem> {
        let half = |half| {
            let name = name(kind, half);
            let template = self.environment.get_template(&name);
            let rendered = template.and_then(|template| template.render(values));
            rendered.map_err(|error| self.problem(&name, &error))
        };
        Ok((text::one_line(&half("subject")?), text::body(&half("body")?)))
    }

    /// The first cause: an error within an imported part is reported where it stands, one of a phrase in its file.
    fn problem(&self, name: &str, error: &Error) -> LetterProblem {
        let mut cause = error;
        while let Some(inner) = std::error::Error::source(cause) {
            if let Some(problem) = inner.downcast_ref::<LetterProblem>() {
                return problem.clone();
            }
            match inner.downcast_ref() {
                Some(inner) => cause = inner,
                None => break,
            }
        }
        let kind = cause.kind();
        let what = cause.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"));
        LetterProblem { file: self.file(cause.name().unwrap_or(name)), line: cause.line(), what }
    }
}

fn name(kind: LetterKind, half: &str) -> String {
    format!("{}/{half}.txt.j2", kind.name())
}

fn half_missing(file: String) -> LetterProblem {
    LetterProblem { file, line: None, what: "is missing; a letter has both a subject and a body".to_owned() }
}

fn version(texts: [&str; 4]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    }
    hex::encode(&hash.finalize()[..8])
}

/// An environment that speaks the language.
fn environment(language: Language, words: Option<Arc<Words>>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // A block on a line of its own leaves no line behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.add_filter("day", move |text: &str| {
        let day: Date = text.parse().map_err(|_| not("a day", text))?;
        Ok::<_, Error>(format::day(day, language))
    });
    environment.add_filter("moment", move |text: &str, zone: &str| {
        let instant: Timestamp = text.parse().map_err(|_| not("an instant", text))?;
        Ok::<_, Error>(format::moment(instant, zone, language))
    });
    environment.add_filter("zone_name", move |zone: &str| format::zone_name(zone, language));
    environment.add_filter("number", move |value: u64| format::number(value, language));
    environment.add_filter("size", move |bytes: u64| format::size(bytes, language));
    environment.add_filter("pages", move |pages: Vec<u32>| format::pages(&pages, language));
    environment.add_filter("listed", move |items: Vec<String>| format::listed(&items, language));
    environment.add_function("say", move |path: &str, facts: Kwargs| {
        let given = given(&facts)?;
        let wrong = |what: String| Err(Error::new(ErrorKind::InvalidOperation, what));
        let Some(words) = &words else { return wrong(format!("there is no {}", Words::path(language))) };
        match words.say(path, &given) {
            Some(said) => said.map_err(|problem| Error::from(ErrorKind::InvalidOperation).with_source(problem)),
            None => wrong(format!("there is no phrase “{path}”")),
        }
    });
    environment
}

/// What a template gives a phrase to fill in.
fn given(facts: &Kwargs) -> Result<Given, Error> {
    let fact = |name: &str| {
        let value: Value = facts.get(name)?;
        let fact = match value.kind() {
            ValueKind::Number => u64::try_from(value).ok().map(Fact::Number),
            ValueKind::String => value.as_str().map(|text| Fact::Text(text.to_owned())),
            ValueKind::Undefined => {
                return Err(Error::new(ErrorKind::UndefinedError, format!("what “{name}” stands for is undefined")));
            }
            _ => None,
        };
        let neither = || Error::new(ErrorKind::InvalidOperation, format!("“{name}” is neither a text nor a number"));
        Ok((name.to_owned(), fact.ok_or_else(neither)?))
    };
    facts.args().map(fact).collect()
}

fn not(what: &str, text: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("“{text}” is not {what}"))
}
