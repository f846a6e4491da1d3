//! What a child made of one message; or why nobody read it, with what its header tells.

use super::PipelineError;
use crate::{
    core::{
        event::NotRead,
        file::File,
        mail::{header, message::Message},
    },
    instance::Instance,
    reading::Readers,
    store::Claimed,
};

/// How often a message on which reading failed is tried before it waits for a person.
pub(super) const ATTEMPTS: i64 = 3;
/// How often the process may end while it reads a message before that waits for a person. Who ends it is rarely the
/// message: when a machine is short of memory or its power fails, mail that did nothing must not be laid aside.
const INTERRUPTIONS: i64 = 10;
/// How much of a message is looked at when it is too large to be read.
pub(super) const HEADER_WINDOW: usize = 256 << 10;

/// What reading came to, with what is concluded of it once it is.
#[derive(Debug)]
pub(super) enum Readout<J = (), M = ()> {
    /// It was read.
    Read {
        message: Box<Message>,
        files: Vec<File>,
        /// What it amounts to.
        judgement: J,
    },
    /// It cannot be read, and why.
    Unreadable {
        why: NotRead,
        /// What its header tells.
        header: Box<Message>,
        /// Whose it may be by that.
        matched: M,
    },
}

impl Readout {
    /// Has a child read a message, unless it was tried too often or is too large.
    pub(super) async fn of(instance: &Instance, readers: &Readers, claimed: &Claimed) -> Result<Self, PipelineError> {
        let too_large = u64::try_from(claimed.size).unwrap_or(0) > instance.config.intake.message_limit;
        let given_up = given_up(claimed);
        let window = if too_large || given_up.is_some() { HEADER_WINDOW } else { usize::MAX };
        let mut tx = instance.db.snapshot().await?;
        let raw = tx.original(&claimed.sha256, window).await?;
        drop(tx);
        let Some(raw) = raw else { return Ok(Self::unreadable(NotRead::Erased, &[])) };
        if let Some(why) = &claimed.header_only {
            return Ok(Self::unreadable(NotRead::HeaderOnly { why: why.clone() }, &raw));
        }
        if let Some(why) = &claimed.short {
            return Ok(Self::unreadable(NotRead::Short { why: why.clone() }, &raw));
        }
        if too_large {
            let most = instance.config.intake.message_limit >> 20;
            return Ok(Self::unreadable(NotRead::TooLarge { most }, &raw));
        }
        if let Some(why) = given_up {
            return Ok(Self::unreadable(why, &raw));
        }
        let mail = readers.read_message(&raw).await?;
        if let Some(scanner) = &mail.scanner {
            instance.watch.scanner(scanner, instance.clock.now());
        }
        Ok(match mail.message {
            Ok(message) => Self::Read { message: Box::new(message), files: mail.files, judgement: () },
            Err(what) => Self::unreadable(NotRead::Said { what }, &raw),
        })
    }

    /// A message that nobody read, by the beginning of its bytes.
    pub(super) fn unreadable(why: NotRead, raw: &[u8]) -> Self {
        Self::Unreadable { why, header: Box::new(header_of(raw)), matched: () }
    }
}

/// What the header of a message tells, by the beginning of its bytes.
pub(super) fn header_of(raw: &[u8]) -> Message {
    let header = header::read(raw);
    Message {
        message_id: header.message_id,
        from: header.from,
        subject: header.subject,
        date: header.date,
        ..Message::default()
    }
}

/// Why a message is not tried once more. Failures and ends of the program are counted apart.
fn given_up(claimed: &Claimed) -> Option<NotRead> {
    let (failures, interruptions) = (claimed.failures, claimed.interruptions());
    if failures >= ATTEMPTS {
        let why = claimed.failure.clone().unwrap_or_else(|| "nobody knows why".to_owned());
        Some(NotRead::Failed { times: failures.unsigned_abs(), why })
    } else if interruptions >= INTERRUPTIONS {
        Some(NotRead::Interrupted { times: interruptions.unsigned_abs() })
    } else {
        None
    }
}
