//! Whether the database is older than what was done with it: put back from a backup, or a new one in the place of another.
//!
//! Until when it was worked with stands here and, written after the commit, in a mark outside of it. Promises that with a
//! later mark every letter that may have left before is held for a person, and that nothing else changes: what surely came
//! after that was noticed is answered at once. A time alone does not prove that, for a mail server's clock may be ahead; that
//! everything which lay in its folder then had been looked at before does.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{SignedDuration, Timestamp};

use super::{About, Id, IfAny, Sql, StoreError, Time, Tx};
use crate::core::{
    actor::Actor,
    event::{Event, Hold},
};

/// How long after its last word an instance may still have worked, and by how much a mail server's clock may be ahead.
const MARGIN: SignedDuration = SignedDuration::from_mins(1);

statements! {
    ALIVE = Sql::both(
        "INSERT INTO instance (name, alive_until) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until");
    KNOWN_UNTIL = Sql::both("SELECT MAX(alive_until) FROM instance");
    ADD = Sql::both("INSERT INTO restored (noticed_at, known_until, lost_until) VALUES ($1, $2, $3)");
    KEEP_ON_THEIR_WAY = keeping!("$1", "state IN ('waiting', 'released', 'sending')");
    HOLD = Sql::both(
        "UPDATE letter SET state = 'held', reason = $1, held_for = $2, lease_until = 0, epoch = epoch + 1
         WHERE state IN ('waiting', 'released', 'sending') RETURNING id, message_id");
    SEARCH_FOR_COPIES = Sql::both("UPDATE letter SET copy_attempts = copy_attempts + 1 WHERE copy_state = 'wanted'");
    LOST = Sql::both("SELECT known_until FROM restored WHERE lost_until >= $1 ORDER BY id DESC LIMIT 1");
    LOST_TO = Sql::both(
        "SELECT r.known_until FROM message m
         JOIN restored r ON r.lost_until >= m.received AND r.id > COALESCE(m.came_after, 0)
         WHERE m.id = $1 ORDER BY r.id DESC LIMIT 1");
}

/// What the database does not know any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Until when it knows what was done; none where it was new.
    pub known_until: Option<Timestamp>,
}

impl Lost {
    /// For what a letter is held that may have been sent before.
    #[must_use]
    pub fn hold(self) -> Hold {
        match self.known_until {
            Some(known_until) => Hold::Restored { known_until },
            None => Hold::Replaced,
        }
    }
}

impl Tx {
    /// Says that an instance has worked until then.
    pub async fn alive(&mut self, instance: &str, until: Timestamp) -> Result<(), StoreError> {
        execute!(self, ALIVE, instance, until.as_microsecond())?;
        Ok(())
    }

    /// Holds the database against a mark outside of it. If it knows less, holds all letters that have not left by what it
    /// knows, and remembers until when others may have left. A copy of a letter that is wanted is searched for first.
    pub async fn held_against(&mut self, mark: Timestamp, now: Timestamp) -> Result<Option<Lost>, StoreError> {
        let known_until: Option<Timestamp> = fetch!(one, self => (IfAny<Time>,), KNOWN_UNTIL)?.0.into();
        if known_until.is_some_and(|known| known >= mark) {
            return Ok(None);
        }
        let lost = Lost { known_until };
        let lost_until = mark.saturating_add(MARGIN).unwrap_or(Timestamp::MAX);
        let known = known_until.map(Timestamp::as_microsecond);
        execute!(self, ADD, now.as_microsecond(), known, lost_until.as_microsecond())?;
        execute!(self, SEARCH_FOR_COPIES)?;
        let why = lost.hold();
        execute!(self, KEEP_ON_THEIR_WAY, now.as_microsecond())?;
        let reason = why.phrase().plain();
        let letters = fetch!(all, self => (Id, Option<Id>), HOLD, reason.as_str(), why.held_for())?;
        self.warn(format!(
            "the database knows less than was done until {mark:.0}: letters to what came by then are held"
        ));
        let restored = Event::Restored { worked_until: mark, held: letters.len() as u64 };
        self.record(now, About::default(), &Actor::Program, &restored)?;
        for (letter, message) in letters {
            let about = About { message, ..About::letter(letter) };
            self.record(now, about, &Actor::Program, &Event::LetterHeld { letter, held: why.clone() })?;
            self.say(format!("letter {letter} is held: {}", reason.trim_end_matches('.')));
        }
        Ok(Some(lost))
    }

    /// Whether what the program did about something that happened then may be lost: it is not done again without a person.
    pub async fn lost(&mut self, at: Timestamp) -> Result<Option<Lost>, StoreError> {
        Ok(lost(fetch!(optional, self => (IfAny<Time>,), LOST, at.as_microsecond())?))
    }

    /// Whether a message may have been answered before, by what the database does not know any more. One that surely came
    /// after that was noticed was not, whatever its time of receipt.
    pub async fn lost_to(&mut self, message: Id) -> Result<Option<Lost>, StoreError> {
        Ok(lost(fetch!(optional, self => (IfAny<Time>,), LOST_TO, message)?))
    }
}

fn lost(row: Option<(IfAny<Time>,)>) -> Option<Lost> {
    row.map(|(known,)| Lost { known_until: known.into() })
}
