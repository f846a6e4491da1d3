//! Taking in once more what stands under a name that was taken in before: the same message, which has grown, or another.
//!
//! Promises that a message which grows keeps its number, and that only what begins with all of what was taken in is that
//! message grown. It is read and answered anew; where a letter about it may have left, or a person has decided about it,
//! it is read anew and a person is asked. What is not the same message is taken in as any other, and what was taken in
//! before stays.

use super::intake::{self, Intake};
use crate::{
    core::{
        actor::Actor,
        event::{Dropped, Event},
        mail::identity,
        question::{Question, Questions},
    },
    failpoint,
    pipeline::PipelineError,
    store::{About, Grown, Id, LetterState, NewMessage, SeenMessage, Stored, Tx, intake_number},
};

/// What stands under a name by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// What was taken in.
    AsItWas,
    /// The same message, which has grown.
    Grown,
    /// Another message.
    Another(Stored),
    /// Another process is at work on it: it is looked at once more.
    Later,
}

impl Intake {
    /// Takes in what stands under a name by now.
    pub(super) async fn take_in_again(&self, message: &NewMessage<'_>) -> Result<Again, PipelineError> {
        let mut tx = self.instance.db.snapshot().await?;
        let before = tx.message_seen_as(message.folder, &message.name).await?;
        drop(tx);
        // Before the transaction, for which others may wait.
        let begins_so = before.as_ref().is_some_and(|before| begins_with(message.original.bytes(), before));
        let mut tx = self.instance.db.begin().await?;
        let again = match before {
            Some(before) if before.identity == message.identity => Again::AsItWas,
            Some(before) if begins_so => self.grow(&mut tx, &before, message).await?,
            before => {
                let stored = tx.store_message(message).await?;
                if let Some(before) = before {
                    self.say_what_came(&mut tx, &before, stored)?;
                }
                Again::Another(stored)
            }
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

    /// Makes the message what it has grown to, unless the whole of it is in the log under a number of its own.
    async fn grow(&self, tx: &mut Tx, before: &SeenMessage, message: &NewMessage<'_>) -> Result<Again, PipelineError> {
        let at = self.instance.clock.now();
        tx.change_entry(before.id).await?;
        let about = About::message(before.id);
        let stopped = self.stop_letters(tx, before).await?;
        let whole = tx.known(message.mailbox, &message.identity).await?;
        if let Some((_, number)) = whole.filter(|(id, _)| *id != before.id) {
            let stored = tx.store_message(message).await?;
            let number = intake_number(number);
            let question = Question::OnlyTheBeginning { number: number.clone() };
            tx.ask_about(before.id, &question.into(), at).await?;
            tx.record(at, about, &Actor::Program, &Event::Outgrown { number })?;
            return Ok(Again::Another(stored));
        }
        let now = message.original.bytes().len();
        let question = question(tx, before, &stopped, now).await?.map(Questions::from);
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
        let event = Event::Grown {
            before: before.size.unsigned_abs(),
            before_sha256: before.sha256.clone(),
            bytes: now as u64,
            sha256: message.original.sha256().to_owned(),
        };
        tx.record(at, about, &Actor::Program, &event)?;
        Ok(Again::Grown)
    }

    /// Stops the letters about a message that surely have not left, and yields them.
    async fn stop_letters(&self, tx: &mut Tx, before: &SeenMessage) -> Result<Vec<Id>, PipelineError> {
        let at = self.instance.clock.now();
        let mut stopped = Vec::new();
        for (letter, kind) in tx.discard_unsent(before.id, &Dropped::MessageGrew, at).await? {
            let about = About { message: Some(before.id), ..About::letter(letter) };
            let event = Event::LetterDropped { letter: kind, why: Dropped::MessageGrew };
            tx.record(at, about, &Actor::Program, &event)?;
            stopped.push(letter);
        }
        Ok(stopped)
    }

    fn say_what_came(&self, tx: &mut Tx, before: &SeenMessage, stored: Stored) -> Result<(), PipelineError> {
        let (Stored::New(number) | Stored::Known(number)) = stored;
        if number == before.number {
            return Ok(());
        }
        let event = Event::Replaced { number: intake_number(number) };
        Ok(tx.record(self.instance.clock.now(), About::message(before.id), &Actor::Program, &event)?)
    }
}

/// What a person must be asked about a message that has grown: nothing where no letter about it may have left, and nobody
/// has decided about it or its letters.
async fn question(
    tx: &mut Tx,
    before: &SeenMessage,
    stopped: &[Id],
    now: usize,
) -> Result<Option<Question>, PipelineError> {
    let grew = Dropped::MessageGrew.phrase().plain();
    let (size, now) = (before.size.unsigned_abs(), now as u64);
    if !tx.decisions(before.id).await?.is_empty() {
        return Ok(Some(Question::GrownSinceDecision { before: size, bytes: now }));
    }
    for letter in tx.readable_letters_of(before.id).await? {
        let stopped_before = letter.state == LetterState::Discarded && letter.reason.as_deref() == Some(grew.as_str());
        if !stopped.contains(&letter.id) && !stopped_before {
            return Ok(Some(Question::GrownSinceLetter { before: size, bytes: now }));
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
