//! What stands filed beside an item that was judged: the entry of its party, or the one that it answers, with the texts of its
//! versions.
//!
//! Promises to look in the transaction that files the item, so that what came just before it is among what stands.

use jiff::tz::TimeZone;

use super::PipelineError;
use crate::{
    core::{
        file::{File, Format},
        judging::{
            answer::Fate,
            beside::{Entry, Placed, There, beside},
            colleagues::is_colleague,
            item::MainText,
            judgement::JudgedItem,
            kin::{Arrived, Found, Kin, Mail, relation},
            matching::Decision,
        },
        mail::{mail_loop, message::Message, quoting},
        submission::{Legible, Version},
        text::{
            language::{self, Language},
            shingles::Sketch,
        },
    },
    filing::{self, Facts},
    instance::{Instance, OpenCall},
    store::{Answered, Claimed, Id, StoreError, Submission, Tx, intake_number},
};

/// So many of the latest versions are held against what came.
const COMPARED: usize = 6;

/// An item that was judged, with what it came with.
#[derive(Clone, Copy)]
pub(super) struct Came<'a> {
    pub(super) claimed: &'a Claimed,
    pub(super) message: &'a Message,
    pub(super) files: &'a [File],
    pub(super) judged: &'a JudgedItem,
    /// The call that it is for.
    pub(super) call: Option<&'a OpenCall>,
}

/// What becomes of an item, with the entry beside which that was judged, if there is one.
pub(super) async fn placed(
    tx: &mut Tx,
    instance: &Instance,
    came: Came<'_>,
) -> Result<(Placed, Option<Submission>), PipelineError> {
    let judged = came.judged;
    if came.claimed.is_held() || matches!(judged.fate, Fate::Unrelated | Fate::Stray) {
        return Ok((Placed::as_judged(judged), None));
    }
    let bare = judged.item.files.iter().all(|(i, _)| is_decoration(&came.files[*i]));
    let Some((submission, answered)) = entry(tx, instance, came).await? else {
        let nothing = Entry { reference: String::new(), states: Vec::new(), versions: Vec::new(), answered: false };
        return Ok((beside(judged, &related(came, &[], None)?, &nothing, bare), None));
    };
    tx.change_submission(submission.id).await?;
    let facts = Facts::of(tx, submission.clone()).await?;
    let stands = facts.stands();
    let current = stands.current().map(|version| version.filed.item);
    let (mut versions, mut texts) = (Vec::new(), Vec::new());
    for version in stands.versions.iter().rev().filter(|version| !version.withdrawn).take(COMPARED) {
        let text = Text::of(tx, version).await?;
        // What a message had filed before it grew is not beside it.
        if text.message != came.claimed.id {
            let (item, number) = (version.filed.item, text.number.clone());
            versions.insert(0, There { item, version: version.filed.n, number, current: current == Some(item) });
            texts.push((version, text));
        }
    }
    let kin: Vec<Kin<'_>> = texts
        .iter()
        .map(|(version, text)| Kin {
            reference: &submission.reference,
            version: version.filed.n,
            item: version.filed.item,
            legible: if version.counts() { Legible::Read } else { Legible::Unread },
            key: version.filed.content_key.as_deref(),
            received: version.filed.receipt.at,
            sketch: &text.sketch,
            language: text.language,
            asked_for: answered.is_some_and(|reply| reply.about.is_none_or(|about| about == text.message)),
        })
        .collect();
    let found = related(came, &kin, answered.map(|_| submission.reference.as_str()))?;
    let (reference, states) = (submission.reference.clone(), submission.states.clone());
    let entry = Entry { reference, states, versions, answered: answered.is_some() };
    Ok((beside(judged, &found, &entry, bare), Some(submission)))
}

/// A message answers a letter about an entry, or names the entry.
#[derive(Clone, Copy)]
struct Reply {
    /// The message that the letter was about.
    about: Option<Id>,
}

/// The entry beside which an item is judged, and whether it is the one that the message answers.
async fn entry(
    tx: &mut Tx,
    instance: &Instance,
    came: Came<'_>,
) -> Result<Option<(Submission, Option<Reply>)>, PipelineError> {
    let own = own(tx, instance, came).await?;
    let Some(Answered { submission, about }) = answered(tx, instance, came).await? else {
        return Ok(own.map(|own| (own, None)));
    };
    let named = came.judged.matched.named();
    let among = named.iter().any(|state| submission.states.contains(state));
    let brings = came.judged.item.main != MainText::Missing;
    Ok(match own {
        Some(own) if own.id == submission.id => Some((own, Some(Reply { about }))),
        Some(own) if among => Some((own, None)),
        // Who stands there beside others, and sends a text of its own, begins an entry of its own.
        None if among && brings && named.len() != submission.states.len() => None,
        _ => Some((submission, Some(Reply { about }))),
    })
}

