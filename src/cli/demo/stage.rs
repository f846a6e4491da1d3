//! The play: mail arrives, is read and answered, reminders go out, each in its time.
//!
//! Promises that the time of the demo stands in its log before anything happens at it, so that a command that is run
//! beside it, or after it, takes the same time for now.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::time::sleep;

use super::{
    folder::Folder,
    sample::{self, Arrival},
};
use crate::{
    cli::{say, table, terminal::COLUMNS, this_program},
    clock::Moment,
    core::{calls::reminder, submission::View},
    desk::{Desk, view::LogFilter},
    instance::Instance,
    pipeline::{self, Outcome, Post, Reader, Receiver},
    reading::Readers,
};

/// How often it is looked for what commands have left to do, once the play is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the demo runs.
pub(super) struct Stage {
    instance: Arc<Instance>,
    receiver: Receiver,
    reader: Reader,
    post: Post,
    desk: Desk,
    zone: TimeZone,
    folder: Arc<Folder>,
    shown: usize,
}

impl Stage {
    /// Sets it in a folder whose log was opened by a clock that stands before the play. A play that was begun there goes
    /// on from where it was.
    pub(super) async fn set(instance: Arc<Instance>, folder: Arc<Folder>) -> anyhow::Result<Self> {
        let mut tx = instance.db.begin().await?;
        let begun = tx.demo_time().await?;
        if let Some(at) = begun {
            instance.clock.move_to(at);
        }
        tx.keep_demo_time(instance.clock.now()).await?;
        tx.commit().await?;
        let desk = Desk::new(Arc::clone(&instance));
        if begun.is_none() {
            desk.import_focal_points(&sample::focal_points()?).await?;
        }
        let readers = Arc::new(Readers::new(this_program()?, instance.config.reading.clone()));
        if let Some(lacking) = readers.try_out().await?.lacking() {
            say(&lacking)?;
        }
        readers.prepare()?;
        let mailbox = instance.config.mailboxes.first().context("the demo has no mailbox")?.clone();
        let zone = TimeZone::get(&instance.call(None).context("the demo has no call")?.deadline.zone)?;
        Ok(Self {
            receiver: Receiver::new(Arc::clone(&instance), mailbox).await?,
            reader: Reader::new(Arc::clone(&instance), readers),
            post: Post::new(Arc::clone(&instance)),
            shown: desk.log(&LogFilter::default()).await?.len(),
            desk,
            zone,
            folder,
            instance,
        })
    }

    /// Lets everything happen in its time.
    pub(super) async fn play(&mut self, arrivals: Vec<Arrival>) -> anyhow::Result<()> {
        let mut arrivals = arrivals.into_iter().peekable();
        let open = self.instance.call(None).context("the demo has no call")?;
        let mut reminders: Vec<Timestamp> =
            open.call.reminders.iter().filter_map(|step| reminder::due(step, &open.deadline)).collect();
        reminders.sort_unstable();
        let mut reminders = reminders.into_iter().peekable();
        loop {
            let now = self.instance.clock.now();
            while let Some(arrival) = arrivals.next_if(|arrival| arrival.arrives <= now) {
                self.folder.deliver(&arrival)?;
            }
            if reminders.next_if(|due| *due <= now).is_some() {
                self.work().await?;
                self.remind().await?;
            }
            self.work().await?;
            let letter = self.instance.db.snapshot().await?.next_letter_due().await?;
            let next = [arrivals.peek().map(|arrival| arrival.arrives), reminders.peek().copied(), letter];
            let Some(next) = next.into_iter().flatten().min() else { return Ok(()) };
            self.move_to(next).await?;
        }
    }

    /// From the end of the play on time passes as it does elsewhere, and what commands leave to do is done.
    pub(super) async fn go_on(&mut self) -> anyhow::Result<()> {
        let (from, since) = (self.instance.clock.now(), Moment::now());
        loop {
            sleep(LOOK_EVERY).await;
            self.move_to(from.saturating_add(SignedDuration::try_from(since.age())?)?).await?;
            self.work().await?;
        }
    }

    async fn move_to(&self, at: Timestamp) -> anyhow::Result<()> {
        self.instance.clock.move_to(at);
        let mut tx = self.instance.db.begin().await?;
        tx.keep_demo_time(self.instance.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Does what there is to do at this instant, and shows what is new in the log.
    async fn work(&mut self) -> anyhow::Result<()> {
        self.receiver.step().await?;
        while self.reader.step().await? == Outcome::Worked {}
        while self.post.step().await? == Outcome::Worked {}
        let lines = self.desk.log(&LogFilter::default()).await?;
        for line in lines.iter().skip(self.shown) {
            say(&table::arrival(line, &self.zone))?;
        }
        self.shown = lines.len();
        Ok(())
    }

    async fn remind(&self) -> anyhow::Result<()> {
        for reminders in pipeline::remind(&self.instance, false).await? {
            let (reminded, left_out): (Vec<_>, Vec<_>) = reminders.lines.iter().partition(|line| line.letter.is_some());
            if reminded.is_empty() {
                continue;
            }
            let names: Vec<String> = reminded.iter().map(|line| line.iso3.to_string()).collect();
            let due = reminders.due.to_zoned_datetime(self.zone.clone()).strftime("%d %b %H:%M").to_string();
            let said =
                format!("reminder “{}” to {}; {} states left out", reminders.step, names.join(" "), left_out.len());
            say(&table::wrapped(&said, &format!("{due}  ")))?;
        }
        Ok(())
    }

    /// Shows the log as it is now.
    pub(super) async fn conclude(&self) -> anyhow::Result<()> {
        let register = self.desk.register_page(None, View::NOW).await?.context("the demo has no call")?;
        let received = register.received;
        say("")?;
        say(&table::log(&self.desk.log(&LogFilter::default()).await?, &self.zone, COLUMNS))?;
        say("")?;
        say(&format!(
            "{received} of {} states received, {} cases to be decided, {} letters sent, {} not.",
            register.states.len(),
            register.waiting.len(),
            register.letters_sent,
            register.letters_waiting
        ))?;
        Ok(())
    }

    /// Gives back what is in hand, so that whoever goes on need not wait for it.
    pub(super) async fn leave(mut self) -> anyhow::Result<()> {
        self.post.close().await;
        self.receiver.leave().await;
        let mut tx = self.instance.db.begin().await?;
        tx.give_all_back(&self.instance.owner).await?;
        tx.commit().await?;
        Ok(())
    }
}
