//! What colleagues answered themselves: in mail that came to a mailbox in copy, and in the folders of what they sent.
//!
//! Promises that an answer is on record with the message that it answers, once, and closes the question of correspondence
//! alone; that mail from a folder of sent mail is neither logged nor answered nor counted; and that it is looked at only
//! once everything is read that had come by then, so that no answer is looked at before what it answers.

mod sent;

use sha2::{Digest as _, Sha256};

pub use self::sent::Answers;
use super::PipelineError;
use crate::{
    core::{
        actor::Actor,
        event::{AskedThen, Event, SeenIn, Wrote},
        judging::answered::{FromUs, Seen, once_answered, with_answer},
        mail::{address::folded, authenticity::Verdict, message::Message},
        question::Question,
    },
    filing::lines,
    instance::Instance,
    store::{About, Answerable, Claimed, Id, ItemRow, Tx, intake_number},
};

/// Takes a message that came to a mailbox for a colleague's answer to others, if it is one; then no answer to itself is
/// waited for.
pub(super) async fn in_copy(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    message: &Message,
    verdict: Verdict,
) -> Result<(), PipelineError> {
    let own = instance.own(&claimed.mailbox);
    let Some(mail) = FromUs::of(message, &own, &instance.config.intake.colleagues) else { return Ok(()) };
    let seen = Seen {
        on: claimed.received()?,
        seen_in: SeenIn::Message { number: intake_number(claimed.number) },
        vouched: verdict == Verdict::Passed,
    };
    let answered = answered(tx, instance, &mail, &seen, Some(claimed.id)).await?;
    if answered == 0 || !seen.vouched {
        return Ok(());
    }
    for item in tx.items(claimed.id).await?.iter().filter(|item| !brings_text(item)) {
        let waiting = item.waiting()?;
        let left = waiting.clone().without(|question| *question == Question::Correspondence);
        if left != waiting {
            tx.set_item(item.id, item.call_id, item.kind, Some(&left)).await?;
        }
    }
    Ok(())
}

/// What is asked about a message that was read anew, with the answer to it that was seen before: that closes nothing then.
pub(super) async fn seen_before(tx: &mut Tx, message: Id) -> Result<(), PipelineError> {
    let Some(seen) = tx.last_answer(message).await? else { return Ok(()) };
    for item in tx.items(message).await? {
        let waiting = item.waiting()?;
        let beside = with_answer(&waiting, &seen);
        if beside != waiting {
            tx.set_item(item.id, item.call_id, item.kind, Some(&beside)).await?;
        }
    }
    Ok(())
}

/// Writes down which messages a mail answers, but for itself, and what that does with what is asked. Yields how many they
/// are.
async fn answered(
    tx: &mut Tx,
    instance: &Instance,
    mail: &FromUs,
    seen: &Seen,
    itself: Option<Id>,
) -> Result<usize, PipelineError> {
    let mut answered = Vec::new();
    for id in &mail.answers {
        answered.extend(tx.messages_with_id(id).await?);
    }
    for number in &mail.numbers {
        answered.extend(tx.message_with_number(*number).await?);
    }
    for open in instance.calls().iter() {
        for reference in mail.references(&open.call.reference) {
            let belong = tx.messages_of_reference(&reference).await?;
            // It says of no message which it answers: none that came later.
            answered.extend(belong.into_iter().filter(|message| message.received <= seen.on));
        }
    }
    answered.sort_by_key(|message| message.id);
    answered.dedup_by_key(|message| message.id);
    answered.retain(|message| Some(message.id) != itself);
    let mut count = 0;
    for message in &answered {
        count += usize::from(answers(tx, instance, mail, seen, message).await?);
    }
    Ok(count)
}

/// Writes down that a mail answers a message, if it goes to who sent that.
async fn answers(
    tx: &mut Tx,
    instance: &Instance,
    mail: &FromUs,
    seen: &Seen,
    message: &Answerable,
) -> Result<bool, PipelineError> {
    tx.change_what_is_asked(message.id).await?;
    let items = tx.items(message.id).await?;
    let to: Vec<&ItemRow> = items.iter().filter(|item| goes_to_author(mail, item, message)).collect();
    let to_sender = message.from_address.as_deref().is_some_and(|from| mail.goes_to(from));
    if to.is_empty() && !(items.is_empty() && to_sender) {
        return Ok(false);
    }
    if !tx.see_answer(message.id, &key(mail, seen), seen).await? {
        return Ok(true);
    }
    let now = instance.clock.now();
    let mut asked = AskedThen::Nothing;
    for item in to {
        let waiting = item.waiting()?;
        let (then, left) = once_answered(&waiting, seen, brings_text(item));
        if left != waiting {
            tx.keep_past(item.id, None, now).await?;
            tx.set_item(item.id, item.call_id, item.kind, Some(&left)).await?;
        }
        asked = match (asked, then) {
            (AskedThen::Closed, _) | (_, AskedThen::Closed) => AskedThen::Closed,
            (AskedThen::Open, _) | (_, AskedThen::Open) => AskedThen::Open,
            (AskedThen::Nothing, AskedThen::Nothing) => AskedThen::Nothing,
        };
    }
    let Seen { on, seen_in, vouched } = seen.clone();
    let (by, subject) = (mail.by.clone(), mail.subject.clone());
    let event = Event::Answered { by, subject, on, seen: seen_in, wrote: Wrote::by(vouched), asked };
    tx.record(now, About::message(message.id), &Actor::Program, &event)?;
    tx.say(lines::answered(&intake_number(message.number), asked));
    Ok(true)
}

/// Whether a mail goes to the author of an item, or to where the sender of its message wants answers.
fn goes_to_author(mail: &FromUs, item: &ItemRow, message: &Answerable) -> bool {
    let author = item.from_address.as_deref().or(message.from_address.as_deref()).unwrap_or_default();
    let sent_it = message.from_address.as_deref().is_some_and(|from| folded(from) == folded(author));
    let wished = message.reply_to.as_deref().filter(|_| sent_it);
    !author.is_empty() && (mail.goes_to(author) || wished.is_some_and(|address| mail.goes_to(address)))
}

/// Whether an item has a text that counts, or a document: no answer decides about that.
fn brings_text(item: &ItemRow) -> bool {
    item.content_key.is_some() || item.words.is_some()
}

/// What tells an answer from any other, wherever it is seen.
fn key(mail: &FromUs, seen: &Seen) -> String {
    let mut hash = Sha256::new();
    if let Some(id) = &mail.message_id {
        hash.update(id);
    } else {
        hash.update(seen.on.as_microsecond().to_be_bytes());
        hash.update(&mail.by);
        hash.update(mail.subject.as_deref().unwrap_or_default());
    }
    hex::encode(hash.finalize())
}
