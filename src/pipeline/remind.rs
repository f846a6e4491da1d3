//! Reminding: states that have sent nothing get a letter before the deadline, once by each step.
//!
//! Promises that nobody is reminded whose input may be among what is undecided, that addresses come from the
//! secretariat's list alone, and that whoever prepares reminders sees every letter, and who is left out and why. While
//! sending is stopped none is made: what falls due meanwhile is made once it is resumed, if that is not too late.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::PipelineError;
use crate::{
    core::{
        actor::Actor,
        calls::{
            call::ReminderStep,
            deadline::Deadline,
            reminder::{self, Line},
        },
        event::{Event, Hold},
        iso3::Iso3,
        judging::matching::Form,
        letter_kind::Occasion,
        text::language::Language,
    },
    failpoint,
    filing::{self, call_facts},
    instance::{Instance, OpenCall},
    letters::{
        Rendered,
        facts::{Facts, LetterKind, Reminder},
    },
    store::{About, Id, Lost, NewLetter, Person, Tx, Whose},
};

/// One step of a call that is due.
#[derive(Clone, Debug)]
pub struct Reminders {
    /// The call's code.
    pub call: String,
    /// The step.
    pub step: String,
    /// When it fell due.
    pub due: Timestamp,
    /// Every state of the roster; where the step is counted by the own deadline of states with more time, those.
    pub lines: Vec<ReminderLine>,
}

/// What happens to one state.
#[derive(Clone, Debug)]
pub struct ReminderLine {
    /// The state.
    pub iso3: Iso3,
    /// Its short English name.
    pub name: String,
    /// Why it is left out; none if it is reminded.
    pub left_out: Option<String>,
    /// The letter, with its address, if it is reminded.
    pub letter: Option<(String, Rendered)>,
}

/// One run of a step.
#[derive(Clone, Copy)]
struct Run<'a> {
    step: &'a str,
    /// By which deadline: that of all, or the own one of states with more time.
    by: &'a Deadline,
    /// The states whose letters the database refused, and why: the others have theirs all the same.
    refused: &'a BTreeMap<Iso3, String>,
    /// Why its letters are held for a person.
    held: Option<&'a Hold>,
    now: Timestamp,
}

/// Prepares the reminders that are due now, and unless it is a rehearsal puts them into the outbox.
///
/// # Errors
/// The database did not answer, or a template failed. Then no letter of that step was decided. Where it refuses the letter
/// to one state, that state is left out, and said.
pub async fn remind(instance: &Instance, rehearsal: bool) -> Result<Vec<Reminders>, PipelineError> {
    let now = instance.clock.now();
    let mut all = Vec::new();
    for open in &*instance.calls() {
        let call = open.known.id;
        let as_it_is = instance.call_now(&mut instance.db.snapshot().await?, call).await?;
        for by in as_it_is.iter().flat_map(deadlines) {
            all.extend(remind_for(instance, (call, &by), now, rehearsal).await?);
        }
    }
    Ok(all)
}

/// The deadline of a call, and the own ones of states that have more time, each once.
fn deadlines(open: &OpenCall) -> Vec<Deadline> {
    let mut all = vec![open.deadline.clone()];
    for own in open.roster.iter().filter_map(|&state| open.own_deadline(state)) {
        if !all.contains(&own) {
            all.push(own);
        }
    }
    all
}

/// The latest step of a call that has come by a deadline, while there is time to send an input; and when it fell due. A state
/// is not reminded twice at once because nobody looked before.
fn due_now<'a>(open: &'a OpenCall, by: &Deadline, now: Timestamp) -> Option<(Timestamp, &'a ReminderStep)> {
    let [latest, _] = reminder::last_and_next(&open.call.reminders, by, now);
    latest.filter(|_| now < by.instant)
}

/// The same for one call by one of its deadlines, if that still holds when they are decided.
async fn remind_for(
    instance: &Instance,
    (call, by): (Id, &Deadline),
    now: Timestamp,
    rehearsal: bool,
) -> Result<Option<Reminders>, PipelineError> {
    let mut refused = BTreeMap::new();
    loop {
        let mut tx = instance.db.begin().await?;
        if !rehearsal && tx.sending_stopped().await?.is_some() {
            return Ok(None);
        }
        let Some(open) = instance.call_now(&mut tx, call).await? else { return Ok(None) };
        if !deadlines(&open).contains(by) {
            return Ok(None);
        }
        let Some((due, step)) = due_now(&open, by, now) else { return Ok(None) };
        let held = tx.lost(due).await?.map(Lost::hold);
        let run = Run { step: &step.step, by, refused: &refused, held: held.as_ref(), now };
        let lines = match remind_step(instance, &open, run, &mut tx).await {
            Ok(lines) => lines,
            Err((Some(iso3), error)) if error.of_the_store().is_some() && error.whose() == Whose::Row => {
                tx.roll_back().await?;
                refused.insert(iso3, error.to_string());
                continue;
            }
            Err((_, error)) => return Err(error),
        };
        if !rehearsal {
            failpoint::reached("before-reminder-commit");
            tx.commit().await?;
            failpoint::reached("after-reminder-commit");
        }
        return Ok(Some(Reminders { call: open.call.code.clone(), step: step.step.clone(), due, lines }));
    }
}

