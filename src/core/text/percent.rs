//! Percent-encoding (RFC 3986, section 2.1), as addresses, forms and parameters of fields have it.

use std::fmt::Write as _;

/// All but letters, digits and the few signs that need none, as `%XX`.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Takes `%` and two digits for the byte that they stand for; a `%` without them stays.
#[must_use]
pub fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let mut byte = [0];
        rest = match after.get(..2) {
            Some(digits) if first == b'%' && hex::decode_to_slice(digits, &mut byte).is_ok() => {
                bytes.push(byte[0]);
                &after[2..]
            }
            _ => {
                bytes.push(first);
                after
            }
        };
    }
    bytes
}
