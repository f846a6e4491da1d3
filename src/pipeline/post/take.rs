//! Taking the letter that is due longest: claimed, and frozen with Message-ID, date and bytes.
//!
//! Promises that a letter which cannot be made ready keeps no other back, and that a claim for which nothing is done is given
//! back, at the latest when the database is there again.

use std::{mem, time::Duration};

use jiff::Timestamp;

use super::lanes::Post;
use crate::{
    core::{
        actor::Actor,
        calls::{reminder, status::Status},
        event::{Dropped, Event, Hold, NotLeft},
        letter_kind::LetterKind,
    },
    failpoint,
    filing::{self, lines},
    mailer::{Outgoing, compose, message_id},
    pipeline::PipelineError,
    store::{About, ClaimedLetter, LetterState, StoreError, Tx, Whose},
};

/// With so many times that the program ended with nothing but this letter in hand, or that the database refused it, a person
/// is asked.
const FAULTS: i64 = 3;
/// The same where something else was in hand, too, and may have been what it ended over.
const ENDS: i64 = 10;
/// How long a claim lasts beyond what handing over may take.
const CLAIM: Duration = Duration::from_mins(5);

/// A letter that is claimed and frozen; without bytes it must not leave.
pub(super) struct Taken {
    pub(super) letter: ClaimedLetter,
    pub(super) bytes: Option<Vec<u8>>,
}

impl Post {
    /// Gives back what went astray.
    pub(super) async fn give_back(&self) -> Result<(), PipelineError> {
        let astray = mem::take(&mut *self.astray());
        if astray.is_empty() {
            return Ok(());
        }
        let given_back = async {
            let (mut tx, now) = (self.instance.db.begin().await?, self.instance.clock.now());
            for letter in &astray {
                tx.letter_given_back(letter, now).await?;
            }
            tx.commit().await
        };
        if let Err(error) = given_back.await {
            self.astray().extend(astray);
            return Err(error.into());
        }
        Ok(())
    }

    /// Takes the letter that is due longest, with a commit of its own. One that the database refuses is counted, in the end
    /// left to a person, and the next has its turn.
    pub(super) async fn take(&self) -> Result<Option<Taken>, PipelineError> {
        loop {
            let mut tx = self.instance.db.begin().await?;
            let Some(letter) = self.claim(&mut tx).await? else { return Ok(None) };
            let error = match self.prepare(&mut tx, letter.clone()).await {
                Ok(taken) => {
                    let committed = tx.commit().await;
                    let taken = self.taken_by(committed, Some(taken))?;
                    failpoint::reached("after-release-commit");
                    return Ok(taken);
                }
                Err(error) => error,
            };
            if error.whose_over(letter.id, &self.cut_offs) != Whose::Row {
                return Err(error);
            }
            tx.roll_back().await?;
            self.count(&letter, &error).await?;
        }
    }

    /// Counts that the database refused what was to be done with a letter, and with the last time leaves it to a person.
    async fn count(&self, letter: &ClaimedLetter, error: &PipelineError) -> Result<(), PipelineError> {
        let why = error.to_string();
        let mut tx = self.instance.db.begin().await?;
        match tx.letter_refused(letter, &why).await? {
            Some(times) if times >= FAULTS => {
                self.hold(&mut tx, letter, Hold::Refused { times: times.unsigned_abs(), why }).await?;
            }
            Some(times) => {
                let (letter, about) = (letter.id, letter.about());
                tx.warn(format!("letter {letter} for {about} was refused (attempt {times} of {FAULTS}): {why}"));
            }
            None => {}
        }
        Ok(tx.commit().await?)
    }

    /// Leaves a letter to a person.
    async fn hold(&self, tx: &mut Tx, letter: &ClaimedLetter, held: Hold) -> Result<(), PipelineError> {
        let (now, reason) = (self.instance.clock.now(), held.phrase().plain());
        if tx.letter_held(letter, now, held.held_for(), &reason).await? {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            tx.record(now, about, &Actor::Program, &Event::LetterHeld { letter: letter.id, held })?;
            tx.warn(lines::held(letter.id, &letter.about(), &reason));
        }
        Ok(())
    }

    /// What was taken by a commit. Where that failed, it may be claimed all the same.
    pub(super) fn taken_by(
        &self,
        committed: Result<(), StoreError>,
        taken: Option<Taken>,
    ) -> Result<Option<Taken>, PipelineError> {
        match committed {
            Ok(()) => Ok(taken),
            Err(error) => {
                self.astray().extend(taken.map(|taken| taken.letter));
                Err(error.into())
            }
        }
    }

