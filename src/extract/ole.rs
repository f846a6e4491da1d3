//! Compound files (OLE): what Word wrote before 2007, and what passwords wrap documents in.
//!
//! Promises to say which of them a file is, and the document that another program put into one as an object; what the old
//! DOC format holds is read elsewhere.

use std::{
    io::{Cursor, Read},
    path::Path,
};

use cfb::CompoundFile;

use super::{found::Found, inner::last_step, limits::Limits, plain, refusal::Refusal};
use crate::core::file::{Format, Outcome};

/// Whether the bytes begin like a compound file.
pub(super) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
}

/// What a compound file is, by its streams; `None` where it is none of ours or cannot be opened.
pub(super) fn format(bytes: &[u8], extension: &str) -> Option<Format> {
    let by_name = match extension {
        "msg" => Format::Msg,
        "xls" | "xlsx" | "xlsm" => Format::Xlsx,
        "ppt" | "pptx" | "pps" => Format::Pptx,
        _ => Format::Doc,
    };
    let Ok(file) = CompoundFile::open(Cursor::new(bytes)) else { return Some(by_name) };
    let has = |name: &str| file.exists(format!("/{name}"));
    if has("EncryptedPackage") {
        return Some(if by_name == Format::Doc { Format::Docx } else { by_name });
    }
    if has("WordDocument") {
        Some(Format::Doc)
    } else if has("__properties_version1.0") {
        Some(Format::Msg)
    } else if has("Workbook") || has("Book") {
        Some(Format::Xlsx)
    } else if has("PowerPoint Document") {
        Some(Format::Pptx)
    } else {
        None
    }
}

/// The stream of a file that the packager wrapped.
const PACKAGER: &str = "\u{1}Ole10Native";

/// A document that stands in a compound file as an object.
pub(super) struct Document {
    /// Its own name, where the object tells it.
    pub(super) name: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// The document in a compound file that is an object; `None` where the file itself is the document, or nobody's.
pub(super) fn document(bytes: &[u8], limits: &Limits) -> Option<Document> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
    let mut left = limits.part_bytes;
    within(&mut file, Path::new("/"), &mut left)
}

/// The document in a storage that is an object; `None` where there is none that can be read within what is `left`.
pub(super) fn within(file: &mut CompoundFile<Cursor<&[u8]>>, storage: &Path, left: &mut u64) -> Option<Document> {
    // As Office, Acrobat and other offices name it, then the packager, which wraps any file.
    ["Package", "CONTENTS", "EmbeddedOdf", PACKAGER].into_iter().find_map(|name| {
        let place = storage.join(name);
        if !file.is_stream(&place) {
            return None;
        }
        let mut bytes = Vec::new();
        file.open_stream(&place).ok()?.take(*left + 1).read_to_end(&mut bytes).ok()?;
        *left = left.checked_sub(bytes.len() as u64)?;
        if name == PACKAGER { packaged(&bytes) } else { (!bytes.is_empty()).then_some(Document { name: None, bytes }) }
    })
}

/// What the packager wrapped: a label, two paths, and the file.
fn packaged(bytes: &[u8]) -> Option<Document> {
    let (label, rest) = until_zero(bytes.get(6..)?)?;
    let (_path, rest) = until_zero(rest)?;
    let number = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize);
    let rest = rest.get(4..)?;
    let rest = rest.get(4..)?.get(number(rest)?..)?;
    let file = rest.get(4..)?;
    let bytes = file[..number(rest)?.min(file.len())].to_vec();
    Some(Document { name: last_step(&plain::decode(label, None)), bytes })
}

fn until_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// The answer to a Word document behind a password.
pub(super) fn refuse_encrypted() -> Result<Found, Refusal> {
    Err(Refusal::new(Outcome::Encrypted, "This document needs a password: please send it without one."))
}
