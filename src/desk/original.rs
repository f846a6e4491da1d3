//! The original of an entry: what was received, byte for byte.
//!
//! Promises the bytes whose SHA-256 is on record, or an error; and that it is said where they are not the whole message.

use super::{Desk, DeskError, entry::resolve};
use crate::{
    core::mail::identity,
    store::{Claimed, StoreError, Tx, intake_number},
};

/// What was received.
#[derive(Clone, Debug)]
pub struct Original {
    /// The intake number of the message.
    pub number: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Why they are not the whole message, if they are not.
    pub lacks: Option<String>,
}

impl Desk {
    /// What was received under a docket reference, an intake number, or the number of one of its items.
    ///
    /// # Errors
    /// There is no such entry, its original was erased or is damaged, or the database did not answer.
    pub async fn original(&self, reference: &str) -> Result<Original, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let message = match resolve(&mut tx, reference).await? {
            Some((number, _)) => tx.look_at(number).await?,
            None => None,
        };
        let Some(message) = message else {
            return Err(DeskError::NotFound(format!("there is no entry {reference}; `docket log` lists them")));
        };
        let number = intake_number(message.number);
        let Some(bytes) = bytes(&mut tx, &number, &message.sha256).await? else {
            return Err(DeskError::Refused(format!(
                "the original of {number} has been erased: a person confirmed the message as unrelated"
            )));
        };
        let lacks = lacks(&message);
        Ok(Original { number, sha256: message.sha256, bytes, lacks })
    }
}

/// The bytes of a message as they were received; none once they were erased.
///
/// # Errors
/// They are not those whose SHA-256 is on record, or the database did not answer.
pub(super) async fn bytes(tx: &mut Tx, number: &str, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = tx.original(sha256, usize::MAX).await?;
    if bytes.as_ref().is_some_and(|bytes| hex::encode(identity::evidence(bytes)) != sha256) {
        return Err(StoreError::Row(format!(
            "the original of {number} is damaged: its SHA-256 is not the one on record"
        )));
    }
    Ok(bytes)
}

/// Why the bytes of a message are not the whole of it, if they are not.
pub(super) fn lacks(message: &Claimed) -> Option<String> {
    let number = intake_number(message.number);
    let header = message.header_only.as_ref().map(|why| format!("only the header of {number} was taken in: {why}"));
    header.or_else(|| message.short.as_ref().map(|why| format!("{number} did not come whole: {why}")))
}
