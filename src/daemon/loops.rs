//! The loops: each takes its steps for as long as there is work, then waits for a bell or for its time.
//!
//! Promises that no failure of a step ends its loop.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Mutex, Notify};

use super::{
    bells::Bells,
    heartbeat::Alive,
    lease::{RENEW_EVERY, hold_lease},
    others,
    reread::CallFiles,
    starting,
};
use crate::{
    instance::Instance,
    pipeline::{self, Alarm, Answers, Chores, Outcome, PipelineError, Post, Reader, Receiver, SentCopies, Words},
    reading::Readers,
    store::{StoreError, Whose},
    watch::DATABASE_FAILS,
};

/// How long the loops look for work even when no bell rang.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether people must be called.
const ALARM_EVERY: Duration = Duration::from_secs(2);
/// How often the virus scanner is asked whether it is there.
const SCANNER_EVERY: Duration = Duration::from_mins(1);
/// How often it is looked at the files of the calls, and whether a deadline was set elsewhere.
const CALLS_EVERY: Duration = Duration::from_secs(5);
const PURGE_EVERY: Duration = Duration::from_hours(1);
/// How long the copies of letters wait for another letter to leave.
const COPY_EVERY: Duration = Duration::from_secs(30);
/// How often it is looked for answers of colleagues where nothing else is to be done.
const ANSWERS_EVERY: Duration = Duration::from_secs(30);
/// How long entries of before are let alone between two pieces of what they lack.
const CHORES_EVERY: Duration = Duration::from_millis(200);
/// How long everybody else may write between two pieces of the words of entries.
const WORDS_BETWEEN: Duration = Duration::from_millis(50);
/// When the mailboxes are first held against the log, how often then, and when again after a failure.
const RECONCILE_AFTER: Duration = Duration::from_secs(10);
const RECONCILE_EVERY: Duration = Duration::from_hours(24);
const RECONCILE_AGAIN: Duration = Duration::from_hours(1);
/// After a failure, the wait before the next attempt; and where the database was waited for already.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
const AFTER_SILENCE: Duration = Duration::from_secs(1);
/// The same where nothing changes before somebody mends it.
const UNTIL_MENDED: Duration = Duration::from_secs(30);
/// What fails, in the words of the log.
const READING: &str = "a message cannot be read";
const SENDING: &str = "a letter cannot be sent";
const ANSWERS: &str = "answers of colleagues cannot be looked for";
const WORDS: &str = "the words of entries cannot be kept for the search";
const CHORES: &str = "entries of before cannot be completed";
const COPYING: &str = "copies of letters cannot be kept";
const RECONCILING: &str = "the mailboxes cannot be held against the log";
const PURGING: &str = "unrelated mail cannot be erased";
const CALLS: &str = "the calls cannot be looked at";
const HOLDING: &str = "the lease cannot be held";
const SAYING: &str = "it cannot be written down until when this program has worked";
const LOOKING: &str = "it cannot be seen whether other processes work";
const COUNTING: &str = "it cannot be counted what came before the first start";

pub(super) async fn receive(instance: Arc<Instance>, mut receiver: Receiver, bells: Bells) {
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
                        worked(&instance, COUNTING);
                    }
                    Err(error) => _ = self::failed(&instance, COUNTING, &error),
                }
            }
            if look.grown > 0 {
                tracing::info!(mailbox = receiver.mailbox().name, grown = look.grown, "messages have grown");
            }
            let poll = receiver.mailbox().poll;
            let _waiting = bells.waits(poll);
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

/// A step failed, and is taken again after the time that is yielded. What a database that is away does to every step is
/// said once. What does not pass by itself is a trouble by the name of the step: so is what the database refused to a row,
/// where the step could not tell which one it was.
fn failed(instance: &Instance, what: &str, error: &PipelineError) -> Duration {
    let (watch, why, now) = (&instance.watch, error.to_string(), instance.clock.now());
    if error.fails_everybody() {
        watch.complain(DATABASE_FAILS, &why, now);
    } else if error.whose() != Whose::Passing {
        watch.stands_still(what, &why, now);
    } else {
        watch.complain(what, &why, now);
    }
    wait_after(error)
}

/// How long is waited after a failure.
fn wait_after(error: &PipelineError) -> Duration {
    match error.whose() {
        Whose::Passing if error.was_waited_for() => AFTER_SILENCE,
        Whose::Passing => AFTER_FAILURE,
        Whose::Row | Whose::Ours => UNTIL_MENDED,
    }
}

/// A step was taken.
fn worked(instance: &Instance, what: &str) {
    instance.watch.goes_on(what, instance.clock.now());
}

