//! The life of the process: what starts in which order, what goes on, and how it stops.
//!
//! Each loop does what there is to do, then waits for a bell or for its time. A failed step is logged and tried again; no
//! failure of one loop ends another. On a signal, work in hand is finished or left as it was, within ten seconds, whether the
//! database answers or not; only the answer to a letter that may have left is waited for longer.

mod bells;
mod heartbeat;
mod lease;
mod loops;
mod others;
mod place;
mod starting;
pub mod watermark;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
    task::JoinSet,
    time::timeout,
};

pub use self::lease::LEASE;
use self::{bells::Bells, heartbeat::Alive};
use crate::{
    desk::Desk,
    instance::{Instance, InstanceError},
    pipeline::{Alarm, Copies, PipelineError, Post, Reader, Receiver},
    sandbox::{Memory, Sandbox, SandboxError},
    store::StoreError,
    watch::Topic,
    web::{self, Site, TemplateError},
};

/// How long work in hand may take to finish when the process is to stop.
const STOP_WITHIN: Duration = Duration::from_secs(8);
/// How long the database may take for the last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Why the daemon did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// Another process receives into the same database.
    #[error(
        "another docket works on this database and would receive the same mail; stop that one first, or give this one \
         a database of its own"
    )]
    AnotherRuns,
    /// The pages cannot be served.
    #[error(
        "the pages cannot be served at {address}: {source}; is another program there, perhaps another docket? Stop it, or \
         write another port for “listen” in [web]"
    )]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// A template of the pages is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Nothing can be read without children.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The office cannot open.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// A step that must work at the start did not.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DaemonError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::AnotherRuns | Self::Listen { .. } => true,
            Self::Template(_) => false,
            Self::Sandbox(error) => error.is_temporary(),
            Self::Instance(error) => error.is_temporary(),
            Self::Pipeline(error) => error.is_temporary(),
            Self::Store(error) => error.is_temporary(),
        }
    }
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
    let mut lock = lease::become_the_one(&instance).await?;
    let alive = Arc::new(Mutex::new(Alive::new(Arc::clone(&instance))));
    alive.lock().await.say().await?;
    let sandbox = Arc::new(Sandbox::new(program, instance.config.reading.clone()).until(stop.clone()));
    say_what_is_missing(&instance, &sandbox).await?;
    sandbox.prepare()?;
    let bells = Bells::new(stop);
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
        loops.spawn(loops::receive(Arc::clone(&instance), receiver, bells.clone()));
    }
    loops.spawn(loops::watch_scanner(Arc::clone(&instance), Arc::clone(&sandbox), bells.clone()));
    loops.spawn(loops::read(Arc::clone(&instance), Reader::new(Arc::clone(&instance), sandbox), bells.clone()));
    let post = Arc::new(Post::new(Arc::clone(&instance)).until(bells.stop.clone()));
    let mut lanes = JoinSet::new();
    if !rehearsal {
        for _ in 0..post.lanes() {
            lanes.spawn(loops::post(Arc::clone(&instance), Arc::clone(&post), bells.clone()));
        }
        loops.spawn(loops::copy(Arc::clone(&instance), Copies::new(Arc::clone(&instance)), bells.clone()));
    }
    loops.spawn(loops::alarm(Alarm::new(Arc::clone(&instance), !rehearsal), bells.clone()));
    loops.spawn(loops::reconcile(Arc::clone(&instance), bells.clone()));
    loops.spawn(loops::purge(Arc::clone(&instance), bells.clone()));
    loops.spawn(loops::renew(Arc::clone(&instance), Arc::clone(&alive), bells.clone()));
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
async fn say_what_is_missing(instance: &Instance, sandbox: &Sandbox) -> Result<(), SandboxError> {
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