    /// Claims the letter that is due longest and makes it ready.
    pub(super) async fn take_within(&self, tx: &mut Tx) -> Result<Option<Taken>, PipelineError> {
        match self.claim(tx).await? {
            Some(letter) => Ok(Some(self.prepare(tx, letter).await?)),
            None => Ok(None),
        }
    }

    /// Freezes a letter that is claimed. One over which the program ended too often must not leave: a person is asked.
    async fn prepare(&self, tx: &mut Tx, mut letter: ClaimedLetter) -> Result<Taken, PipelineError> {
        failpoint::reached("after-letter-claim");
        let before = letter.begun - 1;
        // Of one that may have left already, just that is said.
        let may_have_left = letter.state()? == LetterState::Sending && self.leaves_doubt();
        let own = letter.own_ends;
        if (own >= FAULTS || before >= ENDS) && !may_have_left {
            let times = if own >= FAULTS { own } else { before }.unsigned_abs();
            let held = match letter.fault.take() {
                Some(why) => Hold::Refused { times, why },
                None => Hold::Interrupted { times },
            };
            self.hold(tx, &letter, held).await?;
            return Ok(Taken { letter, bytes: None });
        }
        let bytes = match letter.bytes.take() {
            Some(bytes) => Some(bytes),
            None => self.release(tx, &letter).await?,
        };
        failpoint::reached("before-release-commit");
        Ok(Taken { letter, bytes })
    }

    async fn claim(&self, tx: &mut Tx) -> Result<Option<ClaimedLetter>, PipelineError> {
        let for_how_long = self.longest() + CLAIM;
        Ok(tx.claim_letter(&self.instance.owner, for_how_long, self.instance.clock.now()).await?)
    }

    /// Freezes a letter and yields its bytes; nothing if it must not leave.
    async fn release(&self, tx: &mut Tx, letter: &ClaimedLetter) -> Result<Option<Vec<u8>>, PipelineError> {
        if letter.entry_changed() {
            self.end(tx, letter, LetterState::Discarded, NotLeft::Dropped(Dropped::EntryChanged)).await?;
            return Ok(None);
        }
        // What is no letter that is known must not leave.
        let kind = letter.kind()?;
        let now = self.instance.clock.now();
        if kind == LetterKind::Reminder
            && let Some(status) = self.not_to_remind(tx, letter, now).await?
        {
            let why = NotLeft::Dropped(Dropped::NotToRemind { status });
            self.end(tx, letter, LetterState::Discarded, why).await?;
            return Ok(None);
        }
        let config = &self.instance.config.letters;
        let id = message_id(&self.instance.secret, letter.id, now, &config.from_address);
        let composed = compose(&Outgoing {
            from_name: &config.from_name,
            from_address: &config.from_address,
            to_address: &letter.recipient,
            to_name: letter.recipient_name.as_deref(),
            subject: &letter.subject,
            body: &letter.body,
            message_id: &id,
            date: now,
            in_reply_to: letter.in_reply_to.as_deref(),
            references: &letter.references().collect::<Vec<_>>(),
            replied: letter.message_id.is_some(),
        });
        match composed {
            Ok(bytes) => Ok(tx.freeze_letter(letter, now, &id, &bytes).await?.then_some(bytes)),
            Err(error) => {
                self.end(tx, letter, LetterState::Failed, NotLeft::NotComposed { why: error.to_string() }).await?;
                Ok(None)
            }
        }
    }

    /// How the state of a reminder stands, where it is due no more since it was decided.
    async fn not_to_remind(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        now: Timestamp,
    ) -> Result<Option<Status>, PipelineError> {
        let (Some(call), Some(state)) = (letter.call_id, letter.state_told()?) else { return Ok(None) };
        let Some(open) = self.instance.call_now(tx, call).await? else { return Ok(None) };
        let (standings, _) = filing::to_remind(tx, &open, None, now).await?;
        Ok(reminder::overtaken(state, &standings))
    }

    async fn end(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        state: LetterState,
        why: NotLeft,
    ) -> Result<(), PipelineError> {
        let (now, reason) = (self.instance.clock.now(), why.phrase().plain());
        if tx.letter_ends(letter, now, state, &reason).await? {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            tx.record(now, about, &Actor::Program, &Event::LetterEnded { why, remarks: Vec::new() })?;
            tx.say(lines::not_left(letter.id, &letter.about(), &reason));
        }
        Ok(())
    }
}
