//! What a start says before anything happens: the log, the mailboxes, the letters, the calls with their next reminder, and
//! where the pages are.
//!
//! Promises lines that name no address of a person and no secret, so that they can be shown to anybody.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    config::Transport,
    core::calls::reminder,
    instance::{Instance, OpenCall},
    store::{StoreError, place},
};

/// Says what this process will do.
pub(super) async fn say(instance: &Instance, rehearsal: bool) -> Result<(), StoreError> {
    let config = &instance.config;
    tracing::info!("docket {} starts; its log is kept in {}", env!("CARGO_PKG_VERSION"), place(&config.store.url));
    for mailbox in &config.mailboxes {
        tracing::info!("mailbox {}: {}", mailbox.name, mailbox.source);
    }
    let letters = &config.letters;
    match &letters.transport {
        _ if rehearsal => tracing::info!("a rehearsal: letters are decided, and none is sent"),
        Transport::Folder => tracing::info!("letters go into the folder {}", letters.folder.display()),
        Transport::Smtp(server) => tracing::info!("letters go to {}, port {}", server.host, server.port),
    }
    for open in &*instance.calls() {
        let (code, rule) = (&open.call.code, open.deadline.rule());
        tracing::info!("call {code}: inputs until {rule}");
        if let Some(says) = &open.known.file_differs {
            tracing::warn!(
                "call {code}: its file says {says}, and what was set since holds; “docket call show {code}” tells it"
            );
        }
        tracing::info!("{}", reminders(instance, open).await?);
    }
    if let Some(web) = &config.web {
        tracing::info!("pages: http://{}/", web.listen);
    } else {
        tracing::info!("no pages are served, for the configuration has no [web]");
    }
    Ok(())
}

/// Says that a mailbox was read to its end for the first time, and what of it gets no letter.
pub(super) fn say_read(mailbox: &str, (before, since): (i64, Timestamp)) {
    let messages = match before {
        0 => "no message".to_owned(),
        1 => "1 message".to_owned(),
        more => format!("{more} messages"),
    };
    let since = since.strftime("%Y-%m-%d %H:%M UTC");
    let and = if before == 0 { "" } else { ", and get no letter" };
    tracing::info!("mailbox {mailbox} was read; {messages} came before {since}{and}");
}

/// What comes next of the reminders of a call.
async fn reminders(instance: &Instance, open: &OpenCall) -> Result<String, StoreError> {
    let (now, code) = (instance.clock.now(), &open.call.code);
    if now >= open.deadline.instant {
        return Ok(format!("no further reminder of {code}, for its deadline is over"));
    }
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    let at = |due: Timestamp| due.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let [last, next] = reminder::last_and_next(&open.call.reminders, &open.deadline, now);
    if let Some((due, step)) = last
        && instance.db.snapshot().await?.reminded(open.known.id, &step.step, Timestamp::MAX).await?.is_empty()
    {
        return Ok(format!("reminder “{}” of {code} was due on {}: docket remind sends it", step.step, at(due)));
    }
    Ok(match next {
        Some((due, step)) => format!("reminder “{}” of {code} is due on {}", step.step, at(due)),
        None => format!("no further reminder of {code}"),
    })
}
