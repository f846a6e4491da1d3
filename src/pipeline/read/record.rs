//! Writing down what was concluded about a message: its entry, its files and items, and its letter.
//!
//! Promises to write nothing where another process has taken the claim over: what that one concludes counts. Commits
//! nothing; all of it or nothing is the caller's.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    PipelineError,
    beside::{self, Came},
    conclusion::Conclusion,
    context::Around,
    grown,
    readout::Readout,
};
use crate::{
    core::{
        actor::Actor,
        calls::standing::Standing,
        event::{Dropped, Event, NotRead},
        file::{File, Role},
        finding::Finding,
        judging::{
            answer::{Answer, Answering, Fate, Letter, answer},
            beside::Lands,
            judgement::{JudgedItem, Judgement},
            matching::{Kind, Match},
            silence::Silence,
        },
        letter_kind::LetterKind,
        mail::{authenticity::Verdict, message::Message},
        question::{Question, Questions},
        submission::{Filed, Legible, Place, Receipt},
        text::language::Language,
    },
    filing::{self, By, ToFile, lines},
    instance::Instance,
    pipeline::answers,
    store::{About, Claimed, Id, NewItem, ReadMessage, StoreError, Submission, Tx, intake_number},
};

/// Writes a conclusion down, as it stands by now.
pub(super) async fn write_down(
    tx: &mut Tx,
    instance: &Instance,
    conclusion: &mut Conclusion,
) -> Result<(), PipelineError> {
    conclusion.renew(tx, instance).await?;
    let Conclusion { claimed, around, what } = conclusion;
    match what {
        Readout::Read { message, files, judgement } => {
            settle(tx, instance, claimed, around, (message, files), judgement).await
        }
        Readout::Unreadable { why, header, matched } => park(tx, instance, claimed, around, why, header, matched).await,
    }
}

async fn settle(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    around: &Around,
    (message, files): (&Message, &[File]),
    judgement: &Judgement,
) -> Result<(), PipelineError> {
    let now = instance.clock.now();
    let language = judgement.language.map(Language::code);
    let read = ReadMessage { message, relevance: judgement.relevance.word(), language };
    if !tx.set_read(claimed, &read, now).await? {
        return Ok(());
    }
    let (files_in_all, items) = (files.len() as u64, judgement.items.len() as u64);
    let event = Event::Read { relevance: judgement.relevance, files: files_in_all, items };
    tx.record(now, About::message(claimed.id), &Actor::Program, &event)?;
    let mut fates = Vec::new();
    let mut items = Vec::new();
    let calls = around.calls(instance);
    for (judged, n) in judgement.items.iter().zip(1_i64..) {
        let number = lines::item_number(claimed.number, n, judgement.items.len());
        let call = judged.call.and_then(|i| calls.get(i)).map(AsRef::as_ref);
        let came = Came { claimed, message, files, judged, call };
        let (placed, entry) = beside::placed(tx, instance, came).await?;
        let judged = &JudgedItem { fate: placed.fate, waiting: placed.waiting, ..judged.clone() };
        let (item, fate) = settle_item(tx, instance, Came { judged, ..came }, (n, &number)).await?;
        if let Some(entry) = entry.filter(|_| placed.lands != Lands::No) {
            land(tx, instance, came, (item, n), &entry, placed.lands).await?;
        }
        fates.push(fate);
        items.push(item);
    }
    for (i, file) in files.iter().enumerate() {
        let place =
            judgement.items.iter().zip(&items).find_map(|(judged, id)| {
                judged.item.files.iter().find(|(of, _)| *of == i).map(|(_, role)| (*id, *role))
            });
        let role = place.map_or(Role::Ignored, |(_, role)| role);
        tx.add_file(claimed.id, place.map(|(id, _)| id), i + 1, file, role).await?;
    }
    let answering = Answering {
        answerable: judgement.answerable.clone(),
        by_colleague: judgement.by_colleague,
        passed_on: judgement.passed_on,
        language: judgement.language,
    };
    tx.add_finding(claimed.id, None, &Finding::Message(Box::new(stripped(message))), now)?;
    tx.add_finding(claimed.id, None, &Finding::Answering(answering.clone()), now)?;
    if judgement.authenticity.verdict != Verdict::Unknown {
        tx.add_finding(claimed.id, None, &Finding::Authenticity(judgement.authenticity.clone()), now)?;
    }
    settle_queries(tx, claimed, judgement, now).await?;
    answers::seen_before(tx, claimed.id).await?;
    answers::in_copy(tx, instance, claimed, message, judgement.authenticity.verdict).await?;
    let entry = tx
        .entry(claimed.number)
        .await?
        .ok_or_else(|| StoreError::Row(format!("message {} has no row", claimed.number)))?;
    let asked = claimed.is_held().then_some(Silence::Asked);
    let elsewhere = answered_elsewhere(tx, instance, claimed).await?;
    let silent = claimed.silent()?.or(asked).or(judgement.silent()).or(elsewhere);
    let answer = answer(&fates, &judgement.answerable, silent.as_ref(), judgement.by_colleague);
    let due = match answer {
        Answer::Letter(Letter::Query { .. }) => later(now, instance.config.letters.settle_for),
        _ => now,
    };
    let said = filing::decide_letter(tx, instance, &entry, &answering, &answer, By::Program, due).await?.said;
    tx.set_answer(claimed.id, &said).await?;
    Ok(())
}

