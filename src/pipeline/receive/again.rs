//! Taking in once more what stands under a name that was taken in before: the same message, which has grown or was written
//! anew, or another.
//!
//! Promises that a message whose file changes keeps its number: what begins with all of what was taken in is that message
//! grown, and what does not is that message written anew, unless its header names another. Either is read and answered
//! anew; where a letter about it may have left, or a person has decided about it, it is read anew and a person is asked.
//! Where only a beginning of what was taken in is left, there is nothing to take in. What is another message is taken in as
//! any other, and what was taken in before stays.

use super::intake::{self, Intake};
use crate::{
    core::{
        actor::Actor,
        event::{Dropped, Event},
        mail::identity::{self, may_be_written_anew},
        question::{Question, Questions},
    },
    failpoint,
    pipeline::PipelineError,
    store::{About, Grown, Id, LetterState, NewMessage, SeenMessage, StoreError, Stored, Tx, intake_number},
};

/// What stands under a name by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// What was taken in, or no more than its beginning.
    AsItWas,
    /// The same message, which has grown or was written anew.
    Grown,
    /// Another message.
    Another(Stored),
    /// Another process is at work on it: it is looked at once more.
    Later,
}

/// How a file that was taken in has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// There is nothing in it that was not taken in.
    None,
    /// It begins as it was, and goes on.
    Grown,
    /// It is the same message, and does not begin as it was.
    Anew,
    /// It holds another message.
    Another,
}

impl Intake {
    /// Takes in what stands under a name by now.
    pub(super) async fn take_in_again(&self, message: &NewMessage<'_>) -> Result<Again, PipelineError> {
        // All that takes time is done before the transaction, for which others may wait.
        let mut tx = self.instance.db.snapshot().await?;
        let before = match tx.message_seen_as(message.folder, &message.name).await? {
            Some(before) => Some((change(&mut tx, &before, message).await?, before)),
            None => None,
        };
        drop(tx);
        let mut tx = self.instance.db.begin().await?;
        let again = match before {
            Some((Change::None, _)) => Again::AsItWas,
            Some((change @ (Change::Grown | Change::Anew), before)) => {
                self.grow(&mut tx, &before, message, change).await?
            }
            Some((Change::Another, before)) => self.take_in_another(&mut tx, &before, message).await?,
            None => Again::Another(tx.store_message(message).await?),
        };
        if again == Again::Later {
            return Ok(again);
        }
        intake::file_taken(&mut tx, message).await?;
        failpoint::reached("before-receive-commit");
        tx.commit().await?;
        failpoint::reached("after-receive-commit");
        self.bell.notify_one();
        Ok(again)
    }

    /// Makes the message what it is by now, unless that is in the log under a number of its own.
    async fn grow(
        &self,
        tx: &mut Tx,
        before: &SeenMessage,
        message: &NewMessage<'_>,
        change: Change,
    ) -> Result<Again, PipelineError> {
        let at = self.instance.clock.now();
        let elsewhere = tx.known(message.mailbox, &message.identity).await?.filter(|(id, _)| *id != before.id);
        if elsewhere.is_some() && change == Change::Anew {
            return self.take_in_another(tx, before, message).await;
        }
        tx.change_entry(before.id).await?;
        let about = About::message(before.id);
        let dropped = if change == Change::Anew { Dropped::MessageRewritten } else { Dropped::MessageGrew };
        let stopped = self.stop_letters(tx, before, &dropped).await?;
        if let Some((_, number)) = elsewhere {
            let stored = tx.store_message(message).await?;
            let number = intake_number(number);
            let question = Question::OnlyTheBeginning { number: number.clone() };
            tx.ask_about(before.id, &question.into(), at).await?;
            tx.record(at, about, &Actor::Program, &Event::Outgrown { number })?;
            return Ok(Again::Another(stored));
        }
        let bytes = message.original.bytes().len() as u64;
        let question = question(tx, before, &stopped, bytes, change).await?.map(Questions::from);
        let grown = Grown {
            original: &message.original,
            identity: &message.identity,
            identity_version: identity::IDENTITY_VERSION,
            held: question.as_ref(),
            waiting: &Question::NotFoundAgain.into(),
            at,
        };
        if !tx.grow(before, &grown).await? {
            return Ok(Again::Later);
        }
        let (size, before_sha256) = (before.size.unsigned_abs(), before.sha256.clone());
        let sha256 = message.original.sha256().to_owned();
        let event = match change {
            Change::Anew => Event::Rewritten { before: size, before_sha256, bytes, sha256 },
            _ => Event::Grown { before: size, before_sha256, bytes, sha256 },
        };
        tx.record(at, about, &Actor::Program, &event)?;
        Ok(Again::Grown)
    }

