//! What is still to be done with messages in their folders once they are in the log.
//!
//! Promises that only a message which was new while the setting was on is asked for, or one whose earlier sighting in the
//! folder still waits: what a person put back, or what the server numbered anew, is left where it is.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use serde::{Deserialize, Serialize};

use super::{Id, Sql, StoreError, Stored, Tx, number};

statements! {
    WANT = Sql::both(
        "UPDATE sighting SET after_intake = 'wanted'
         WHERE folder_id = $1 AND name = $2 AND message_id IS NOT NULL AND after_intake IS NULL");
    INHERIT = Sql::both(
        "UPDATE sighting SET after_intake = (
             SELECT MIN(CASE WHEN s.folder_id = sighting.folder_id THEN s.after_intake END) FROM sighting s
             WHERE s.message_id = sighting.message_id AND s.id <> sighting.id
                 AND s.after_intake IN ('wanted', 'copied'))
         WHERE folder_id = $1 AND name = $2 AND after_intake IS NULL");
    WANTED = Sql::both(
        "SELECT id, name, after_intake, message_id FROM sighting
         WHERE folder_id = $1 AND after_intake IN ('wanted', 'copied') AND id > $2 ORDER BY id LIMIT $3");
    SET = Sql::both(
        "UPDATE sighting SET after_intake = $2, after_reason = $3
         WHERE id = $1 AND (after_intake = 'wanted' OR (after_intake = 'copied' AND $2 <> 'wanted'))");
}

/// What came of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// It is still to be done.
    Wanted,
    /// Its copy is in the other folder, and it is still to be taken out of this one.
    Copied,
    /// It is done.
    Done,
    /// The message was not in the folder any more.
    Gone,
    /// The server gave no proof, and it is not done again.
    Unproved,
}

words!(After);

/// A sighting with which something is still to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAfter {
    /// The sighting.
    pub id: Id,
    /// What the message is called in its folder.
    pub name: String,
    /// Its copy is in the other folder already.
    pub copied: bool,
    /// The message.
    pub message: Option<Id>,
}

impl Tx {
    /// Asks for what is to be done with a message that was just stored in a folder, or recognised.
    pub async fn want_after_intake(&mut self, folder: Id, name: &str, stored: Stored) -> Result<(), StoreError> {
        let want = match stored {
            Stored::New(_) => WANT,
            Stored::Known(_) => INHERIT,
        };
        execute!(self, want, folder, name)?;
        Ok(())
    }

    /// The sightings of a folder with which something is still to be done, behind that row.
    pub async fn wanted_after_intake(
        &mut self,
        folder: Id,
        behind: Id,
        most: usize,
    ) -> Result<Vec<WantedAfter>, StoreError> {
        let rows = fetch!(all, self => (Id, String, After, Option<Id>), WANTED, folder, behind, number(most))?;
        let wanted = |(id, name, state, message)| WantedAfter { id, name, copied: state == After::Copied, message };
        Ok(rows.into_iter().map(wanted).collect())
    }

    /// Records what came of it, with the reason where it is not plain; never less than is known by now. `false` if another
    /// has found an end for it meanwhile.
    pub async fn after_intake(&mut self, sighting: Id, after: After, reason: Option<&str>) -> Result<bool, StoreError> {
        Ok(execute!(self, SET, sighting, after, reason)? == 1)
    }
}