/// Why a message that came to two of our mailboxes for the same call gets its letter from the other.
async fn answered_elsewhere(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
) -> Result<Option<Silence>, PipelineError> {
    let codes = |mailbox: &str| -> Vec<String> {
        instance.calls_of(mailbox).iter().map(|open| open.call.code.clone()).collect()
    };
    let own = codes(&claimed.mailbox);
    let found = tx.same_elsewhere(claimed.id).await?.into_iter();
    let first = found.into_iter().find(|(_, mailbox)| codes(mailbox).iter().any(|code| own.contains(code)));
    Ok(first.map(|(number, mailbox)| Silence::AnsweredElsewhere { mailbox, number: intake_number(number) }))
}

/// Stores an item and files it if it can be; yields its row and what became of it.
async fn settle_item(
    tx: &mut Tx,
    instance: &Instance,
    came: Came<'_>,
    (n, number): (i64, &str),
) -> Result<(Id, Fate), PipelineError> {
    let Came { claimed, files: attached, judged, call, .. } = came;
    let now = instance.clock.now();
    let fate = if claimed.is_held() { Fate::Undecided } else { judged.fate };
    let held = claimed.held()?;
    let questions = if held.is_empty() { judged.waiting.clone() } else { held };
    let sender = judged.item.from.as_ref().and_then(|from| from.address.as_ref()).map(|address| address.to_lowercase());
    let sender = sender.as_deref();
    let stays = grown::stays_filed(tx, instance, claimed, (judged, n), call).await?;
    let item = tx
        .add_item(&NewItem {
            message: claimed.id,
            n,
            call: call.map(|open| open.known.id),
            subject: judged.item.subject.as_deref(),
            from_address: sender,
            matched: &judged.matched,
            words: judged.item.words,
            content_key: judged.item.content_key.as_deref(),
            waiting: Some(&questions),
        })
        .await?;
    tx.add_finding(claimed.id, Some(n), &Finding::Match(judged.matched.clone()), now)?;
    tx.add_finding(claimed.id, Some(n), &Finding::Purpose(judged.purpose.clone()), now)?;
    let (Fate::Registered | Fate::Filed, Some(call)) = (fate, call) else {
        tx.say(match questions.phrase() {
            Some(question) => lines::waits(number, &instance.in_words(&question)),
            None => format!("{number} is {}: nothing is filed", judged.relevance.word()),
        });
        return Ok((item, fate));
    };
    let states = if fate == Fate::Registered { judged.matched.named() } else { Vec::new() };
    if states.is_empty() && sender.is_none() {
        let question = Question::NoSender;
        tx.say(lines::waits(number, &instance.in_words(&question.phrase())));
        tx.set_item(item, Some(call.known.id), Kind::NotAState, Some(&question.into())).await?;
        return Ok((item, Fate::Undecided));
    }
    let receipt = Receipt { at: claimed.received()?, number: claimed.number, n };
    let legible = Legible::found(judged.item.main_file(attached).map(|file| file.reading.outcome));
    let text = (judged.item.words, judged.item.content_key.as_deref());
    let found = filing::as_read(item, (receipt, claimed.witnesses()?), legible, text, now);
    // What stays where it was filed stays what it was, by whom it was filed, under the number it has.
    let filed = match stays {
        Some(Filed { place, n, by, settled, .. }) => Filed { place, n, settled, by, ..found },
        None => found,
    };
    let party = filing::party(&states, sender.unwrap_or_default());
    let what = ToFile { party, kind: judged.matched.kind, filed };
    let filed = filing::file(tx, instance, call, &what, now).await?;
    // Who sent the same has been told of that.
    let told = |question: &Question| filed.repeats() && matches!(question, Question::StateNotTold { .. });
    let waiting = questions.clone().without(told);
    let undetermined = waiting.is_empty() && filed.standing == Standing::Undetermined;
    let waiting = if undetermined { Question::WhenReceived.into() } else { waiting };
    if waiting != questions {
        tx.set_item(item, Some(call.known.id), judged.matched.kind, Some(&waiting)).await?;
    }
    let said = lines::filed(instance, number, &filed, &states);
    let (replaces, standing, repeats) = (filed.replaces(), filed.standing, filed.repeats());
    // What stands beside versions was filed there by a person, and is there still.
    if let Some(version) = filed.version {
        let event = if repeats {
            Event::Repeated { reference: filed.reference, version }
        } else {
            Event::Filed { reference: filed.reference, version, states, standing, replaces }
        };
        tx.record(now, About::message(claimed.id), &Actor::Program, &event)?;
    }
    tx.say(said);
    if let Some(question) = waiting.phrase() {
        tx.say(lines::waits(number, &instance.in_words(&question)));
    }
    Ok((item, fate))
}

