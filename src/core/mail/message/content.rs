//! What the header of a MIME part says about its content (RFC 2045, 2183, 2231).
//!
//! Promises a media type for any part. mail-parser reads the structured fields; joined first is what it cannot join:
//! encoded words cut inside a character, and RFC 2231 pieces cut inside one.

use encoding_rs::Encoding;
use mail_parser::{ContentType, parsers::MessageStream};

use super::Disposition;
use crate::core::{
    mail::header::{self, block::Block, charset, encoded_word},
    text::{self, percent},
};

/// No structured field is read further.
const LONGEST: usize = 16 * 1024;

/// The content as its header describes it.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// In lower case; what the standard implies where nothing is said.
    pub(super) media_type: String,
    pub(super) charset: Option<String>,
    pub(super) boundary: Option<String>,
    /// The cleaned file name.
    pub(super) name: Option<String>,
    pub(super) report_type: Option<String>,
    /// `method` of a calendar part.
    pub(super) method: Option<String>,
    pub(super) flowed: bool,
    pub(super) delete_space: bool,
    pub(super) disposition: Disposition,
    /// `Content-ID` without angle brackets.
    pub(super) id: Option<String>,
    /// In lower case.
    pub(super) encoding: String,
}

impl Content {
    pub(super) fn of(block: &Block<'_>, eight_bit: Option<&'static Encoding>, implied: &str) -> Self {
        let read = |name| Structured::read(block, name, eight_bit);
        let (kind, shown) = (read("Content-Type"), read("Content-Disposition"));
        let media_type = kind.as_ref().and_then(Structured::media_type);
        let parameter = |name| kind.as_ref().and_then(|k| k.parameter(name));
        let lower = |name| parameter(name).map(|v| text::line(&v, 100).to_ascii_lowercase());
        let name = shown
            .as_ref()
            .and_then(|s| s.parameter("filename").or_else(|| s.parameter("name")))
            .or_else(|| parameter("name"))
            .or_else(|| parameter("filename"));
        let encoding = block.first("Content-Transfer-Encoding").map(|f| f.text(None, 40)).unwrap_or_default();
        Self {
            media_type: media_type.unwrap_or_else(|| implied.to_owned()),
            charset: parameter("charset").map(|c| text::line(&c, 60)),
            boundary: parameter("boundary").filter(|b| !b.trim().is_empty()),
            name: name.and_then(|n| text::file_name(&n)),
            report_type: lower("report-type"),
            method: lower("method"),
            flowed: lower("format").is_some_and(|f| f == "flowed"),
            delete_space: lower("delsp").is_some_and(|d| d == "yes"),
            disposition: match shown.as_ref().map(|s| s.field.ctype().to_ascii_lowercase()).as_deref() {
                Some("attachment") => Disposition::Attachment,
                Some("inline") => Disposition::Inline,
                _ => Disposition::Unstated,
            },
            id: block.first("Content-ID").and_then(|f| header::ids(f).into_iter().next()),
            encoding: encoding
                .split([' ', ';', '('])
                .find(|w| !w.is_empty())
                .unwrap_or_default()
                .trim_matches('"')
                .to_ascii_lowercase(),
        }
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.media_type.starts_with("multipart/")
    }

    pub(super) fn is_message(&self) -> bool {
        matches!(self.media_type.as_str(), "message/rfc822" | "message/global" | "message/news")
    }
}

/// A field of a value with parameters.
struct Structured {
    field: ContentType<'static>,
    /// The unfolded value, for RFC 2231 pieces.
    value: String,
}

impl Structured {
    fn read(block: &Block<'_>, name: &str, eight_bit: Option<&'static Encoding>) -> Option<Self> {
        let mut value = block.first(name)?.unfolded(eight_bit);
        value.truncate(value.floor_char_boundary(LONGEST));
        let mut joined = encoded_word::joined(&value, eight_bit).into_bytes();
        joined.extend_from_slice(b"\r\n");
        let field = MessageStream::new(&joined).parse_content_type().into_content_type()?;
        let attributes = field.attributes.map(|list| {
            list.into_iter()
                .map(|a| mail_parser::Attribute {
                    name: a.name.into_owned().into(),
                    value: a.value.into_owned().into(),
                })
                .collect()
        });
        let field = ContentType {
            c_type: field.c_type.into_owned().into(),
            c_subtype: field.c_subtype.map(|s| s.into_owned().into()),
            attributes,
        };
        Some(Self { field, value })
    }

    fn media_type(&self) -> Option<String> {
        let clean = |s: &str| {
            let s = text::line(s, 100).to_ascii_lowercase();
            s.split([' ', ',']).next().unwrap_or_default().trim_matches(['"', '/']).to_owned()
        };
        let main = clean(self.field.ctype());
        let sub = self.field.subtype().map(clean).filter(|s| !s.is_empty());
        match (main.as_str(), sub) {
            ("", _) => None,
            ("text", None) => Some("text/plain".to_owned()),
            ("message", None) => Some("message/rfc822".to_owned()),
            ("multipart", None) => Some("multipart/mixed".to_owned()),
            (_, Some(sub)) => Some(format!("{main}/{sub}")),
            _ => None,
        }
    }

    fn parameter(&self, name: &str) -> Option<String> {
        extended(&self.value, name).or_else(|| self.field.attribute(name).map(str::to_owned))
    }
}

/// A parameter in the pieces or the charset of RFC 2231, its pieces joined before they are decoded.
fn extended(value: &str, wanted: &str) -> Option<String> {
    let mut pieces: Vec<(u32, bool, &str)> = Vec::new();
    for (name, value) in parameters(value) {
        let Some((base, rest)) = name.split_once('*') else { continue };
        if !base.trim().eq_ignore_ascii_case(wanted) {
            continue;
        }
        let (number, encoded) = match rest.strip_suffix('*') {
            Some(number) => (number, true),
            None => (rest, rest.is_empty()),
        };
        pieces.push((number.trim().parse().unwrap_or(0), encoded, value));
    }
    pieces.sort_by_key(|p| p.0);
    let (_, first_encoded, first) = *pieces.first()?;
    let label = first_encoded.then(|| first.split('\'').next().unwrap_or_default().to_owned());
    let mut bytes = Vec::new();
    for (at, (_, encoded, piece)) in pieces.iter().enumerate() {
        // `charset'language'` stands before the first piece.
        let piece = if at == 0 && *encoded { piece.splitn(3, '\'').last().unwrap_or(piece) } else { piece };
        bytes.extend(if *encoded { percent::decoded(piece) } else { piece.as_bytes().to_vec() });
    }
    let text = charset::decode(&bytes, label.as_deref());
    // Some mailers put encoded words into the pieces.
    Some(encoded_word::decode(&text, None)).filter(|t| !t.is_empty())
}

/// The parameters of a value, names and values without their quotes.
fn parameters(value: &str) -> Vec<(&str, &str)> {
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    let mut found = Vec::new();
    for (at, c) in value.char_indices().chain([(value.len(), ';')]) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            ';' if !quoted || at == value.len() => {
                if let Some((name, value)) = value[start..at].split_once('=') {
                    found.push((name.trim(), value.trim().trim_matches('"')));
                }
                start = (at + 1).min(value.len());
            }
            _ => {}
        }
    }
    found
}
