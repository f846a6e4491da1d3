//! When people are called: once when a trouble has lasted, again every day while it lasts, and once when it is over.
//!
//! Decides only; how a call gets to people is the path's business. A call that did not get there is due again.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    ends::signed,
    trouble::{Topic, Trouble},
};

/// How long until people are called again.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// The moment of a trouble at which people are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmMoment {
    /// It has begun.
    Begins,
    /// It is still there.
    Lasts,
    /// It is over.
    Over,
    /// There is none: the path is tried.
    Test,
}

/// A call to people. Its serialised form, with the sentence as `text`, is what a command reads and a web server gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// Which moment.
    pub moment: AlarmMoment,
    /// What it is about.
    pub about: String,
    /// What is the matter, in a sentence.
    pub what: String,
    /// Since when.
    pub since: Timestamp,
    /// Now.
    pub at: Timestamp,
    #[serde(skip)]
    topic: Option<Topic>,
}

/// What people were told by one path, and what is next.
#[derive(Debug)]
pub struct Alarms {
    after: SignedDuration,
    told: BTreeMap<Topic, Told>,
}

#[derive(Debug)]
struct Told {
    since: Timestamp,
    what: String,
    at: Timestamp,
}

impl Alarms {
    /// Nobody was told anything. `after` is how long a trouble must have lasted that may pass by itself.
    #[must_use]
    pub fn new(after: Duration) -> Self {
        Self { after: signed(after), told: BTreeMap::new() }
    }

    /// What people must be told now.
    #[must_use]
    pub fn due(&self, troubles: &[Trouble], now: Timestamp) -> Vec<Signal> {
        let mut due = Vec::new();
        for trouble in troubles.iter().filter(|trouble| trouble.topic.calls_people()) {
            let moment = match self.told.get(&trouble.topic) {
                Some(told) if now.duration_since(told.at) < AGAIN => continue,
                Some(_) => AlarmMoment::Lasts,
                None if !trouble.topic.is_urgent() && now.duration_since(trouble.since) < self.after => continue,
                None => AlarmMoment::Begins,
            };
            due.push(signal(moment, &trouble.topic, trouble.what.clone(), trouble.since, now));
        }
        let is_over = |topic: &Topic| !troubles.iter().any(|trouble| trouble.topic == *topic);
        for (topic, told) in self.told.iter().filter(|(topic, _)| is_over(topic)) {
            let what = format!("It is over: {}", told.what);
            due.push(signal(AlarmMoment::Over, topic, what, told.since, now));
        }
        due
    }

    /// People were told.
    pub fn told(&mut self, signal: &Signal) {
        let Some(topic) = signal.topic.clone() else { return };
        if signal.moment == AlarmMoment::Over {
            self.told.remove(&topic);
        } else {
            self.told.insert(topic, Told { since: signal.since, what: signal.what.clone(), at: signal.at });
        }
    }
}

fn signal(moment: AlarmMoment, topic: &Topic, what: String, since: Timestamp, at: Timestamp) -> Signal {
    Signal { moment, about: topic.to_string(), what, since, at, topic: Some(topic.clone()) }
}

impl Signal {
    /// One that only tries the path.
    #[must_use]
    pub fn test(now: Timestamp) -> Self {
        let what = "This is a test; nothing is the matter.".to_owned();
        Self { moment: AlarmMoment::Test, about: "test".to_owned(), what, since: now, at: now, topic: None }
    }

    /// What it is about, where the whole is known already: “mailbox gcm, since 10:04”.
    #[must_use]
    pub fn in_short(&self) -> String {
        let Self { moment, about, since, .. } = self;
        match moment {
            AlarmMoment::Test => about.clone(),
            AlarmMoment::Begins | AlarmMoment::Lasts => format!("{about}, since {since:.0}"),
            AlarmMoment::Over => format!("{about} is in order again"),
        }
    }

    /// The whole in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { moment, what, since, at, .. } = self;
        match moment {
            AlarmMoment::Test => format!("docket: {what}"),
            AlarmMoment::Begins | AlarmMoment::Lasts => format!("docket: {what} Since {since:.0}."),
            AlarmMoment::Over => format!("docket: {what} It lasted from {since:.0} to {at:.0}."),
        }
    }
}
