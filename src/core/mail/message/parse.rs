//! Raw bytes → [`Message`] and its files.
//!
//! Promises an answer for all bytes that have a header, never to lose a file silently (what cannot be opened is listed
//! and named in a defect), and bounded work: 16 levels, 2,000 parts, 200 files, 256 MiB. The tree is walked here and not by
//! mail-parser, whose own tree leaves damaged base64 undecoded, takes a boundary for any line that begins with it, and
//! overflows the stack on 20,000 nested messages; it reads the structured fields and the HTML.

use super::{
    Attached, Disposition, Message, Part,
    body::{self, Shown},
    boundary::split,
    content::Content,
    transfer,
};
use crate::core::{
    mail::header::{
        self,
        block::Block,
        fields::{self, Defects},
    },
    text,
};

/// How deep parts are opened; DESIGN's limit.
const DEEPEST: usize = 16;
/// How many files of a message are listed.
const MOST_FILES: usize = 200;
/// How many parts of a message are looked at.
const MOST_PARTS: usize = 2_000;
/// How many bytes the files of a message may have together.
const MOST_BYTES: usize = 256 * 1024 * 1024;
/// How long the text of a message may be, in bytes.
const LONGEST_BODY: usize = 1_000_000;

/// A message with its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The headers and the text.
    pub message: Message,
    /// The files, containers before what they hold.
    pub parts: Vec<Part>,
}

/// The bytes are no email.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMessage {
    /// There are none.
    #[error("The file is empty.")]
    Empty,
    /// The first lines are no header fields.
    #[error("This is no email: it does not begin with header fields such as “From:”.")]
    NoHeader,
}

/// Parses a message.
///
/// # Errors
/// The bytes are empty, or do not begin with a header.
pub fn parse(raw: &[u8]) -> Result<Parsed, NotAMessage> {
    if raw.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(NotAMessage::Empty);
    }
    let raw = &*header::with_line_ends(raw);
    let block = Block::of_message(raw);
    if block.fields.is_empty() {
        return Err(NotAMessage::NoHeader);
    }
    let mut walk = Walk::default();
    let (mut message, content) = headers(raw, &block, &mut walk.defects);
    message.media_type.clone_from(&content.media_type);
    message.report_type.clone_from(&content.report_type);
    let shown = walk.entity(
        &raw[block.body..],
        &content,
        &Branch { path: "1".into(), depth: 0, outer: true, alternative: false },
    );
    message.report_type = message.report_type.or(walk.report_type);
    message.calendar_method = walk.calendar_method;
    message.body = text::without_armour(text::lines(&shown.text, LONGEST_BODY));
    message.attached = walk.attached;
    message.defects = walk.defects.0;
    Ok(Parsed { message, parts: walk.parts })
}

/// Where in the tree a part stands.
struct Branch {
    path: String,
    depth: usize,
    /// Belongs to the outermost message.
    outer: bool,
    /// Is one of several alternatives.
    alternative: bool,
}

impl Branch {
    fn below(&self, number: usize) -> Self {
        Self { path: format!("{}.{number}", self.path), depth: self.depth + 1, ..*self }
    }
}

/// What has been found on the way through the tree.
#[derive(Default)]
struct Walk {
    parts: Vec<Part>,
    attached: Vec<Attached>,
    defects: Defects,
    report_type: Option<String>,
    calendar_method: Option<String>,
    seen: usize,
    bytes: usize,
    /// A text of the message at hand has been shown already.
    has_text: bool,
}

