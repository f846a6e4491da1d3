//! Reads TOML by hand, setting by setting, so that one pass finds every problem and knows its line.
//!
//! Serde would stop at the first. Promises that each setting of a file is either asked for or reported as unknown, and
//! that a setting of a wrong type is reported and then left out, so that nothing is judged on a value nobody wrote.

use std::{
    cell::RefCell,
    ops::{Range, RangeInclusive},
    path::{Path, PathBuf},
    time::Duration,
};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{problem::Problem, units};

/// A value and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At<T> {
    pub value: T,
    pub line: usize,
}

/// Texts under names that the file chose.
pub(super) type TextsByName = Vec<(At<String>, String)>;

/// Lists of texts under names that the file chose.
pub(super) type ListsByName = Vec<(At<String>, Vec<String>)>;

/// A file that is being read, and what was found wrong in it so far.
pub(super) struct Report<'t> {
    file: PathBuf,
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
    /// Where the file is not TOML: what stands there is reported already.
    broken: Vec<Range<usize>>,
    /// Whether a value alone is wrong wherever it is not TOML, so that nothing is missing but what nobody wrote.
    whole: bool,
    secrets: RefCell<Vec<PathBuf>>,
}

impl<'t> Report<'t> {
    /// Parses a file as far as it can be; the syntax errors are in the report.
    pub(super) fn parse(file: &Path, text: &'t str) -> (Self, Spanned<DeTable<'t>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut report = Self {
            file: file.to_owned(),
            text,
            problems: RefCell::default(),
            broken: errors.iter().filter_map(toml::de::Error::span).collect(),
            whole: true,
            secrets: RefCell::default(),
        };
        for error in errors {
            let span = error.span();
            let (what, hint) = report.not_toml(span.clone(), error.message());
            report.whole &= span.as_ref().is_some_and(|span| is_within_a_value(table.get_ref(), span));
            let line = span.map(|span| report.line(&span));
            report.problems.borrow_mut().push(Problem { file: report.file.clone(), line, what, hint });
        }
        (report, table)
    }

    /// What is wrong where the file is not TOML: of dates and times in the words of who writes them.
    fn not_toml(&self, span: Option<Range<usize>>, message: &str) -> (String, Option<String>) {
        let found = span.and_then(|span| self.text.get(span)).unwrap_or_default();
        for (of, what, like) in [("invalid date, ", "no date", "2020-09-30"), ("invalid time, ", "no time", "12:00")] {
            if let Some(why) = message.strip_prefix(of) {
                return (format!("{found} is {what}: {why}"), Some(format!("write it like {like}")));
            }
        }
        (format!("this is not TOML: {message}"), None)
    }

