//! The letter a message gets, made from what is filed.
//!
//! The facts are gathered from the rows of the same transaction, so that a letter never says what is not recorded. It is
//! rendered there too: it names the reference that the transaction has taken, and rendering is pure and takes no time.

use jiff::{Timestamp, tz};

use super::{facts::Facts as Filed, lines};
use crate::{
    core::{
        actor::Actor,
        calls::{call::Call, deadline::Deadline},
        event::{Event, Hold},
        iso3::Iso3,
        judging::{
            allowance::Allowance,
            answer::{Answer, Answering, Letter, Paces, Used, capped},
            matching::Form,
            silence::Silence,
        },
        letter_kind::{LetterKind, Occasion},
        submission::{ItemId, becomes},
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

/// Who decides that a message gets a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The program, by itself: the allowances hold for it.
    Program,
    /// A person, with this decision.
    Person(Id),
}

/// A letter could not be decided.
#[derive(Debug, thiserror::Error)]
pub enum FilingError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template failed on these facts.
    #[error(transparent)]
    Render(#[from] LetterProblem),
    /// The facts cannot be written down.
    #[error("the facts of a letter cannot be written down: {0}")]
    Facts(#[from] serde_json::Error),
}

impl FilingError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_temporary())
    }
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
) -> Result<String, FilingError> {
    let now = instance.clock.now();
    let choice = match answer {
        Answer::Silence(silence) => return Ok(not_answered(silence)),
        Answer::Letter(choice) => *choice,
    };
    let Some(recipient) = answering.answerable.recipient.as_deref() else {
        return Ok(not_answered(&Silence::NoAddress));
    };
    if instance.is_ours(recipient) {
        return Ok(not_answered(&Silence::ToOurselves));
    }
    let items = tx.items(entry.id).await?;
    let known = items.iter().filter_map(|item| item.call_id).find(|id| instance.call_by_id(*id).is_some());
    let call = match known {
        Some(id) => instance.call_now(tx, id).await?,
        None => None,
    };
    let Some(call) = call else { return Ok(not_answered(&Silence::NoCall)) };
    let files = tx.files(entry.id).await?;
    let mut names = Vec::new();
    let facts = match choice {
        Letter::Acknowledgement | Letter::Received => {
            let named = choice == Letter::Acknowledgement;
            let (receipt, told) = receipt(tx, &call, entry, (&items, &files), named).await?;
            names = told;
            if named { Facts::Acknowledgement(receipt) } else { Facts::Received(receipt) }
        }
        Letter::Query { link } => Facts::Query(Query {
            call: call_facts(&call.call, &call.deadline),
            number: intake_number(entry.number),
            received: entry.received,
            subject: entry.subject.clone(),
            cloud_link: link,
            files: files.iter().map(file_facts).collect(),
        }),
    };
    let language = answering.language.unwrap_or(Language::En);
    let rendered = render(instance, &call, &facts, language, now)?;
    let decision = match by {
        By::Program => None,
        By::Person(decision) => Some(decision),
    };
    let told = told_last(tx, entry.id, facts.kind()).await?;
    if told.as_ref().is_some_and(|told| says_the_same(told, &facts)) {
        return not_again(tx, entry.id, facts.kind()).await;
    }
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
    tx.keep_names(letter, &names).await?;
    if by == By::Program && held.is_none() {
        for allowance in &allowances {
            tx.count_letter(&allowance.word(), now).await?;
        }
    }
    let about = About { letter: Some(letter), ..About::message(entry.id) };
    if let Some(why) = &why {
        tx.say(lines::held(letter, &intake_number(entry.number), why));
    }
    tx.record(now, about, &Actor::Program, &Event::LetterDecided { letter: facts.kind(), held })?;
    let said = why.unwrap_or_else(|| answering.answerable.reason.clone());
    Ok(match told {
        Some(_) => format!("{said} The {} that was made before says something else.", facts.kind().name()),
        None => said,
    })
}

