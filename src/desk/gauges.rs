//! How much of what there is: what whoever keeps the program alive wants to see as a curve.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Desk, DeskError, Stopped, stop::stopped, view::MailboxSeen, waiting::how_many};
use crate::{store::LettersThat, watch::Health};

/// How much there is of each at this moment.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// How each end of the program does.
    pub health: Health,
    /// The calls.
    pub calls: Vec<CallGauge>,
    /// The mailboxes by name.
    pub mailboxes: Vec<MailboxSeen>,
    /// How many messages have been received and wait to be read.
    pub unread: i64,
    /// Since when the oldest of them waits.
    pub unread_since: Option<Timestamp>,
    /// How many letters stand so, by the word for that.
    pub letters: Vec<(&'static str, i64)>,
    /// That nothing leaves for outsiders, where somebody stopped it.
    pub stopped: Option<Stopped>,
}

/// How much there is in a call.
#[derive(Clone, Debug)]
pub struct CallGauge {
    /// Its code.
    pub call: String,
    /// The first instant that is late.
    pub deadline: Timestamp,
    /// How many cases wait for a person.
    pub waiting: u64,
}

impl Desk {
    /// How much there is of each at this moment.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn gauges(&self) -> Result<Gauges, DeskError> {
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.snapshot().await?;
        let (mut calls, mut mailboxes) = (Vec::new(), BTreeMap::new());
        for open in self.instance.calls().iter() {
            let code = &open.call.code;
            let waiting = how_many(&mut tx, code).await?;
            calls.push(CallGauge { call: code.clone(), deadline: open.deadline.instant, waiting });
            for mailbox in self.mailboxes(&mut tx, open, now).await? {
                mailboxes.insert(mailbox.name.clone(), mailbox);
            }
        }
        let mut letters = Vec::new();
        for that in LettersThat::ALL {
            letters.push((that.word(), tx.count_letters_that(that).await?));
        }
        Ok(Gauges {
            health: self.health(),
            calls,
            mailboxes: mailboxes.into_values().collect(),
            unread: tx.unread().await?,
            unread_since: tx.unread_since().await?,
            letters,
            stopped: stopped(&mut tx).await?,
        })
    }
}