/// Looks into the mailbox if this process is the one to do so.
async fn one_look(instance: &Instance, receiver: &mut Receiver) -> Result<Option<pipeline::Received>, PipelineError> {
    if hold_lease(instance).await? { Ok(Some(receiver.step().await?)) } else { Ok(None) }
}

pub(super) async fn read(instance: Arc<Instance>, reader: Reader, bells: Bells) {
    while !bells.stopping() {
        match reader.step().await {
            Ok(Outcome::Worked) => {
                worked(&instance, READING);
                instance.watch.message_read(instance.clock.now());
                bells.filed.notify_one();
            }
            Ok(Outcome::Idle) => {
                worked(&instance, READING);
                bells.wait(&bells.received, LOOK_EVERY).await;
            }
            Err(error) => {
                let wait = if error.whose() == Whose::Passing && !error.fails_everybody() {
                    instance.watch.reading_fails(instance.clock.now(), &error.to_string());
                    wait_after(&error)
                } else {
                    failed(&instance, READING, &error)
                };
                bells.pause(&bells.received, wait).await;
            }
        }
    }
}

/// Says that the virus scanner does not answer before a message shows it, and when it does again.
pub(super) async fn watch_scanner(instance: Arc<Instance>, readers: Arc<Readers>, bells: Bells) {
    let never = Notify::new();
    while let Some(Some(works)) = bells.unless_stopped(readers.try_scanner()).await {
        instance.watch.scanner(&works, instance.clock.now());
        bells.wait(&never, SCANNER_EVERY).await;
    }
    // There is none.
    bells.stopped().await;
}

pub(super) async fn post(instance: Arc<Instance>, post: Arc<Post>, bells: Bells) {
    while !bells.stopping() {
        let stepped = post.step().await;
        if stepped.is_ok() {
            worked(&instance, SENDING);
        }
        match stepped {
            Ok(Outcome::Worked) => bells.sent.notify_one(),
            Ok(Outcome::Idle) => bells.wait(&bells.filed, LOOK_EVERY).await,
            Err(error) => {
                let wait = failed(&instance, SENDING, &error);
                bells.pause(&bells.filed, wait).await;
            }
        }
    }
    post.close().await;
}

pub(super) async fn copy(instance: Arc<Instance>, mut copies: SentCopies, bells: Bells) {
    while !bells.stopping() {
        // Cut off, it is done again, and the folder searched for it first.
        let stepped = bells.unless_stopped(copies.step()).await;
        if matches!(stepped, Some(Ok(_))) {
            worked(&instance, COPYING);
        }
        match stepped {
            None | Some(Ok(Outcome::Worked)) => {}
            Some(Ok(Outcome::Idle)) => bells.wait(&bells.sent, COPY_EVERY).await,
            Some(Err(error)) => {
                let wait = failed(&instance, COPYING, &error);
                bells.pause(&bells.sent, wait.max(AFTER_FAILURE)).await;
            }
        }
    }
    copies.close().await;
}

/// Only the process that receives looks for them: what it answers must have been received before.
pub(super) async fn answers(instance: Arc<Instance>, mut answers: Answers, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() && !answers.is_empty() {
        let looked = match hold_lease(&instance).await {
            Ok(true) => match bells.unless_stopped(answers.step()).await {
                Some(looked) => looked,
                None => break,
            },
            Ok(false) => Ok(Outcome::Idle),
            Err(error) => Err(error.into()),
        };
        match looked {
            Ok(outcome) => {
                worked(&instance, ANSWERS);
                if outcome == Outcome::Idle {
                    bells.wait(&never, ANSWERS_EVERY).await;
                }
            }
            Err(error) => {
                let wait = failed(&instance, ANSWERS, &error);
                bells.pause(&never, wait).await;
            }
        }
    }
    answers.close().await;
    // There is none.
    bells.stopped().await;
}

/// Only the process that receives does them.
pub(super) async fn chores(instance: Arc<Instance>, mut chores: Chores, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() {
        let done = match hold_lease(&instance).await {
            Ok(true) => match bells.unless_stopped(chores.step()).await {
                Some(done) => done.map(Some),
                None => return,
            },
            Ok(false) => Ok(None),
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(Some(Outcome::Worked)) => {
                worked(&instance, CHORES);
                bells.wait(&never, CHORES_EVERY).await;
            }
            // All is done, for ever.
            Ok(Some(Outcome::Idle)) => bells.stopped().await,
            Ok(None) => bells.wait(&never, RENEW_EVERY).await,
            Err(error) => {
                let wait = failed(&instance, CHORES, &error);
                bells.pause(&never, wait).await;
            }
        }
    }
}

