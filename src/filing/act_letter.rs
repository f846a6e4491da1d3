//! The letter that tells of an act: more time for a state, another deadline for all, a withdrawal.
//!
//! It answers the message on which the act was taken; where there is none it goes to the focal point of the state, by the
//! secretariat’s list, and another deadline is told to whoever sent the input of a state that has none. Promises one letter of
//! each act, held where an address has had too many, and else a reason.

use std::cmp::Reverse;

use jiff::{Timestamp, tz::TimeZone};

use super::{
    by::{By, FilingError},
    letter::{call_facts, cap, render},
    lines,
};
use crate::{
    core::{
        actor::Actor,
        decision::LetterThen,
        event::{Dropped, Event, Hold},
        iso3::Iso3,
        judging::{
            answer::{Answer, Answering, Fate, answer},
            silence::Silence,
        },
        letter_kind::Occasion,
        submission::{PartyKey, View},
        text::language::Language,
    },
    instance::{Instance, OpenCall},
    letters::facts::{Answered, Facts, Granted, Moved, TakenBack},
    store::{About, EntryRow, Id, NewLetter, PartyRows, Person, StoreError, Tx, intake_number},
};

/// The decision on a message of which a letter tells, and when that may leave.
#[derive(Clone, Copy, Debug)]
pub struct OnMessage<'a> {
    /// The message.
    pub entry: &'a EntryRow,
    /// Whether it may be answered, and to whom.
    pub answering: &'a Answering,
    /// The decision.
    pub decision: Id,
    /// The letter does not leave earlier.
    pub due: Timestamp,
}

/// Who gets a letter.
struct Recipient<'a> {
    address: &'a str,
    name: Option<&'a str>,
    language: Language,
}

impl OnMessage<'_> {
    fn answered(&self) -> Answered {
        let Self { entry, .. } = self;
        Answered { number: intake_number(entry.number), received: entry.received, subject: entry.subject.clone() }
    }

    /// Puts the letter into the outbox, unless the message must not be answered.
    async fn tell(
        &self,
        tx: &mut Tx,
        instance: &Instance,
        open: &OpenCall,
        facts: &Facts,
    ) -> Result<LetterThen, FilingError> {
        let Self { entry, answering, decision, due } = *self;
        let to = match sender(entry, answering)? {
            Ok(to) => to,
            Err(why) => return Ok(LetterThen::None { why }),
        };
        let occasion = Occasion::Message { message: entry.id, decision: Some(decision) };
        put(tx, instance, open, facts, (&to, occasion), (due, About::message(entry.id))).await
    }
}

/// Tells whoever asked for more time that it was granted.
///
/// # Errors
/// The database did not answer, or the template failed.
pub async fn tell_of_extension(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    (states, until): (&[Iso3], Timestamp),
    on: OnMessage<'_>,
) -> Result<LetterThen, FilingError> {
    let mut reference = None;
    let own = PartyKey::States(states.to_vec()).key();
    for item in tx.items(on.entry.id).await? {
        let filed = tx.place_of(item.id).await?.map(|(submission, _)| submission);
        reference = reference
            .or(filed.filter(|filed| PartyKey::States(filed.states.clone()).key() == own).map(|filed| filed.reference));
    }
    let facts = Facts::ExtensionGranted(Granted {
        call: call_facts(&open.call, &open.deadline),
        answered: Some(on.answered()),
        addressee: None,
        states: states.to_vec(),
        until,
        reference,
    });
    on.tell(tx, instance, open, &facts).await
}

/// Tells the focal point of a state that it has more time.
///
/// # Errors
/// The database did not answer, or the template failed.
pub async fn tell_state_of_extension(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    (state, until): (Iso3, Timestamp),
    (decision, due): (Id, Timestamp),
) -> Result<LetterThen, FilingError> {
    let Some(person) = focal_point(tx, instance, open, state).await? else {
        return Ok(LetterThen::None { why: Silence::NoFocalPoint });
    };
    let facts = Facts::ExtensionGranted(Granted {
        call: call_facts(&open.call, &open.deadline),
        answered: None,
        addressee: person.name.clone(),
        states: vec![state],
        until,
        reference: None,
    });
    let occasion = Occasion::Act { call: open.known.id, state, decision };
    put(tx, instance, open, &facts, (&recipient(&person), occasion), (due, About::call(open.known.id))).await
}