impl Walk {
    /// Walks one part and returns what a reader sees of it. Recursion ends at [`DEEPEST`].
    fn entity(&mut self, raw: &[u8], content: &Content, branch: &Branch) -> Shown {
        self.seen += 1;
        if content.is_multipart() && branch.depth < DEEPEST {
            if let Some(shown) = self.multipart(raw, content, branch) {
                return shown;
            }
            self.defects
                .add("A part that should hold several parts has no boundary between them; it is read as one text.");
            let text = Content { media_type: "text/plain".into(), ..Content::default() };
            return self.leaf(raw, &text, branch);
        }
        if (content.is_message() || content.is_multipart()) && branch.depth >= DEEPEST {
            self.defects.add(format!("Parts are nested more than {DEEPEST} deep; what lies deeper was not opened."));
            self.file(raw.to_vec(), content, branch);
            return Shown::default();
        }
        if content.is_message() {
            self.message(raw, content, branch);
            return Shown::default();
        }
        self.leaf(raw, content, branch)
    }

    fn multipart(&mut self, raw: &[u8], content: &Content, branch: &Branch) -> Option<Shown> {
        let pieces = split(raw, content.boundary.as_deref(), MOST_PARTS.saturating_sub(self.seen));
        if pieces.is_empty() {
            return None;
        }
        if content.media_type == "multipart/encrypted" {
            self.defects.add("The message is encrypted: only the person whom it is encrypted for can read it.");
        }
        let implied = if content.media_type == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let alternative = content.media_type == "multipart/alternative";
        let mut shown = Vec::new();
        for (at, piece) in pieces.into_iter().enumerate() {
            if self.seen >= MOST_PARTS {
                self.defects.add(format!("The message has more than {MOST_PARTS} parts; the rest was not looked at."));
                break;
            }
            let block = Block::of_part(piece);
            let part = Content::of(&block, block.charset(content.charset.as_deref()), implied);
            let below = Branch { alternative: alternative || branch.alternative, ..branch.below(at + 1) };
            shown.push(self.entity(&piece[block.body..], &part, &below));
        }
        Some(if alternative { Shown::alternative(shown) } else { Shown::sequence(shown) })
    }

    /// A message within the message: listed as a container, then walked.
    fn message(&mut self, raw: &[u8], content: &Content, branch: &Branch) {
        let bytes = self.decoded(raw, content);
        let block = Block::of_message(&bytes);
        if block.fields.is_empty() {
            self.defects.add("An attached message has no header; it is listed as a file.");
            self.file(bytes, content, branch);
            return;
        }
        if !self.file(bytes.clone(), content, branch) {
            return;
        }
        let (message, inner) = headers(&bytes, &block, &mut Defects::default());
        let index = self.attached.len();
        self.attached.push(Attached {
            path: branch.path.clone(),
            from: message.from,
            subject: message.subject,
            message_id: message.message_id,
            date: message.date,
            body: String::new(),
        });
        let outer_has_text = std::mem::take(&mut self.has_text);
        let below = Branch { outer: false, alternative: false, ..branch.below(1) };
        let shown = self.entity(&bytes[block.body..], &inner, &below);
        self.has_text = outer_has_text;
        self.attached[index].body = text::without_armour(text::lines(&shown.text, LONGEST_BODY));
    }

    fn leaf(&mut self, raw: &[u8], content: &Content, branch: &Branch) -> Shown {
        let bytes = self.decoded(raw, content);
        if branch.outer {
            self.note_machine(&bytes, content);
        }
        self.name_unopened(&bytes, content);
        if !self.is_text(&bytes, content, branch) {
            self.file(bytes, content, branch);
            return Shown::default();
        }
        let plain = content.media_type == "text/plain";
        let (files, bytes) = if plain { transfer::unpack(&bytes) } else { (Vec::new(), bytes) };
        for (at, file) in files.into_iter().enumerate() {
            let content = Content {
                media_type: "application/octet-stream".into(),
                name: text::file_name(&file.name),
                disposition: Disposition::Attachment,
                ..Content::default()
            };
            self.file(file.bytes, &content, &branch.below(at + 1));
        }
        let shown = body::shown(&bytes, content);
        self.has_text |= !shown.text.trim().is_empty();
        shown
    }

