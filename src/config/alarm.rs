//! Who is called when the program does not do its work: `[alarm]`.
//!
//! Promises that no address of a web server is shown, for it may hold a secret, and that none is called in the clear but
//! on this machine.

use std::{path::Path, time::Duration};

use super::{
    reader::{At, Report, Section},
    secret::WEBHOOK,
    server,
};
use crate::net::http::Endpoint;

/// Who is called, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmConfig {
    /// How long a mailbox must have been unread, letters stuck, or the database silent.
    pub after: Duration,
    /// The program that is run, with its arguments.
    pub command: Option<Vec<String>>,
    /// The web server that is told.
    pub webhook: Option<Endpoint>,
}

impl AlarmConfig {
    /// Whether anybody is called.
    #[must_use]
    pub fn calls_somebody(&self) -> bool {
        self.command.is_some() || self.webhook.is_some()
    }
}

/// Reads the section.
pub(super) fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> AlarmConfig {
    let lengths = Duration::from_secs(1)..=Duration::from_hours(7 * 24);
    let after = section.duration("after", lengths).map_or(AlarmConfig::default().after, |after| after.value);
    let command = section.texts("command").and_then(|written| command(report, written, base));
    let webhook = WEBHOOK.parsed(report, &mut section, base, str::parse::<Endpoint>);
    let ca_file = server::ca_file(report, &mut section, base);
    if ca_file.is_some() && WEBHOOK.found(&section).is_none() {
        report.note_with_hint(section.line, "“ca_file” of [alarm] has no effect", "it is for a “webhook”");
    }
    section.finish();
    let mut webhook = webhook.map(|webhook| webhook.value);
    if let Some(webhook) = &mut webhook {
        webhook.ca_file = ca_file;
    }
    AlarmConfig { after, command, webhook }
}

/// A program that is named with its folder begins at the folder of the configuration; any other is looked for where
/// programs are.
fn command(report: &Report<'_>, written: At<Vec<At<String>>>, base: &Path) -> Option<Vec<String>> {
    let mut words: Vec<String> = written.value.into_iter().map(|word| word.value).collect();
    let Some(program) = words.first_mut() else {
        report.note_with_hint(written.line, "“command” of [alarm] names no program", "or leave it out");
        return None;
    };
    if program.contains('/') {
        *program = base.join(&*program).display().to_string();
    }
    Some(words)
}
