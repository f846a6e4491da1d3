//! The life of the process: what starts in which order, what goes on, and how it stops.
//!
//! Each loop does what there is to do, then waits for a bell or for its time. A failed step is logged and tried again; no
//! failure of a step ends a loop, and a loop that is gone all the same ends the process. On a signal, work in hand is
//! finished or left as it was, within ten seconds, whether the database answers or not; only the answer to a letter that may
//! have left is waited for longer.

mod bells;
mod error;
mod heartbeat;
mod lease;
mod loops;
mod others;
mod place;
mod reread;
pub mod service_manager;
mod starting;
mod supervise;
pub mod watermark;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Mutex, Notify, watch},
    time::timeout,
};

use self::{bells::Bells, heartbeat::Alive, service_manager::ServiceManager, supervise::Loops};
pub use self::{error::DaemonError, lease::LEASE, reread::CallFiles, supervise::Ended};
use crate::{
    desk::Desk,
    instance::Instance,
    pipeline::{Alarm, Answers, Chores, Post, Reader, Receiver, SentCopies, Words},
    reading::Readers,
    sandbox::{Memory, SandboxError},
    store::StoreError,
    watch::Topic,
    web::{self, Doors, Site},
};

/// How long work in hand may take to finish when the process is to stop.
const STOP_WITHIN: Duration = Duration::from_secs(8);
/// No step waits longer for anything, but for the reading of a message and for a mail server.
const LIMIT: Duration = Duration::from_mins(10);
/// How long the database may take for the last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs until `stop` says so. `program` is this program, from which the children are started; in a rehearsal nothing is
/// sent. The service manager hears of it, if there is one. Whenever `reread` rings, the calls are read again.
///
/// # Errors
/// It cannot start, or a loop is gone before the end: then work in hand is finished as at any stop. What fails later
/// otherwise is logged and tried again.
pub async fn run(
    instance: Arc<Instance>,
    program: PathBuf,
    rehearsal: bool,
    manager: &ServiceManager,
    reread: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), DaemonError> {
    let mut lock = manager.while_starting(lease::become_the_one(&instance)).await?;
    let alive = Arc::new(Mutex::new(Alive::new(Arc::clone(&instance))));
    alive.lock().await.say().await?;
    let (end, ending) = watch::channel(false);
    let readers = Arc::new(Readers::new(program, instance.config.reading.clone()).until(ending.clone()));
    say_what_is_missing(&instance, &readers).await?;
    readers.prepare()?;
    let bells = Bells::new(ending);
    starting::say(&instance, rehearsal).await?;
    let post = Arc::new(Post::new(Arc::clone(&instance)).until(bells.stop.clone()));
    let mut loops = Loops::default();
    serve_pages(&instance, &bells, &readers, rehearsal, &mut loops).await?;
    start(&instance, &bells, &readers, &alive, rehearsal, &mut loops).await?;
    let files = CallFiles::new(Arc::clone(&instance));
    loops.start("looks at the calls", LIMIT, |pulse| {
        loops::calls(Arc::clone(&instance), files, reread, bells.of(pulse))
    });
    let mut lanes = Loops::default();
    for lane in 1..=if rehearsal { 0 } else { post.lanes() } {
        let (instance, post, limit) = (Arc::clone(&instance), Arc::clone(&post), post.longest() * 2 + LIMIT);
        lanes
            .start(format!("sends letters (lane {lane})"), limit, |pulse| loops::post(instance, post, bells.of(pulse)));
    }
    tracing::info!("docket runs");
    manager.ready();
    let pulses = [loops.pulses(), lanes.pulses()].concat();
    let gone = tokio::select! {
        // A closed channel means that the process is going down, too.
        _ = stop.wait_for(|stop| *stop) => None,
        gone = loops.first_ended() => Some(gone),
        gone = lanes.first_ended() => Some(gone),
        () = supervise::show_life(manager, &pulses, &instance.watch, &instance.clock) => None,
        lost = place::lost(&instance, &mut lock) => {
            tokio::join!(loops.shut_down(), lanes.shut_down());
            return Err(lost);
        }
    };
    tracing::info!("docket stops");
    manager.stopping();
    end.send_replace(true);
    let (broken, broken_lane) = tokio::join!(stop_receiving(&instance, loops), stop_sending(&post, lanes));
    let gone = gone.or(broken).or(broken_lane);
    let last_words = async {
        alive.lock().await.say().await?;
        let mut tx = instance.db.begin().await?;
        // What a loop had in hand that broke is counted: it may be what broke it.
        if gone.is_none() {
            tx.give_all_back(&instance.owner).await?;
        }
        tx.commit().await
    };
    // Whoever comes next finds out without them.
    let said = timeout(LAST_WORDS, last_words).await.unwrap_or(Err(StoreError::Silent(LAST_WORDS)));
    match gone {
        Some(gone) => Err(DaemonError::Gone(gone)),
        None => Ok(said?),
    }
}

