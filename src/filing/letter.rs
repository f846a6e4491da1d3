//! The letter a message gets, made from what is filed.
//!
//! The facts are gathered from the rows of the same transaction, so that a letter never says what is not recorded. It is
//! rendered there too: it names the reference that the transaction has taken, and rendering is pure and takes no time.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz};

use super::{
    by::{By, FilingError},
    facts::Facts as Filed,
    lines,
    told::beside_what_left,
};
use crate::{
    core::{
        actor::Actor,
        calls::{call::Call, deadline::Deadline},
        decision::LetterThen,
        event::{Event, Hold},
        file::Role,
        iso3::Iso3,
        judging::{
            allowance::Allowance,
            answer::{Answer, Answering, Letter, Paces, Used, capped},
            matching::Form,
            silence::Silence,
        },
        letter_kind::{LetterKind, Occasion},
        submission::{Becomes, ItemId, becomes},
        text::language::Language,
    },
    instance::{Instance, OpenCall},
    letters::{
        LetterProblem, Rendered,
        facts::{CallFacts, EntryFacts, Facts, FileFacts, Query, Receipt, Unread},
    },
    store::{
        About, EntryRow, FileRow, Id, ItemRow, LetterState, MessageState, Names, NewLetter, StoreError, Tx,
        intake_number,
    },
};

/// What was decided about a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterDecided {
    /// The sentence that stands with the message.
    pub said: String,
    /// As facts.
    pub then: LetterThen,
}

/// Puts the letter for a message into the outbox, and yields a sentence about it.
///
/// # Errors
/// The database did not answer, or the template failed.
pub async fn decide_letter(
    tx: &mut Tx,
    instance: &Instance,
    entry: &EntryRow,
    answering: &Answering,
    answer: &Answer,
    by: By,
    not_before: Timestamp,
) -> Result<LetterDecided, FilingError> {
    let now = instance.clock.now();
    let choice = match answer {
        Answer::Silence(silence) => return Ok(not_answered(silence.clone())),
        Answer::Letter(choice) => *choice,
    };
    let Some(recipient) = answering.answerable.recipient.as_deref() else {
        return Ok(not_answered(Silence::NoAddress));
    };
    if instance.is_ours(recipient) {
        return Ok(not_answered(Silence::ToOurselves));
    }
    let items = tx.items(entry.id).await?;
    let known = items.iter().filter_map(|item| item.call_id).find(|id| instance.call_by_id(*id).is_some());
    let call = match known {
        Some(id) => instance.call_now(tx, id).await?,
        None => None,
    };
    let Some(call) = call else { return Ok(not_answered(Silence::NoCall)) };
    let files = tx.files(entry.id).await?;
    let mut telling = Vec::new();
    let facts = match choice {
        Letter::Acknowledgement | Letter::Received => {
            let named = choice == Letter::Acknowledgement;
            keep_from_others(tx, &items).await?;
            let (receipt, told) = receipt(tx, &call, entry, (&items, &files), (named, recipient)).await?;
            telling = told;
            if named { Facts::Acknowledgement(receipt) } else { Facts::Received(receipt) }
        }
        Letter::Query { link } => Facts::Query(query(&call, entry, (link, &files), None)),
        Letter::ReadableCopy { item } => {
            let reference = tx.place_of(item).await?.map(|(there, _)| there.reference);
            Facts::Query(query(&call, entry, (false, &files), reference))
        }
    };
    let decision = match by {
        By::Program => None,
        By::Person(decision) => Some(decision),
    };
    let kind = facts.kind();
    let Some((facts, told)) = beside_what_left(tx, entry.id, facts, by).await? else {
        return not_again(tx, entry.id, kind).await;
    };
    let language = answering.language.unwrap_or(Language::En);
    let rendered = render(instance, &call, &facts, language, now)?;
    let allowances = allowances(tx, instance, recipient, &facts, now).await?;
    let held = match tx.lost_to(entry.id).await? {
        Some(lost) => Some(lost.hold()),
        None => cap(tx, instance, recipient, &allowances, by, now).await?,
    };
    let why = held.as_ref().map(|held| instance.in_words(&held.phrase()));
    let letter = tx
        .decide_letter(&NewLetter {
            occasion: Occasion::Message { message: entry.id, decision },
            call: Some(call.known.id),
            kind: facts.kind(),
            facts: &serde_json::to_string(&facts)?,
            language: rendered.language.code(),
            template: &rendered.template,
            recipient,
            recipient_name: entry.from_name.as_deref().filter(|_| entry.from_address.as_deref() == Some(recipient)),
            subject: &rendered.subject,
            body: &rendered.body,
            guard_revision: Some(entry.revision),
            not_before,
            held: held.as_ref().map(Hold::held_for).zip(why.as_deref()),
            at: now,
        })
        .await?;
    let Some(letter) = letter else {
        return not_again(tx, entry.id, facts.kind()).await;
    };
    tx.keep_names(letter, &telling).await?;
    if by == By::Program && held.is_none() {
        for allowance in &allowances {
            tx.count_letter(&allowance.word(), now).await?;
        }
    }
    let about = About { letter: Some(letter), ..About::message(entry.id) };
    if let Some(why) = &why {
        tx.say(lines::held(letter, &intake_number(entry.number), why));
    }
    let (kind, to) = (facts.kind(), recipient.to_owned());
    let then = match &held {
        None => LetterThen::Leaves { letter: kind, to, at: not_before },
        Some(held) => LetterThen::Held { letter: kind, to, held: held.clone() },
    };
    tx.record(now, about, &Actor::Program, &Event::LetterDecided { letter: kind, held })?;
    let said = why.unwrap_or_else(|| answering.answerable.reason.clone());
    let said = match told {
        Some(told) => format!("{said} The {} that was made before says something else.", told.name()),
        None => said,
    };
    Ok(LetterDecided { said, then })
}

