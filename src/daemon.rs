//! The life of the process: what starts in which order, what goes on, and how it stops.
//!
//! Each loop does what there is to do, then waits for a bell or for its time. A failed step is logged and tried again; no
//! failure of one loop ends another. On a signal, work in hand is finished or left as it was, within ten seconds, whether the
//! database answers or not; only the answer to a letter that may have left is waited for longer.

mod error;
mod heartbeat;
mod others;
mod place;
mod starting;
pub mod watermark;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::TcpListener,
    sync::{Mutex, Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

pub use self::error::DaemonError;
use self::heartbeat::Alive;
use crate::{
    desk::Desk,
    instance::Instance,
    pipeline::{self, Alarm, Outcome, PipelineError, Post, Reader, Receiver, SentCopies},
    presence::SAID_EVERY,
    reading::Readers,
    sandbox::{Memory, SandboxError},
    store::{Db, Lock, Locked, StoreError},
    watch::{DATABASE_FAILS, Topic},
    web::{self, Site},
};

/// The lease of the process that receives.
pub const LEASE: &str = "daemon";
/// How long that lease lasts without being renewed.
const LEASE_FOR: Duration = Duration::from_secs(15);
/// How often it is renewed, and said that this process works.
const RENEW_EVERY: Duration = SAID_EVERY;
/// How long the loops look for work even when no bell rang.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long the lock of another is waited for.
const LOCK_WITHIN: Duration = Duration::from_secs(2);
/// How often it is looked whether people must be called.
const ALARM_EVERY: Duration = Duration::from_secs(2);
/// How often the virus scanner is asked whether it is there.
const SCANNER_EVERY: Duration = Duration::from_mins(1);
const PURGE_EVERY: Duration = Duration::from_hours(1);
/// How long the copies of letters wait for another letter to leave.
const COPY_EVERY: Duration = Duration::from_secs(30);
/// When the mailboxes are first held against the log, how often then, and when again after a failure.
const RECONCILE_AFTER: Duration = Duration::from_secs(10);
const RECONCILE_EVERY: Duration = Duration::from_hours(24);
const RECONCILE_AGAIN: Duration = Duration::from_hours(1);
/// After a failure, the wait before the next attempt; and where the database was waited for already.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
const AFTER_SILENCE: Duration = Duration::from_secs(1);
/// How long work in hand may take to finish when the process is to stop.
const STOP_WITHIN: Duration = Duration::from_secs(8);
/// How long the database may take for the last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What the loops share.
#[derive(Clone)]
struct Bells {
    stop: watch::Receiver<bool>,
    received: Arc<Notify>,
    filed: Arc<Notify>,
    sent: Arc<Notify>,
}

/// Runs until `stop` says so. `program` is this program, from which the children are started; in a rehearsal nothing is
/// sent.
///
/// # Errors
/// It cannot start. What fails later is logged and tried again.
pub async fn run(
    instance: Arc<Instance>,
    program: PathBuf,
    rehearsal: bool,
    stop: watch::Receiver<bool>,
) -> Result<(), DaemonError> {
    let mut lock = become_the_one(&instance).await?;
    let alive = Arc::new(Mutex::new(Alive::new(Arc::clone(&instance))));
    alive.lock().await.say().await?;
    let sandbox = Arc::new(Readers::new(program, instance.config.reading.clone()).until(stop.clone()));
    say_what_is_missing(&instance, &sandbox).await?;
    sandbox.prepare()?;
    let bells = Bells { stop, received: Arc::default(), filed: Arc::default(), sent: Arc::default() };
    starting::say(&instance, rehearsal).await?;
    let mut loops = JoinSet::new();
    if let Some(web) = &instance.config.web {
        let listener = TcpListener::bind(web.listen)
            .await
            .map_err(|source| DaemonError::Listen { address: web.listen, source })?;
        let (desk, mut stop) = (Arc::new(Desk::new(Arc::clone(&instance))), bells.stop.clone());
        let stopped = async move {
            // A closed channel means that the process is going down, too.
            drop(stop.wait_for(|stop| *stop).await);
        };
        let site = Site::new()?;
        loops.spawn(async move {
            if let Err(error) = web::serve(listener, site, desk, stopped).await {
                tracing::error!("the pages are not served any more: {error}");
            }
        });
    }
    for mailbox in instance.config.mailboxes.clone() {
        let receiver = Receiver::new(Arc::clone(&instance), mailbox).await?.ringing(Arc::clone(&bells.received));
        loops.spawn(receive(Arc::clone(&instance), receiver, bells.clone()));
    }
    loops.spawn(watch_scanner(Arc::clone(&instance), Arc::clone(&sandbox), bells.clone()));
    loops.spawn(read(Arc::clone(&instance), Reader::new(Arc::clone(&instance), sandbox), bells.clone()));
    let post = Arc::new(Post::new(Arc::clone(&instance)).until(bells.stop.clone()));
    let mut lanes = JoinSet::new();
    if !rehearsal {
        for _ in 0..post.lanes() {
            lanes.spawn(self::post(Arc::clone(&instance), Arc::clone(&post), bells.clone()));
        }
        loops.spawn(copy(Arc::clone(&instance), SentCopies::new(Arc::clone(&instance)), bells.clone()));
    }
    loops.spawn(alarm(Alarm::new(Arc::clone(&instance), !rehearsal), bells.clone()));
    loops.spawn(reconcile(Arc::clone(&instance), bells.clone()));
    loops.spawn(purge(Arc::clone(&instance), bells.clone()));
    loops.spawn(renew(Arc::clone(&instance), Arc::clone(&alive), bells.clone()));
    tracing::info!("docket runs");
    let mut stopping = bells.stop.clone();
    tokio::select! {
        _ = stopping.wait_for(|stop| *stop) => {}
        lost = place::lost(&instance, &mut lock) => {
            tokio::join!(loops.shutdown(), lanes.shutdown());
            return Err(lost);
        }
    }
    tracing::info!("docket stops");
    let ((), ()) = tokio::join!(stop_receiving(&instance, loops), stop_sending(&post, lanes));
    let last_words = async {
        alive.lock().await.say().await?;
        let mut tx = instance.db.begin().await?;
        tx.give_all_back(&instance.owner).await?;
        tx.commit().await
    };
    // Whoever comes next finds out without them.
    timeout(LAST_WORDS, last_words).await.unwrap_or(Err(StoreError::Silent(LAST_WORDS)))?;
    Ok(())
}

/// Ends the loops, and lets another process receive.
async fn stop_receiving(instance: &Instance, mut loops: JoinSet<()>) {
    if timeout(STOP_WITHIN, ended(&mut loops)).await.is_err() {
        loops.shutdown().await;
    }
    let released = async {
        let mut tx = instance.db.begin().await?;
        tx.release_lease(LEASE, &instance.owner).await?;
        tx.commit().await
    };
    let released = timeout(LAST_WORDS, released).await.unwrap_or(Err(StoreError::Silent(LAST_WORDS)));
    if let Err(error) = released {
        tracing::warn!(%error, "another process receives only when the lease of this one has run out");
    }
}

/// Ends the lanes of the post, and waits longer for the answer to a letter that may have left.
async fn stop_sending(post: &Post, mut lanes: JoinSet<()>) {
    let mut stopped = timeout(STOP_WITHIN, ended(&mut lanes)).await;
    if let (Err(_), Some(longer)) = (&stopped, post.must_be_waited_for()) {
        stopped = timeout(longer, ended(&mut lanes)).await;
    }
    if stopped.is_err() {
        lanes.shutdown().await;
    }
}

async fn ended(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// Says what the kernel does not enforce, and which programs that are switched on cannot be asked.
async fn say_what_is_missing(instance: &Instance, sandbox: &Readers) -> Result<(), SandboxError> {
    let now = instance.clock.now();
    if let Some(lacking) = Memory::here().and_then(|memory| memory.lacking(&instance.config.reading)) {
        tracing::warn!("{lacking}");
        instance.watch.note(Topic::Memory, now, lacking);
    }
    if let Some(lacking) = sandbox.try_out().await?.lacking() {
        tracing::warn!("{lacking}");
        instance.watch.note(Topic::Sandbox, now, lacking);
    }
    for program in sandbox.try_programs().await {
        if let Err(reason) = program.found {
            let what = format!("The program {} is not asked: {reason}.", program.name);
            tracing::warn!("{what}");
            instance.watch.note(Topic::Program(program.name), now, what);
        }
    }
    Ok(())
}

/// Takes the lease, and on SQLite the lock beside the file. Who has the lock knows that nobody else works: what a killed
/// process left, its lease and its claims, is free at once. Where there are no locks, its lease runs out first.
async fn become_the_one(instance: &Instance) -> Result<Option<Lock>, DaemonError> {
    if matches!(instance.db, Db::Postgres(_)) {
        // What one that was killed here has left, its lease among it, is free at once.
        others::free_what_they_left(instance).await?;
        if !hold_lease(instance).await? {
            tracing::info!("another docket receives; this one reads and sends, and takes over when that one ends");
        }
        return Ok(None);
    }
    let lock = lock(instance).await?;
    if lock.is_some() {
        let mut tx = instance.db.begin().await?;
        tx.free_lease(LEASE, &instance.owner).await?;
        tx.commit().await?;
    }
    let until = Instant::now() + LEASE_FOR + RENEW_EVERY;
    let mut said = false;
    while !hold_lease(instance).await? {
        if Instant::now() > until {
            return Err(DaemonError::AnotherRuns);
        }
        if !said {
            tracing::info!("an earlier process may still hold this database; waiting until it lets go");
            said = true;
        }
        sleep(AFTER_FAILURE).await;
    }
    others::free_all_they_left(instance).await?;
    Ok(lock)
}

/// The lock beside the file; none where there are no locks. One that is held is tried again for a moment: a process that
/// was killed is not gone at once.
async fn lock(instance: &Instance) -> Result<Option<Lock>, DaemonError> {
    let until = Instant::now() + LOCK_WITHIN;
    loop {
        match Lock::of(&instance.config.store.url)? {
            Locked::Ours(lock) => return Ok(Some(lock)),
            Locked::Unsupported => return Ok(None),
            Locked::ByAnother if Instant::now() > until => return Err(DaemonError::AnotherRuns),
            Locked::ByAnother => sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Takes or renews the lease, and says that this process works; yields whether the lease is ours.
async fn hold_lease(instance: &Instance) -> Result<bool, StoreError> {
    let mut tx = instance.db.begin().await?;
    let said = instance.presence.say(&mut tx).await?;
    let epoch = tx.take_lease(LEASE, &instance.owner, LEASE_FOR).await?;
    tx.commit().await?;
    instance.presence.heard(said);
    Ok(epoch.is_some())
}

/// The wait after a failure.
fn after(error: &PipelineError) -> Duration {
    if error.was_waited_for() { AFTER_SILENCE } else { AFTER_FAILURE }
}

impl Bells {
    fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Does something that may be dropped, unless the end comes first.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.stop.clone();
        tokio::select! {
            done = work => Some(done),
            _ = stop.wait_for(|stop| *stop) => None,
        }
    }

    /// Waits for a bell, for some time, or for the end.
    async fn wait(&self, bell: &Notify, most: Duration) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = bell.notified() => {}
            () = sleep(most) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn receive(instance: Arc<Instance>, mut receiver: Receiver, bells: Bells) {
    let never = Notify::new();
    let (mut failed, mut said) = (0, false);
    while !bells.stopping() {
        let mut result = one_look(&instance, &mut receiver).await;
        if let Ok(Some(look)) = &result {
            failed = 0;
            let name = &receiver.mailbox().name;
            tracing::debug!("a look at mailbox {name}: {} new, {} known", look.new, look.known);
            if !said && look.unreadable == 0 {
                match receiver.came_before().await {
                    Ok(before) => {
                        starting::say_read(name, before);
                        said = true;
                    }
                    Err(error) => {
                        self::failed(&instance, "it cannot be counted what came before the first start", &error);
                    }
                }
            }
            if look.grown > 0 {
                tracing::info!(mailbox = receiver.mailbox().name, grown = look.grown, "messages have grown");
            }
            let poll = receiver.mailbox().poll;
            if let Some(Err(error)) = bells.unless_stopped(receiver.news(poll)).await {
                result = Err(error);
            }
        }
        match result {
            Ok(Some(_)) => {}
            Ok(None) => {
                instance.watch.read_elsewhere(instance.clock.now());
                bells.wait(&never, RENEW_EVERY).await;
            }
            Err(error) => {
                failed += 1;
                bells.wait(&never, receiver.pause(&error, failed)).await;
            }
        }
    }
    receiver.leave().await;
}

/// A step failed, and is taken again. What a database that is away does to every step is said once.
fn failed(instance: &Instance, what: &str, error: &PipelineError) {
    let what = if error.fails_everybody() { DATABASE_FAILS } else { what };
    instance.watch.complain(what, &error.to_string(), instance.clock.now());
}

/// Looks into the mailbox if this process is the one to do so.
async fn one_look(instance: &Instance, receiver: &mut Receiver) -> Result<Option<pipeline::Received>, PipelineError> {
    if hold_lease(instance).await? { Ok(Some(receiver.step().await?)) } else { Ok(None) }
}

async fn read(instance: Arc<Instance>, reader: Reader, bells: Bells) {
    while !bells.stopping() {
        match reader.step().await {
            Ok(Outcome::Worked) => {
                instance.watch.message_read(instance.clock.now());
                bells.filed.notify_one();
            }
            Ok(Outcome::Idle) => bells.wait(&bells.received, LOOK_EVERY).await,
            Err(error) => {
                if error.fails_everybody() {
                    failed(&instance, "a message cannot be read", &error);
                } else {
                    instance.watch.reading_fails(instance.clock.now(), &error.to_string());
                }
                bells.wait(&bells.received, after(&error)).await;
            }
        }
    }
}

/// Says that the virus scanner does not answer before a message shows it, and when it does again.
async fn watch_scanner(instance: Arc<Instance>, sandbox: Arc<Readers>, bells: Bells) {
    let never = Notify::new();
    while let Some(Some(works)) = bells.unless_stopped(sandbox.try_scanner()).await {
        instance.watch.scanner(&works, instance.clock.now());
        bells.wait(&never, SCANNER_EVERY).await;
    }
}

async fn post(instance: Arc<Instance>, post: Arc<Post>, bells: Bells) {
    let fails = "a letter cannot be sent";
    while !bells.stopping() {
        let stepped = post.step().await;
        if stepped.is_ok() {
            instance.watch.content(fails, instance.clock.now());
        }
        match stepped {
            Ok(Outcome::Worked) => bells.sent.notify_one(),
            Ok(Outcome::Idle) => bells.wait(&bells.filed, LOOK_EVERY).await,
            Err(error) => {
                failed(&instance, fails, &error);
                bells.wait(&bells.filed, after(&error)).await;
            }
        }
    }
    post.close().await;
}

async fn copy(instance: Arc<Instance>, mut copies: SentCopies, bells: Bells) {
    let fails = "copies of letters cannot be kept";
    while !bells.stopping() {
        // Cut off, it is done again, and the folder searched for it first.
        let stepped = bells.unless_stopped(copies.step()).await;
        if matches!(stepped, Some(Ok(_))) {
            instance.watch.content(fails, instance.clock.now());
        }
        match stepped {
            None | Some(Ok(Outcome::Worked)) => {}
            Some(Ok(Outcome::Idle)) => bells.wait(&bells.sent, COPY_EVERY).await,
            Some(Err(error)) => {
                failed(&instance, fails, &error);
                bells.wait(&bells.sent, AFTER_FAILURE).await;
            }
        }
    }
    copies.close().await;
}

async fn alarm(mut alarm: Alarm, bells: Bells) {
    let never = Notify::new();
    // Cut off, what was not said is said after the next start.
    while bells.unless_stopped(Box::pin(alarm.step())).await.is_some() {
        bells.wait(&never, ALARM_EVERY).await;
    }
}

/// Only the process that receives holds the mailboxes against the log.
async fn reconcile(instance: Arc<Instance>, bells: Bells) {
    let (never, fails) = (Notify::new(), "the mailboxes cannot be held against the log");
    bells.wait(&never, RECONCILE_AFTER).await;
    while !bells.stopping() {
        let wait = match hold_lease(&instance).await {
            Ok(false) => RECONCILE_AGAIN,
            Err(error) => {
                failed(&instance, fails, &error.into());
                RECONCILE_AGAIN
            }
            Ok(true) => match bells.unless_stopped(pipeline::reconcile(&instance)).await {
                None => return,
                Some(Ok(all)) => {
                    instance.watch.content(fails, instance.clock.now());
                    let said = pipeline::in_a_sentence(&all);
                    let said = said.trim_end_matches('.');
                    if all.iter().all(|folder| folder.missing.is_empty()) {
                        tracing::info!("mailboxes held against the log: {said}");
                    } else {
                        tracing::warn!("mailboxes held against the log: {said}");
                    }
                    if all.iter().any(|folder| folder.error.is_some()) { RECONCILE_AGAIN } else { RECONCILE_EVERY }
                }
                Some(Err(error)) => {
                    failed(&instance, fails, &error);
                    RECONCILE_AGAIN
                }
            },
        };
        bells.wait(&never, wait).await;
    }
}

async fn purge(instance: Arc<Instance>, bells: Bells) {
    let (never, fails) = (Notify::new(), "unrelated mail cannot be erased");
    while !bells.stopping() {
        match pipeline::purge(&instance).await {
            Ok(_) => instance.watch.content(fails, instance.clock.now()),
            Err(error) => failed(&instance, fails, &error),
        }
        bells.wait(&never, PURGE_EVERY).await;
    }
}

async fn renew(instance: Arc<Instance>, alive: Arc<Mutex<Alive>>, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() {
        match hold_lease(&instance).await {
            Ok(_) => {
                instance.watch.database_works(instance.clock.now());
                if let Err(error) = alive.lock().await.say().await {
                    failed(&instance, "it cannot be written down until when this program has worked", &error.into());
                }
                match others::free_what_they_left(&instance).await {
                    Ok(true) => {
                        tracing::info!("what another process had in hand is taken over: nobody has heard of that one");
                        bells.received.notify_one();
                        bells.filed.notify_one();
                    }
                    Ok(false) => {}
                    Err(error) => failed(&instance, "it cannot be seen whether other processes work", &error.into()),
                }
            }
            Err(error) => {
                instance.watch.database_fails(instance.clock.now(), &error.to_string());
            }
        }
        bells.wait(&never, RENEW_EVERY).await;
    }
}
