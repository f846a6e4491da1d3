//! The text of a message that is attached within a TNEF stream.
//!
//! Promises it as a file: plain where it is, else as HTML, else as RTF; an RTF that cannot be unpacked stays as it is.

use super::{lzfu, properties};
use crate::extract::{inner::Inner, limits::Limits};

const PLAIN: u16 = 0x1000;
const PACKED_RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;

/// The renditions of one text.
#[derive(Default)]
pub(super) struct Body<'a> {
    pub(super) text: Option<String>,
    html: Option<Vec<u8>>,
    rtf: Option<&'a [u8]>,
}

impl<'a> Body<'a> {
    /// Reads the properties of a message; `None` where they are broken.
    pub(super) fn properties(&mut self, bytes: &'a [u8]) -> Option<()> {
        properties::each(bytes, |id, kind, value| match id {
            PLAIN => self.text = properties::text(kind, value).or_else(|| self.text.take()),
            HTML if kind == properties::BINARY => self.html = Some(value.to_vec()),
            HTML => self.html = properties::text(kind, value).map(String::into_bytes),
            PACKED_RTF if kind == properties::BINARY => self.rtf = Some(value),
            _ => {}
        })
    }

    /// The best of them as a file; `None` where there is none.
    pub(super) fn into_inner(self, limits: &Limits) -> Option<Inner> {
        let Self { text, html, rtf } = self;
        let text = text.filter(|text| !text.trim().is_empty()).map(|text| ("text/plain", text.into_bytes()));
        let html = || html.filter(|html| !html.trim_ascii().is_empty()).map(|html| ("text/html", html));
        let rtf = || {
            let packed = rtf.filter(|rtf| !rtf.is_empty())?;
            Some(("text/rtf", lzfu::unpack(packed, limits.part_bytes).unwrap_or_else(|| packed.to_vec())))
        };
        let (media_type, bytes) = text.or_else(html).or_else(rtf)?;
        Some(Inner { name: None, media_type: media_type.to_owned(), bytes })
    }
}