/// Serves the pages, where the configuration has them.
async fn serve_pages(
    instance: &Arc<Instance>,
    bells: &Bells,
    readers: &Arc<Readers>,
    rehearsal: bool,
    loops: &mut Loops,
) -> Result<(), DaemonError> {
    let Some(web) = &instance.config.web else { return Ok(()) };
    let listener =
        TcpListener::bind(web.listen).await.map_err(|source| DaemonError::Listen { address: web.listen, source })?;
    let doors = Doors { address: web.address.clone(), oidc: web.oidc.clone(), rehearsal, training: None };
    let (desk, site, bells) = (
        Arc::new(Desk::new(Arc::clone(instance)).with(Arc::clone(readers))),
        Site::new()?.behind(doors),
        bells.clone(),
    );
    loops.start_unwatched("serves the pages", async move {
        if let Err(error) = web::serve(listener, site, desk, async move { bells.stopped().await }).await {
            tracing::error!("the pages are not served any more: {error}");
        }
    });
    Ok(())
}

/// Starts the loops, but for those that send.
async fn start(
    instance: &Arc<Instance>,
    bells: &Bells,
    readers: &Arc<Readers>,
    alive: &Arc<Mutex<Alive>>,
    rehearsal: bool,
    loops: &mut Loops,
) -> Result<(), DaemonError> {
    let of = || Arc::clone(instance);
    let reading = &instance.config.reading;
    let while_read = (reading.time_per_message + reading.time_outside() + reading.time_to_scan()) * 4 + LIMIT;
    for mailbox in instance.config.mailboxes.clone() {
        let name = format!("receives from mailbox {}", mailbox.name);
        let receiver = Receiver::new(of(), mailbox).await?.ringing(Arc::clone(&bells.received));
        loops.start(name, while_read, |pulse| loops::receive(of(), receiver, bells.of(pulse)));
    }
    let scanner = Arc::clone(readers);
    loops.start("asks the virus scanner", while_read, |pulse| loops::watch_scanner(of(), scanner, bells.of(pulse)));
    let reader = Reader::new(of(), Arc::clone(readers));
    loops.start("reads messages", while_read, |pulse| loops::read(of(), reader, bells.of(pulse)));
    if !rehearsal {
        let copies = SentCopies::new(of());
        loops.start("keeps copies of letters", LIMIT, |pulse| loops::copy(of(), copies, bells.of(pulse)));
    }
    let answers = Answers::new(of());
    loops.start("looks for answers of colleagues", LIMIT, |pulse| loops::answers(of(), answers, bells.of(pulse)));
    let chores = Chores::new(of());
    loops.start("completes entries of before", LIMIT, |pulse| loops::chores(of(), chores, bells.of(pulse)));
    let words = Words::new(of());
    loops.start("keeps the words of entries", LIMIT, |pulse| loops::words(of(), words, bells.of(pulse)));
    let alarm = Alarm::new(of(), !rehearsal);
    loops.start("calls people", LIMIT, |pulse| loops::alarm(alarm, bells.of(pulse)));
    loops.start("holds the mailboxes against the log", LIMIT, |pulse| loops::reconcile(of(), bells.of(pulse)));
    loops.start("erases unrelated mail", LIMIT, |pulse| loops::purge(of(), bells.of(pulse)));
    let alive = Arc::clone(alive);
    loops.start("says that this program works", LIMIT, |pulse| loops::renew(of(), alive, bells.of(pulse)));
    Ok(())
}

/// Ends the loops, and lets another process receive. Yields the one that broke over it.
async fn stop_receiving(instance: &Instance, mut loops: Loops) -> Option<Ended> {
    let ended = timeout(STOP_WITHIN, loops.all_ended()).await;
    if ended.is_err() {
        loops.shut_down().await;
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
    ended.ok().flatten()
}

/// Ends the lanes of the post, and waits longer for the answer to a letter that may have left. Yields the one that broke
/// over it.
async fn stop_sending(post: &Post, mut lanes: Loops) -> Option<Ended> {
    let mut stopped = timeout(STOP_WITHIN, lanes.all_ended()).await;
    if let (Err(_), Some(longer)) = (&stopped, post.must_be_waited_for()) {
        stopped = timeout(longer, lanes.all_ended()).await;
    }
    if stopped.is_err() {
        lanes.shut_down().await;
    }
    stopped.ok().flatten()
}

/// Says what the kernel does not enforce, and which programs that are switched on cannot be asked.
async fn say_what_is_missing(instance: &Instance, readers: &Readers) -> Result<(), SandboxError> {
    let now = instance.clock.now();
    if let Some(lacking) = Memory::here().and_then(|memory| memory.lacking(&instance.config.reading)) {
        tracing::warn!("{lacking}");
        instance.watch.note(Topic::Memory, now, lacking);
    }
    if let Some(lacking) = readers.try_out().await?.lacking() {
        tracing::warn!("{lacking}");
        instance.watch.note(Topic::Sandbox, now, lacking);
    }
    for program in readers.try_programs().await {
        if let Err(reason) = program.found {
            let what = format!("The program {} is not asked: {reason}.", program.name);
            tracing::warn!("{what}");
            instance.watch.note(Topic::Program(program.name), now, what);
        }
    }
    Ok(())
}