fn render(
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

/// Has the receipts about a submission that have not been made say what is so now: another input may have changed what
/// theirs comes to.
pub(super) async fn renew_letters(tx: &mut Tx, instance: &Instance, filed: &Filed) -> Result<(), FilingError> {
    let Some(call) = instance.call_now(tx, filed.submission.call).await? else { return Ok(()) };
    for letter in tx.unmade_letters_about(filed.submission.id).await? {
        let told: Facts = serde_json::from_str(&letter.facts)
            .map_err(|error| StoreError::Row(format!("the facts of letter {} cannot be read: {error}", letter.id)))?;
        let (Facts::Acknowledgement(before) | Facts::Received(before)) = &told else { continue };
        let Some(entry) = tx.entry(letter.number).await? else { continue };
        let (items, files) = (tx.items(entry.id).await?, tx.files(entry.id).await?);
        let named = told.kind() == LetterKind::Acknowledgement;
        let (receipt, names) = receipt(tx, &call, &entry, (&items, &files), named).await?;
        let places = |receipt: &Receipt| {
            let entries = receipt.entries.iter().map(|entry| (entry.reference.clone(), entry.states.clone()));
            entries.collect::<Vec<_>>()
        };
        // Whose input it is, is that message’s own affair: a decision about it drops its letter.
        if receipt == *before || places(&receipt) != places(before) {
            continue;
        }
        let facts = if named { Facts::Acknowledgement(receipt) } else { Facts::Received(receipt) };
        let language = letter.language.parse().unwrap_or(Language::En);
        let rendered = render(instance, &call, &facts, language, instance.clock.now())?;
        let facts = serde_json::to_string(&facts)?;
        if tx.reword_letter(letter.id, &facts, &rendered.template, (&rendered.subject, &rendered.body)).await? {
            tx.keep_names(letter.id, &names).await?;
        }
    }
    Ok(())
}

/// What the last letter of that kind to a message says, of those that left or may have left.
async fn told_last(tx: &mut Tx, message: Id, kind: LetterKind) -> Result<Option<Facts>, FilingError> {
    let Some(facts) = tx.told_last(message, kind).await? else { return Ok(None) };
    let read = serde_json::from_str(&facts);
    Ok(Some(read.map_err(|error| StoreError::Row(format!("the facts of a {} cannot be read: {error}", kind.name())))?))
}

/// Whether two letters of a kind to one message say the same: only where a receipt names other states, or another
/// reference, is there a reason for a second one.
fn says_the_same(told: &Facts, facts: &Facts) -> bool {
    match (told, facts) {
        (Facts::Acknowledgement(told), Facts::Acknowledgement(receipt)) => {
            let named = |receipt: &Receipt| {
                let entries = receipt.entries.iter().map(|entry| (entry.reference.clone(), entry.states.clone()));
                entries.collect::<Vec<_>>()
            };
            named(told) == named(receipt)
        }
        _ => true,
    }
}

/// Why there is no second letter of a kind.
async fn not_again(tx: &mut Tx, message: Id, kind: LetterKind) -> Result<String, FilingError> {
    let name = kind.name();
    let letters = tx.readable_letters_of(message).await?;
    let last = letters.iter().rfind(|letter| letter.kind == kind && letter.state != LetterState::Discarded);
    if let Some(failed) = last.filter(|letter| letter.state == LetterState::Failed) {
        let id = failed.id;
        return Ok(format!(
            "The {name} was made before and did not leave; “docket letters resend {id}” sends that one."
        ));
    }
    Ok(format!("The {name} has left already, or may have; no second one is sent."))
}

fn not_answered(silence: &Silence) -> String {
    silence.told().plain()
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
async fn cap(
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

/// What a receipt states: all inputs of the message, with the states they are registered for where `named`; and what it
/// names. It calls another version by its number only where a letter about that submission has told it.
async fn receipt(
    tx: &mut Tx,
    call: &OpenCall,
    entry: &EntryRow,
    (items, files): (&[ItemRow], &[FileRow]),
    named: bool,
) -> Result<(Receipt, Vec<Names>), FilingError> {
    let received = entry.received;
    let (mut entries, mut names) = (Vec::new(), Vec::new());
    for item in items {
        let registration = tx.registration(item.id).await?;
        let (mut version, mut comes_to) = (None, None);
        if let Some((submission, _)) = tx.place_of(item.id).await? {
            let told = tx.told_numbers(submission.id).await?;
            let facts = Filed::of(tx, submission).await?;
            let stands = facts.stands();
            let own = stands.version_of(ItemId(item.id)).filter(|version| version.filed.item.0 == item.id);
            version = own.and_then(|version| version.filed.n);
            let knows = |n: u32| told.iter().any(|told| told.n == n && told.item.is_some());
            comes_to = Some(becomes(ItemId(item.id), &stands, &knows));
            names.push(Names { submission: facts.submission.id, item: item.id, n: version.unwrap_or_default() });
        }
        let repeats = registration.as_ref().is_some_and(|filed| filed.repeats.is_some());
        let own: Vec<&FileRow> = files.iter().filter(|file| file.item_id == Some(item.id)).collect();
        entries.push(EntryFacts {
            reference: registration.as_ref().map(|filed| filed.reference.clone()),
            states: registration.as_ref().filter(|_| named).map(|filed| filed.states.clone()).unwrap_or_default(),
            version,
            becomes: comes_to,
            duplicate: repeats,
            standing: registration
                .as_ref()
                .filter(|_| !repeats)
                .map_or_else(|| call.deadline_for(&[]).judge(received), |filed| filed.standing),
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
    Ok((receipt, names))
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
    }
}
