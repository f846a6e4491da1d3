//! What officers add to an entry by hand: notes, and who is in charge of it.
//!
//! Promises that each is an event with a name, and that neither decides anything.

use super::{Desk, DeskError, case::no_entry, colleagues::colleagues, entry::resolve, view::Note};
use crate::{
    core::{actor::Actor, event::Event},
    filing::lines,
    store::{About, Id, NoteRow, Tx, intake_number},
};

/// The characters that a note has at most.
const LONGEST: usize = 4000;

impl From<NoteRow> for Note {
    fn from(row: NoteRow) -> Self {
        let by = row.struck_by.map(|by| by.name().to_owned()).unwrap_or_default();
        Self {
            id: row.id,
            at: row.at,
            by: row.noted_by.name().to_owned(),
            text: row.text,
            struck: row.struck_at.map(|at| (by, at)),
        }
    }
}

impl Desk {
    /// Adds a note to an entry. Yields the intake number.
    ///
    /// # Errors
    /// There is no such entry, the note is empty or too long, or the database did not answer.
    pub async fn add_note(&self, reference: &str, text: &str, actor: &Actor) -> Result<String, DeskError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeskError::Refused("Write the note: there is nothing in it.".to_owned()));
        }
        if text.chars().count() > LONGEST {
            return Err(DeskError::Refused(format!("A note has {LONGEST} characters at most; this one is longer.")));
        }
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let (message, number) = entry(&mut tx, reference).await?;
        tx.add_note(message, text, actor, now).await?;
        self.put(tx, (message, number), actor, &Event::Noted { text: text.to_owned() }).await
    }

    /// Strikes a note of an entry: it stays to be read, as struck. Yields the intake number.
    ///
    /// # Errors
    /// There is no such entry or note, it was struck before, or the database did not answer.
    pub async fn strike_note(&self, reference: &str, note: Id, actor: &Actor) -> Result<String, DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let (message, number) = entry(&mut tx, reference).await?;
        let Some(text) = tx.strike_note((message, note), actor, now).await? else {
            return Err(DeskError::Refused(format!("{number} has no such note, or it was struck before.")));
        };
        self.put(tx, (message, number), actor, &Event::NoteStruck { text }).await
    }

    /// Puts a person in charge of an entry, by name; or nobody. Yields the intake number.
    ///
    /// # Errors
    /// There is no such entry, nobody of that name decides, or the database did not answer.
    pub async fn put_in_charge(&self, reference: &str, who: Option<&str>, actor: &Actor) -> Result<String, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let (message, number) = entry(&mut tx, reference).await?;
        let account = match who {
            Some(who) => {
                let found = colleagues(&mut tx).await?.into_iter().find(|account| account.name == who);
                let Some(found) = found else {
                    let who: String = who.chars().take(80).collect();
                    return Err(DeskError::Refused(format!("Nobody named “{who}” decides here.")));
                };
                Some(found)
            }
            None => None,
        };
        let before = tx.in_charge(message, message).await?.pop().map(|(_, name)| name);
        let name = account.as_ref().map(|account| account.name.clone());
        if before == name {
            return Ok(number);
        }
        tx.put_in_charge(message, account.map(|account| account.id)).await?;
        self.put(tx, (message, number), actor, &Event::PutInCharge { name }).await
    }

    async fn put(
        &self,
        mut tx: Tx,
        (message, number): (Id, String),
        actor: &Actor,
        event: &Event,
    ) -> Result<String, DeskError> {
        tx.record(self.instance.clock.now(), About::message(message), actor, event)?;
        tx.say(lines::decision(&number, actor, &self.instance.in_words(&event.phrase())));
        tx.commit().await?;
        Ok(number)
    }
}

async fn entry(tx: &mut Tx, reference: &str) -> Result<(Id, String), DeskError> {
    let found = match resolve(tx, reference).await? {
        Some((number, _)) => tx.entry(number).await?,
        None => None,
    };
    let found = found.ok_or_else(|| DeskError::NotFound(no_entry(reference)))?;
    Ok((found.id, intake_number(found.number)))
}
