//! What the parties of a call have filed, from wherever one looks.
//!
//! Promises that no message is read for it, and that what cannot be read hides nothing else: it is told beside, with whose it
//! is where that is known, so that nobody takes it for what is not there.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use super::{
    Codes, Each, Id, Legible, Read, Sql, StoreError, Submission, Tx,
    log::last_before,
    places::{PlaceRow, WithdrawalRow},
};
use crate::core::{
    iso3::Iso3,
    judging::matching::Kind,
    submission::{Filed, View, Withdrawal},
};

/// A fact of the table `t` was held before the time `$3`, of something that was received at `$2` or earlier.
macro_rules! seen {
    ($t:literal, $received:literal) => {
        concat!(
            $t,
            ".",
            $received,
            " <= $2 AND ",
            $t,
            ".since < $3 AND (",
            $t,
            ".until IS NULL OR ",
            $t,
            ".until >= $3)"
        )
    };
}

statements! {
    SUBMISSIONS = Sql::both(concat!(submission_columns!(), "WHERE s.call_id = $1 ORDER BY s.id"));
    FILED_UNDER = Sql::both(concat!(
        place_columns!("JOIN submission s ON s.id = p.submission_id WHERE s.call_id = $1 AND "),
        seen!("p", "received")));
    WITHDRAWALS_UNDER = Sql::both(concat!(
        "SELECT w.id, w.submission_id, w.at, w.opened_by, w.since, w.until
         FROM withdrawal w JOIN submission s ON s.id = w.submission_id WHERE s.call_id = $1 AND ",
        seen!("w", "at"), " ORDER BY w.id"));
}

/// A submission of a call with its facts, from wherever one looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRows {
    /// The submission.
    pub submission: Submission,
    /// What is filed.
    pub filed: Vec<Filed>,
    /// What was taken back.
    pub withdrawals: Vec<Withdrawal>,
}

/// Something filed of which not all can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadFact {
    /// The docket reference.
    pub reference: String,
    /// Its states; none where they cannot be read.
    pub states: Option<Vec<Iso3>>,
    /// What cannot be read, and why.
    pub why: String,
}

#[derive(Debug, sqlx::FromRow)]
struct SubmissionRow {
    id: Id,
    call_id: Id,
    reference: String,
    #[sqlx(try_from = "Legible<Kind>")]
    kind: Read<Kind>,
    #[sqlx(try_from = "Legible<Codes>")]
    states: Read<Codes>,
}

#[derive(Debug, sqlx::FromRow)]
struct SeenPlace {
    submission_id: Id,
    #[sqlx(flatten)]
    fact: Each<PlaceRow>,
}

#[derive(Debug, sqlx::FromRow)]
struct SeenWithdrawal {
    submission_id: Id,
    #[sqlx(flatten)]
    fact: Each<WithdrawalRow>,
}

/// The parties as far as they can be read, and what cannot.
#[derive(Debug, Default)]
struct Gathered {
    parties: BTreeMap<Id, PartyRows>,
    unread: Vec<UnreadFact>,
}

impl Gathered {
    fn submission(&mut self, row: SubmissionRow) {
        let SubmissionRow { id, call_id: call, reference, kind, states } = row;
        let (kind, states) = match (kind, states) {
            (Ok(kind), Ok(Codes(states))) => (kind, states),
            (kind, states) => {
                let whose = states.as_ref().err().map(|why| format!("for whom {reference} is: {why}"));
                let what = kind.err().map(|why| format!("of what kind {reference} is: {why}"));
                let states = states.ok().map(|Codes(states)| states);
                let why = whose.into_iter().chain(what).collect::<Vec<_>>().join("; ");
                return self.unread.push(UnreadFact { reference, states, why });
            }
        };
        let submission = Submission { id, call, reference, kind, states };
        self.parties.insert(id, PartyRows { submission, filed: Vec::new(), withdrawals: Vec::new() });
    }

    /// Adds a fact to its party; of one that is not there, that has been said.
    fn fact<T>(&mut self, submission: Id, fact: Read<T>, to: impl FnOnce(&mut PartyRows) -> &mut Vec<T>) {
        let Some(party) = self.parties.get_mut(&submission) else { return };
        match fact {
            Ok(fact) => to(party).push(fact),
            Err(why) => self.unread.push(UnreadFact {
                reference: party.submission.reference.clone(),
                states: Some(party.submission.states.clone()),
                why,
            }),
        }
    }
}

impl Tx {
    /// The submissions of a call with their facts as they were held, of what had been received; and what of them cannot be
    /// read.
    pub async fn parties_seen(
        &mut self,
        call: Id,
        view: View,
    ) -> Result<(Vec<PartyRows>, Vec<UnreadFact>), StoreError> {
        let mut all = Gathered::default();
        for row in fetch!(all, self => SubmissionRow, SUBMISSIONS, call)? {
            all.submission(row);
        }
        let (until, known) = (last_before(view.received_before), view.known_before.as_microsecond());
        for row in fetch!(all, self => SeenPlace, FILED_UNDER, call, until, known)? {
            let fact = Read::from(row.fact).and_then(|row| Filed::try_from(row).map_err(|error| error.to_string()));
            all.fact(row.submission_id, fact, |party| &mut party.filed);
        }
        for row in fetch!(all, self => SeenWithdrawal, WITHDRAWALS_UNDER, call, until, known)? {
            let fact = Read::from(row.fact).map(Withdrawal::from);
            all.fact(row.submission_id, fact, |party| &mut party.withdrawals);
        }
        let mut parties: Vec<PartyRows> = all.parties.into_values().collect();
        for party in &mut parties {
            party.filed.sort_by_key(|filed| filed.id);
        }
        Ok((parties, all.unread))
    }

    /// The same where all can be read: all submissions, or those of certain states.
    ///
    /// # Errors
    /// The database did not answer, or something filed cannot be read.
    pub async fn parties_of(&mut self, call: Id, states: &[Iso3], view: View) -> Result<Vec<PartyRows>, StoreError> {
        let (mut parties, unread) = self.parties_seen(call, view).await?;
        let wanted = |of: &[Iso3]| states.is_empty() || of.iter().any(|iso3| states.contains(iso3));
        // Of one whose states cannot be read nobody knows that it is another's.
        let broken = unread.iter().find(|fact| fact.states.as_deref().is_none_or(wanted));
        if let Some(UnreadFact { reference, why, .. }) = broken {
            return Err(StoreError::Row(format!("what is filed as {reference} cannot be read: {why}")));
        }
        parties.retain(|party| wanted(&party.submission.states));
        Ok(parties)
    }
}
