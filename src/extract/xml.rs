//! XML as office documents hold it, read event by event.
//!
//! Promises no recursion, no entity of the file's own making (a DTD is refused), and a bound on nesting; what was read
//! before a fault is the caller's to keep.

use std::borrow::Cow;

use encoding_rs::Encoding;
use quick_xml::{
    Reader,
    escape::{resolve_predefined_entity, unescape},
    events::{BytesEnd, BytesStart, Event},
};

/// The text of an XML part: UTF-16 or UTF-8 by its marks, else the charset it declares.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match bytes {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, b'<', ..] => return encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head.split("encoding=").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1));
    let encoding = declared.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0
}

/// One step through the XML.
pub(super) enum Node<'a> {
    /// An element begins; an empty element begins and ends.
    Start(BytesStart<'a>),
    /// An element ends.
    End(BytesEnd<'a>),
    /// Character data, references resolved.
    Text(Cow<'a, str>),
}

/// Why the XML cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Elements are nested beyond the limit.
    TooDeep,
    /// There is a document type definition, which no office program writes.
    Dtd,
    /// It is not well-formed, or ends too early.
    Malformed,
}

/// A reader of XML under a limit of nesting.
pub(super) struct Nodes<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    deepest: usize,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(text: &'a str, deepest: usize) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, depth: 0, deepest }
    }

    /// The next step; `None` at a proper end.
    pub(super) fn next(&mut self) -> Result<Option<Node<'a>>, Fault> {
        loop {
            match self.reader.read_event().map_err(|_| Fault::Malformed)? {
                Event::Start(start) => {
                    self.depth += 1;
                    return if self.depth > self.deepest { Err(Fault::TooDeep) } else { Ok(Some(Node::Start(start))) };
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Node::End(end)));
                }
                Event::Text(text) => return Ok(Some(Node::Text(text.into_inner()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.into_inner()))),
                Event::GeneralRef(reference) => {
                    let text = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Cow::Owned(c.to_string()),
                        _ => match resolve_predefined_entity(&reference) {
                            Some(text) => Cow::Borrowed(text),
                            None => continue,
                        },
                    };
                    return Ok(Some(Node::Text(text)));
                }
                Event::DocType(_) => return Err(Fault::Dtd),
                Event::Eof => return if self.depth == 0 { Ok(None) } else { Err(Fault::Malformed) },
                _ => {}
            }
        }
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, local_name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == local_name)?;
    Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), Cow::into_owned))
}
