//! The calls as they stand on record: what is due when by which act, who has more time, and when reminders fall due.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::Serialize;

use super::{CallLaw, Desk, DeskError, Granted};
use crate::{
    core::{calls::reminder, iso3::Iso3, text::language::Language},
    instance::OpenCall,
};

/// A call as it stands on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallOnRecord {
    /// Its code.
    pub code: String,
    /// What its docket references begin with.
    pub reference: String,
    /// Its title in English.
    pub title: String,
    /// The address that answers questions of people.
    pub contact: String,
    /// The day it was issued.
    pub issued: Date,
    /// The IANA zone of its deadline.
    pub zone: String,
    /// The first instant that is late by the deadline that holds.
    pub deadline: Timestamp,
    /// Word limit.
    pub word_limit: Option<u64>,
    /// How many states it is addressed to.
    pub of: u64,
    /// The deadlines as they were set, the oldest first; the last holds.
    pub deadlines: Vec<DeadlineOnRecord>,
    /// The time that was granted to single states and holds.
    pub extensions: Vec<ExtensionOnRecord>,
    /// What the file of the call says, where that is not what holds.
    pub file_differs: Option<String>,
    /// The reminders, in their order.
    pub reminders: Vec<ReminderDue>,
}

/// A deadline as somebody set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlineOnRecord {
    /// Its number among those of the call.
    pub n: u32,
    /// The last day that counts.
    pub last_day: Date,
    /// The hour of it that ends the time; none where the whole day counts.
    pub last_hour: Option<Time>,
    /// The zone of that day.
    pub zone: String,
    /// Minutes of grace.
    pub grace_minutes: u32,
    /// The first instant that is late.
    pub deadline: Timestamp,
    /// When it was set.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// On whose authority.
    pub authority: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// More time for a state, as it was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtensionOnRecord {
    /// The state.
    pub iso3: Iso3,
    /// Its name.
    pub name: String,
    /// The first instant that is late for it.
    pub until: Timestamp,
    /// When it was granted.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// On whose authority.
    pub authority: String,
    /// Why.
    pub reason: String,
}

/// When a reminder falls due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReminderDue {
    /// The name of the step.
    pub step: String,
    /// When.
    pub due: Timestamp,
}

impl Desk {
    /// All calls as they stand on record, or the one of that code; none if there is no such call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn calls_on_record(&self, code: Option<&str>) -> Result<Option<Vec<CallOnRecord>>, DeskError> {
        let calls = self.instance.calls();
        let wanted = calls.iter().filter(|open| code.is_none_or(|code| code == open.call.code));
        let mut on_record = Vec::new();
        for open in wanted {
            // It may have gone from the configuration meanwhile.
            if let Some(law) = self.law_of(&open.call.code).await? {
                on_record.push(self.on_record(open, law));
            }
        }
        Ok((code.is_none() || !on_record.is_empty()).then_some(on_record))
    }

    fn on_record(&self, open: &OpenCall, law: CallLaw) -> CallOnRecord {
        // Another process may have moved it since.
        let holds = law.acts.last().map_or(&open.deadline, |act| &act.deadline);
        let steps = open.call.reminders.iter();
        let due =
            steps.filter_map(|step| Some(ReminderDue { step: step.step.clone(), due: reminder::due(step, holds)? }));
        let mut reminders: Vec<ReminderDue> = due.collect();
        reminders.sort_by_key(|reminder| reminder.due);
        let (zone, deadline) = (holds.zone.clone(), holds.instant);
        let acts = law.acts.into_iter().map(|act| DeadlineOnRecord {
            n: act.n,
            last_day: act.deadline.day,
            last_hour: act.deadline.time,
            zone: act.deadline.zone,
            grace_minutes: act.deadline.grace_minutes,
            deadline: act.deadline.instant,
            at: act.at,
            by: act.by.name().to_owned(),
            authority: act.authority,
            reason: act.reason,
        });
        let granted = law.extensions.into_iter().map(|Granted { extension, at, by, reason }| ExtensionOnRecord {
            iso3: extension.state,
            name: self.instance.name(extension.state),
            until: extension.instant,
            at,
            by: by.name().to_owned(),
            authority: extension.authority,
            reason,
        });
        CallOnRecord {
            code: open.call.code.clone(),
            reference: open.call.reference.clone(),
            title: open.call.title_in(Language::En).to_owned(),
            contact: open.call.contact.clone(),
            issued: open.call.issued,
            zone,
            deadline,
            word_limit: open.call.word_limit,
            of: open.roster.len() as u64,
            deadlines: acts.collect(),
            extensions: granted.collect(),
            file_differs: law.file_differs.map(|says| says.to_string()),
            reminders,
        }
    }
}
