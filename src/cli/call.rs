//! `docket call`: the deadline of a call, as it stands on record, and moving it.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;

use super::{
    person, say,
    terminal::{self, WrongArgument},
    workplace::Workplace,
};
use crate::{
    core::{actor::Actor, decision::CivilEnd},
    desk::{Desk, Granted, Mode, NewDeadline, view::end_in_words},
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
        /// The call; the first of the configuration where none is named.
        #[arg(value_name = "CALL")]
        call: Option<String>,
    },
    /// Moves the deadline for all states. The one of before stays on record, and what was counted as of an earlier time stays
    /// as it was; what is filed is judged again. A letter is sent only with --tell. A call file that nobody changes takes
    /// nothing of it back.
    Deadline(Box<Deadline>),
}

#[derive(Debug, Args)]
struct Deadline {
    /// The call.
    #[arg(value_name = "CALL")]
    call: String,
    /// The last day, or the last day and the hour that ends the time: 2020-10-09, 2020-10-09T12:00.
    #[arg(long, value_name = "TIME")]
    until: CivilEnd,
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
    /// Tells each state of the roster by a letter: its focal point, or without one whoever sent its input. The letters wait for
    /// the undo window, and do not leave where the deadline is moved again before.
    #[arg(long)]
    tell: bool,
    /// Who sets it; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
    /// Only says what it would do.
    #[arg(long)]
    dry_run: bool,
}

impl Call {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(match &self.what {
            What::Show { .. } => place.to_read().await?,
            What::Deadline(_) => place.instance().await?,
        });
        let named = match &self.what {
            What::Show { call } => call.as_deref(),
            What::Deadline(deadline) => Some(deadline.call.as_str()),
        };
        let open = terminal::call(desk.instance(), named)?;
        match &self.what {
            What::Show { .. } => show(&desk, &open.call.code).await,
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
            tell: self.tell,
        };
        let mode = if self.dry_run { Mode::Show } else { Mode::Do };
        for sentence in desk.move_deadline(&self.call, &new, &actor, mode).await? {
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
        return Err(WrongArgument(format!("there is no call “{call}” in the configuration")).into());
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
    for Granted { extension, at, by, reason } in &law.extensions {
        let name = desk.instance().name(extension.state);
        let (until, authority) =
            (end_in_words(extension.instant, zone.iana_name().unwrap_or("UTC")), &extension.authority);
        let (at, by) = (moment(*at), by.name());
        say(&format!(
            "{name} has time until {until}; granted {at} by {by}, on the authority of {authority}: {reason}"
        ))?;
    }
    if let Some(says) = law.file_differs {
        say(&format!("The file of the call says {says}; what was set last holds until it says another."))?;
    }
    Ok(())
}