/// What the sender is asked for: the document, or of what is registered a copy that can be read.
fn query(call: &OpenCall, entry: &EntryRow, (link, files): (bool, &[FileRow]), unreadable: Option<String>) -> Query {
    Query {
        call: call_facts(&call.call, &call.deadline),
        number: intake_number(entry.number),
        received: entry.received,
        subject: entry.subject.clone(),
        cloud_link: link,
        files: files.iter().map(file_facts).collect(),
        unreadable,
    }
}

/// From here on nobody else changes where the items of a message are filed: what its letter says of that holds until it is
/// written down.
pub(crate) async fn keep_from_others(tx: &mut Tx, items: &[ItemRow]) -> Result<(), StoreError> {
    let mut submissions = BTreeSet::new();
    for item in items {
        submissions.extend(tx.place_of(item.id).await?.map(|(submission, _)| submission.id));
    }
    for submission in submissions {
        tx.change_submission(submission).await?;
    }
    Ok(())
}

pub(super) fn render(
    instance: &Instance,
    call: &OpenCall,
    facts: &Facts,
    language: Language,
    at: Timestamp,
) -> Result<Rendered, LetterProblem> {
    let zone = tz::TimeZone::get(&call.deadline.zone).unwrap_or(tz::TimeZone::UTC);
    let today = at.to_zoned_datetime(zone).date();
    let name = |iso3: Iso3, language: Language| instance.register.name(iso3, language, today, Form::Formal);
    instance.letters.render(facts, language, &name)
}

/// Why there is no second letter of a kind.
async fn not_again(tx: &mut Tx, message: Id, kind: LetterKind) -> Result<LetterDecided, FilingError> {
    let name = kind.name();
    let letters = tx.readable_letters_of(message).await?;
    let last = letters.iter().rfind(|letter| letter.kind == kind && letter.state != LetterState::Discarded);
    if let Some(failed) = last.filter(|letter| letter.state == LetterState::Failed) {
        let id = failed.id;
        let said =
            format!("The {name} was made before and did not leave; “docket letters resend {id}” sends that one.");
        return Ok(LetterDecided { said, then: LetterThen::FailedBefore { letter: kind, number: id } });
    }
    let said = format!("The {name} has left already, or may have; no second one is sent.");
    Ok(LetterDecided { said, then: LetterThen::LeftBefore { letter: kind } })
}

fn not_answered(why: Silence) -> LetterDecided {
    LetterDecided { said: why.told().plain(), then: LetterThen::None { why } }
}

/// The allowances that a letter uses.
async fn allowances(
    tx: &mut Tx,
    instance: &Instance,
    recipient: &str,
    facts: &Facts,
    now: Timestamp,
) -> Result<Vec<Allowance>, StoreError> {
    let today = now.to_zoned_datetime(tz::TimeZone::UTC).date();
    let known = tx.contacts_with_address(recipient, today).await?;
    let known: Vec<Iso3> = known.iter().map(|contact| contact.iso3).collect();
    let filed: Vec<Iso3> = match facts {
        Facts::Acknowledgement(receipt) => receipt.entries.iter().flat_map(|entry| entry.states.clone()).collect(),
        _ => Vec::new(),
    };
    Ok(Allowance::of(&instance.register, recipient, &known, &filed))
}

/// Why a letter to this address must wait for a person, if it must.
pub(super) async fn cap(
    tx: &mut Tx,
    instance: &Instance,
    recipient: &str,
    allowances: &[Allowance],
    by: By,
    now: Timestamp,
) -> Result<Option<Hold>, StoreError> {
    let letters = &instance.config.letters;
    let went = tx.paces(recipient, now).await?;
    let caps = Paces { hour: u64::from(letters.cap_hour), day: u64::from(letters.cap_day) };
    let mut used = Vec::new();
    for allowance in allowances.iter().filter(|_| by == By::Program) {
        used.push(Used {
            whose: allowance.clone(),
            letters: tx.used(&allowance.word(), now).await?,
            cap: instance.cap_of(allowance),
        });
    }
    Ok(capped(went, caps, &used))
}

