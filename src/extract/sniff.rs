//! What a file is, by its content.
//!
//! Promises that a name never makes a file something its bytes are not; the name and the declared media type only tell
//! apart what is all text. Nothing is unpacked but the directory of a zip or compound file and two small parts.

use super::{archive::Archive, limits::Limits, ole, plain};
use crate::core::file::Format;

/// The format of a file's bytes.
#[must_use]
pub fn sniff(bytes: &[u8], name: Option<&str>, media_type: &str) -> Format {
    let extension =
        name.and_then(|n| n.rsplit_once('.')).map(|(_, e)| e.trim().to_ascii_lowercase()).unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    by_magic(bytes, &extension).unwrap_or_else(|| text_like(bytes, &extension, &media_type))
}

fn by_magic(bytes: &[u8], extension: &str) -> Option<Format> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08") {
        return Some(zipped(bytes));
    }
    if ole::is_compound(bytes) {
        return Some(ole::format(bytes, extension).unwrap_or(Format::Unknown));
    }
    if is_executable(bytes) {
        return Some(Format::Executable);
    }
    if starts(&[0x78, 0x9F, 0x3E, 0x22]) {
        return Some(Format::Tnef);
    }
    if is_image(bytes) {
        return Some(Format::Image);
    }
    let head = &bytes[..bytes.len().min(1024)];
    let begin = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    if head[begin..].starts_with(b"{\\rtf") {
        return Some(Format::Rtf);
    }
    if contains(head, b"%PDF-") {
        return Some(Format::Pdf);
    }
    // DER: a sequence that begins with an object identifier of PKCS #7.
    if bytes.first() == Some(&0x30)
        && contains(&head[..head.len().min(40)], &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07])
    {
        return Some(Format::Smime);
    }
    None
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

fn is_executable(bytes: &[u8]) -> bool {
    const SHORTCUT: &[u8] = &[0x4C, 0, 0, 0, 1, 0x14, 2, 0];
    // A text may begin with “MZ”; a program has zero bytes soon after.
    (bytes.starts_with(b"MZ") && bytes.iter().take(64).any(|b| *b == 0))
        || [
            b"\x7FELF".as_slice(),
            &[0xFE, 0xED, 0xFA, 0xCE],
            &[0xFE, 0xED, 0xFA, 0xCF],
            &[0xCE, 0xFA, 0xED, 0xFE],
            &[0xCF, 0xFA, 0xED, 0xFE],
            &[0xCA, 0xFE, 0xBA, 0xBE],
            SHORTCUT,
            b"#!/",
            b"#! /",
        ]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}

fn is_image(bytes: &[u8]) -> bool {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let brand = |brand: &[u8]| at(4, b"ftyp") && at(8, brand);
    at(0, &[0xFF, 0xD8, 0xFF])
        || at(0, b"\x89PNG\r\n\x1A\n")
        || at(0, b"GIF87a")
        || at(0, b"GIF89a")
        || at(0, b"II*\0")
        || at(0, b"MM\0*")
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || (at(0, b"BM") && at(6, &[0, 0, 0, 0]))
        || brand(b"heic")
        || brand(b"heix")
        || brand(b"mif1")
        || brand(b"avif")
        || at(0, &[0, 0, 1, 0])
        || (at(0, &[1, 0, 0, 0]) && at(40, b" EMF"))
        || at(0, &[0xD7, 0xCD, 0xC6, 0x9A])
        || at(0, b"8BPS")
        || at(0, b"\0\0\0\x0CjP  ")
}

