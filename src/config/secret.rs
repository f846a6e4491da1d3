//! Secrets of the configuration: where each is written, and that it can be used and never shown.
//!
//! A secret stands in the configuration itself, in a file that holds it alone, or in a credential that systemd hands over.
//! Promises that exactly one of the three is taken, and that no problem, log or `Debug` repeats one.

use std::{
    cell::Cell,
    fmt, fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::reader::{At, Report, Section};

/// The folder in which systemd puts the credentials of a unit.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// A text that must not get into a log or a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one that needs it to prove who we are.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key for encryption.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Its bytes, for the one that encrypts.
    #[must_use]
    pub fn reveal(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut key = [0; 32];
        let wrong = |_| "should be 64 hexadecimal digits; make one with “openssl rand -hex 32”".to_owned();
        hex::decode_to_slice(text.trim(), &mut key).map_err(wrong)?;
        Ok(Self(key))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What a secret is called: by value, in a file, as a credential.
#[derive(Clone, Copy)]
pub(super) struct Names {
    value: &'static str,
    file: &'static str,
    credential: &'static str,
}

/// The names of a secret from its own.
macro_rules! names {
    ($name:literal) => {
        Names { value: $name, file: concat!($name, "_file"), credential: concat!($name, "_credential") }
    };
}

pub(super) const STORE_URL: Names = names!("url");
pub(super) const TOKEN_KEY: Names = names!("token_key");
pub(super) const PASSWORD: Names = names!("password");
pub(super) const CLIENT_SECRET: Names = names!("client_secret");
pub(super) const REFRESH_TOKEN: Names = names!("refresh_token");
pub(super) const WEBHOOK: Names = names!("webhook");

impl Names {
    /// The first of the three that stands in a section, right or wrong.
    pub(super) fn found(self, section: &Section<'_, '_>) -> Option<&'static str> {
        [self.value, self.file, self.credential].into_iter().find(|name| section.has(name))
    }

    /// Whether a text is one that others must not read: the URL of a file, or of a server that asks for no password, is not.
    fn is_secret(self, text: &str) -> bool {
        let user = text.split_once("://").and_then(|(_, rest)| Some(rest.split_once('@')?.0));
        self.value != STORE_URL.value || user.is_some_and(|user| user.contains(':')) || text.contains("password=")
    }

    /// Reads a secret; `None` if it is not there, or is wrong, which is then reported.
    pub(super) fn read(self, report: &Report<'_>, section: &mut Section<'_, '_>, base: &Path) -> Option<At<Secret>> {
        self.parsed(report, section, base, |text| Ok(Secret::new(text)))
    }

    /// Passes a secret on, and reports it where there is none at all.
    pub(super) fn required(self, report: &Report<'_>, section: &mut Section<'_, '_>, base: &Path) -> Option<Secret> {
        let read = self.read(report, section, base);
        if read.is_none() && self.found(section).is_none() {
            report.note(section.line, format!("{} has no “{}”", section.title(), self.value));
        }
        read.map(|read| read.value)
    }

    /// Reads a secret that is then parsed; the parser's error is the problem, and must not repeat the text.
    pub(super) fn parsed<T>(
        self,
        report: &Report<'_>,
        section: &mut Section<'_, '_>,
        base: &Path,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        let is_secret = Cell::new(false);
        let parse = |text: &str| {
            is_secret.set(self.is_secret(text));
            if text.trim().is_empty() { Err("is empty".to_owned()) } else { parse(text) }
        };
        let here = section.parsed(self.value, parse);
        let file = section.text(self.file);
        let credential = section.text(self.credential);
        let there: Vec<_> =
            [self.value, self.file, self.credential].into_iter().filter(|name| section.has(name)).collect();
        if let [first, second, ..] = there[..] {
            let lines = [here.as_ref().map(|at| at.line), file.map(|at| at.line), credential.map(|at| at.line)];
            let line = lines.into_iter().flatten().max().unwrap_or(section.line);
            let what = format!("{} has both “{first}” and “{second}”", section.title());
            report.note_with_hint(line, what, "keep one of them");
            return None;
        }
        let (name, from) = match (file, credential) {
            (Some(file), _) => (self.file, At { value: Ok(base.join(file.value)), line: file.line }),
            (None, Some(name)) => (self.credential, At { value: credential_path(&name.value), line: name.line }),
            (None, None) => {
                if is_secret.get() {
                    report.holds_secret(None);
                }
                return here;
            }
        };
        let shown = from.value.as_ref().map_or_else(|_| String::new(), |path| format!(" {}", path.display()));
        let value = from.value.as_ref().map_err(Clone::clone).and_then(|path| only_line(path));
        let value = value.and_then(|text| parse(&text));
        if let (Ok(path), true) = (&from.value, is_secret.get()) {
            report.holds_secret(Some(path));
        }
        match value {
            Ok(value) => Some(At { value, line: from.line }),
            Err(error) => {
                report.note(from.line, format!("“{name}”{shown}: {error}"));
                None
            }
        }
    }
}

/// Where systemd put a credential.
fn credential_path(name: &str) -> Result<PathBuf, String> {
    if name.contains(['/', '\0']) || name == "." || name == ".." {
        return Err(format!("“{name}” is no name of a credential"));
    }
    #[expect(clippy::disallowed_methods, reason = "systemd says in the environment where the credentials are")]
    let folder = std::env::var_os(CREDENTIALS);
    let folder = folder.ok_or_else(|| {
        format!("there are no credentials: {CREDENTIALS} is not set; systemd sets it for a unit with LoadCredential=")
    })?;
    Ok(PathBuf::from(folder).join(name))
}

/// The one line of a file; the end of the line does not belong to it.
fn only_line(path: &Path) -> Result<String, String> {
    #[expect(clippy::disallowed_methods, reason = "the files of the configuration are this module's")]
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err("is empty".to_owned()),
        line if line.contains(['\r', '\n', '\0']) => Err("holds more than one line".to_owned()),
        line => Ok(line.to_owned()),
    }
}