/// Confirms to whoever took something back, or had sent it, that it is withdrawn.
///
/// # Errors
/// The database did not answer, or the template failed.
pub async fn tell_of_withdrawal(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    (reference, states, until): (&str, &[Iso3], Timestamp),
    on: OnMessage<'_>,
) -> Result<LetterThen, FilingError> {
    let facts = Facts::Withdrawn(TakenBack {
        call: call_facts(&open.call, &open.deadline),
        answered: on.answered(),
        reference: reference.to_owned(),
        states: states.to_vec(),
        until,
    });
    on.tell(tx, instance, open, &facts).await
}

/// Tells each state of the roster of a call that its deadline is another: its focal point, or without one whoever sent its
/// input. A state that an extension gives more time is not told: its own stays in force. `open` is the call as it is by now, `before` the first instant that was late. Yields what came of it for each state.
///
/// # Errors
/// The database did not answer, or the template failed.
pub async fn tell_of_deadline(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    (before, version): (Timestamp, u32),
    due: Timestamp,
) -> Result<Vec<(Iso3, LetterThen)>, FilingError> {
    let focal_points = focal_points(tx, instance, open).await?;
    let parties = tx.parties_of(open.known.id, &[], View::NOW).await?;
    let mut all = Vec::new();
    for &state in &open.roster {
        if open.own_deadline(state).is_some() {
            all.push((state, LetterThen::None { why: Silence::HasMoreTime }));
            continue;
        }
        let person = focal_points.iter().find(|person| person.iso3 == state);
        let (mut sent, mut why) = (None, Silence::NoFocalPoint);
        for number in if person.is_none() { messages_of(&parties, state) } else { Vec::new() } {
            match who_sent(tx, number).await? {
                Ok(found) => {
                    sent = Some(found);
                    break;
                }
                Err(silence) => why = silence,
            }
        }
        let to = match (person, &sent) {
            (Some(person), _) => Ok(recipient(person)),
            (None, Some((entry, answering))) => sender(entry, answering)?,
            (None, None) => Err(why),
        };
        let then = match to {
            Ok(to) => {
                let facts = Facts::DeadlineMoved(Moved {
                    call: call_facts(&open.call, &open.deadline),
                    state,
                    addressee: to.name.map(str::to_owned),
                    before,
                    now: open.deadline.instant,
                });
                let occasion = Occasion::Deadline { call: open.known.id, state, version };
                put(tx, instance, open, &facts, (&to, occasion), (due, About::call(open.known.id))).await?
            }
            Err(why) => LetterThen::None { why },
        };
        all.push((state, then));
    }
    Ok(all)
}

/// The letters that tell of a deadline which holds no more, and surely have not left, do not leave. Yields them.
///
/// # Errors
/// The database did not answer.
pub async fn recall_letters_of_deadline(
    tx: &mut Tx,
    call: Id,
    by: &Actor,
    at: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    let why = Dropped::DeadlineMoved;
    for occasion in tx.occasions_of_deadlines(call).await? {
        let Some((letter, kind)) = tx.discard_unsent_of_act(&occasion, &why, at).await? else { continue };
        let event = Event::LetterDropped { letter: kind, why: why.clone() };
        tx.record(at, About { letter: Some(letter), ..About::call(call) }, by, &event)?;
        events.push(event);
    }
    Ok(events)
}

/// The messages by which a state has filed something, by their numbers, the newest first.
fn messages_of(parties: &[PartyRows], state: Iso3) -> Vec<i64> {
    let of_state = parties.iter().filter(|party| party.submission.states.contains(&state));
    let mut filed: Vec<_> = of_state.flat_map(|party| &party.filed).filter(|filed| filed.place.is_received()).collect();
    filed.sort_by_key(|filed| Reverse(filed.receipt));
    filed.into_iter().map(|filed| filed.receipt.number).collect()
}