    /// Whether a part is text to be read with the message rather than a file.
    fn is_text(&self, bytes: &[u8], content: &Content, branch: &Branch) -> bool {
        let named_as_text = content.name.as_ref().is_none_or(|name| {
            let name = name.to_lowercase();
            !name.contains('.') || [".txt", ".text", ".htm", ".html"].iter().any(|e| name.ends_with(e))
        });
        matches!(content.media_type.as_str(), "text/plain" | "text/html")
            && content.disposition != Disposition::Attachment
            && (content.name.is_none() || branch.alternative || !self.has_text && named_as_text)
            && ![b"%PDF-".as_slice(), b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"{\\rtf"]
                .iter()
                .any(|m| bytes.starts_with(m))
    }

    fn decoded(&mut self, raw: &[u8], content: &Content) -> Vec<u8> {
        let (bytes, as_claimed) = transfer::decode(raw, &content.encoding);
        if !as_claimed {
            self.defects.add(format!(
                "A part is not encoded as it claims (“{}”); its bytes are kept as they came.",
                text::line(&content.encoding, 40)
            ));
        }
        bytes.into_owned()
    }

    /// What only machines send: the parts by which a robot is known where the top level does not say so.
    fn note_machine(&mut self, bytes: &[u8], content: &Content) {
        let kind = match content.media_type.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => Some("delivery-status"),
            "message/disposition-notification" | "message/global-disposition-notification" => {
                Some("disposition-notification")
            }
            "message/feedback-report" => Some("feedback-report"),
            _ => None,
        };
        if let (Some(kind), None) = (kind, &self.report_type) {
            self.report_type = Some(kind.to_owned());
        }
        if content.media_type == "text/calendar" && self.calendar_method.is_none() {
            let stated = content.method.clone().or_else(|| {
                let text = String::from_utf8_lossy(&bytes[..bytes.len().min(16 * 1024)]);
                text.lines().find_map(|l| l.strip_prefix("METHOD:")).map(|m| text::line(m, 40).to_ascii_lowercase())
            });
            self.calendar_method = stated;
        }
    }

    /// Names what the program does not open, so that nobody takes it for a message without a document.
    fn name_unopened(&mut self, bytes: &[u8], content: &Content) {
        let sentence = match content.media_type.as_str() {
            "message/external-body" => "The message only points to a file kept elsewhere; it was not fetched.",
            "message/partial" => {
                "The message is one piece of a larger one that was sent in several; a person must put them together."
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                "The content is in an S/MIME envelope, signed or encrypted; a person may have to open it."
            }
            "text/plain" if has_line(bytes, b"-----BEGIN PGP MESSAGE-----") => {
                "The text is encrypted with PGP: only the person whom it is encrypted for can read it."
            }
            "text/plain" if has_line(bytes, b"=ybegin ") => {
                "The text holds a file in yEnc coding, which was not unpacked."
            }
            _ => return,
        };
        self.defects.add(sentence);
    }

    /// Lists a file, if the limits allow.
    fn file(&mut self, bytes: Vec<u8>, content: &Content, branch: &Branch) -> bool {
        if self.parts.len() >= MOST_FILES {
            self.defects.add(format!("The message has more than {MOST_FILES} files; the rest is not listed."));
            return false;
        }
        if self.bytes + bytes.len() > MOST_BYTES {
            self.defects
                .add(format!("The files have more than {} MiB together; the rest is not listed.", MOST_BYTES >> 20));
            return false;
        }
        self.bytes += bytes.len();
        self.parts.push(Part {
            path: branch.path.clone(),
            name: content.name.clone(),
            media_type: content.media_type.clone(),
            disposition: content.disposition,
            content_id: content.id.clone(),
            bytes,
        });
        true
    }
}

/// The header fields of a message, and what they say about its content.
fn headers(raw: &[u8], block: &Block<'_>, defects: &mut Defects) -> (Message, Content) {
    let eight_bit = fields::charset(raw, block);
    (fields::read(block, eight_bit, defects), Content::of(block, eight_bit, "text/plain"))
}

fn has_line(bytes: &[u8], start: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').any(|line| line.starts_with(start))
}
