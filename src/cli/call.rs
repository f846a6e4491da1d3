//! `docket call`: the deadline of a call, as it stands on record, and moving it.

use clap::{Args, Subcommand};
use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{person, say, workplace::Workplace};
use crate::{
    core::actor::Actor,
    desk::{Desk, Doing, NewDeadline},
};

/// Shows the deadline of a call with all that was set before, or moves it for all states.
#[derive(Debug, Args)]
pub struct Call {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The deadlines that were set, each with its authority and reason, the extensions of single states, and what the file of
    /// the call says where that is something else.
    Show {
        /// The call.
        #[arg(value_name = "CALL")]
        call: String,
    },
    /// Moves the deadline for all states. The one of before stays on record, and what was counted as of an earlier time stays
    /// as it was; what is filed is judged again. No letter is sent. A call file that nobody changes takes nothing of it back.
    Deadline(Box<Deadline>),
}

#[derive(Debug, Args)]
struct Deadline {
    /// The call.
    #[arg(value_name = "CALL")]
    call: String,
    /// The last day, or the last day and the hour that ends the time: 2020-10-09, 2020-10-09T12:00.
    #[arg(long, value_name = "TIME", value_parser = until)]
    until: Until,
    /// The zone of that day, such as Europe/Zurich; without it the one of before.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Minutes after it that still count; without it as before.
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(0..=1440))]
    grace: Option<u32>,
    /// On whose authority; kept in the record.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    authority: String,
    /// Why; kept in the record.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: String,
    /// Who sets it; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
    /// Only says what it would do.
    #[arg(long)]
    dry_run: bool,
}

/// A day, or a day and an hour.
#[derive(Clone, Copy, Debug)]
struct Until {
    day: Date,
    time: Option<Time>,
}

fn until(text: &str) -> Result<Until, String> {
    let wrong = || format!("“{text}” is neither a day like 2020-10-09 nor one with its hour like 2020-10-09T12:00");
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let time: Option<Time> = time.map(str::parse).transpose().map_err(|_| wrong())?;
    if time.is_some_and(|time| time.second() != 0 || time.subsec_nanosecond() != 0) {
        return Err(wrong());
    }
    Ok(Until { day: day.parse().map_err(|_| wrong())?, time })
}

impl Call {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(place.instance().await?);
        match &self.what {
            What::Show { call } => show(&desk, call).await,
            What::Deadline(deadline) => deadline.run(&desk).await,
        }
    }
}

impl Deadline {
    async fn run(&self, desk: &Desk) -> anyhow::Result<()> {
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        let new = NewDeadline {
            day: self.until.day,
            time: self.until.time,
            zone: self.zone.clone(),
            grace_minutes: self.grace,
            authority: self.authority.clone(),
            reason: self.reason.clone(),
        };
        let doing = if self.dry_run { Doing::Shown } else { Doing::Done };
        for sentence in desk.move_deadline(&self.call, &new, &actor, doing).await? {
            say(&sentence)?;
        }
        if self.dry_run {
            say("Nothing was done.")?;
        }
        Ok(())
    }
}

async fn show(desk: &Desk, call: &str) -> anyhow::Result<()> {
    let Some(law) = desk.law_of(call).await? else {
        anyhow::bail!("there is no call “{call}” in the configuration; “docket check” lists them");
    };
    let zone = law.acts.last().and_then(|act| TimeZone::get(&act.deadline.zone).ok()).unwrap_or(TimeZone::UTC);
    let moment = |at: jiff::Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    for act in &law.acts {
        let (n, rule, by) = (act.n, act.deadline.rule(), act.by.name());
        let authority = act.authority.as_ref().map(|authority| format!(", on the authority of {authority}"));
        let reason = act.reason.as_ref().map(|reason| format!(": {reason}"));
        let (authority, reason) = (authority.unwrap_or_default(), reason.unwrap_or_default());
        say(&format!("version {n}: {rule}; set {} by {by}{authority}{reason}", moment(act.at)))?;
    }
    for extension in &law.extensions {
        let name = desk.instance().name(extension.state);
        let (until, authority) = (moment(extension.instant), &extension.authority);
        say(&format!("{name} has time until {until}, on the authority of {authority}"))?;
    }
    if let Some(says) = law.file_differs {
        say(&format!("The file of the call says {says}; what was set last holds until it says another."))?;
    }
    Ok(())
}
