//! What a party has filed under one docket reference: all of it, in the order of receipt.

use super::{
    Desk,
    view::{Place, Submission},
};
use crate::store::{FiledUnder, StoreError, SubmissionRow, Tx, intake_number};

impl Desk {
    /// The submission with a docket reference; none if that is none.
    pub(super) async fn submission(&self, tx: &mut Tx, reference: &str) -> Result<Option<Submission>, StoreError> {
        let Some((submission, filed)) = tx.filed_under(reference.trim()).await? else { return Ok(None) };
        let stands = |filed: &&FiledUnder| filed.withdrawn_at.is_none() && !filed.repeats;
        let current = filed.iter().filter(stands).map(|filed| filed.version).max();
        let SubmissionRow { reference, kind, call_code, states, .. } = submission;
        Ok(Some(Submission {
            reference,
            call: call_code,
            kind,
            states: self.by_name(states),
            places: filed.iter().map(|filed| place(filed, current)).collect(),
        }))
    }
}

fn place(filed: &FiledUnder, current: Option<u32>) -> Place {
    let message = intake_number(filed.number);
    Place {
        number: if filed.items > 1 { format!("{message}/{}", filed.item_n) } else { message.clone() },
        message,
        received: filed.received,
        version: filed.version,
        repeats: filed.repeats,
        current: !filed.repeats && filed.withdrawn_at.is_none() && Some(filed.version) == current,
        withdrawn: filed.withdrawn_at,
        standing: filed.standing,
        words: filed.words,
    }
}
