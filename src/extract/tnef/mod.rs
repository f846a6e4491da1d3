//! winmail.dat (TNEF): the attachments that Outlook packs where only Outlook can see them.
//!
//! Promises every attachment with its bytes and its long name where there is one, wherever its content stands: in an
//! attribute, in a property, as a message or as an object of another program. Lengths are checked before they are
//! believed, and what is named but cannot be had is told. The body of the message itself repeats that of the mail and is
//! left alone; that of a message attached within stands beside it.

mod attachment;
mod body;
mod input;
mod lzfu;
mod properties;

use self::{
    attachment::Attachment,
    body::Body,
    input::{Input, SIGNATURE},
};
use super::{
    inner::{Inner, Opened},
    limits::Limits,
    refusal::Refusal,
};
use crate::core::file::Outcome;

/// The level of what belongs to an attachment.
const OF_AN_ATTACHMENT: u8 = 2;
/// Begins an attachment.
const REND_DATA: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const DATA: u32 = 0x0006_800F;
/// Its content stands under this name beside the winmail.dat.
const TRANSPORT_NAME: u32 = 0x0001_9001;
/// The attachment's MAPI properties.
const PROPERTIES: u32 = 0x0006_9005;
const BODY: u32 = 0x0002_800C;
/// The message's MAPI properties.
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;

/// The attachments of a TNEF stream.
pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Refusal> {
    let message = Message::read(bytes, limits)?;
    let mut opened = Opened::default();
    let mut missing = Vec::new();
    for attachment in message.attachments {
        let name = attachment.name();
        if !attachment.files(limits, message_within, &mut opened.files) {
            missing.push(name);
        }
    }
    if opened.files.is_empty() && !message.complete {
        return Err(damaged());
    }
    let torn = (!message.complete).then(|| {
        "It is damaged, and more may have been in it: please send the documents as plain attachments.".to_owned()
    });
    let rest: Vec<String> = told(&missing).into_iter().chain(torn).collect();
    opened.rest = (!rest.is_empty()).then(|| rest.join(" "));
    Ok(opened)
}

fn damaged() -> Refusal {
    Refusal::new(
        Outcome::Damaged,
        "This winmail.dat is damaged and could not be opened: please send the documents as plain attachments.",
    )
}

/// What is named in it and cannot be had, in a sentence.
fn told(missing: &[Option<String>]) -> Option<String> {
    const MOST: usize = 80;
    let first = missing.first()?;
    let first = match first {
        Some(name) => {
            let name: String = name.chars().filter(|c| !c.is_control()).take(MOST).collect();
            format!("“{name}”")
        }
        None => "a file without a name".to_owned(),
    };
    let (named, them) = match missing.len() - 1 {
        0 => (format!("The content of {first} is"), "it"),
        1 => (format!("The contents of {first} and 1 more file are"), "them"),
        n => (format!("The contents of {first} and {n} more files are"), "them"),
    };
    Some(format!("{named} not in it, or could not be opened: please send {them} as a plain attachment."))
}

/// What a TNEF stream says of a message.
#[derive(Default)]
struct Message<'a> {
    attachments: Vec<Attachment<'a>>,
    body: Body<'a>,
    /// A value is not the one that its checksum is of: its length may lie, and what follows be part of it.
    changed: bool,
    /// It was read to its end, and nothing in it was broken.
    complete: bool,
}

impl<'a> Message<'a> {
    fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        let mut message = Self::default();
        message.complete = message.attributes(bytes, limits.entries).is_some();
        message.complete &= !message.changed && !message.attachments.iter().any(Attachment::is_torn);
        if message.attachments.len() > limits.entries {
            return Err(Refusal::new(
                Outcome::TooLarge,
                format!("This file holds more than {} entries: a person must open it.", limits.entries),
            ));
        }
        Ok(message)
    }

    /// Reads attribute after attribute; `None` where the stream breaks off.
    fn attributes(&mut self, bytes: &'a [u8], most: usize) -> Option<()> {
        let mut input = Input(bytes);
        (input.u32()? == SIGNATURE).then_some(())?;
        input.u16()?;
        while !input.is_over() && self.attachments.len() <= most {
            let level = input.take(1)?[0];
            let attribute = input.u32()?;
            let length = input.u32()? as usize;
            // Of a value that is cut off, what is there.
            let cut = length > input.rest();
            let value = input.take(length.min(input.rest()))?;
            if level == OF_AN_ATTACHMENT || matches!(attribute, REND_DATA | TITLE | DATA | PROPERTIES) {
                self.of_attachment(attribute, value);
            } else if attribute == BODY {
                self.body.text = Some(properties::narrow(value));
            } else if attribute == MESSAGE_PROPERTIES {
                // What can be read of broken properties is kept; they say nothing of attachments.
                _ = self.body.properties(value);
            }
            if cut {
                return None;
            }
            // Some writers leave out the last one.
            let Some(checksum) = input.u16() else { break };
            let sum = value.iter().fold(0u16, |sum, byte| sum.wrapping_add((*byte).into()));
            self.changed |= checksum != sum;
        }
        Some(())
    }

    fn of_attachment(&mut self, attribute: u32, value: &'a [u8]) {
        // Whatever comes a second time belongs to another attachment, whose beginning is broken.
        let begins = match (attribute, self.attachments.last()) {
            (REND_DATA, _) | (_, None) => true,
            (TITLE, Some(last)) => last.title.is_some(),
            (DATA, Some(last)) => last.data.is_some(),
            (PROPERTIES, Some(last)) => last.has_properties,
            _ => false,
        };
        if begins {
            self.attachments.push(Attachment::default());
        }
        let Some(attachment) = self.attachments.last_mut() else { return };
        match attribute {
            TITLE => attachment.title = Some(properties::narrow(value)),
            DATA => attachment.data = Some(value),
            TRANSPORT_NAME => attachment.stands_beside = true,
            PROPERTIES => attachment.properties(value),
            _ => {}
        }
    }
}

/// A message attached within: the container of its files, which is opened like any, and its text.
fn message_within(name: Option<String>, bytes: &[u8], limits: &Limits, files: &mut Vec<Inner>) {
    // One that is refused says so where it is opened.
    let message = Message::read(bytes, limits).unwrap_or_default();
    let text = message.body.into_inner(limits);
    if text.is_none() || !message.attachments.is_empty() || !message.complete {
        files.push(Inner { name, media_type: "application/ms-tnef".to_owned(), bytes: bytes.to_vec() });
    }
    files.extend(text);
}