/// The entry of an item's party, if it has one.
async fn own(tx: &mut Tx, instance: &Instance, came: Came<'_>) -> Result<Option<Submission>, StoreError> {
    let Came { judged, call: Some(call), .. } = came else { return Ok(None) };
    let states = if judged.matched.decision == Decision::Matched { judged.matched.named() } else { Vec::new() };
    let sender = judged.item.from.as_ref().and_then(|from| from.address.as_ref()).map(|address| address.to_lowercase());
    let sender = sender.unwrap_or_default();
    let for_others = is_colleague(&sender, &instance.config.intake.colleagues);
    if states.is_empty() && judged.item.main == MainText::Missing && !for_others {
        // Of who says something about an input, what the address has filed tells whose.
        let earlier = tx.earlier_inputs(&sender, came.claimed.id).await?;
        if let [earlier] = earlier.as_slice() {
            return tx.submission_of(call.known.id, &filing::party(&[earlier.iso3], &sender)).await;
        }
    }
    if states.is_empty() && (judged.matched.decision != Decision::None || sender.is_empty()) {
        return Ok(None);
    }
    tx.submission_of(call.known.id, &filing::party(&states, &sender)).await
}

/// The entry that a message answers: by the letter that it goes back to, else by the reference or number in its subject.
async fn answered(tx: &mut Tx, instance: &Instance, came: Came<'_>) -> Result<Option<Answered>, StoreError> {
    let Came { claimed, message, .. } = came;
    for id in message.in_reply_to.iter().chain(&message.references) {
        if let Some(answered) = tx.entry_of_letter(id).await? {
            return Ok(Some(answered));
        }
    }
    let subject = message.subject.as_deref().unwrap_or_default();
    for number in mail_loop::numbers(subject).into_iter().filter(|number| *number != claimed.number) {
        if let Some(answered) = tx.entry_of_number(number).await? {
            return Ok(Some(answered));
        }
    }
    for open in instance.calls_of(&claimed.mailbox) {
        for reference in mail_loop::references(subject, &open.call.reference) {
            if let Some(answered) = tx.entry_of_reference(&reference).await? {
                return Ok(Some(answered));
            }
        }
    }
    Ok(None)
}

/// How an item relates to what stands.
fn related(came: Came<'_>, kin: &[Kin<'_>], answers: Option<&str>) -> Result<Found, PipelineError> {
    let Came { claimed, message, files, judged, .. } = came;
    let main = judged.item.main_file(files);
    let name = main.and_then(|file| file.name.as_deref()).unwrap_or_default();
    let document = main.map(|file| [(name, file.reading.text.as_str())]);
    let own = || if judged.item.main == MainText::Body { quoting::own_words(&judged.item.body) } else { String::new() };
    let text = main.map_or_else(own, |file| file.reading.text.clone());
    let arrived = Arrived {
        mail: Mail {
            subject: judged.item.subject.as_deref().unwrap_or_default(),
            body: &judged.item.body,
            documents: document.as_ref().map(<[_; 1]>::as_slice).unwrap_or_default(),
            answers: answers.is_some() || !message.in_reply_to.is_empty(),
            on: claimed.received()?.to_zoned_datetime(TimeZone::UTC).date(),
        },
        purpose: &judged.purpose,
        brings: judged.item.main != MainText::Missing,
        legible: Legible::found(main.map(|file| file.reading.outcome)),
        key: judged.item.content_key.as_deref(),
        sketch: &Sketch::of(&text),
        language: language::detect(&text),
        answers,
    };
    Ok(relation(arrived, kin))
}

/// The text of a version, as what comes is held against it.
struct Text {
    message: Id,
    number: String,
    sketch: Sketch,
    language: Option<Language>,
}

impl Text {
    /// That of a readable copy, where there is one; what was erased is empty.
    async fn of(tx: &mut Tx, version: &Version<'_>) -> Result<Self, StoreError> {
        let item = version.text().item;
        let kept = tx.main_text(item.0).await?;
        let kept = kept.ok_or_else(|| StoreError::Row(format!("the item {} that is filed is not there", item.0)))?;
        let text = match kept.document {
            Some(text) => text,
            None => quoting::own_words(&kept.body.unwrap_or_default()),
        };
        let number = intake_number(kept.number);
        Ok(Self { message: kept.message, number, sketch: Sketch::of(&text), language: language::detect(&text) })
    }
}

/// Whether a file is a picture or a seal that mail programs add.
fn is_decoration(file: &File) -> bool {
    let seal = file.media_type.contains("signature") || file.media_type.contains("pgp-keys");
    seal || file.format == Format::Image && file.inline
}
