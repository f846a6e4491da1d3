//! Reminding: states that have sent nothing get a letter before the deadline, once by each step.
//!
//! Promises that nobody is reminded whose input may be among what is undecided, that addresses come from the
//! secretariat's list alone, and that whoever prepares reminders sees every letter, and who is left out and why.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::PipelineError;
use crate::{
    core::{
        actor::Actor,
        calls::reminder::{self, Line, Standings},
        event::{Event, Hold},
        iso3::Iso3,
        judging::matching::Form,
        letter_kind::Occasion,
        submission::View,
        text::language::Language,
    },
    failpoint,
    filing::{self, Overview, call_facts},
    instance::{Instance, OpenCall},
    letters::{
        Rendered,
        facts::{Facts, LetterKind, Reminder},
    },
    store::{About, Lost, NewLetter, Person, Tx, Whose},
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
    /// Every state of the roster.
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
    for open in &instance.calls {
        if now >= open.deadline.instant {
            continue;
        }
        // Of the steps that have come, the latest: a state is not reminded twice at once because nobody looked before.
        let [latest, _] = reminder::last_and_next(&open.call.reminders, &open.deadline, now);
        if let Some((due, step)) = latest {
            let mut refused = BTreeMap::new();
            let (tx, lines) = loop {
                let mut tx = instance.db.begin().await?;
                let held = tx.lost(due).await?.map(Lost::hold);
                let run = Run { step: &step.step, refused: &refused, held: held.as_ref(), now };
                match remind_step(instance, open, run, &mut tx).await {
                    Ok(lines) => break (tx, lines),
                    Err((Some(iso3), error)) if error.of_the_store().is_some() && error.whose() == Whose::Row => {
                        tx.roll_back().await?;
                        refused.insert(iso3, error.to_string());
                    }
                    Err((_, error)) => return Err(error),
                }
            };
            if !rehearsal {
                failpoint::reached("before-reminder-commit");
                tx.commit().await?;
                failpoint::reached("after-reminder-commit");
            }
            all.push(Reminders { call: open.call.code.clone(), step: step.step.clone(), due, lines });
        }
    }
    Ok(all)
}

/// Goes through the roster of a call for one step. An error names the state whose letter met it.
async fn remind_step(
    instance: &Instance,
    open: &OpenCall,
    run: Run<'_>,
    tx: &mut Tx,
) -> Result<Vec<ReminderLine>, (Option<Iso3>, PipelineError)> {
    let (standings, focal_points) = standings(open, run, tx).await.map_err(|error| (None, error))?;
    let left_out =
        |iso3, reason: String| ReminderLine { iso3, name: instance.name(iso3), left_out: Some(reason), letter: None };
    let mut lines = Vec::new();
    for line in reminder::plan(&standings) {
        lines.push(match line {
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
        });
    }
    lines.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(lines)
}

/// How the states of a call stand at a step, and whom of each it could be sent to.
async fn standings(
    open: &OpenCall,
    run: Run<'_>,
    tx: &mut Tx,
) -> Result<(Standings, BTreeMap<Iso3, Person>), PipelineError> {
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    let today = run.now.to_zoned_datetime(zone).date();
    let overview = Overview::of(tx, open, View::NOW).await?;
    // Who has written cannot be told where it is not known whose something is, or may be: then nobody is reminded.
    overview.is_whole()?;
    let stands = overview.stands(&open.roster, &overview.parties());
    Ok(filing::standings(tx, open, &overview, stands, (Some(run.step), today)).await?)
}

/// Renders a reminder and decides it; a state that another process reminds at this moment is left to it.
async fn decide(
    instance: &Instance,
    open: &OpenCall,
    Run { step, held, now, .. }: Run<'_>,
    tx: &mut Tx,
    iso3: Iso3,
    person: &Person,
) -> Result<ReminderLine, PipelineError> {
    let send_to = instance.mailbox_for(&open.call.code).and_then(|mailbox| mailbox.addresses.first().cloned());
    let facts = Facts::Reminder(Reminder {
        call: call_facts(&open.call, &open.deadline),
        state: iso3,
        addressee: person.name.clone(),
        send_to: send_to.unwrap_or_else(|| open.call.contact.clone()),
        days_left: reminder::days_left(&open.deadline, now),
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
