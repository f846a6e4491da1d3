//! Importing: files are taken in as if they had arrived at their recorded time.
//!
//! Nothing imported is answered unless that was asked for: a secretariat that moves an archive in must not write to
//! governments about it. What is no message is refused by its name, and the others are taken in.

use jiff::Timestamp;

use super::{
    PipelineError,
    receive::intake::{self, Origin},
};
use crate::{
    core::{actor::Actor, judging::silence::Silence},
    instance::Instance,
    mailbox::{MailFile, Refused},
    store::Stored,
};

/// What importing came to.
#[derive(Debug, Default)]
pub struct Imports {
    /// The messages.
    pub taken: Vec<Imported>,
    /// What is none, or cannot be read.
    pub refused: Vec<Refused>,
}

/// What importing one message came to.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Which file, and which message of it.
    pub name: String,
    /// Where it is in the log.
    pub stored: Stored,
}

/// Takes in message files, mbox files and the messages of Maildirs.
///
/// # Errors
/// The database did not answer. What was taken in until then stays.
pub async fn import(
    instance: &Instance,
    mailbox: &str,
    files: &[MailFile],
    acknowledge: bool,
) -> Result<Imports, PipelineError> {
    let mut tx = instance.db.begin().await?;
    let (id, _) = tx.mailbox(mailbox, instance.clock.now()).await?;
    let folder = tx.folder(id, "import").await?;
    tx.commit().await?;
    let origin = Origin { mailbox: id, folder, junk: false };
    let trusted = instance.config.mailboxes.iter().find(|m| m.name == mailbox);
    let trusted_hops = trusted.map(|m| m.trusted_hops.clone()).unwrap_or_default();
    let silent = |_: Timestamp| (!acknowledge).then_some(Silence::Imported);
    let mut imports = Imports::default();
    for (name, message) in files.iter().flat_map(MailFile::messages) {
        let raw = match message {
            Ok(raw) => raw,
            Err(why) => {
                imports.refused.push(Refused { name, why });
                continue;
            }
        };
        let now = instance.clock.now();
        let message = intake::message(origin, name.clone(), &raw, &trusted_hops, now, silent, Actor::Import)?;
        let mut tx = instance.db.begin().await?;
        let stored = tx.store_message(&message).await?;
        tx.commit().await?;
        imports.taken.push(Imported { name, stored });
    }
    Ok(imports)
}
