//! What an item is meant to be: its purpose, asked of its subject, its words and its documents.
//!
//! Promises that what was quoted or forwarded below the sender's own words counts as quoted, and that a signature, a calendar
//! or a picture is no file that may hide an input.

use super::{
    circumstances::{Answers, Circumstances},
    item::Item,
};
use crate::core::{
    file::{File, Format},
    mail::{message::Message, quoting},
    purpose::{Document, Letter, Purpose, purpose},
    text,
};

/// The purpose of an item. `from_state`: something beside its text speaks for a state; `automatic`: its header says that a
/// program wrote it.
pub(super) fn meant(
    item: &Item,
    message: &Message,
    files: &[File],
    (from_state, automatic): (bool, bool),
    around: &Circumstances<'_>,
) -> Purpose {
    let (own, quoted) = quoting::apart(&item.body);
    let of_item = || item.files.iter().map(|(i, _)| &files[*i]);
    let documents: Vec<Document<'_>> = of_item()
        .filter(|file| file.format.is_document())
        .map(|file| Document {
            name: file.name.as_deref().unwrap_or_default(),
            letterhead: &file.reading.letterhead,
            text: &file.reading.text,
            words: file.reading.words.unwrap_or(0),
        })
        .collect();
    let letter = Letter {
        subject: item.subject.as_deref().unwrap_or_default(),
        own: &own,
        quoted: &quoted,
        documents: &documents,
        other_files: of_item().any(may_hold_an_input),
        links: !text::links(&own).is_empty(),
        answers: around.answers != Answers::Nothing,
        automatic,
        in_copy: !item.forwarded && is_in_copy(message, around),
        from_state,
        on: around.on,
    };
    purpose(&letter, around.topic)
}

/// Whether a file that is no document may hold an input all the same.
pub(super) fn may_hold_an_input(file: &File) -> bool {
    let signature = file.media_type.contains("signature") || file.media_type.contains("pgp-keys");
    let aside = file.format.is_document() || file.inline || matches!(file.format, Format::Image | Format::Calendar);
    !aside && !signature
}

/// Whether a message is addressed to others, and to us in copy alone.
fn is_in_copy(message: &Message, around: &Circumstances<'_>) -> bool {
    let to = message.headers.iter().find(|header| header.name.eq_ignore_ascii_case("To"));
    let Some(to) = to.filter(|_| !around.own.addresses.is_empty()) else { return false };
    let mut addresses = to.value.split([',', ';', ' ', '<', '>']).filter(|word| word.contains('@'));
    addresses.clone().next().is_some() && !addresses.any(|address| around.own.has(address))
}
