//! Folder names as IMAP writes them: modified UTF-7 (RFC 3501, section 5.1.3).
//!
//! Promises that a name goes there and back unchanged; what is no modified UTF-7 is taken as it stands.

use base64::{Engine as _, alphabet, engine::GeneralPurpose, engine::general_purpose::NO_PAD};

/// Base64 with a comma in place of the slash, and no padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::IMAP_MUTF7, NO_PAD);

/// A name for the server, in quotes.
#[must_use]
pub(super) fn quoted(name: &str) -> String {
    let mut written = String::from("\"");
    let mut foreign = Vec::new();
    let flush = |foreign: &mut Vec<u8>, written: &mut String| {
        if !foreign.is_empty() {
            written.push('&');
            written.push_str(&BASE64.encode(std::mem::take(foreign)));
            written.push('-');
        }
    };
    for c in name.chars() {
        if !(' '..='~').contains(&c) {
            foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        flush(&mut foreign, &mut written);
        match c {
            '&' => written.push_str("&-"),
            '"' | '\\' => written.extend(['\\', c]),
            plain => written.push(plain),
        }
    }
    flush(&mut foreign, &mut written);
    written.push('"');
    written
}

/// A name from the server.
#[must_use]
pub(super) fn read(written: &str) -> String {
    let mut name = String::new();
    let mut rest = written;
    while let Some((plain, after)) = rest.split_once('&') {
        let Some((foreign, behind)) = after.split_once('-') else { return written.to_owned() };
        name.push_str(plain);
        if foreign.is_empty() {
            name.push('&');
        } else {
            let Ok(bytes) = BASE64.decode(foreign) else { return written.to_owned() };
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            name.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        rest = behind;
    }
    name + rest
}
