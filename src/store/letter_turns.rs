//! The letters that went to a sender lately, with what each answered: by them it is seen whether two machines write to each
//! other.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;

use super::{Sql, StoreError, Tx};
use crate::core::mail::{address::folded, mail_loop::Turn};

statements! {
    TURNS_ABOUT = Sql::both(
        "SELECT l.subject, l.body, COALESCE(m.body, '') FROM letter l JOIN message m ON m.id = l.message_id
         WHERE m.number = $1 AND l.released_at > $2 AND l.state <> 'discarded' ORDER BY l.id DESC");
    TURNS = Sql::both(
        "SELECT l.subject, l.body, COALESCE(m.body, '')
         FROM (SELECT id FROM letter WHERE to_mailbox = $1 AND released_at > $2 ORDER BY released_at DESC LIMIT 20) AS newest
         JOIN letter l ON l.id = newest.id JOIN message m ON m.id = l.message_id
         WHERE l.state <> 'discarded' ORDER BY l.id DESC");
}

impl Tx {
    /// The newest letters that went, or may have gone, to an address, however it is written, since that time, reminders
    /// aside.
    pub async fn turns(&mut self, address: &str, since: Timestamp) -> Result<Vec<Turn>, StoreError> {
        Ok(turns(fetch!(all, self => (String, String, String), TURNS, folded(address), since.as_microsecond())?))
    }

    /// The letters that went, or may have gone, since that time to the message with an intake number, whoever got them.
    pub async fn turns_about(&mut self, number: i64, since: Timestamp) -> Result<Vec<Turn>, StoreError> {
        Ok(turns(fetch!(all, self => (String, String, String), TURNS_ABOUT, number, since.as_microsecond())?))
    }
}

fn turns(rows: Vec<(String, String, String)>) -> Vec<Turn> {
    rows.into_iter().map(|(subject, letter, answered)| Turn { subject, letter, answered }).collect()
}
