//! Messages as they were received: mailboxes, where each message was seen, its original and its intake number.
//!
//! Promises that an original is kept byte for byte before anything is parsed, under a number without gaps, and that the
//! same message seen again is recognised: it makes a sighting, never a second row. This is long because what is stored of a
//! message and what a claim hands on of it are told column by column.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    About, Disposition, Id, IfAny, Legible, Original, Sql, StoreError, Time, Tx,
    asked::{asked, kept, kept_silence, silence},
    intake_number,
    leases::micros,
    number,
};
use crate::core::{
    actor::Actor,
    calls::standing::Witnesses,
    event::{Event, not_taken::NotTaken},
    judging::silence::Silence,
    question::Questions,
    recorded::Recorded,
};

/// What is known of a message that is claimed, or looked at as if it were: `$attempts`, `$failures` and `$failure` are those of
/// its row, or others.
macro_rules! claimed_columns {
    ($attempts:literal, $failures:literal, $failure:literal) => {
        concat!(
            "id, number, (SELECT name FROM mailbox WHERE mailbox.id = mailbox_id) AS mailbox, sha256, size, received, clock,
                 received_header, internal_date, silent, held, header_only, short, epoch, ",
            $attempts, " AS attempts, ", $failures, " AS failures, ", $failure, " AS failure,
                 (SELECT COUNT(*) FROM earlier_original e WHERE e.message_id = message.id) AS grown"
        )
    };
}
pub(super) use claimed_columns;

/// Claims the oldest messages that are to be read, `$3` at most.
macro_rules! claim {
    ($db:ident) => {
        concat!(
            "UPDATE message SET ",
            claimed!($db),
            ", attempts = attempts + 1, epoch = epoch + 1
             WHERE ",
            free_among!(
                $db,
                "SELECT id FROM message WHERE state = 'stored' AND lease_until < ",
                now!($db),
                "
                 ORDER BY number LIMIT $3"
            ),
            "
             RETURNING ",
            claimed_columns!("attempts", "failures", "state_reason")
        )
    };
}

/// Claims the message with the number `$3`, if nobody has.
macro_rules! claim_one {
    ($db:ident) => {
        concat!(
            "UPDATE message SET ",
            claimed!($db),
            ", attempts = attempts + 1, epoch = epoch + 1
             WHERE number = $3 AND state = 'stored' AND lease_until < ",
            now!($db),
            "
             RETURNING ",
            claimed_columns!("attempts", "failures", "state_reason")
        )
    };
}