/// Only the process that receives does so: several would wait for each other.
pub(super) async fn words(instance: Arc<Instance>, mut words: Words, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() {
        let done = match hold_lease(&instance).await {
            Ok(true) => match bells.unless_stopped(words.step()).await {
                Some(done) => done.map(Some),
                None => return,
            },
            Ok(false) => Ok(None),
            Err(error) => Err(error.into()),
        };
        match done {
            // Mail that comes meanwhile goes first.
            Ok(Some(Outcome::Worked)) => {
                worked(&instance, WORDS);
                bells.wait(&never, WORDS_BETWEEN).await;
            }
            Ok(Some(Outcome::Idle)) => {
                worked(&instance, WORDS);
                bells.wait(&never, LOOK_EVERY).await;
            }
            Ok(None) => bells.wait(&never, RENEW_EVERY).await,
            Err(error) => {
                let wait = failed(&instance, WORDS, &error);
                bells.pause(&never, wait).await;
            }
        }
    }
}

pub(super) async fn alarm(mut alarm: Alarm, bells: Bells) {
    let never = Notify::new();
    // Cut off, what was not said is said after the next start.
    while bells.unless_stopped(Box::pin(alarm.step())).await.is_some() {
        bells.wait(&never, ALARM_EVERY).await;
    }
}

/// Only the process that receives holds the mailboxes against the log.
pub(super) async fn reconcile(instance: Arc<Instance>, bells: Bells) {
    let never = Notify::new();
    bells.wait(&never, RECONCILE_AFTER).await;
    while !bells.stopping() {
        let wait = match hold_lease(&instance).await {
            Ok(false) => RECONCILE_AGAIN,
            Err(error) => {
                failed(&instance, RECONCILING, &error.into());
                RECONCILE_AGAIN
            }
            Ok(true) => match bells.unless_stopped(pipeline::reconcile(&instance)).await {
                None => return,
                Some(Ok(all)) => {
                    worked(&instance, RECONCILING);
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
                    failed(&instance, RECONCILING, &error);
                    RECONCILE_AGAIN
                }
            },
        };
        bells.wait(&never, wait).await;
    }
}

pub(super) async fn purge(instance: Arc<Instance>, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() {
        match pipeline::purge(&instance).await {
            Ok(_) => worked(&instance, PURGING),
            Err(error) => _ = failed(&instance, PURGING, &error),
        }
        bells.wait(&never, PURGE_EVERY).await;
    }
}

pub(super) async fn calls(instance: Arc<Instance>, mut files: CallFiles, asked: Arc<Notify>, bells: Bells) {
    let never = Notify::new();
    let mut rung = false;
    while !bells.stopping() {
        let looked = match files.look(rung).await {
            Ok(_) => files.look_at_deadlines().await,
            Err(error) => Err(error),
        };
        match looked {
            Ok(_) => worked(&instance, CALLS),
            Err(error) => _ = failed(&instance, CALLS, &error.into()),
        }
        rung = tokio::select! {
            () = asked.notified() => true,
            () = bells.wait(&never, CALLS_EVERY) => false,
        };
    }
}

pub(super) async fn renew(instance: Arc<Instance>, alive: Arc<Mutex<Alive>>, bells: Bells) {
    let never = Notify::new();
    while !bells.stopping() {
        if let Err((what, error)) = renew_once(&instance, &alive, &bells).await {
            if error.fails_everybody() || what == HOLDING {
                instance.watch.database_fails(instance.clock.now(), &error.to_string());
            } else {
                failed(&instance, what, &error.into());
            }
        }
        bells.wait(&never, RENEW_EVERY).await;
    }
}

/// Renews the lease, says that this process works, and takes over what others have left. An error says what of that failed.
async fn renew_once(
    instance: &Instance,
    alive: &Mutex<Alive>,
    bells: &Bells,
) -> Result<(), (&'static str, StoreError)> {
    hold_lease(instance).await.map_err(|error| (HOLDING, error))?;
    instance.watch.database_works(instance.clock.now());
    alive.lock().await.say().await.map_err(|error| (SAYING, error))?;
    worked(instance, SAYING);
    if others::free_what_they_left(instance).await.map_err(|error| (LOOKING, error))? {
        tracing::info!("what another process had in hand is taken over: nobody has heard of that one");
        bells.received.notify_one();
        bells.filed.notify_one();
    }
    worked(instance, LOOKING);
    Ok(())
}
