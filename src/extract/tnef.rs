//! winmail.dat (TNEF): the attachments that Outlook packs where only Outlook can see them.
//!
//! Promises every attachment with its bytes and its long name where there is one; the body in it repeats the message's
//! and is left alone. Lengths are checked before they are believed.

use super::{inner::Inner, msg::last_step, plain, refusal::Refusal};
use crate::core::file::Outcome;

const SIGNATURE: u32 = 0x223E_9F78;
/// Begins an attachment.
const REND_DATA: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const DATA: u32 = 0x0006_800F;
/// The attachment's MAPI properties.
const PROPERTIES: u32 = 0x0006_9005;
const LONG_FILE_NAME: u16 = 0x3707;
const MIME_TAG: u16 = 0x370E;
const DATA_OBJECT: u16 = 0x3701;

/// The attachments of a TNEF stream.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Inner>, Refusal> {
    let mut attachments: Vec<Attachment> = Vec::new();
    let complete = read(bytes, &mut attachments);
    let inner: Vec<Inner> = attachments.into_iter().filter_map(Attachment::into_inner).collect();
    if inner.is_empty() && complete.is_none() {
        return Err(Refusal::new(
            Outcome::Damaged,
            "This winmail.dat is damaged and could not be opened: please send the documents as plain attachments.",
        ));
    }
    Ok(inner)
}

#[derive(Default)]
struct Attachment {
    title: Option<String>,
    long_name: Option<String>,
    media_type: Option<String>,
    data: Option<Vec<u8>>,
}

impl Attachment {
    fn into_inner(self) -> Option<Inner> {
        Some(Inner {
            name: self.long_name.or(self.title).and_then(|name| last_step(&name)),
            media_type: self.media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            bytes: self.data?,
        })
    }
}

/// Reads attribute after attribute; `None` where the stream breaks off.
fn read(bytes: &[u8], attachments: &mut Vec<Attachment>) -> Option<()> {
    let mut input = Input(bytes);
    (input.u32()? == SIGNATURE).then_some(())?;
    input.u16()?;
    while !input.0.is_empty() {
        input.take(1)?;
        let attribute = input.u32()?;
        let length = input.u32()? as usize;
        let value = input.take(length)?;
        if attribute == REND_DATA {
            attachments.push(Attachment::default());
        } else if let Some(attachment) = attachments.last_mut() {
            match attribute {
                TITLE => attachment.title = Some(narrow(value)),
                DATA => attachment.data = Some(value.to_vec()),
                // What can be read of broken properties is kept.
                PROPERTIES => _ = properties(value, attachment),
                _ => {}
            }
        }
        // The checksum; some writers leave out the last one.
        if input.take(2).is_none() {
            break;
        }
    }
    Some(())
}

/// The MAPI properties of an attachment.
fn properties(bytes: &[u8], attachment: &mut Attachment) -> Option<()> {
    let mut input = Input(bytes);
    let count = input.u32()?;
    for _ in 0..count {
        let kind = input.u16()?;
        let id = input.u16()?;
        if id >= 0x8000 {
            input.take(16)?;
            if input.u32()? == 0 {
                input.u32()?;
            } else {
                let length = input.u32()? as usize;
                input.padded(length)?;
            }
        }
        let values = if kind & 0x1000 != 0 { input.u32()? } else { 1 };
        for _ in 0..values {
            let value = match kind & 0x0FFF {
                0x02 | 0x03 | 0x04 | 0x0A | 0x0B => input.take(4)?,
                0x05..=0x07 | 0x14 | 0x40 => input.take(8)?,
                0x48 => input.take(16)?,
                // Strings, binary and objects carry a count of their own before each value.
                0x0D | 0x1E | 0x1F | 0x102 => {
                    if kind & 0x1000 == 0 {
                        input.u32()?;
                    }
                    let length = input.u32()? as usize;
                    input.padded(length)?
                }
                _ => return None,
            };
            match (id, kind) {
                (LONG_FILE_NAME, 0x1F) => attachment.long_name = Some(wide(value)),
                (LONG_FILE_NAME, 0x1E) => attachment.long_name = Some(narrow(value)),
                (MIME_TAG, 0x1F) => attachment.media_type = Some(wide(value)),
                (MIME_TAG, 0x1E) => attachment.media_type = Some(narrow(value)),
                // An attached message: an interface id, then a TNEF stream of its own.
                (DATA_OBJECT, 0x0D) if attachment.data.is_none() => {
                    attachment.data = value.get(16..).map(<[u8]>::to_vec);
                }
                _ => {}
            }
        }
    }
    Some(())
}

fn wide(bytes: &[u8]) -> String {
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    text.trim_end_matches('\0').to_owned()
}

fn narrow(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    plain::decode(&bytes[..end], None).into_owned()
}

/// Bytes yet to be read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// As many bytes, and what fills them up to four.
    fn padded(&mut self, n: usize) -> Option<&'a [u8]> {
        let value = self.take(n)?;
        let fill = n.wrapping_neg() % 4;
        self.take(fill.min(self.0.len()))?;
        Some(value)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
}