    /// Stops the letters about a message that surely have not left, and yields them.
    async fn stop_letters(&self, tx: &mut Tx, before: &SeenMessage, why: &Dropped) -> Result<Vec<Id>, PipelineError> {
        let at = self.instance.clock.now();
        let mut stopped = Vec::new();
        for (letter, kind) in tx.discard_unsent(before.id, why, at).await? {
            let about = About { message: Some(before.id), ..About::letter(letter) };
            tx.record(at, about, &Actor::Program, &Event::LetterDropped { letter: kind, why: why.clone() })?;
            stopped.push(letter);
        }
        Ok(stopped)
    }

    /// Takes in another message than the name stood for, which is told of that.
    async fn take_in_another(
        &self,
        tx: &mut Tx,
        before: &SeenMessage,
        message: &NewMessage<'_>,
    ) -> Result<Again, PipelineError> {
        let stored = tx.store_message(message).await?;
        let (Stored::New(number) | Stored::Known(number)) = stored;
        if number != before.number {
            let event = Event::Replaced { number: intake_number(number) };
            tx.record(self.instance.clock.now(), About::message(before.id), &Actor::Program, &event)?;
        }
        Ok(Again::Another(stored))
    }
}

/// How a file has changed since it was taken in.
async fn change(tx: &mut Tx, before: &SeenMessage, message: &NewMessage<'_>) -> Result<Change, StoreError> {
    let now = message.original.bytes();
    // What has no header has no identity of its own: by that, it would be as it was whatever it holds.
    let same_but_for_its_trace = before.identity == message.identity && identity::identity(now).is_some();
    if before.sha256 == message.original.sha256() || same_but_for_its_trace {
        return Ok(Change::None);
    }
    if begins_with(now, before) {
        return Ok(Change::Grown);
    }
    Ok(match tx.original(&before.sha256, usize::MAX).await? {
        Some(original) if original.starts_with(now) => Change::None,
        Some(original) if may_be_written_anew(&original, now) => Change::Anew,
        // What was erased is nobody's any more.
        Some(_) | None => Change::Another,
    })
}

/// What a person must be asked about a message that has grown or was written anew: nothing where no letter about it may
/// have left, and nobody has decided about it or its letters.
async fn question(
    tx: &mut Tx,
    before: &SeenMessage,
    stopped: &[Id],
    bytes: u64,
    change: Change,
) -> Result<Option<Question>, PipelineError> {
    let whys = [Dropped::MessageGrew, Dropped::MessageRewritten].map(|why| why.phrase().plain());
    let before_size = before.size.unsigned_abs();
    if !tx.decisions(before.id).await?.is_empty() {
        return Ok(Some(match change {
            Change::Anew => Question::RewrittenSinceDecision { before: before_size, bytes },
            _ => Question::GrownSinceDecision { before: before_size, bytes },
        }));
    }
    for letter in tx.readable_letters_of(before.id).await? {
        let stopped_before =
            letter.state == LetterState::Discarded && letter.reason.is_some_and(|why| whys.contains(&why));
        if !stopped.contains(&letter.id) && !stopped_before {
            return Ok(Some(match change {
                Change::Anew => Question::RewrittenSinceLetter { before: before_size, bytes },
                _ => Question::GrownSinceLetter { before: before_size, bytes },
            }));
        }
    }
    Ok(None)
}

/// Whether bytes are those of a message, and more.
fn begins_with(bytes: &[u8], before: &SeenMessage) -> bool {
    let beginning =
        usize::try_from(before.size).ok().filter(|size| *size < bytes.len()).and_then(|size| bytes.get(..size));
    beginning.is_some_and(|beginning| hex::encode(identity::evidence(beginning)) == before.sha256)
}