/// A zip file by the parts it holds.
fn zipped(bytes: &[u8]) -> Format {
    let limits = Limits { all_bytes: 4 << 20, entries: usize::MAX, ..Limits::default() };
    let Ok(mut archive) = Archive::new(bytes, &limits) else {
        // Cut short, so without a directory; the first entries still tell.
        let instance =
            contains(&bytes[..bytes.len().min(4096)], b"[Content_Types].xml") || contains(bytes, b"word/document.xml");
        return if instance { Format::Docx } else { Format::Zip };
    };
    if let Ok(Some(kind)) = archive.part("mimetype") {
        let kind = String::from_utf8_lossy(&kind);
        if let Some(kind) = kind.trim().strip_prefix("application/vnd.oasis.opendocument.") {
            return if kind.starts_with("text") { Format::Odt } else { Format::Unknown };
        }
    }
    let types = archive.part("[Content_Types].xml").ok().flatten().unwrap_or_default();
    let types = super::xml::decode(&types);
    let under = |folder: &str| archive.names().any(|n| n.starts_with(folder));
    let is_office = !types.is_empty() || archive.has("_rels/.rels");
    let is_word = types.contains("wordprocessingml") || types.contains("vnd.ms-word.");
    if is_word && types.contains(".main+xml") {
        macros(&types)
    } else if types.contains("spreadsheetml") {
        Format::Xlsx
    } else if types.contains("presentationml") {
        Format::Pptx
    } else if is_office && under("word/") {
        macros(&types)
    } else if is_office && under("xl/") {
        Format::Xlsx
    } else if is_office && under("ppt/") {
        Format::Pptx
    } else {
        Format::Zip
    }
}

fn macros(types: &str) -> Format {
    if types.contains("macroEnabled") || types.contains("vbaProject") { Format::Docm } else { Format::Docx }
}

/// What has no magic bytes.
fn text_like(bytes: &[u8], extension: &str, media_type: &str) -> Format {
    if bytes.is_empty() {
        return by_extension(extension);
    }
    if !is_text(bytes) {
        return Format::Unknown;
    }
    let text = plain::decode(&bytes[..bytes.len().min(4096)], None);
    let head = text.trim_start_matches('\u{FEFF}').trim_start();
    let lower = head.to_ascii_lowercase();
    let starts = |word: &str| lower.starts_with(word);
    if starts("begin:vcalendar") {
        return Format::Calendar;
    }
    if ["-----begin pkcs7", "-----begin cms", "-----begin pgp"].iter().any(|w| starts(w)) {
        return Format::Smime;
    }
    let markup = starts("<");
    if markup && lower.contains("<svg") && !lower.contains("<html") {
        return Format::Image;
    }
    if ["<!doctype html", "<html", "<head", "<body", "<meta"].iter().any(|w| starts(w))
        || (markup && lower.contains("<html"))
        || (lower.contains('<') && (media_type == "text/html" || matches!(extension, "html" | "htm")))
    {
        return Format::Html;
    }
    if (media_type == "message/rfc822" || extension == "eml") && is_message(&lower) {
        return Format::Message;
    }
    if matches!(extension, "bat" | "cmd" | "ps1" | "vbs" | "vbe" | "js" | "jse" | "wsf" | "hta" | "scr" | "reg") {
        return Format::Executable;
    }
    // Markup that is neither HTML nor meant to be read would count its tags as words.
    if starts("<?xml") || starts("<?mso") { Format::Unknown } else { Format::Text }
}

/// The name of an empty file is all there is.
fn by_extension(extension: &str) -> Format {
    match extension {
        "docx" => Format::Docx,
        "docm" => Format::Docm,
        "pdf" => Format::Pdf,
        "doc" => Format::Doc,
        "odt" => Format::Odt,
        "rtf" => Format::Rtf,
        "txt" => Format::Text,
        "htm" | "html" => Format::Html,
        _ => Format::Unknown,
    }
}

/// Header fields before anything else.
fn is_message(lower: &str) -> bool {
    [
        "from",
        "to",
        "received",
        "return-path",
        "date",
        "subject",
        "mime-version",
        "message-id",
        "delivered-to",
        "x-",
        "content-",
    ]
    .iter()
    .any(|field| lower.starts_with(field))
        && lower.lines().next().is_some_and(|line| line.contains(':') || line.starts_with("from "))
}

/// Whether bytes are text in some charset: hardly any control characters.
fn is_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 << 10)];
    if encoding_rs::Encoding::for_bom(head).is_some() || plain::utf16(head).is_some() {
        return true;
    }
    let control = head.iter().filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    !head.contains(&0) && control * 100 <= head.len()
}
