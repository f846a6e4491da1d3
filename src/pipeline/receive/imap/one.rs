//! Fetching one message, and once more in another way where the first does not settle whether that is all of it.
//!
//! Promises that what is taken for a whole message is one by its own structure or by the size that was announced, and that
//! what came of a message is kept where nothing settles it, marked as short, for a person.

use super::look::{Look, is_the_message};
use crate::{
    core::mail::delivery::{Delivered, Fetches},
    mailbox::{HeaderOnly, ImapError, InPieces, RawMessage},
};

/// How much of a header is fetched.
const HEADER: usize = 256 << 10;

/// What fetching one message came to.
pub(super) enum Fetched {
    Message(RawMessage),
    Gone,
}

/// Why one message was not fetched.
pub(super) enum NotFetched {
    Failed(ImapError),
    Refused(&'static str),
}

/// How a message is asked for.
#[derive(Clone, Copy)]
enum Manner {
    InPieces,
    AtOnce,
}

/// What one way of asking came to.
enum Came {
    Bytes(Vec<u8>),
    Confused,
    Gone,
}

/// A size that was announced is one that may be asked for at once, and first so with the second attempt: it may be the
/// pieces that fail. What may be of any size is only asked for in pieces.
const SIZE_ANNOUNCED: &[Manner] = &[Manner::InPieces, Manner::AtOnce, Manner::AtOnce];
const PIECES_FAILED: &[Manner] = &[Manner::AtOnce, Manner::InPieces, Manner::AtOnce];
const SIZE_UNKNOWN: &[Manner] = &[Manner::InPieces, Manner::InPieces];

impl Look<'_> {
    /// Fetches one message that is announced with a size, if one is known; `before` is what came of it with others. After a
    /// first failure it is not asked for its size and time: they may be what fails.
    pub(super) async fn one(
        &mut self,
        uid: u32,
        attempt: i64,
        announced: Option<usize>,
        before: Option<Vec<u8>>,
    ) -> Result<Fetched, NotFetched> {
        let described = if attempt == 1 { self.imap.describe(&[uid]).await?.remove(&uid) } else { None };
        let announced = described.map(|described| described.size as usize).or(announced);
        let internal_date = described.and_then(|described| described.internal_date);
        let limit = usize::try_from(self.intake.instance.config.intake.message_limit).unwrap_or(usize::MAX);
        let too_large = |size: usize| {
            let limit = limit >> 20;
            let reason =
                format!("It is larger than {limit} MiB, so only its header was fetched; open it in the mailbox.");
            HeaderOnly { size: size as u64, reason }
        };
        let message = |(bytes, delivered): (Vec<u8>, Delivered)| {
            Fetched::Message(RawMessage { delivered, ..RawMessage::whole(bytes, internal_date) })
        };
        if let Some(announced) = announced.filter(|announced| *announced > limit) {
            return self.header(uid, internal_date, too_large(announced)).await;
        }
        let mut fetches = Fetches::of(announced.map(|announced| announced as u64));
        if let Some(settled) = before.filter(|bytes| is_the_message(bytes)).and_then(|bytes| fetches.judge(bytes)) {
            return Ok(message(settled));
        }
        let ways = match (announced, attempt) {
            (Some(_), 2) => PIECES_FAILED,
            (Some(_), _) => SIZE_ANNOUNCED,
            (None, _) => SIZE_UNKNOWN,
        };
        for manner in ways {
            match self.ask(uid, *manner, announced, limit).await {
                Ok(Came::Bytes(bytes)) if bytes.len() > limit => {
                    return self.header(uid, internal_date, too_large(bytes.len())).await;
                }
                Ok(Came::Bytes(bytes)) => {
                    if let Some(settled) = fetches.judge(bytes) {
                        return Ok(message(settled));
                    }
                }
                Ok(Came::Confused) => {}
                Ok(Came::Gone) if fetches.is_empty() => return Ok(Fetched::Gone),
                // It went away between two fetches: what came is all that there will be.
                Ok(Came::Gone) => break,
                // Twice is no accident. Whoever needs the conversation next finds that it is over.
                Err(NotFetched::Failed(error))
                    if attempt > 1 && !fetches.is_empty() && !error.is_about_the_server() =>
                {
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        let confused = "The server hands over something else than what it is asked for.";
        fetches.unsettled().map(message).ok_or(NotFetched::Refused(confused))
    }

    async fn ask(
        &mut self,
        uid: u32,
        manner: Manner,
        announced: Option<usize>,
        limit: usize,
    ) -> Result<Came, NotFetched> {
        let came = match manner {
            Manner::InPieces => match self.imap.in_pieces(uid, announced, limit.saturating_add(1)).await? {
                InPieces::All(bytes) => Some(bytes),
                InPieces::Nothing => None,
                InPieces::Confused => return Ok(Came::Confused),
            },
            Manner::AtOnce => self.imap.bodies(&[uid]).await?.remove(&uid),
        };
        match came {
            Some(bytes) if is_the_message(&bytes) => Ok(Came::Bytes(bytes)),
            Some(_) => Err(NotFetched::Refused("The server hands over a text of its own in place of the message.")),
            None if self.imap.search(uid, uid).await?.is_empty() => Ok(Came::Gone),
            None => Err(NotFetched::Refused("The server says that it is there, and does not hand it over.")),
        }
    }

    /// Fetches only the header of a message.
    pub(super) async fn header(
        &mut self,
        uid: u32,
        internal_date: Option<jiff::Timestamp>,
        only: HeaderOnly,
    ) -> Result<Fetched, NotFetched> {
        match self.imap.header(uid, HEADER).await? {
            Some(bytes) => {
                let header_only = Some(only);
                Ok(Fetched::Message(RawMessage { header_only, ..RawMessage::whole(bytes, internal_date) }))
            }
            None => Err(NotFetched::Refused("The server does not hand over its header.")),
        }
    }
}

impl From<ImapError> for NotFetched {
    fn from(error: ImapError) -> Self {
        Self::Failed(error)
    }
}