    /// Whether the file is not TOML at a place: what stands there is nothing that anybody wrote.
    fn is_broken(&self, place: &Range<usize>) -> bool {
        self.broken.iter().any(|broken| broken.start <= place.end && place.start <= broken.end)
    }

    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1
    }

    pub(super) fn note(&self, line: usize, what: impl Into<String>) {
        self.push(line, what.into(), None);
    }

    pub(super) fn note_with_hint(&self, line: usize, what: impl Into<String>, hint: impl Into<String>) {
        self.push(line, what.into(), Some(hint.into()));
    }

    fn push(&self, line: usize, what: String, hint: Option<String>) {
        self.problems.borrow_mut().push(Problem { file: self.file.clone(), line: Some(line), what, hint });
    }

    /// A secret stands in another file, or in this one.
    pub(super) fn holds_secret(&self, other: Option<&Path>) {
        let file = other.unwrap_or(&self.file);
        let mut secrets = self.secrets.borrow_mut();
        if !secrets.iter().any(|known| known == file) {
            secrets.push(file.to_owned());
        }
    }

    /// The files in which secrets were found.
    pub(super) fn secrets(&self) -> Vec<PathBuf> {
        self.secrets.borrow().clone()
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// A table of a file, from which each setting is taken by its name.
pub(super) struct Section<'r, 't> {
    report: &'r Report<'t>,
    table: &'r DeTable<'t>,
    /// How the file writes it, such as `[[mailbox]]`; the top level is `this file`.
    title: String,
    /// The same as part of a sentence on one setting; nothing at the top level.
    of: String,
    /// The line of its title.
    pub line: usize,
    asked: Vec<&'static str>,
}

impl<'r, 't> Section<'r, 't> {
    pub(super) fn root(report: &'r Report<'t>, table: &'r Spanned<DeTable<'t>>) -> Self {
        Self {
            report,
            table: table.get_ref(),
            title: "this file".to_owned(),
            of: String::new(),
            line: 1,
            asked: Vec::new(),
        }
    }

    fn of(&self, title: String, line: usize, table: &'r DeTable<'t>) -> Self {
        let of = format!(" of {title}");
        Self { report: self.report, table, title, of, line, asked: Vec::new() }
    }

    fn take(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// Takes a setting, converts it, and reports one that does not convert.
    fn read<T>(&mut self, key: &'static str, convert: impl FnOnce(&DeValue<'t>) -> Result<T, String>) -> Option<At<T>> {
        let found = self.take(key)?;
        let line = self.report.line(&found.span());
        if is_single(found.get_ref()) && self.report.is_broken(&found.span()) {
            return None;
        }
        match convert(found.get_ref()) {
            Ok(value) => Some(At { value, line }),
            Err(what) => {
                self.report.note(line, format!("“{key}”{}: {what}", self.of));
                None
            }
        }
    }

    /// How the file writes it, such as `[[mailbox]]`.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// Whether the file has a setting, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Passes a setting on, and reports it where the file does not have it at all.
    pub(super) fn required<T>(&self, key: &str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.has(key) && self.report.whole {
            self.report.note(self.line, format!("{} has no “{key}”", self.title));
        }
        read
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        self.read(key, |value| match value {
            DeValue::String(text) if text.trim().is_empty() => Err("is empty".to_owned()),
            DeValue::String(text) => Ok(text.clone().into_owned()),
            other => Err(format!("should be a text in quotes, and is {}", kind(other))),
        })
    }

    /// A text that is then parsed; the parser's error is the problem.
    pub(super) fn parsed<T, E: ToString>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<At<T>> {
        self.read(key, |value| match value {
            DeValue::String(text) => parse(text).map_err(|e| e.to_string()),
            other => Err(format!("should be a text in quotes, and is {}", kind(other))),
        })
    }

    pub(super) fn duration(&mut self, key: &'static str, range: RangeInclusive<Duration>) -> Option<At<Duration>> {
        self.parsed(key, |text| {
            let value = units::duration(text).map_err(|e| e.to_string())?;
            if range.contains(&value) {
                return Ok(value);
            }
            Err(format!("{text} is out of range ({} to {})", in_words(*range.start()), in_words(*range.end())))
        })
    }

    pub(super) fn size(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Option<At<u64>> {
        self.parsed(key, |text| {
            let value = units::size(text).map_err(|e| e.to_string())?;
            if range.contains(&value) {
                return Ok(value);
            }
            Err(format!("{text} is out of range ({} to {} MiB)", range.start() >> 20, range.end() >> 20))
        })
    }

    /// A whole number within a range, which `T` holds.
    pub(super) fn whole<T: TryFrom<u64>>(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Option<At<T>> {
        let limits = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, |value| {
            let DeValue::Integer(number) = value else {
                return Err(format!("should be {limits}, and is {}", kind(value)));
            };
            let found = u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| range.contains(n));
            found
                .and_then(|n| T::try_from(n).ok())
                .ok_or_else(|| format!("should be {limits}, and is {}", number.as_str()))
        })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<At<T>> {
        self.parsed(key, |text| {
            choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                format!("“{text}” is none of {}", words.join(", "))
            })
        })
    }

    /// A date or an instant, written bare as TOML has it or in quotes.
    pub(super) fn time<T, E: ToString>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<At<T>> {
        self.read(key, |value| match value {
            DeValue::Datetime(time) => parse(&time.to_string()).map_err(|e| e.to_string()),
            DeValue::String(text) => parse(text).map_err(|e| e.to_string()),
            other => Err(format!("should be a date, and is {}", kind(other))),
        })
    }

    /// A list of dates, bare or in quotes, each with its line.
    pub(super) fn times<T, E: ToString>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<At<T>> {
        let Some(found) = self.take(key) else { return Vec::new() };
        let line = self.report.line(&found.span());
        let DeValue::Array(items) = found.get_ref() else {
            self.wrong_shape(key, line, found.get_ref(), "a list of dates like [2020-12-25]");
            return Vec::new();
        };
        let mut times = Vec::new();
        for item in items.iter().filter(|item| !self.report.is_broken(&item.span())) {
            let line = self.report.line(&item.span());
            let read = match item.get_ref() {
                DeValue::Datetime(time) => parse(&time.to_string()).map_err(|error| error.to_string()),
                DeValue::String(text) => parse(text).map_err(|error| error.to_string()),
                other => Err(format!("should be a list of dates, and holds {}", kind(other))),
            };
            match read {
                Ok(value) => times.push(At { value, line }),
                Err(what) => self.report.note(line, format!("“{key}”{}: {what}", self.of)),
            }
        }
        times
    }

    /// True or false.
    pub(super) fn yes(&mut self, key: &'static str) -> Option<At<bool>> {
        self.read(key, |value| match value {
            DeValue::Boolean(yes) => Ok(*yes),
            other => Err(format!("should be true or false, and is {}", kind(other))),
        })
    }

    /// A table whose keys are free, each with a text or a list of texts.
    pub(super) fn lists_by_name(&mut self, key: &'static str) -> Option<At<ListsByName>> {
        let found = self.take(key)?;
        let line = self.report.line(&found.span());
        let DeValue::Table(table) = found.get_ref() else {
            self.wrong_shape(key, line, found.get_ref(), &format!("a table {{ en = [\"…\"] }} “{key}”"));
            return None;
        };
        let mut lists = Vec::new();
        for (name, value) in table {
            let line = self.report.line(&name.span());
            let mut texts = Vec::new();
            let items = match value.get_ref() {
                DeValue::Array(items) => items.iter().collect(),
                _ => vec![value],
            };
            for item in items {
                match item.get_ref() {
                    DeValue::String(text) if !text.trim().is_empty() => texts.push(text.clone().into_owned()),
                    DeValue::String(_) => self.report.note(line, format!("“{}” of “{key}” is empty", name.get_ref())),
                    other => self.wrong_shape(name.get_ref(), line, other, "a text or a list of texts"),
                }
            }
            lists.push((At { value: name.get_ref().clone().into_owned(), line }, texts));
        }
        Some(At { value: lists, line })
    }

    /// A list of texts, each with its line.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<At<Vec<At<String>>>> {
        let report = self.report;
        self.read(key, |value| {
            let DeValue::Array(items) = value else {
                return Err(format!("should be a list of texts like [\"…\"], and is {}", kind(value)));
            };
            let mut texts = Vec::new();
            for item in items {
                let line = report.line(&item.span());
                match item.get_ref() {
                    DeValue::String(text) if !text.trim().is_empty() => {
                        texts.push(At { value: text.clone().into_owned(), line });
                    }
                    DeValue::String(_) => return Err("holds an empty text".to_owned()),
                    other => return Err(format!("should be a list of texts, and holds {}", kind(other))),
                }
            }
            Ok(texts)
        })
    }

    /// A list of texts, or one word that is allowed without a list.
    pub(super) fn texts_or_word(&mut self, key: &'static str, word: &str) -> Option<At<Vec<At<String>>>> {
        let found = self.table.get(key).map(|found| (found.get_ref().as_str() == Some(word), found.span()));
        if let Some((true, span)) = found {
            self.take(key);
            let line = self.report.line(&span);
            return Some(At { value: vec![At { value: word.to_owned(), line }], line });
        }
        self.texts(key)
    }

    /// A table whose keys are free, such as titles by language: each name with its text.
    pub(super) fn texts_by_name(&mut self, key: &'static str) -> Option<At<TextsByName>> {
        let found = self.take(key)?;
        let line = self.report.line(&found.span());
        let DeValue::Table(table) = found.get_ref() else {
            self.wrong_shape(key, line, found.get_ref(), &format!("a table [{key}]"));
            return None;
        };
        let mut texts = Vec::new();
        for (name, value) in table {
            let line = self.report.line(&name.span());
            match value.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push((At { value: name.get_ref().clone().into_owned(), line }, text.clone().into_owned()));
                }
                DeValue::String(_) => self.report.note(line, format!("“{}” of [{key}] is empty", name.get_ref())),
                other => self.wrong_shape(name.get_ref(), line, other, "a text in quotes"),
            }
        }
        Some(At { value: texts, line })
    }

    /// A table of settings.
    pub(super) fn section(&mut self, key: &'static str) -> Option<Section<'r, 't>> {
        let found = self.take(key)?;
        let line = self.report.line(&found.span());
        let title = match self.title.trim_matches(['[', ']']) {
            outer if self.title.starts_with('[') => format!("[{outer}.{key}]"),
            _ => format!("[{key}]"),
        };
        if let DeValue::Table(table) = found.get_ref() {
            return Some(self.of(title, line, table));
        }
        self.wrong_shape(key, line, found.get_ref(), &format!("a table {title}"));
        None
    }

    /// A table that may stand several times.
    pub(super) fn sections(&mut self, key: &'static str) -> Vec<Section<'r, 't>> {
        let Some(found) = self.take(key) else { return Vec::new() };
        let line = self.report.line(&found.span());
        let DeValue::Array(items) = found.get_ref() else {
            self.wrong_shape(key, line, found.get_ref(), &format!("written [[{key}]]"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            let line = self.report.line(&item.span());
            match item.get_ref() {
                DeValue::Table(table) => sections.push(self.of(format!("[[{key}]]"), line, table)),
                other => self.wrong_shape(key, line, other, &format!("written [[{key}]]")),
            }
        }
        sections
    }

    fn wrong_shape(&self, key: &str, line: usize, found: &DeValue<'_>, wanted: &str) {
        self.report.note(line, format!("“{key}”{} should be {wanted}, and is {}", self.of, kind(found)));
    }

    /// Reports every setting that nobody asked for; where the file as a whole is not TOML, it is not known whose it is.
    pub(super) fn finish(self) {
        if !self.report.whole {
            return;
        }
        let known = |key: &Spanned<DeString<'_>>| self.asked.contains(&key.get_ref().as_ref());
        for key in self.table.keys().filter(|key| !known(key)) {
            let line = self.report.line(&key.span());
            let what = format!("“{}” is no setting of {}", key.get_ref(), self.title);
            match nearest(key.get_ref(), self.asked.iter().copied()) {
                Some(near) => self.report.note_with_hint(line, what, format!("did you mean “{near}”?")),
                None => self.report.note(line, what),
            }
        }
    }
}

/// Whether a value holds no others.
fn is_single(value: &DeValue<'_>) -> bool {
    !matches!(value, DeValue::Array(_) | DeValue::Table(_))
}

/// Whether a place lies within a single value of a table.
fn is_within_a_value(table: &DeTable<'_>, place: &Range<usize>) -> bool {
    fn within(value: &Spanned<DeValue<'_>>, place: &Range<usize>) -> bool {
        match value.get_ref() {
            DeValue::Table(table) => is_within_a_value(table, place),
            DeValue::Array(items) => items.iter().any(|item| within(item, place)),
            _ => value.span().start <= place.start && place.end <= value.span().end,
        }
    }
    table.values().any(|value| within(value, place))
}

/// The word that was probably meant, if one is near enough.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&word.to_lowercase(), other);
    known.map(|other| (distance(other), other)).filter(|(d, other)| *d <= 1 + other.len() / 4).min().map(|(_, o)| o)
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn in_words(length: Duration) -> String {
    let seconds = length.as_secs();
    match seconds {
        86_400 => "1 day".to_owned(),
        s if s > 0 && s % 86_400 == 0 => format!("{} days", s / 86_400),
        s if s > 0 && s % 3_600 == 0 => format!("{} h", s / 3_600),
        s if s > 0 && s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