/// Goes through the roster of a call for one step. An error names the state whose letter met it.
async fn remind_step(
    instance: &Instance,
    open: &OpenCall,
    run: Run<'_>,
    tx: &mut Tx,
) -> Result<Vec<ReminderLine>, (Option<Iso3>, PipelineError)> {
    let standings = filing::to_remind(tx, open, Some(run.step), run.now).await;
    let (standings, focal_points) = standings.map_err(|error| (None, error.into()))?;
    let left_out =
        |iso3, reason: String| ReminderLine { iso3, name: instance.name(iso3), left_out: Some(reason), letter: None };
    let mut lines = Vec::new();
    for line in reminder::plan(&standings) {
        let own = open.own_deadline(line.state());
        let of_all = *run.by == open.deadline;
        lines.push(match (own, line) {
            (Some(own), line) if of_all => left_out(line.state(), format!("it has more time, until {}", own.rule())),
            (own, _) if !of_all && own.as_ref() != Some(run.by) => continue,
            (_, line) => match line {
                Line::LeaveOut(iso3, reason) => left_out(iso3, reason),
                Line::Remind(iso3) if instance.is_ours(&focal_points[&iso3].address) => {
                    left_out(iso3, "its focal point has an address of our own".to_owned())
                }
                Line::Remind(iso3) => match run.refused.get(&iso3) {
                    Some(why) => left_out(iso3, format!("its letter could not be decided: {why}")),
                    None => decide(instance, open, run, tx, iso3, &focal_points[&iso3])
                        .await
                        .map_err(|error| (Some(iso3), error))?,
                },
            },
        });
    }
    lines.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(lines)
}

/// Renders a reminder and decides it; a state that another process reminds at this moment is left to it.
async fn decide(
    instance: &Instance,
    open: &OpenCall,
    Run { step, by, held, now, .. }: Run<'_>,
    tx: &mut Tx,
    iso3: Iso3,
    person: &Person,
) -> Result<ReminderLine, PipelineError> {
    let send_to = instance.mailbox_for(&open.call.code).and_then(|mailbox| mailbox.addresses.first().cloned());
    let facts = Facts::Reminder(Reminder {
        call: call_facts(&open.call, by),
        state: iso3,
        addressee: person.name.clone(),
        send_to: send_to.unwrap_or_else(|| open.call.contact.clone()),
        days_left: reminder::days_left(by, now),
    });
    let language = person.language.as_deref().and_then(|code| code.parse().ok()).unwrap_or(Language::En);
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    let today = now.to_zoned_datetime(zone).date();
    let names = |iso3: Iso3, language: Language| instance.register.name(iso3, language, today, Form::Formal);
    let rendered = instance.letters.render(&facts, language, &names)?;
    let why = held.map(|held| instance.in_words(&held.phrase()));
    let letter = tx
        .decide_letter(&NewLetter {
            occasion: Occasion::Step { call: open.known.id, state: iso3, step },
            call: Some(open.known.id),
            kind: LetterKind::Reminder,
            facts: &serde_json::to_string(&facts)?,
            language: rendered.language.code(),
            template: &rendered.template,
            recipient: &person.address,
            recipient_name: person.name.as_deref(),
            subject: &rendered.subject,
            body: &rendered.body,
            guard_revision: None,
            not_before: now,
            held: held.map(Hold::held_for).zip(why.as_deref()),
            at: now,
        })
        .await?;
    let name = instance.name(iso3);
    let Some(letter) = letter else {
        let left_out = Some("reminded by this step before".to_owned());
        return Ok(ReminderLine { iso3, name, left_out, letter: None });
    };
    let about = About { letter: Some(letter), ..About::call(open.known.id) };
    let event = Event::Reminded { state: iso3, step: step.to_owned(), held: held.cloned() };
    tx.record(now, about, &Actor::Program, &event)?;
    Ok(ReminderLine { iso3, name, left_out: None, letter: Some((person.address.clone(), rendered)) })
}
