//! Moving the deadline of a call, for all states: an act of a person, on somebody's authority.
//!
//! Promises that whoever moves it reads first what that does, in the same words; that the deadline of before stays on record;
//! and that a letter tells it only where that is wished.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{Desk, DeskError, Mode};
use crate::{
    core::{
        actor::Actor,
        calls::{
            call::DeadlineRule,
            deadline::Deadline,
            law::{DeadlineAct, Extension},
            reminder,
        },
        decision::LetterThen,
        iso3::Iso3,
        text::language::Language,
    },
    filing::{self, JudgedAgain},
    instance::{OpenCall, tzdb_version},
    store::{DecisionRow, Grounds, StoreError},
};

/// A deadline as a person sets it; what is left out stays as it is, but for the hour.
#[derive(Clone, Debug)]
pub struct NewDeadline {
    /// The last day.
    pub day: Date,
    /// The hour of it; without one the whole day counts.
    pub time: Option<Time>,
    /// The zone.
    pub zone: Option<String>,
    /// Minutes of grace.
    pub grace_minutes: Option<u32>,
    /// On whose authority.
    pub authority: String,
    /// Why.
    pub reason: String,
    /// Each state of the roster is told, by a letter.
    pub tell: bool,
}

/// What is due in a call, and since when.
#[derive(Clone, Debug)]
pub struct CallLaw {
    /// The deadlines, the oldest first.
    pub acts: Vec<DeadlineAct>,
    /// The extensions that hold.
    pub extensions: Vec<Granted>,
    /// What the file of the call says, where that is not what holds.
    pub file_differs: Option<DeadlineRule>,
}

/// An extension, and who granted it and why.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The extension.
    pub extension: Extension,
    /// When it was granted.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

