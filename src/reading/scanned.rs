//! What a virus scanner says of a message, put into what was read of it.
//!
//! Promises that of a harmful message every file is `infected` and the message itself says so, and that whatever was not
//! scanned says that, and why, on each file. Mail is never held up by it.

use super::{
    progress::Progress,
    read_mail::ReadMail,
    scanner::{Scan, ScanError},
};
use crate::core::file::{Outcome, Reading};

/// What the scanner said; `None` where none is asked.
pub(super) struct Scanned(pub(super) Option<Result<Scan, ScanError>>);

impl Scanned {
    /// The name that the scanner has for a harmful message.
    pub(super) fn found(&self) -> Option<&str> {
        match &self.0 {
            Some(Ok(Scan::Found(name))) => Some(name),
            _ => None,
        }
    }

    /// How a message is read of which this was said: the files of a harmful one are listed, and none is opened.
    pub(super) fn begin(&self, reading: Progress) -> Progress {
        if self.found().is_some() { reading.listing() } else { reading }
    }

    /// Puts it into what was read.
    pub(super) fn put_into(self, mail: &mut ReadMail) {
        if let Ok(message) = &mut mail.message {
            // Who reads is fed by strangers, and has no say in this.
            message.harmful = None;
        }
        let Some(said) = self.0 else { return };
        mail.scanner = Some(match &said {
            Err(error) if !error.is_of_the_message() => Err(error.to_string()),
            _ => Ok(()),
        });
        match said {
            Ok(Scan::Clean) => {}
            Ok(Scan::Found(name)) => harmful(mail, &name),
            Err(error) => not_scanned(mail, &error),
        }
    }
}

fn harmful(mail: &mut ReadMail, name: &str) {
    tracing::warn!("the virus scanner found {name} in a message; no file of it was opened");
    let found = format!("The virus scanner found “{name}” in this message");
    let whole = format!("{found}; no file of it was opened.");
    match &mut mail.message {
        Ok(message) => {
            message.defects.push(whole.clone());
            message.harmful = Some(whole);
        }
        Err(reason) => *reason = format!("{reason} {whole}"),
    }
    let detail = format!("{found}, so this file was not opened: have it examined before anybody opens it.");
    for file in &mut mail.files {
        file.reading = Reading::without_text(Outcome::Infected, detail.as_str());
    }
}

fn not_scanned(mail: &mut ReadMail, error: &ScanError) {
    let said = format!("It was not scanned for viruses: the scanner {error}.");
    for file in &mut mail.files {
        let detail = file.reading.detail.take().map(|detail| format!("{detail} {said}"));
        file.reading.detail = Some(detail.unwrap_or_else(|| said.clone()));
    }
}
