//! What the items of a message are for that was read before that was found, by what is kept of its reading.
//!
//! Promises to judge by the text that is kept and by nothing else: of a message whose text was erased, or with messages
//! within it, whose text is not kept apart, nothing is said.

use super::{
    PipelineError,
    conclusion::{brings_document, judgement},
    context::Around,
};
use crate::{
    core::{
        file::{File, Reading, Role, WordsByPart},
        mail::message::Message,
        purpose::Purpose,
    },
    instance::Instance,
    store::{FileRow, Id, Tx},
};

/// So much of a text is read: more than any has.
const ALL: usize = 1 << 30;
/// How many lines stand where a letterhead does.
const LETTERHEAD: usize = 12;

/// What the items of a message are for, each by its number, but for those of which that is known.
pub(in crate::pipeline) async fn purposes_of(
    tx: &mut Tx,
    instance: &Instance,
    message: Id,
    number: i64,
) -> Result<Vec<(i64, Purpose)>, PipelineError> {
    let findings = tx.findings(message).await?;
    let (Some(header), Some(body)) = (findings.message()?, tx.body(message).await?) else { return Ok(Vec::new()) };
    let Some(claimed) = tx.look_at(number).await?.filter(|_| header.attached.is_empty()) else {
        return Ok(Vec::new());
    };
    let read = Message { body, ..header };
    let mut texts = tx.file_texts(message, ALL).await?;
    let rows = tx.files(message).await?;
    let files: Vec<File> =
        rows.into_iter().map(|row| (texts.remove(&row.n).unwrap_or_default(), row)).map(kept).collect();
    let around = Around::gather(tx, instance, &claimed, &read, brings_document(&files)).await?;
    let judged = judgement(instance, &around, &read, &files);
    let items = tx.items(message).await?;
    // What is counted otherwise by now is not told apart as it was then.
    if judged.items.len() != items.len() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (item, judged) in items.iter().zip(judged.items) {
        if findings.purpose(item.n)?.is_none() {
            found.push((item.n, judged.purpose));
        }
    }
    Ok(found)
}

/// A file as far as it is kept.
fn kept((text, row): (String, FileRow)) -> File {
    let letterhead: Vec<&str> = text.lines().take(LETTERHEAD).collect();
    File {
        inline: row.role == Role::InlineImage,
        reading: Reading {
            outcome: row.outcome,
            engine: row.engine,
            pages: row.pages,
            pages_without_text: row.pages_without_text,
            pages_failed: row.pages_failed,
            words: row.words,
            words_by_part: WordsByPart {
                body: row.words.unwrap_or_default(),
                notes: row.words_notes,
                running_heads: row.words_running_heads,
            },
            language: row.language.and_then(|language| language.parse().ok()),
            letterhead: letterhead.join("\n"),
            text,
            detail: row.detail,
            tried: row.tried,
        },
        path: row.path,
        name: row.name,
        media_type: row.media_type,
        size: row.size,
        sha256: row.sha256,
        format: row.format,
    }
}