impl Desk {
    /// What is due in a call; none if there is no such call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn law_of(&self, call: &str) -> Result<Option<CallLaw>, DeskError> {
        let Some(open) = self.instance.call(Some(call)) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let law = tx.law(open.known.id).await?;
        let mut extensions = Vec::new();
        for extension in law.extensions().iter().filter(|extension| extension.held.before(Timestamp::MAX)) {
            let gone = || StoreError::Row(format!("decision {} is not there, and granted more time", extension.by));
            let DecisionRow { at, actor, reason, .. } = tx.decision(extension.by).await?.ok_or_else(gone)?;
            extensions.push(Granted { extension: extension.clone(), at: at.nearest(), by: actor, reason });
        }
        let file_differs = open.under(law.clone()).known.file_differs;
        Ok(Some(CallLaw { acts: law.acts().to_vec(), extensions, file_differs }))
    }

    /// Moves the deadline of a call for all states, and judges again what that touches; or shows what that would come to.
    /// Yields it in sentences.
    ///
    /// # Errors
    /// There is no such call, the deadline is no instant or no other one, or the database did not answer. Then nothing was
    /// changed.
    pub async fn move_deadline(
        &self,
        call: &str,
        new: &NewDeadline,
        actor: &Actor,
        mode: Mode,
    ) -> Result<Vec<String>, DeskError> {
        let none = || DeskError::NotFound(format!("There is no call {call}; `docket check` lists them."));
        let known = self.instance.call(Some(call)).ok_or_else(none)?;
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        tx.change_call(known.known.id).await?;
        let open = self.instance.call_now(&mut tx, known.known.id).await?.ok_or_else(none)?;
        let before = open.known.law.newest().deadline.rule();
        let rule = DeadlineRule {
            day: new.day,
            time: new.time,
            zone: new.zone.clone().unwrap_or_else(|| before.zone.clone()),
            grace_minutes: new.grace_minutes.unwrap_or(before.grace_minutes),
        };
        if rule == before {
            return Err(DeskError::Refused(format!("The deadline of {call} is {before} already.")));
        }
        if rule.day < open.call.issued {
            let issued = open.call.issued;
            return Err(DeskError::Refused(format!("The call {call} was issued on {issued}, after {rule}.")));
        }
        let deadline = Deadline::fix(&rule).map_err(|error| DeskError::Refused(format!("{error}.")))?;
        let grounds = Grounds { authority: Some(&new.authority), reason: Some(&new.reason), by: actor };
        let n = tx.set_deadline(open.known.id, &deadline, grounds, tzdb_version(), now).await?;
        let (dropped, touched) = filing::follow_deadline(&mut tx, &self.instance, open.known.id, actor, now).await?;
        let after = open.under(tx.law(open.known.id).await?);
        let mut said = self.moved_in_words(&after, (&before, n), &touched, now);
        if !dropped.is_empty() {
            let letters = dropped.len();
            said.push(format!(
                "Letters that told of the deadline of before and had not left, and will not: {letters}."
            ));
        }
        if new.tell {
            let (was, due) = (open.deadline.instant, self.leaves_at(now));
            let told = filing::tell_of_deadline(&mut tx, &self.instance, &after, (was, n), due).await?;
            said.extend(self.told_in_words(&told, &after));
        } else {
            said.push("No letter tells it to anybody.".to_owned());
        }
        match mode {
            Mode::Do => {
                tx.commit().await?;
                self.instance.look_at_deadlines().await?;
            }
            Mode::Show => tx.roll_back().await?,
        }
        Ok(said)
    }

    /// What moving a deadline comes to, in sentences.
    fn moved_in_words(
        &self,
        open: &OpenCall,
        (before, n): (&DeadlineRule, u32),
        touched: &[JudgedAgain],
        now: Timestamp,
    ) -> Vec<String> {
        let (code, rule) = (&open.call.code, open.deadline.rule());
        let mut said =
            vec![format!("The deadline of {code} is {rule} instead of {before}: version {n}, for all states.")];
        if open.deadline.instant <= now {
            said.push("It lies in the past.".to_owned());
        }
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        for judged in touched {
            let names: Vec<String> = judged.states.iter().map(|state| self.instance.name(*state)).collect();
            let whose = if names.is_empty() { String::new() } else { format!("{}: ", names.join(", ")) };
            said.push(format!("{whose}{}", self.in_words(&judged.event().phrase(), now, zone.clone(), Language::En)));
        }
        if touched.is_empty() {
            said.push("Nothing that is filed stands otherwise than before.".to_owned());
        }
        for (due, step) in
            open.call.reminders.iter().filter_map(|step| Some((reminder::due(step, &open.deadline)?, step)))
        {
            let at = due.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M");
            said.push(if due > now {
                format!("The reminder “{}” falls due on {at}.", step.step)
            } else {
                format!("The reminder “{}” fell due on {at}.", step.step)
            });
        }
        if let Some(says) = &open.known.file_differs {
            said.push(format!("The file of the call still says {says}; this holds until it says another."));
        }
        said
    }

    /// Which states are told by a letter, and which are not, in sentences.
    fn told_in_words(&self, told: &[(Iso3, LetterThen)], open: &OpenCall) -> Vec<String> {
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let (mut leave, mut others) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
        let (mut due, mut held) = (None, 0);
        let order = self.by_name(told.iter().map(|(state, _)| *state));
        let told: BTreeMap<Iso3, &LetterThen> = told.iter().map(|(state, then)| (*state, then)).collect();
        for (state, name) in order {
            let Some(then) = told.get(&state) else { continue };
            let why = match then {
                LetterThen::Leaves { at, .. } => {
                    due = Some(at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
                    leave.push(name);
                    continue;
                }
                LetterThen::Held { held: why, .. } => {
                    held += 1;
                    Some(why.phrase())
                }
                LetterThen::None { why } => Some(why.phrase()),
                other => other.phrase(),
            };
            let why = why.map_or_else(String::new, |why| self.instance.in_words(&why));
            others.entry(why).or_default().push(name);
        }
        let mut said = vec![match (leave.len(), due) {
            (0, _) | (_, None) => "No letter tells it to a state by itself.".to_owned(),
            (n, Some(due)) => format!("States that a letter tells, not before {due}: {n}. {}.", leave.join(", ")),
        }];
        if held > 0 {
            said.push(format!("Letters that are held for a person: {held}."));
        }
        let named = |(why, names): (String, Vec<String>)| format!("{}: {why}", names.join(", "));
        said.extend(others.into_iter().map(named));
        said
    }
}
