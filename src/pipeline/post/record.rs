//! Recording what became of a letter, and what is done with it next.
//!
//! Promises to go on until it is recorded, as long as the database is away and the program runs: a letter that left and is not
//! recorded would go once more.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use super::{
    course::PAUSES_GROW,
    hand_over::Handed,
    lanes::{Post, RECORD_AT_STOP},
    outlet::Outlet,
    take::Taken,
};
use crate::{
    config::OnUncertain,
    core::{
        actor::Actor,
        backoff,
        cause::Cause,
        event::{AfterDoubt, Event, HeldFor, Hold, NotLeft, Remark},
    },
    failpoint,
    filing::lines,
    letters::facts::LetterKind,
    pipeline::{PipelineError, sent_copies::want_copy},
    store::{About, ClaimedLetter, LetterState, StoreError, Tx, Whose},
};

/// The waits before what became of a letter is recorded again, and then as long as the database is away: a letter that left
/// and is not recorded would go once more.
const RECORD_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_secs(1), Duration::from_secs(2)];
const RECORD_EVERY: Duration = Duration::from_secs(2);
/// What stands still where the database is not fit for it.
const RECORDING: &str = "what became of a letter cannot be recorded";

impl Post {
    /// Records what became of a letter, as soon as the database is there for it. Takes the next one with the same commit
    /// where it `goes_on`.
    pub(super) async fn record(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let late = async {
            self.stopped().await;
            sleep(RECORD_AT_STOP).await;
        };
        tokio::select! {
            recorded = self.record_in_the_end(letter, handed, goes_on) => recorded,
            () = late => Err(StoreError::Silent(RECORD_AT_STOP).into()),
        }
    }

    async fn record_in_the_end(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        mut goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let (watch, clock) = (&self.instance.watch, &self.instance.clock);
        let mut tried = 0;
        loop {
            let error = match self.record_once(letter, handed, goes_on).await {
                Err(error) => error,
                recorded => {
                    self.cut_offs.forget(&letter.id);
                    watch.goes_on(RECORDING, clock.now());
                    return recorded;
                }
            };
            let whose = error.whose_over(letter.id, &self.cut_offs);
            if tried == 0 {
                watch.complain("what became of a letter cannot be recorded yet", &error.to_string(), clock.now());
            }
            let wait = match RECORD_AGAIN.get(tried) {
                Some(wait) => *wait,
                // It may be the next letter that cannot be taken.
                None if whose == Whose::Row && !goes_on => {
                    self.leave_unrecorded(letter, handed, &error).await?;
                    return Ok(None);
                }
                None => RECORD_EVERY,
            };
            if whose == Whose::Ours {
                watch.stands_still(RECORDING, &error.to_string(), clock.now());
            }
            goes_on = false;
            sleep(wait).await;
            tried += 1;
        }
    }

    /// Leaves a letter to a person of which the database refuses to take down what became of it: it must not go once more.
    async fn leave_unrecorded(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        error: &PipelineError,
    ) -> Result<(), PipelineError> {
        let now = self.instance.clock.now();
        let (held_for, reason, event) = if let Handed::Uncertain(why) = handed {
            let event = Event::LetterUncertain { why: why.clone(), next: AfterDoubt::Asked };
            (HeldFor::Uncertain, why.phrase().plain(), event)
        } else {
            let why = error.to_string();
            let left = matches!(handed, Handed::Left(_));
            let held = if left { Hold::Left { why } } else { Hold::Unrecorded { why } };
            (held.held_for(), held.phrase().plain(), Event::LetterHeld { letter: letter.id, held })
        };
        let mut tx = self.instance.db.begin().await?;
        let told = async {
            if tx.letter_held(letter, now, held_for, &reason).await? {
                let about = About { message: letter.message_id, ..About::letter(letter.id) };
                tx.record(now, about, &Actor::Program, &event)?;
                tx.warn(lines::held(letter.id, &letter.about(), &reason));
            }
            tx.commit().await
        };
        match told.await {
            Err(error) if error.whose() == Whose::Row => {}
            told => return Ok(told?),
        }
        match self.hold_alone(letter, Some(now), held_for, &reason).await {
            Err(error) if error.whose() == Whose::Row => self.hold_alone(letter, None, held_for, &reason).await,
            told => told,
        }
    }

