//! The commands that read a mailbox (RFC 3501). None of them changes it: folders are opened read-only, and texts are fetched
//! without marking them as read.
//!
//! Promises that what was asked and did not come is missing from the answer, and that what came unasked is not in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use async_imap::imap_proto::{AttributeValue, MailboxDatum, NameAttribute, Outcome, Response, ResponseCode};
use jiff::{Timestamp, fmt::strtime};

use super::Session;
use crate::mailbox::imap::{
    answers::{Described, OpenFolder, Piece},
    error::ImapError,
    folder_name,
};

impl Session {
    /// Opens a folder to read it, and never to change it.
    pub(in crate::mailbox) async fn examine(&mut self, folder: &str) -> Result<OpenFolder, ImapError> {
        self.open("EXAMINE", folder, |_| {}).await
    }

    /// Opens a folder; `each` sees the codes of what the server says of it.
    pub(super) async fn open(
        &mut self,
        doing: &'static str,
        folder: &str,
        mut each: impl FnMut(&ResponseCode<'_>) + Send,
    ) -> Result<OpenFolder, ImapError> {
        let (mut validity, mut next, mut exists) = (None, None, 0);
        self.command(doing, &format!("{doing} {}", folder_name::quoted(folder)), |response| match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
            Response::Data { outcome: Outcome { code: Some(code), .. }, .. }
            | Response::Done { outcome: Outcome { code: Some(code), .. }, .. } => match code {
                ResponseCode::UidValidity(value) => validity = Some(*value),
                ResponseCode::UidNext(value) => next = Some(*value),
                code => each(code),
            },
            _ => {}
        })
        .await?;
        (self.exists, self.news) = (exists, false);
        let validity = validity.filter(|value| *value > 0).ok_or(ImapError::NotUnderstood { doing })?;
        let next = match next {
            Some(next) => next,
            None if exists == 0 => 1,
            None => self.uid_of_last(exists).await?.saturating_add(1),
        };
        Ok(OpenFolder { validity, next, exists })
    }

    /// The UID of the last message, where the server does not say which comes next.
    async fn uid_of_last(&mut self, exists: u32) -> Result<u32, ImapError> {
        let mut last = None;
        self.fetch(&format!("FETCH {exists} (UID)"), |uid, _| last = last.max(Some(uid))).await?;
        last.ok_or(ImapError::NotUnderstood { doing: "FETCH" })
    }

    /// The UIDs of a range, in their order.
    pub(in crate::mailbox) async fn search(&mut self, from: u32, to: u32) -> Result<Vec<u32>, ImapError> {
        let mut found = BTreeSet::new();
        self.command("SEARCH", &format!("UID SEARCH UID {from}:{to}"), |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().filter(|uid| (from..=to).contains(uid)));
            }
        })
        .await?;
        Ok(found.into_iter().collect())
    }

    /// Size and time of arrival; what the server did not tell is missing.
    pub(in crate::mailbox) async fn describe(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Described>, ImapError> {
        let mut sizes = BTreeMap::new();
        let mut dates = BTreeMap::new();
        let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", set(uids));
        self.fetch(&command, |uid, attributes| {
            for attribute in attributes {
                match attribute {
                    AttributeValue::Rfc822Size(size) => _ = sizes.insert(uid, *size),
                    AttributeValue::InternalDate(text) => _ = dates.insert(uid, internal_date(text)),
                    _ => {}
                }
            }
        })
        .await?;
        let described = |(uid, size)| (uid, Described { size, internal_date: dates.get(&uid).copied().flatten() });
        Ok(sizes.into_iter().filter(|(uid, _)| uids.contains(uid)).map(described).collect())
    }

    /// Whole messages; what the server did not hand over is missing.
    pub(in crate::mailbox) async fn bodies(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Vec<u8>>, ImapError> {
        let mut bodies = BTreeMap::new();
        self.fetch(&format!("UID FETCH {} (UID BODY.PEEK[])", set(uids)), |uid, attributes| {
            let whole = section(attributes).filter(|(origin, _)| origin.is_none_or(|origin| origin == 0));
            bodies.extend(whole.map(|(_, bytes)| (uid, bytes.to_vec())));
        })
        .await?;
        bodies.retain(|uid, _| uids.contains(uid));
        Ok(bodies)
    }

    /// A piece of a message, or of its header alone, from an origin on: as the server gives it, which may be less than was
    /// asked for, or something else.
    pub(in crate::mailbox) async fn piece(
        &mut self,
        uid: u32,
        of: &str,
        from: usize,
        most: usize,
    ) -> Result<Option<Piece>, ImapError> {
        let mut piece = None;
        self.fetch(&format!("UID FETCH {uid} (UID BODY.PEEK[{of}]<{from}.{most}>)"), |found, attributes| {
            if found == uid
                && let Some((origin, bytes)) = section(attributes)
            {
                piece = Some(Piece { origin, bytes: bytes.to_vec() });
            }
        })
        .await?;
        Ok(piece)
    }

    /// The names of all folders that can be opened.
    pub(in crate::mailbox) async fn folders(&mut self) -> Result<Vec<String>, ImapError> {
        let mut names = BTreeSet::new();
        self.command("LIST", "LIST \"\" \"*\"", |response| {
            if let Response::MailboxData(MailboxDatum::List(folder)) = response
                && !folder.name_attributes.contains(&NameAttribute::NoSelect)
            {
                names.insert(folder_name::read(&folder.name));
            }
        })
        .await?;
        Ok(names.into_iter().collect())
    }

    pub(super) async fn fetch(
        &mut self,
        command: &str,
        mut each: impl FnMut(u32, &[AttributeValue<'_>]) + Send,
    ) -> Result<(), ImapError> {
        self.command("FETCH", command, |response| {
            if let Response::Fetch(_, attributes) = response {
                let uid = attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::Uid(uid) => Some(*uid),
                    _ => None,
                });
                // Without a UID it is news of another message's flags.
                if let Some(uid) = uid {
                    each(uid, attributes);
                }
            }
        })
        .await
    }
}

/// The bytes of the one section that was asked for, and from where on they are if the server says that they are a piece;
/// `None` where it says NIL.
fn section<'a>(attributes: &'a [AttributeValue<'_>]) -> Option<(Option<u32>, &'a [u8])> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { index, data, .. } => data.as_deref().map(|data| (*index, data)),
        _ => None,
    })
}

/// ` 1-Oct-2020 09:15:00 +0200`.
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

/// UIDs as IMAP writes them, runs as ranges.
pub(super) fn set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut rest = uids;
    while let Some((&first, _)) = rest.split_first() {
        let run = rest.iter().zip(first..).take_while(|(uid, expected)| *uid == expected).count();
        let comma = if set.is_empty() { "" } else { "," };
        // Writing into a text does not fail.
        _ = match run {
            1 => write!(set, "{comma}{first}"),
            _ => write!(set, "{comma}{first}:{}", rest[run - 1]),
        };
        rest = &rest[run..];
    }
    set
}