/// Keeps a letter with the entry that it answers.
async fn land(
    tx: &mut Tx,
    instance: &Instance,
    came: Came<'_>,
    (item, n): (Id, i64),
    entry: &Submission,
    lands: Lands,
) -> Result<(), PipelineError> {
    let (claimed, now) = (came.claimed, instance.clock.now());
    let receipt = Receipt { at: claimed.received()?, number: claimed.number, n };
    let found = filing::as_read(item, (receipt, claimed.witnesses()?), Legible::Read, (None, None), now);
    let filed = Filed { place: Place::Correspondence, ..found };
    filing::join(tx, instance, entry, &filed, now).await?;
    let landed = Event::Landed { reference: entry.reference.clone() };
    tx.record(now, About::message(claimed.id), &Actor::Program, &landed)?;
    if lands == Lands::Closed {
        tx.record(now, About::message(claimed.id), &Actor::Program, &Event::Thanked)?;
    }
    Ok(())
}

/// A document has come: the sender is not asked for it any more.
async fn settle_queries(
    tx: &mut Tx,
    claimed: &Claimed,
    judgement: &Judgement,
    now: Timestamp,
) -> Result<(), PipelineError> {
    let Some(recipient) = judgement.answerable.recipient.as_deref().filter(|_| judgement.brings_document()) else {
        return Ok(());
    };
    tx.settle_earlier(recipient, claimed.id).await?;
    let why = Dropped::DocumentCame { number: intake_number(claimed.number) };
    for letter in tx.drop_queries(recipient, claimed.id, &why, now).await? {
        let event = Event::LetterDropped { letter: LetterKind::Query, why: why.clone() };
        tx.record(now, About::letter(letter), &Actor::Program, &event)?;
        tx.say(format!("letter {letter} does not leave: {}", why.phrase().plain()));
    }
    Ok(())
}

/// Leaves a message that cannot be read to a person, with the states that its header speaks for.
async fn park(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    around: &Around,
    why: &NotRead,
    header: &Message,
    matched: &Match,
) -> Result<(), PipelineError> {
    let (now, reason) = (instance.clock.now(), why.phrase().plain());
    if !tx.set_parked(claimed, header, &reason, now).await? {
        return Ok(());
    }
    let call = match around.calls(instance).as_slice() {
        [only] => Some(only.known.id),
        _ => None,
    };
    let question = Questions::from(Question::NotRead { why: why.clone() });
    let from_address =
        header.from.as_ref().and_then(|from| from.address.as_ref()).map(|address| address.to_lowercase());
    tx.add_item(&NewItem {
        message: claimed.id,
        n: 1,
        call,
        subject: header.subject.as_deref(),
        from_address: from_address.as_deref(),
        matched,
        words: None,
        content_key: None,
        waiting: Some(&question),
    })
    .await?;
    tx.add_finding(claimed.id, Some(1), &Finding::Match(matched.clone()), now)?;
    tx.record(now, About::message(claimed.id), &Actor::Program, &Event::Parked { why: why.clone() })?;
    if let Some(question) = question.phrase() {
        tx.say(lines::waits(&intake_number(claimed.number), &question.plain()));
    }
    Ok(())
}

/// Leaves a message to a person with nothing beside it: the database takes nothing else that belongs to it.
pub(super) async fn park_alone(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    why: &NotRead,
    header: &Message,
) -> Result<(), PipelineError> {
    let (now, reason) = (instance.clock.now(), why.phrase().plain());
    if tx.set_parked(claimed, header, &reason, now).await? {
        // Of one that is read anew: what was found before waits, for what asks for it otherwise is not there.
        let question = Questions::from(Question::NotRead { why: why.clone() });
        for item in tx.items(claimed.id).await? {
            tx.set_item(item.id, item.call_id, item.kind, Some(&question)).await?;
        }
        tx.record(now, About::message(claimed.id), &Actor::Program, &Event::Parked { why: why.clone() })?;
        tx.say(lines::waits(&intake_number(claimed.number), "it could not be read"));
    }
    Ok(())
}

/// The message without its text, which has a column of its own and may be erased.
fn stripped(message: &Message) -> Message {
    let mut stripped = Message { body: String::new(), ..message.clone() };
    for attached in &mut stripped.attached {
        attached.body.clear();
    }
    stripped
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
