//! Alarms: people are called when the program does not do its work, by a path that is not its mail server.
//!
//! Promises that neither mailbox, mail server nor database is needed to call: what could not be recorded is recorded when
//! the database is back. What is said holds nothing that a sender wrote. What people were told is forgotten when the
//! program ends: a trouble that outlasts it is told anew.

use std::{io, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::time::timeout;

use crate::{
    clock::Clock,
    core::{actor::Actor, event::Event},
    instance::Instance,
    store::{About, Db, StoreError},
    watch::{Path, Signal},
};

/// How long the database may take; what is known without it is said then.
const LIMIT: Duration = Duration::from_secs(5);
/// An answer that took longer shows nothing of the other's clock.
const PROMPT: SignedDuration = SignedDuration::from_secs(5);

/// Calls people.
#[derive(Debug)]
pub struct Alarm {
    instance: Arc<Instance>,
    /// Whether letters are sent: in a rehearsal none is expected to leave.
    sends: bool,
    paths: Vec<Path>,
    unrecorded: Vec<(String, Signal)>,
}

impl Alarm {
    /// Nobody was called yet.
    #[must_use]
    pub fn new(instance: Arc<Instance>, sends: bool) -> Self {
        let paths = Path::all(&instance.config.alarm);
        Self { instance, sends, paths, unrecorded: Vec::new() }
    }

    /// Looks how everything does, and calls whoever must be called now; yields how many calls got through.
    pub async fn step(&mut self) -> usize {
        // That the database is away is noticed elsewhere.
        drop(in_time(self.look()).await);
        let (watch, clock) = (&self.instance.watch, &self.instance.clock);
        watch.tally(clock.now());
        let troubles = watch.troubles(clock.now());
        let mut calls = 0;
        for path in &mut self.paths {
            for signal in path.tell(&troubles, clock, watch).await {
                tracing::warn!("people were told by the {}: {}", path.name(), signal.in_short());
                self.unrecorded.push((path.name(), signal));
                calls += 1;
            }
        }
        if !self.unrecorded.is_empty() && in_time(self.record()).await.is_ok() {
            self.unrecorded.clear();
        }
        calls
    }

    /// What only the database knows: since when messages and letters wait, and its clock where it has one of its own.
    async fn look(&self) -> Result<(), StoreError> {
        let Instance { db, clock, watch, .. } = &*self.instance;
        let mut tx = db.snapshot().await?;
        let now = clock.now();
        watch.messages_unread(tx.unread_since().await?, now);
        watch.sending_stopped(tx.sending_stopped().await?.map(|stopped| stopped.since));
        if self.sends {
            watch.letters_due(tx.letters_due(now).await?, now);
            watch.letters_wait(tx.letters_that_wait().await?);
        }
        watch.not_taken(tx.not_in_the_log().await?, now);
        watch.oldest_claim(tx.oldest_claim().await?, now);
        if let (Db::Postgres(_), Clock::System) = (db, clock) {
            let asked = clock.now();
            let theirs = tx.clock().await?;
            let now = clock.now();
            if now.duration_since(asked) < PROMPT {
                watch.clock("the database", theirs, now);
            }
        }
        Ok(())
    }

    async fn record(&self) -> Result<(), StoreError> {
        let mut tx = self.instance.db.begin().await?;
        for (path, signal) in &self.unrecorded {
            let event = Event::Alarm { path: path.clone(), said: signal.sentence() };
            tx.record(signal.at, About::default(), &Actor::Program, &event)?;
        }
        tx.commit().await
    }
}

async fn in_time(work: impl Future<Output = Result<(), StoreError>>) -> Result<(), StoreError> {
    let late = |_| StoreError::Sql(io::Error::from(io::ErrorKind::TimedOut).into());
    timeout(LIMIT, work).await.map_err(late)?
}
