//! What is filed in a submission, with what stands beside it, and where an item is among it.
//!
//! Promises to be read in the transaction that changes it, once nobody else can, so that what follows is of one piece.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeSet;

use crate::{
    core::{
        calls::standing::Standing,
        submission::{Becomes, Filed, ItemId, Stands, View, Withdrawal, becomes, stands},
    },
    store::{Id, Projected, StoreError, Submission, Tx},
};

/// What is filed in a submission.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The submission.
    pub submission: Submission,
    /// What is and was filed.
    pub filed: Vec<Filed>,
    /// What was taken back.
    pub withdrawals: Vec<Withdrawal>,
    /// What stands beside the facts that hold now.
    pub projected: Vec<Projected>,
}

/// Where an item is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledAs {
    /// The docket reference.
    pub reference: String,
    /// The number of the version that it is, or repeats; none of what stands beside versions.
    pub version: Option<u32>,
    /// What it comes to beside what stands; versions are called by all numbers that they have.
    pub becomes: Becomes,
    /// How its receipt stands.
    pub standing: Standing,
}

impl FiledAs {
    /// It says what another said.
    #[must_use]
    pub fn repeats(&self) -> bool {
        matches!(self.becomes, Becomes::Repeats { .. })
    }

    /// The number of the version that it replaces as the current one.
    #[must_use]
    pub fn replaces(&self) -> Option<u32> {
        match &self.becomes {
            Becomes::Replaces { former } => former.n,
            _ => None,
        }
    }

    /// The number of the version.
    ///
    /// # Errors
    /// It has none.
    pub fn number(&self) -> Result<u32, StoreError> {
        self.version.ok_or_else(|| StoreError::Row(format!("what is filed as {} has no number", self.reference)))
    }
}

impl Facts {
    /// What is filed, read only.
    pub async fn of(tx: &mut Tx, submission: Submission) -> Result<Self, StoreError> {
        let (filed, withdrawals) = tx.filed_in(submission.id).await?;
        let projected = tx.projected_in(submission.id).await?;
        Ok(Self { submission, filed, withdrawals, projected })
    }

    /// What is filed in these; from here on nobody else changes it.
    pub async fn to_change(tx: &mut Tx, submissions: &BTreeSet<Id>) -> Result<Vec<Self>, StoreError> {
        // In one order for all, so that no two wait for each other.
        for id in submissions {
            tx.change_submission(*id).await?;
        }
        let mut all = Vec::new();
        for id in submissions {
            let submission = tx.submission(*id).await?;
            all.push(Self::of(tx, submission).await?);
        }
        Ok(all)
    }

    /// What stands of it.
    #[must_use]
    pub fn stands(&self) -> Stands<'_> {
        stands(&self.filed, &self.withdrawals, View::NOW)
    }

    /// Where an item is filed in it; none where it is not.
    #[must_use]
    pub fn filed_as(&self, item: ItemId) -> Option<FiledAs> {
        let row = self.filed.iter().find(|filed| filed.item == item && filed.held.until.is_none())?;
        let standing = self.projected.iter().find(|projected| projected.place == row.id)?.standing?;
        let stands = self.stands();
        let version = stands.version_of(item).and_then(|version| version.filed.n);
        let becomes = becomes(item, &stands, &|_| true);
        Some(FiledAs { reference: self.submission.reference.clone(), version, becomes, standing })
    }
}
