//! Plain text and HTML, whatever their charset.
//!
//! Promises never to fail: a byte that means nothing becomes the replacement character.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use mail_parser::decoders::html::html_to_text;

use super::{found::Found, refusal::Refusal};

#[expect(clippy::unnecessary_wraps, reason = "an engine of the chain, like the others")]
pub(super) fn read_text(bytes: &[u8]) -> Result<Found, Refusal> {
    Ok(Found { engine: "text", body: decode(bytes, None).into_owned(), ..Found::default() })
}

#[expect(clippy::unnecessary_wraps, reason = "an engine of the chain, like the others")]
pub(super) fn read_html(bytes: &[u8]) -> Result<Found, Refusal> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let declared = head.split("charset=").nth(1).and_then(|rest| {
        let label = rest.trim_start_matches(['"', '\'', ' ']);
        let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(label.len());
        Encoding::for_label(&label.as_bytes()[..end])
    });
    let text = decode(bytes, declared);
    Ok(Found { engine: "html", body: html_to_text(&text), ..Found::default() })
}

/// The text of bytes: by byte order mark, then UTF-8 where it is valid, then the declared charset, then by statistics.
pub(super) fn decode<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Some(encoding) = utf16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = declared.filter(|e| *e != encoding_rs::UTF_8).unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Allow)
    });
    encoding.decode_without_bom_handling(bytes).0
}

/// UTF-16 without a mark: every other byte of the first lines is zero.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half >= 4 && odd * 10 >= half * 6 && even * 20 <= half {
        Some(encoding_rs::UTF_16LE)
    } else if half >= 4 && even * 10 >= half * 6 && odd * 20 <= half {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}
