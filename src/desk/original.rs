//! The original of an entry: what was received, byte for byte.
//!
//! Promises the bytes whose SHA-256 is on record, or an error; and that it is said where they are not the whole message.

use super::{Desk, DeskError, entry::resolve};
use crate::{
    core::mail::identity,
    store::{StoreError, intake_number},
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
        let Some(bytes) = tx.original(&message.sha256, usize::MAX).await? else {
            return Err(DeskError::Refused(format!(
                "the original of {number} has been erased: a person confirmed the message as unrelated"
            )));
        };
        if hex::encode(identity::evidence(&bytes)) != message.sha256 {
            let what = format!("the original of {number} is damaged: its SHA-256 is not the one on record");
            return Err(StoreError::Row(what).into());
        }
        let header = message.header_only.map(|why| format!("only the header of {number} was taken in: {why}"));
        let lacks = header.or_else(|| message.short.map(|why| format!("{number} did not come whole: {why}")));
        Ok(Original { number, sha256: message.sha256, bytes, lacks })
    }
}