statements! {
    ADD_MAILBOX = Sql::both("INSERT INTO mailbox (name, first_started) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
    MAILBOX = Sql::both("SELECT id, first_started FROM mailbox WHERE name = $1");
    ADD_FOLDER = Sql::both("INSERT INTO folder (mailbox_id, name) VALUES ($1, $2) ON CONFLICT (mailbox_id, name) DO NOTHING");
    FOLDER = Sql::both("SELECT id FROM folder WHERE mailbox_id = $1 AND name = $2");
    FOLDER_READ = Sql::both("UPDATE folder SET last_read = $2 WHERE id = $1");
    MAILBOXES = Sql::both(
        "SELECT m.name, MAX(f.last_read) FROM mailbox m LEFT JOIN folder f ON f.mailbox_id = m.id
         GROUP BY m.id, m.name ORDER BY m.name");
    SIGHTINGS = Sql::both("SELECT name FROM sighting WHERE folder_id = $1 AND disposition <> 'failed'");
    SEE = Sql::both(
        "INSERT INTO sighting (folder_id, name, first_seen, internal_date, attempts, disposition, reason, message_id, failures)
         VALUES ($1, $2, $3, $4, 1, $5, $6, $7, CASE WHEN CAST($5 AS TEXT) = 'failed' THEN 1 ELSE 0 END)
         ON CONFLICT (folder_id, name) DO UPDATE SET
             attempts = sighting.attempts + 1, disposition = excluded.disposition, reason = excluded.reason,
             message_id = excluded.message_id, failures = sighting.failures + excluded.failures
         RETURNING attempts");
    KNOWN = Sql::both(
        "SELECT id, number FROM message WHERE mailbox_id = $1 AND identity = $2
         UNION ALL
         SELECT m.id, m.number FROM earlier_original e JOIN message m ON m.id = e.message_id
         WHERE m.mailbox_id = $1 AND e.identity = $2
         LIMIT 1");
    ADD_MESSAGE = Sql::both(
        "INSERT INTO message (number, mailbox_id, identity, identity_version, sha256, size, received, clock,
             received_header, internal_date, first_seen, silent, held, header_only, announced, short, came_after, state,
             attempts, lease_until, epoch, revision, way, authority)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
             (SELECT MAX(r.id) FROM restored r JOIN folder f ON f.last_read >= r.noticed_at
              WHERE f.id = $17 AND r.noticed_at / 1000000 <= COALESCE(CAST($10 AS BIGINT), CAST($11 AS BIGINT)) / 1000000),
             'stored', 0, 0, 0, 0, $18, $19)
         RETURNING id");
    CLAIM = each!(claim);
    CLAIM_ONE = each!(claim_one);
    RECEIPT = Sql::both("SELECT received, received_header, internal_date FROM message WHERE id = $1");
    GIVE_BACK = Sql::both(
        "UPDATE message SET attempts = attempts - 1, lease_until = CASE WHEN epoch = $2 THEN 0 ELSE lease_until END
         WHERE id = $1 AND state = 'stored' AND (epoch > $2 OR (epoch = $2 AND lease_owner = $3))");
    RETRY = Sql::both(
        "UPDATE message SET lease_until = 0, state_reason = $3, failures = failures + 1
         WHERE id = $1 AND epoch = $2 AND state = 'stored'");
    SILENT_BEFORE = Sql::both(
        "SELECT COUNT(*) FROM message WHERE mailbox_id = $1 AND received < $2 AND silent IS NOT NULL");
    SAME_ELSEWHERE = Sql::both(
        "SELECT o.number, b.name FROM message m JOIN message o ON o.identity = m.identity
             AND o.mailbox_id IN (SELECT x.id FROM mailbox x WHERE x.id <> m.mailbox_id)
         JOIN mailbox b ON b.id = o.mailbox_id
         WHERE m.id = $1 AND o.number < m.number ORDER BY o.number");
    UNREAD = Sql::both("SELECT COUNT(*) FROM message WHERE state = 'stored'");
    UNREAD_SINCE = Sql::both("SELECT first_seen FROM message WHERE state = 'stored' ORDER BY number LIMIT 1");
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It is kept, and not read yet.
    Stored,
    /// It was read.
    Read,
    /// It could not be read, and is left to a person.
    Parked,
}

words!(MessageState);

/// A message to be stored.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// The mailbox.
    pub mailbox: Id,
    /// The folder.
    pub folder: Id,
    /// What the message is called there: a file name.
    pub name: String,
    /// Its bytes.
    pub original: Original<'a>,
    /// What tells this message from any other in the mailbox.
    pub identity: String,
    /// The version of the rule that made the identity.
    pub identity_version: i64,
    /// The receipt clock's answer.
    pub received: Timestamp,
    /// The rule of the receipt clock that chose.
    pub clock: &'static str,
    /// What our own relays wrote.
    pub received_header: Option<Timestamp>,
    /// What the mailbox says: the file's time.
    pub internal_date: Option<Timestamp>,
    /// When the program first saw it.
    pub first_seen: Timestamp,
    /// Why nothing is answered, whatever the message is: it is old, or was imported.
    pub silent: Option<Silence>,
    /// What a person is asked, whatever the message is.
    pub held: Option<Questions>,
    /// Where the bytes are those of the header alone: the size of the whole, and why.
    pub header_only: Option<(u64, &'a str)>,
    /// The size that the mailbox announced, where it handed over another.
    pub announced: Option<u64>,
    /// Why the bytes are not the whole message.
    pub short: Option<String>,
    /// How it came, where a person recorded it and no mail brought it.
    pub recorded: Option<&'a Recorded>,
    /// Who takes it in.
    pub actor: Actor,
}

/// What storing a message came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new, and has this intake number.
    New(i64),
    /// The same message is already in the log under this number.
    Known(i64),
}

/// A claimed message: what is left to do for it, and by whom.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    /// What its items, files and letters refer to.
    pub id: Id,
    /// The intake number.
    pub number: i64,
    /// The mailbox, by its name.
    pub mailbox: String,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Bytes of the original.
    pub size: i64,
    received: Legible<Time>,
    /// The rule of the receipt clock.
    pub clock: String,
    received_header: Legible<IfAny<Time>>,
    internal_date: Legible<IfAny<Time>>,
    silent: Option<String>,
    held: Option<String>,
    /// Why the original is the header of the message alone.
    pub header_only: Option<String>,
    /// Why the original is not the whole message.
    pub short: Option<String>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// How often reading it failed; of the other attempts the end of the process was the end.
    pub failures: i64,
    /// Why it failed last.
    pub failure: Option<String>,
    /// The epoch of the claim.
    pub epoch: i64,
    /// How often it has grown since it was first taken in.
    pub grown: i64,
}

impl Claimed {
    /// How often it was taken up and nothing was heard of it: the program ended.
    #[must_use]
    pub fn interruptions(&self) -> i64 {
        self.attempts - 1 - self.failures
    }

    /// Why nothing is answered, whatever it is.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn silent(&self) -> Result<Option<Silence>, StoreError> {
        silence(self.silent.as_deref(), self.number)
    }

    /// Whether a person is asked about it, whatever it is.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// What a person is asked, whatever it is.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn held(&self) -> Result<Questions, StoreError> {
        asked(self.held.as_deref(), &format!("message {}", intake_number(self.number)))
    }

    /// What our own relays wrote, and what the mailbox says.
    pub fn witnesses(&self) -> Result<Witnesses, StoreError> {
        let relay = self.received_header.read("received_header", "message", self.id)?.into();
        let mailbox = self.internal_date.read("internal_date", "message", self.id)?.into();
        Ok(Witnesses { relay, mailbox })
    }

    /// The receipt clock's answer.
    pub fn received(&self) -> Result<Timestamp, StoreError> {
        Ok(self.received.read("received", "message", self.id)?.into())
    }
}

fn received(new: &NewMessage<'_>) -> Event {
    let came = new.original.raw.len() as u64;
    if let Some(Recorded { way, authority }) = new.recorded {
        return Event::Recorded { way: *way, authority: authority.clone(), bytes: came };
    }
    let (bytes, only_header) = new.header_only.map_or((came, None), |(size, why)| (size, Some(why.to_owned())));
    Event::Received { bytes, only_header, short: new.short.clone(), announced: new.announced }
}

impl Tx {
    /// Where the same message had come before: the numbers it has in other mailboxes, with their names.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn same_elsewhere(&mut self, message: Id) -> Result<Vec<(i64, String)>, StoreError> {
        fetch!(all, self => (i64, String), SAME_ELSEWHERE, message)
    }

    /// The mailbox of that name, and when it was first watched.
    pub async fn mailbox(&mut self, name: &str, now: Timestamp) -> Result<(Id, Timestamp), StoreError> {
        execute!(self, ADD_MAILBOX, name, now.as_microsecond())?;
        let (id, Time(first_started)) = fetch!(one, self => (Id, Time), MAILBOX, name)?;
        Ok((id, first_started))
    }

    /// A folder of a mailbox.
    pub async fn folder(&mut self, mailbox: Id, name: &str) -> Result<Id, StoreError> {
        execute!(self, ADD_FOLDER, mailbox, name)?;
        Ok(fetch!(one, self => (Id,), FOLDER, mailbox, name)?.0)
    }

    /// Records that a folder was read to its end.
    pub async fn folder_read(&mut self, folder: Id, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, FOLDER_READ, folder, at.as_microsecond())?;
        Ok(())
    }

    /// Every mailbox by name, with the time it was last read.
    pub async fn mailboxes(&mut self) -> Result<Vec<(String, Option<Timestamp>)>, StoreError> {
        let rows = fetch!(all, self => (String, IfAny<Time>), MAILBOXES)?;
        Ok(rows.into_iter().map(|(name, at)| (name, at.into())).collect())
    }

    /// The names in a folder that need not be looked at again.
    pub async fn sightings(&mut self, folder: Id) -> Result<Vec<String>, StoreError> {
        Ok(fetch!(all, self => (String,), SIGHTINGS, folder)?.into_iter().map(|(name,)| name).collect())
    }

    /// Records that a name in a folder has no message, and why, and yields how often it was tried.
    pub async fn see_without_message(
        &mut self,
        folder: Id,
        name: &str,
        at: Timestamp,
        why: &NotTaken,
    ) -> Result<i64, StoreError> {
        let (now, none) = (at.as_microsecond(), None::<i64>);
        let (disposition, reason) = (Disposition::from(why), why.phrase().plain());
        let (tries,) = fetch!(one, self => (i64,), SEE, folder, name, now, none, disposition, reason.as_str(), none)?;
        if tries == 1 {
            self.record(at, About::default(), &Actor::Program, &why.event())?;
            if matches!(why, NotTaken::NotAMessage(_)) {
                self.warn(format!("not received, and left where it is: {reason}"));
            }
        }
        Ok(tries)
    }

    /// Stores an original under the next intake number, or recognises it.
    ///
    /// # Errors
    /// The database did not answer, or the original could not be compressed.
    pub async fn store_message(&mut self, new: &NewMessage<'_>) -> Result<Stored, StoreError> {
        let known = self.known(new.mailbox, &new.identity).await?;
        let (message, stored) = if let Some((id, number)) = known {
            (id, Stored::Known(number))
        } else {
            self.store_original(&new.original).await?;
            let number = self.take_number("message").await?;
            (self.add_message(new, number).await?, Stored::New(number))
        };
        let seen = (new.first_seen.as_microsecond(), new.internal_date.map(Timestamp::as_microsecond));
        let reason = None::<&str>;
        fetch!(one, self => (i64,), SEE, new.folder, &new.name, seen.0, seen.1, Disposition::Stored, reason, Some(message))?;
        let event = match stored {
            Stored::New(_) => received(new),
            Stored::Known(_) => Event::SeenAgain { name: new.name.clone() },
        };
        self.record(new.first_seen, About::message(message), &new.actor, &event)?;
        if let Stored::New(number) = stored {
            let header = if new.header_only.is_some() { ", only its header" } else { "" };
            let silent = if new.silent.is_some() { ", and gets no letter" } else { "" };
            self.say(format!("{} received{header}{silent}", intake_number(number)));
        }
        Ok(stored)
    }

    /// The message of a mailbox that is this one, or was before it grew: the row and the intake number.
    pub async fn known(&mut self, mailbox: Id, identity: &str) -> Result<Option<(Id, i64)>, StoreError> {
        fetch!(optional, self => (Id, i64), KNOWN, mailbox, identity)
    }

    async fn add_message(&mut self, new: &NewMessage<'_>, intake: i64) -> Result<Id, StoreError> {
        let id = fetch!(one, self => (Id,), ADD_MESSAGE,
            intake,
            new.mailbox,
            &new.identity,
            new.identity_version,
            &new.original.sha256,
            new.header_only.map_or_else(|| number(new.original.raw.len()), |(size, _)| number(size)),
            new.received.as_microsecond(),
            new.clock,
            new.received_header.map(Timestamp::as_microsecond),
            new.internal_date.map(Timestamp::as_microsecond),
            new.first_seen.as_microsecond(),
            new.silent.as_ref().map(kept_silence).transpose()?,
            kept(new.held.as_ref())?,
            new.header_only.map(|(_, reason)| reason),
            new.announced.map(number),
            new.short.as_deref(),
            new.folder,
            new.recorded.map(|recorded| recorded.way),
            new.recorded.map(|recorded| recorded.authority.as_str()),
        )?;
        Ok(id.0)
    }

    /// Claims up to `most` messages that are stored and not read, oldest first. Each claim counts as an attempt before
    /// anything is tried.
    pub async fn claim_messages(
        &mut self,
        owner: &str,
        for_how_long: Duration,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut claimed = fetch!(all, self => Claimed, CLAIM, owner, micros(for_how_long), number(most))?;
        claimed.sort_by_key(|message| message.number);
        Ok(claimed)
    }

    /// Claims the message with an intake number, if it is to be read and nobody has claimed it; as above.
    pub async fn claim_message(
        &mut self,
        owner: &str,
        for_how_long: Duration,
        number: i64,
    ) -> Result<Option<Claimed>, StoreError> {
        fetch!(optional, self => Claimed, CLAIM_ONE, owner, micros(for_how_long), number)
    }

    /// Since when the oldest message has been there that is not read; none if all are.
    pub async fn unread_since(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(fetch!(optional, self => (Time,), UNREAD_SINCE)?.map(|(Time(at),)| at))
    }

    /// Gives a claim back as if it had never been: the program is stopping, or what it claimed it for could not be done. Once
    /// for each claim. One that another has taken over meanwhile stays with that one, and was no attempt either: who gives
    /// it back did not end over the message.
    pub async fn give_back(&mut self, claimed: &Claimed, owner: &str) -> Result<(), StoreError> {
        execute!(self, GIVE_BACK, claimed.id, claimed.epoch, owner)?;
        Ok(())
    }

    /// Leaves a claimed message for another attempt, with the reason why this one failed.
    pub async fn leave_for_retry(&mut self, claimed: &Claimed, reason: &str) -> Result<(), StoreError> {
        execute!(self, RETRY, claimed.id, claimed.epoch, reason)?;
        Ok(())
    }

    /// When a message was received, and what our own relays and the mailbox say about that.
    pub async fn receipt(&mut self, message: Id) -> Result<(Timestamp, Witnesses), StoreError> {
        let (Time(received), relay, mailbox) = fetch!(one, self => (Time, IfAny<Time>, IfAny<Time>), RECEIPT, message)?;
        Ok((received, Witnesses { relay: relay.into(), mailbox: mailbox.into() }))
    }

    /// How many messages of a mailbox were received before then and get no letter.
    pub async fn silent_before(&mut self, mailbox: Id, since: Timestamp) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), SILENT_BEFORE, mailbox, since.as_microsecond())?.0)
    }

    /// How many messages are stored and not yet read.
    pub async fn unread(&mut self) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), UNREAD)?.0)
    }
}
