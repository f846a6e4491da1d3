//! The original of an entry: what was received, byte for byte.
//!
//! Promises the bytes whose SHA-256 is on record, or an error; that it is said where they are not the whole message; and
//! that whatever a scanner calls harmful, or has not looked through yet where there is one, comes with that warning.

use super::{Desk, DeskError, entry::resolve};
use crate::{
    core::{
        file::{Format, Outcome},
        mail::identity,
    },
    reading::Listed,
    store::{Claimed, EntryRow, FileRow, MessageState, StoreError, Tx, intake_number},
};

/// What was received.
#[derive(Clone, Debug)]
pub struct Original {
    /// The intake number of the message.
    pub number: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Why they are not the whole message, if they are not.
    pub lacks: Option<String>,
    /// Why it is not given to everybody, if it is not: what the virus scanner found, or that it has not looked yet.
    pub harm: Option<String>,
}

/// A file of a message, as it was sent.
#[derive(Clone, Debug)]
pub struct SentFile {
    /// The intake number of the message.
    pub number: String,
    /// The sender's name for it.
    pub name: Option<String>,
    /// Why it is not given to everybody, if it is not.
    pub harm: Option<String>,
    /// The bytes; none where they could not be taken out of the message once more.
    pub bytes: Option<Vec<u8>>,
}

impl Desk {
    /// What was received under a docket reference, an intake number, or the number of one of its items.
    ///
    /// # Errors
    /// There is no such entry, its original was erased or is damaged, or the database did not answer.
    pub async fn original(&self, reference: &str) -> Result<Original, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let (original, _) = self.original_in(&mut tx, reference).await?;
        Ok(original)
    }

    /// A file of that entry, by its place among all files of the message, from 1. It is not taken out where there is a
    /// warning and `warned` is false.
    ///
    /// # Errors
    /// There is no such entry or file, the original was erased or is damaged, it could not be taken out for now, or the
    /// database did not answer.
    pub async fn sent_file(&self, reference: &str, nth: usize, warned: bool) -> Result<SentFile, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let (original, files) = self.original_in(&mut tx, reference).await?;
        drop(tx);
        let number = original.number;
        let Some((nth, file)) = nth.checked_sub(1).and_then(|nth| Some((nth, files.get(nth)?))) else {
            let many = files.len();
            return Err(DeskError::NotFound(format!("{number} has no file with that number: it has {many}.")));
        };
        let program = || {
            let said = "It is a program, and no document: whoever opens it lets it do what it will.";
            (file.format == Format::Executable).then(|| said.to_owned())
        };
        let mut sent = SentFile { number, name: file.name.clone(), harm: original.harm.or_else(program), bytes: None };
        if sent.harm.is_some() && !warned {
            return Ok(sent);
        }
        let Some(readers) = &self.readers else {
            return Err(DeskError::Refused("Files are taken out of their messages by the daemon alone.".to_owned()));
        };
        let listed: Vec<Listed<'_>> = files.iter().map(listed).collect();
        sent.bytes = readers.take_out(&original.bytes, &listed, nth).await.map_err(|error| {
            tracing::warn!("a file of {} could not be taken out: {error}", sent.number);
            DeskError::Refused(format!("It could not be taken out of {} for now: {error}.", sent.number))
        })?;
        Ok(sent)
    }

    async fn original_in(&self, tx: &mut Tx, reference: &str) -> Result<(Original, Vec<FileRow>), DeskError> {
        let number = resolve(tx, reference).await?.map(|(number, _)| number);
        let found = match number {
            Some(number) => tx.look_at(number).await?.zip(tx.entry(number).await?),
            None => None,
        };
        let Some((message, entry)) = found else {
            return Err(DeskError::NotFound(format!("there is no entry {reference}; `docket log` lists them")));
        };
        let number = intake_number(message.number);
        let Some(bytes) = bytes(tx, &number, &message.sha256).await? else {
            return Err(DeskError::Refused(format!(
                "the original of {number} has been erased: a person confirmed the message as unrelated"
            )));
        };
        let files = tx.files(message.id).await?;
        let harm = self.harm(tx, &entry, &files).await?;
        Ok((Original { number, sha256: message.sha256.clone(), bytes, lacks: lacks(&message), harm }, files))
    }

    /// Why what was received is not given to everybody, if it is not.
    async fn harm(&self, tx: &mut Tx, entry: &EntryRow, files: &[FileRow]) -> Result<Option<String>, StoreError> {
        // Of a finding that cannot be read nobody knows that there was no harm.
        let said = match tx.findings(entry.id).await?.message() {
            Ok(message) => message.and_then(|message| message.harmful),
            Err(unreadable) => Some(format!("What was found in it cannot be read any more: {unreadable}.")),
        };
        let infected = || files.iter().find(|file| file.outcome == Outcome::Infected);
        let said = said.or_else(|| infected().map(|file| file.detail.clone().unwrap_or_default()));
        let unscanned = || {
            let scans = self.instance.config.reading.scanner.is_some();
            match entry.state {
                MessageState::Read => None,
                MessageState::Stored => scans.then(|| "The virus scanner has not looked through it yet.".to_owned()),
                MessageState::Parked => scans.then(|| {
                    let why = entry.answer_reason.as_deref().unwrap_or_default();
                    format!("It could not be read, and nobody knows that it does no harm: {why}")
                }),
            }
        };
        Ok(said.or_else(unscanned))
    }
}

fn listed(file: &FileRow) -> Listed<'_> {
    Listed { path: &file.path, format: file.format, size: file.size, sha256: &file.sha256 }
}

/// The bytes of a message as they were received; none once they were erased.
///
/// # Errors
/// They are not those whose SHA-256 is on record, or the database did not answer.
pub(super) async fn bytes(tx: &mut Tx, number: &str, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = tx.original(sha256, usize::MAX).await?;
    if bytes.as_ref().is_some_and(|bytes| hex::encode(identity::evidence(bytes)) != sha256) {
        return Err(StoreError::Row(format!(
            "the original of {number} is damaged: its SHA-256 is not the one on record"
        )));
    }
    Ok(bytes)
}

/// Why the bytes of a message are not the whole of it, if they are not.
pub(super) fn lacks(message: &Claimed) -> Option<String> {
    let number = intake_number(message.number);
    let header = message.header_only.as_ref().map(|why| format!("only the header of {number} was taken in: {why}"));
    header.or_else(|| message.short.as_ref().map(|why| format!("{number} did not come whole: {why}")))
}
