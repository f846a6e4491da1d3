//! Compound files (OLE): what Word wrote before 2007, and what passwords wrap documents in.
//!
//! Promises to say which of them a file is; what the old DOC format holds is read elsewhere.

use std::io::Cursor;

use cfb::CompoundFile;

use super::{found::Found, refusal::Refusal};
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

/// The answer to a Word document behind a password.
pub(super) fn refuse_encrypted() -> Result<Found, Refusal> {
    Err(Refusal::new(Outcome::Encrypted, "This document needs a password: please send it without one."))
}