/// A message that may be answered, by its number, with to whom; else why it may not.
async fn who_sent(tx: &mut Tx, number: i64) -> Result<Result<(EntryRow, Answering), Silence>, StoreError> {
    let Some(entry) = tx.entry(number).await? else { return Ok(Err(Silence::NoAddress)) };
    let Some(answering) = tx.findings(entry.id).await?.answering()? else { return Ok(Err(Silence::NoAddress)) };
    if let Err(why) = sender(&entry, &answering)? {
        return Ok(Err(why));
    }
    Ok(Ok((entry, answering)))
}

/// To whom a letter goes that a message has earned, or why it may not be answered.
fn sender<'a>(entry: &'a EntryRow, answering: &'a Answering) -> Result<Result<Recipient<'a>, Silence>, StoreError> {
    let silent = entry.silent()?.or(answering.silent());
    let answerable = &answering.answerable;
    if let Answer::Silence(why) = answer(&[Fate::Registered], answerable, silent.as_ref(), answering.by_colleague) {
        return Ok(Err(why));
    }
    let Some(address) = answerable.recipient.as_deref() else { return Ok(Err(Silence::NoAddress)) };
    let name = entry.from_name.as_deref().filter(|_| entry.from_address.as_deref() == Some(address));
    Ok(Ok(Recipient { address, name, language: answering.language.unwrap_or(Language::En) }))
}

/// The focal point of a state today.
async fn focal_point(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    state: Iso3,
) -> Result<Option<Person>, StoreError> {
    Ok(focal_points(tx, instance, open).await?.into_iter().find(|person| person.iso3 == state))
}

async fn focal_points(tx: &mut Tx, instance: &Instance, open: &OpenCall) -> Result<Vec<Person>, StoreError> {
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    tx.focal_points(instance.clock.now().to_zoned_datetime(zone).date()).await
}

fn recipient(person: &Person) -> Recipient<'_> {
    let language = person.language.as_deref().and_then(|code| code.parse().ok()).unwrap_or(Language::En);
    Recipient { address: &person.address, name: person.name.as_deref(), language }
}

/// Puts a letter into the outbox. Who acts is a person: only what the address itself may get at most is a limit.
async fn put(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    facts: &Facts,
    (to, occasion): (&Recipient<'_>, Occasion<'_>),
    (due, about): (Timestamp, About),
) -> Result<LetterThen, FilingError> {
    if instance.is_ours(to.address) {
        return Ok(LetterThen::None { why: Silence::ToOurselves });
    }
    let (now, kind) = (instance.clock.now(), facts.kind());
    let rendered = render(instance, open, facts, to.language, now)?;
    let held = cap(tx, instance, to.address, &[], By::Program, now).await?;
    let why = held.as_ref().map(|held| instance.in_words(&held.phrase()));
    let letter = tx
        .decide_letter(&NewLetter {
            occasion,
            call: Some(open.known.id),
            kind,
            facts: &serde_json::to_string(facts)?,
            language: rendered.language.code(),
            template: &rendered.template,
            recipient: to.address,
            recipient_name: to.name,
            subject: &rendered.subject,
            body: &rendered.body,
            guard_revision: None,
            not_before: due,
            held: held.as_ref().map(Hold::held_for).zip(why.as_deref()),
            at: now,
        })
        .await?;
    let Some(letter) = letter else { return Ok(LetterThen::LeftBefore { letter: kind }) };
    if let Some(why) = &why {
        tx.say(lines::held(letter, kind.name(), why));
    }
    let address = to.address.to_owned();
    let then = match &held {
        None => LetterThen::Leaves { letter: kind, to: address, at: due },
        Some(held) => LetterThen::Held { letter: kind, to: address, held: held.clone() },
    };
    let about = About { letter: Some(letter), ..about };
    tx.record(now, about, &Actor::Program, &Event::LetterDecided { letter: kind, held })?;
    Ok(then)
}
