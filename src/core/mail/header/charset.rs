//! Bytes of an unknown or wrongly labelled charset as text.
//!
//! Promises text for any bytes: valid UTF-8 wins over its label, a label wins over a guess. What no charset explains
//! becomes U+FFFD; the raw bytes remain the record.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, WINDOWS_1252};

/// How much of a text the guess looks at.
const SAMPLE: usize = 64 * 1024;
/// Fewer bytes than this outside ASCII give no ground for a guess: one `£` or `é` is Western.
const FEWEST: usize = 4;

/// The charset of a label as mail writes it, with the spellings of old mailers.
#[must_use]
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let label = label.split('*').next().unwrap_or_default();
    let known = match label {
        "cp932" | "ms932" => "shift_jis",
        "cp936" | "ms936" => "gbk",
        "cp949" | "ms949" => "euc-kr",
        "cp950" | "ms950" => "big5",
        "cp866" => "ibm866",
        other => other,
    };
    let plain = known.replace('_', "-");
    Encoding::for_label(known.as_bytes())
        .or_else(|| Encoding::for_label(plain.as_bytes()))
        .or_else(|| plain.strip_prefix("cp").and_then(|n| Encoding::for_label(format!("windows-{n}").as_bytes())))
        .or_else(|| plain.strip_prefix("iso").and_then(|n| Encoding::for_label(format!("iso-{n}").as_bytes())))
        .filter(|e| *e != REPLACEMENT)
}

/// The likeliest charset of bytes that are not UTF-8.
#[must_use]
pub fn guess(bytes: &[u8]) -> &'static Encoding {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    if bytes.iter().filter(|b| !b.is_ascii()).count() < FEWEST {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// The charset of raw 8-bit header fields: what the message names, unless that is the label that mailers put on anything.
#[must_use]
pub fn of_header(bytes: &[u8], hint: Option<&str>) -> &'static Encoding {
    let guessed = guess(bytes);
    let hinted = hint.and_then(by_label).filter(|c| c.is_ascii_compatible() && !c.decode_without_bom_handling(bytes).1);
    match hinted {
        Some(hinted) if hinted != WINDOWS_1252 || guessed.is_single_byte() => hinted,
        _ => guessed,
    }
}

/// The text of bytes labelled so, or not labelled at all.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    decode_as(bytes, label.and_then(by_label))
}

/// The text of bytes in that charset, if it is one that explains them.
#[must_use]
pub fn decode_as(bytes: &[u8], charset: Option<&'static Encoding>) -> String {
    let wide = charset.is_some_and(|c| !c.is_ascii_compatible());
    if !wide && let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    if let Some(charset) = charset {
        let (text, _, broken) = charset.decode(bytes);
        if !broken || charset == ISO_2022_JP || mostly_whole(&text) {
            return text.into_owned();
        }
    }
    let (text, _, broken) = guess(bytes).decode(bytes);
    match charset {
        Some(charset) if broken => charset.decode(bytes).0.into_owned(),
        None if broken => WINDOWS_1252.decode(bytes).0.into_owned(),
        _ => text.into_owned(),
    }
}

/// A text that was cut inside a character, or damaged in a few places, still has the charset of its label.
fn mostly_whole(text: &str) -> bool {
    let (whole, broken) = text.chars().filter(|c| !c.is_ascii()).take(SAMPLE).fold((0, 0), |(whole, broken), c| {
        if c == char::REPLACEMENT_CHARACTER { (whole, broken + 1) } else { (whole + 1, broken) }
    });
    whole > broken * 4
}