    async fn hold_alone(
        &self,
        letter: &ClaimedLetter,
        kept: Option<Timestamp>,
        held_for: HeldFor,
        reason: &str,
    ) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        tx.letter_held_alone(letter, kept, held_for, reason).await?;
        tx.warn(lines::held(letter.id, &letter.about(), reason));
        Ok(tx.commit().await?)
    }

    async fn record_once(
        &self,
        letter: &ClaimedLetter,
        handed: &Handed,
        goes_on: bool,
    ) -> Result<Option<Taken>, PipelineError> {
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        let recorded = match handed {
            Handed::Left(by) => {
                let sent = tx.letter_sent(letter, now).await?;
                let kind = letter.kind()?;
                if sent {
                    tx.say(lines::left(letter.id, kind, &letter.about()));
                }
                if sent && matches!(self.outlet, Outlet::Smtp(_)) {
                    want_copy(&mut tx, &self.instance, letter.id).await?;
                }
                sent.then(|| Event::LetterSent { letter: kind, by: by.clone() })
            }
            Handed::Later(why) => {
                if self.gives_up(&mut tx, letter, None, now).await? {
                    self.given_up(&mut tx, letter, why, now).await?
                } else {
                    tx.letter_later(letter, now, self.next_attempt(letter, None), &why.phrase().plain()).await?;
                    None
                }
            }
            Handed::Waits(cause, why) => {
                if *cause == Cause::Doubtful && tx.another_left_since_doubt(letter.id).await? {
                    self.refused(&mut tx, letter, why, vec![Remark::OthersLeft], now).await?
                } else if self.gives_up(&mut tx, letter, Some(*cause), now).await? {
                    self.given_up(&mut tx, letter, why, now).await?
                } else {
                    let next = self.next_attempt(letter, Some(*cause));
                    tx.letter_waits(letter, now, next, *cause, &why.phrase().plain()).await?;
                    None
                }
            }
            Handed::Refused(why) => self.refused(&mut tx, letter, why, Vec::new(), now).await?,
            Handed::Uncertain(why) => {
                let reason = why.phrase().plain();
                let again = letter.uncertain == 0;
                if again && self.instance.config.letters.on_uncertain == OnUncertain::Resend {
                    let uncertain = tx.letter_uncertain(letter, now, self.next_attempt(letter, None), &reason).await?;
                    let again = format!("it may have left, and goes once more: {reason}");
                    tx.warn(lines::not_left(letter.id, &letter.about(), &again));
                    uncertain.then(|| Event::LetterUncertain { why: why.clone(), next: AfterDoubt::Again })
                } else {
                    let held = tx.letter_held(letter, now, HeldFor::Uncertain, &reason).await?;
                    tx.warn(lines::held(letter.id, &letter.about(), &reason));
                    held.then(|| Event::LetterUncertain { why: why.clone(), next: AfterDoubt::Asked })
                }
            }
        };
        if let Some(event) = recorded {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            tx.record(now, about, &Actor::Program, &event)?;
        }
        let next = if goes_on { self.take_within(&mut tx).await? } else { None };
        failpoint::reached("before-record-commit");
        let committed = tx.commit().await;
        let next = self.taken_by(committed, next)?;
        failpoint::reached("after-record-commit");
        Ok(next)
    }

    /// Ends a letter that was refused for its own fault, and yields what is recorded of it.
    async fn refused(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        why: &NotLeft,
        mut remarks: Vec<Remark>,
        now: Timestamp,
    ) -> Result<Option<Event>, PipelineError> {
        if letter.uncertain > 0 {
            remarks.push(Remark::MayHaveLeft);
        }
        let reason = why.remarked(&remarks).plain();
        let ended = tx.letter_ends(letter, now, LetterState::Failed, &reason).await?;
        tx.warn(lines::not_left(letter.id, &letter.about(), &reason));
        Ok(ended.then(|| Event::LetterEnded { why: why.clone(), remarks }))
    }

    /// Ends a letter that was tried long enough, and yields what is recorded of it.
    async fn given_up(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        why: &NotLeft,
        now: Timestamp,
    ) -> Result<Option<Event>, PipelineError> {
        let reason = why.phrase().plain();
        let ended = tx.letter_ends(letter, now, LetterState::Failed, &reason).await?;
        tx.warn(lines::not_left(letter.id, &letter.about(), &format!("it is given up: {reason}")));
        Ok(ended.then(|| Event::LetterEnded { why: why.clone(), remarks: vec![Remark::GivenUp] }))
    }

    /// Whether a letter has been tried long enough. What is not its own fault is not counted to it; but a reminder that
    /// comes too late is none.
    async fn gives_up(
        &self,
        tx: &mut Tx,
        letter: &ClaimedLetter,
        cause: Option<Cause>,
        now: Timestamp,
    ) -> Result<bool, PipelineError> {
        let since = match cause {
            None | Some(Cause::Doubtful) => tx.tried_since(letter.id).await?,
            Some(_) if letter.kind()? == LetterKind::Reminder => letter.released_at()?,
            Some(_) => None,
        };
        let most = SignedDuration::try_from(self.instance.config.letters.give_up_after).unwrap_or(SignedDuration::MAX);
        let Some(since) = since else { return Ok(false) };
        // Nobody tries while sending is stopped.
        let tried = now.duration_since(since).saturating_sub(tx.stopped_between(since, now).await?);
        Ok(tried > most)
    }

    /// When a letter is tried again. What all wait for is asked for by one letter at a time, so none need wait for long.
    fn next_attempt(&self, letter: &ClaimedLetter, cause: Option<Cause>) -> Timestamp {
        let failed = u32::try_from(letter.attempts + 1).unwrap_or(u32::MAX);
        let failed = if cause.is_some_and(Cause::concerns_all) { failed.min(PAUSES_GROW) } else { failed };
        let chance = u32::try_from(letter.id.rem_euclid(1000)).unwrap_or(0);
        let wait = SignedDuration::try_from(backoff::wait(failed, chance)).unwrap_or(SignedDuration::MAX);
        self.instance.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX)
    }
}
