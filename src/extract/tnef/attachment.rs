//! One attachment of a TNEF stream.
//!
//! Promises the content wherever the writer put it. Where there are several, a document goes before what Outlook puts in
//! its place for other programs (an icon, a sentence, some bytes); where none is a document, all are handed on.

use super::{input::is_tnef, properties};
use crate::{
    core::file::Format,
    extract::{
        inner::{Inner, last_step},
        limits::Limits,
        ole,
        sniff::sniff,
    },
};

const DATA: u16 = 0x3701;
const FILE_NAME: u16 = 0x3704;
const LONG_FILE_NAME: u16 = 0x3707;
const DISPLAY_NAME: u16 = 0x3001;
const MIME_TAG: u16 = 0x370E;

/// How the ids of all interfaces of OLE and MAPI end.
const INTERFACE: [u8; 8] = [0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// An attachment, as its attributes and properties tell it.
#[derive(Default)]
pub(super) struct Attachment<'a> {
    pub(super) title: Option<String>,
    pub(super) data: Option<&'a [u8]>,
    /// Its content is a part of the mail itself.
    pub(super) stands_beside: bool,
    pub(super) has_properties: bool,
    long_name: Option<String>,
    short_name: Option<String>,
    shown_name: Option<String>,
    media_type: Option<String>,
    /// The content as a property.
    binary: Option<&'a [u8]>,
    /// A message, or what another program made of the document.
    object: Option<&'a [u8]>,
    broken: bool,
}

impl<'a> Attachment<'a> {
    /// Reads its MAPI properties; what can be read of broken ones is kept.
    pub(super) fn properties(&mut self, bytes: &'a [u8]) {
        self.has_properties = true;
        let whole = properties::each(bytes, |id, kind, value| match (id, kind) {
            (DATA, properties::BINARY) => self.binary = Some(value),
            (DATA, properties::OBJECT) => self.object = Some(value),
            _ => {
                let place = match id {
                    LONG_FILE_NAME => &mut self.long_name,
                    FILE_NAME => &mut self.short_name,
                    DISPLAY_NAME => &mut self.shown_name,
                    MIME_TAG => &mut self.media_type,
                    _ => return,
                };
                if let Some(text) = properties::text(kind, value) {
                    *place = Some(text);
                }
            }
        });
        self.broken = whole.is_none();
    }

    /// Its content may have stood in properties that are broken.
    pub(super) fn is_torn(&self) -> bool {
        self.broken && self.data.is_none_or(<[u8]>::is_empty)
    }

    /// Its name without a path, the longest known first.
    pub(super) fn name(&self) -> Option<String> {
        [&self.long_name, &self.title, &self.short_name, &self.shown_name]
            .into_iter()
            .find_map(|name| name.as_deref().and_then(last_step))
    }

    /// Its files, put to the others; `false` where it has none, or one that is not what it says. `within` gives those of a
    /// message that is attached, under its name.
    pub(super) fn files(
        self,
        limits: &Limits,
        within: fn(Option<String>, &[u8], &Limits, &mut Vec<Inner>),
        files: &mut Vec<Inner>,
    ) -> bool {
        let name = self.name();
        let media_type = self.media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        let loose = |bytes: &[u8]| Inner { name: name.clone(), media_type: media_type.clone(), bytes: bytes.to_vec() };
        let (mut found, mut opened, mut is_message) = (Vec::new(), true, false);
        match self.object.map(Object::of) {
            Some(Object::Message(bytes)) => {
                is_message = true;
                within(name.clone(), bytes, limits, &mut found);
            }
            Some(Object::Document(bytes)) => {
                let document = ole::document(bytes, limits);
                found.push(document.map_or_else(
                    || loose(bytes),
                    |document| Inner {
                        name: document.name.or_else(|| name.clone()),
                        media_type: media_type.clone(),
                        bytes: document.bytes,
                    },
                ));
            }
            Some(Object::Unknown { bytes, message }) => {
                opened = !message;
                found.extend((!bytes.is_empty()).then(|| loose(bytes)));
            }
            None => {}
        }
        let mut others: Vec<Inner> = Vec::new();
        for bytes in [self.data, self.binary].into_iter().flatten().filter(|bytes| !bytes.is_empty()) {
            if found.iter().chain(&others).all(|file| file.bytes != bytes) {
                others.push(loose(bytes));
            }
        }
        let object_speaks = is_message || found.iter().any(speaks);
        if object_speaks || others.iter().any(speaks) {
            others.retain(speaks);
            if !object_speaks {
                found.clear();
            }
        }
        found.append(&mut others);
        if found.is_empty() && (self.data.is_some() || self.binary.is_some()) && !self.broken {
            // An empty file is listed as one.
            found.push(loose(&[]));
        }
        let any = !found.is_empty();
        files.append(&mut found);
        opened && (any || self.stands_beside)
    }
}

/// Whether a content is no mere stand-in.
fn speaks(file: &Inner) -> bool {
    let format = sniff(&file.bytes, file.name.as_deref(), &file.media_type);
    !matches!(format, Format::Unknown | Format::Text | Format::Image)
}

/// What stands in the property of an object.
enum Object<'a> {
    /// A TNEF stream of its own.
    Message(&'a [u8]),
    /// A compound file.
    Document(&'a [u8]),
    /// Neither: the file itself, or what was a message once.
    Unknown { bytes: &'a [u8], message: bool },
}

impl<'a> Object<'a> {
    /// Most writers put the id of an interface before it, some do not.
    fn of(value: &'a [u8]) -> Self {
        let (id, after) = value.split_at_checked(16).unwrap_or_default();
        let bytes = if id.ends_with(&INTERFACE) || is_tnef(after) || ole::is_compound(after) { after } else { value };
        if is_tnef(bytes) {
            Self::Message(bytes)
        } else if ole::is_compound(bytes) {
            Self::Document(bytes)
        } else {
            // IID_IMessage.
            Self::Unknown { bytes, message: id.starts_with(&[0x07, 0x03, 0x02, 0]) && id.ends_with(&INTERFACE) }
        }
    }
}
