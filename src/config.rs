//! The configuration: `docket.toml`, the calls, the reference tables and the templates.
//!
//! Promises that a loaded configuration is complete and that every problem of a bad one is reported at once, each with
//! file, line and hint. A folder of the same shape as `config/` overrides the embedded defaults file by file.

mod address;
mod after_intake;
mod alarm;
mod call;
mod check;
mod civil;
mod database;
mod defaults;
mod file;
mod imap;
mod log;
mod oauth;
mod oidc;
mod problem;
mod reader;
mod rosters;
mod scanner;
mod secret;
mod server;
mod settings;
mod shipped;
mod smtp;
mod store;
pub mod units;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub use self::{
    address::PagesAddress,
    after_intake::AfterIntake,
    alarm::AlarmConfig,
    database::{database_file, database_url},
    imap::ImapConfig,
    log::{LogConfig, LogLevel},
    oauth::{ClientAuth, Grant, OauthConfig, Proof},
    oidc::OidcConfig,
    problem::{ConfigProblems, Problem},
    scanner::ScannerAt,
    secret::{Key, Secret},
    server::Tls,
    settings::{
        Config, Enforce, FolderForm, IntakeConfig, LettersConfig, MailSource, MailboxConfig, OnUncertain,
        ReadingConfig, SmtpConfig, SmtpLogin, StoreConfig, Tool, Transport, WebConfig,
    },
    shipped::{ConfigError, Shipped},
};
use self::{
    reader::{Report, Section},
    rosters::Rosters,
};
use crate::core::calls::call::Call;

/// Where a configuration is looked for when none is named.
const PLACES: [&str; 2] = ["docket.toml", "/etc/docket/docket.toml"];

/// A configuration with the files that belong to it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What was told.
    pub config: Config,
    /// The reference tables and templates, overridden by the folder of the file.
    pub shipped: Shipped,
    /// The file; `None` for the defaults.
    pub path: Option<PathBuf>,
    /// The files that hold secrets, the configuration itself among them if one stands there.
    pub secrets: Vec<PathBuf>,
}

impl Loaded {
    /// The embedded defaults, without mailbox or call, for commands that need no configuration.
    #[must_use]
    pub fn defaults() -> Self {
        Self { config: Config::default(), shipped: Shipped::embedded(), path: None, secrets: Vec::new() }
    }
}

impl Config {
    /// Reads the configuration: the file that is named, else `./docket.toml`, else the system's.
    ///
    /// # Errors
    /// All problems of the file and of the calls that it names.
    pub fn load(path: Option<&Path>) -> Result<Loaded, ConfigProblems> {
        let found = path.or_else(|| PLACES.iter().map(Path::new).find(|place| place.exists()));
        let Some(path) = found else {
            let hint = format!("nor {}; name one with --config, or write one with “docket init DIR”", PLACES[1]);
            return Err(Problem::of_file(Path::new(PLACES[0]), "there is no such file here", Some(&hint)).into());
        };
        #[expect(clippy::disallowed_methods, reason = "the files of the configuration are this module's")]
        let text = fs::read_to_string(path).map_err(|error| {
            let hint = "name another with --config, or write one with “docket init DIR”";
            Problem::of_file(path, format!("cannot be read: {error}"), Some(hint))
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Loaded, ConfigProblems> {
        let base = path.parent().unwrap_or(Path::new(""));
        let shipped = Shipped::overridden_by(base);
        let (report, table) = Report::parse(path, text);
        let written = file::read(&report, Section::root(&report, &table), path);
        check::together(&report, &written, base);
        let mut problems = Vec::new();
        let calls = check::calls(&report, &written.mailboxes, &shipped, &mut problems);
        let secrets = report.secrets();
        problems.extend(report.into_problems());
        if !problems.is_empty() {
            return Err(ConfigProblems(problems).sorted());
        }
        let config = Self {
            store: written.store,
            mailboxes: written.mailboxes.into_iter().filter_map(file::WrittenMailbox::resolve).collect(),
            letters: written.letters,
            intake: written.intake,
            reading: written.reading,
            web: written.web,
            log: written.log,
            alarm: written.alarm,
            calls,
        };
        Ok(Loaded { config, shipped, path: Some(path.to_owned()), secrets })
    }

    /// Whether there is a configuration in one of the places where it is looked for when none is named.
    #[must_use]
    pub fn is_at_hand() -> bool {
        PLACES.iter().any(|place| Path::new(place).exists())
    }

    /// What a daemon must not start with though the file is well formed: no mailbox, or the shipped placeholders.
    #[must_use]
    pub fn problems_for_run(&self) -> Vec<Problem> {
        check::for_run(self)
    }
}

/// Reads one call by its code from the shipped files or the folder that overrides them.
///
/// # Errors
/// There is no such call, or all problems of its file.
pub fn load_call(shipped: &Shipped, code: &str) -> Result<Call, ConfigProblems> {
    match call::load(shipped, code, &Rosters::load(shipped)) {
        Ok(Some(call)) => Ok(call),
        Ok(None) => Err(Problem::of_file(Path::new(&call::path_of(code)), "there is no such call", None).into()),
        Err(problems) => Err(ConfigProblems(problems).sorted()),
    }
}