/// What a receipt to an address states: all inputs of the message, with the states they are registered for where `named`; and
/// what it names. It calls another version by its number only where whoever reads there was told it, and says when that was
/// received only where it came from there or its reader was told of it.
pub(super) async fn receipt(
    tx: &mut Tx,
    call: &OpenCall,
    entry: &EntryRow,
    (items, files): (&[ItemRow], &[FileRow]),
    (named, recipient): (bool, &str),
) -> Result<(Receipt, Vec<Names>), FilingError> {
    let received = entry.received;
    let (mut entries, mut telling) = (Vec::new(), Vec::new());
    for item in items {
        let registration = tx.registration(item.id).await?;
        let (mut version, mut comes_to, mut counts_as) = (None, None, None);
        let (mut other_unknown, mut withdrawn) = (false, false);
        let place = tx.place_of(item.id).await?;
        let is_input = place.as_ref().is_some_and(|(_, filed)| filed.place.is_received());
        if let Some((submission, _)) = place {
            let known = tx.known_to(submission.id, recipient).await?;
            let told = tx.told_numbers(submission.id).await?;
            let facts = Filed::of(tx, submission).await?;
            let stands = facts.stands();
            let own = stands.version_of(ItemId(item.id)).filter(|version| version.filed.item.0 == item.id);
            version = own.and_then(|version| version.filed.n);
            withdrawn = own.is_some_and(|version| version.withdrawn);
            let told_item = |n: u32| told.iter().find(|told| told.n == n).and_then(|told| told.item);
            let is_known = |n: u32| {
                told_item(n).is_some_and(|ItemId(other)| known.knows_as(other, n) || known.sent.contains(&other))
            };
            let becomes = becomes(ItemId(item.id), &stands, &is_known);
            let others = stands.versions.iter().filter(|version| version.filed.item.0 != item.id);
            other_unknown = becomes.other().is_some_and(|other| {
                let meant = others.filter(|version| other.is(version));
                meant.map(|version| version.filed.item.0).any(|other| !known.knows(other))
            });
            comes_to = Some(becomes);
            // What repeats or copies another stands as that one does.
            let other = stands.version_of(ItemId(item.id)).map(|version| version.filed.id);
            counts_as = facts.projected.iter().find(|row| Some(row.place) == other).and_then(|row| row.standing);
            telling.push(Names { submission: facts.submission.id, item: item.id, n: version.unwrap_or_default() });
        }
        let repeats = matches!(comes_to, Some(Becomes::Repeats { .. }));
        let own: Vec<&FileRow> = files.iter().filter(|file| file.item_id == Some(item.id)).collect();
        let standing = counts_as.or(registration.as_ref().map(|filed| filed.standing));
        entries.push(EntryFacts {
            reference: registration.as_ref().filter(|_| is_input).map(|filed| filed.reference.clone()),
            states: registration.as_ref().filter(|_| named).map(|filed| filed.states.clone()).unwrap_or_default(),
            version,
            becomes: comes_to,
            other_unknown,
            withdrawn,
            no_input: !is_input && !item.waits(),
            duplicate: repeats,
            in_body: item.words.is_some() && !own.iter().any(|file| file.role == Role::Main),
            asked: item.waits(),
            standing: standing.unwrap_or_else(|| call.deadline_for(&[]).judge(received)),
            words: item.words,
            files: own.into_iter().map(file_facts).collect(),
        });
    }
    let receipt = Receipt {
        call: call_facts(&call.call, &call.deadline),
        number: intake_number(entry.number),
        received,
        subject: entry.subject.clone(),
        unread: unread(entry),
        entries,
    };
    Ok((receipt, telling))
}

/// What a receipt must say of a message that was not read.
fn unread(entry: &EntryRow) -> Option<Unread> {
    let whole = if entry.header_only.is_some() { Unread::HeaderOnly } else { Unread::Kept };
    (entry.state == MessageState::Parked).then_some(whole)
}

/// The call as letters speak of it.
#[must_use]
pub fn call_facts(call: &Call, deadline: &Deadline) -> CallFacts {
    CallFacts {
        title: call.title.clone(),
        secretariat: call.secretariat.clone(),
        reference: call.reference.clone(),
        contact: call.contact.clone(),
        last_day: deadline.day,
        last_hour: deadline.time,
        zone: deadline.zone.clone(),
        word_limit: call.word_limit,
    }
}

fn file_facts(file: &FileRow) -> FileFacts {
    FileFacts {
        name: file.name.clone(),
        size: file.size,
        sha256: file.sha256.clone(),
        format: file.format,
        role: file.role,
        outcome: file.outcome,
        pages: file.pages,
        pages_failed: file.pages_failed.clone(),
        pages_without_text: file.pages_without_text.clone(),
    }
}
