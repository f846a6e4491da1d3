//! Messages that Outlook saved as a file (.msg): their body and what is attached to them.
//!
//! Promises names and bytes as the compound file holds them; messages attached within are opened into the same list,
//! and what is attached and cannot be had is told.

use std::{
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use cfb::CompoundFile;

use super::{
    inner::{Inner, Opened, last_step},
    limits::Limits,
    ole,
    refusal::Refusal,
};
use crate::core::file::Outcome;

type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// More attachments than this are not opened.
const MOST: usize = 1_000;

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Refusal> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| {
        Refusal::new(Outcome::Damaged, "This Outlook message is damaged and could not be opened: please send it again.")
    })?;
    let mut left = limits.all_bytes;
    let mut inner = Vec::new();
    let mut missing = 0;
    // Depth first, without recursion: the message itself, then the messages attached to it.
    let mut messages = vec![PathBuf::from("/")];
    while let Some(message) = messages.pop() {
        if let Some(body) = text(&mut file, &message, "1000", &mut left).filter(|b| !b.trim().is_empty()) {
            inner.push(Inner { name: None, media_type: "text/plain".to_owned(), bytes: body.into_bytes() });
        }
        let Ok(entries) = file.read_storage(&message) else { continue };
        let attachments: Vec<PathBuf> = entries
            .filter(|e| e.is_storage() && e.name().starts_with("__attach_version1.0"))
            .map(|e| e.path().to_owned())
            .collect();
        for attachment in attachments {
            if inner.len() >= MOST {
                let rest = format!("It holds more than {MOST} files: a person must open it.");
                return Ok(Opened { files: inner, rest: Some(rest) });
            }
            let embedded = attachment.join("__substg1.0_3701000D");
            let document = if file.is_storage(&embedded) {
                // A message, or what another program made of a document.
                if is_message(&file, &embedded) {
                    messages.push(embedded);
                    continue;
                }
                ole::within(&mut file, &embedded, &mut left)
            } else {
                let bytes = stream(&mut file, &attachment.join("__substg1.0_37010102"), &mut left);
                bytes.map(|bytes| ole::Document { name: None, bytes })
            };
            let Some(document) = document else {
                missing += 1;
                continue;
            };
            let name = text(&mut file, &attachment, "3707", &mut left)
                .or_else(|| text(&mut file, &attachment, "3704", &mut left))
                .and_then(|name| last_step(&name));
            let name = document.name.or(name);
            let media_type = text(&mut file, &attachment, "370E", &mut left)
                .unwrap_or_else(|| "application/octet-stream".to_owned());
            inner.push(Inner { name, media_type, bytes: document.bytes });
        }
    }
    let rest = match missing {
        0 => None,
        1 => Some("1 file that is attached to it could not be opened: please send it by itself.".to_owned()),
        n => Some(format!("{n} files that are attached to it could not be opened: please send them by themselves.")),
    };
    Ok(Opened { files: inner, rest })
}

/// Whether a storage is a message: all names of its properties begin alike.
fn is_message(file: &Compound<'_>, storage: &Path) -> bool {
    file.read_storage(storage).is_ok_and(|mut entries| entries.any(|entry| entry.name().starts_with("__")))
}

/// A text property by its number: Unicode, else in the sender's code page.
fn text(file: &mut Compound<'_>, storage: &Path, property: &str, left: &mut u64) -> Option<String> {
    if let Some(wide) = stream(file, &storage.join(format!("__substg1.0_{property}001F")), left) {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0.into_owned());
    }
    let narrow = stream(file, &storage.join(format!("__substg1.0_{property}001E")), left)?;
    Some(super::plain::decode(&narrow, None).into_owned())
}

fn stream(file: &mut Compound<'_>, path: &Path, left: &mut u64) -> Option<Vec<u8>> {
    if !file.is_stream(path) {
        return None;
    }
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(*left).read_to_end(&mut bytes).ok()?;
    *left -= bytes.len() as u64;
    Some(bytes)
}
