//! Watching over the loops: one that ends before the program does ends the program, and each shows that it is alive.
//!
//! Promises that no loop is gone without the process: whatever panicked or came to its end is said once, work in hand is
//! finished as at any stop, and the process ends with failure, so that it is started again whole. A loop is alive that
//! turned, or waits within its own limit: while database, mailbox and relay are away all waits have their limits, and none
//! is missing.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::{
    task::{AbortHandle, Id, JoinError, JoinSet},
    time::sleep,
};

use super::service_manager::ServiceManager;
use crate::{clock::Clock, watch::Watch};

/// How much later than it should a loop may turn: the machine may be busy.
const SLACK: Duration = Duration::from_secs(30);
/// How often it is looked whether all turn where no service manager asks for it.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// So many signs are given in the time in which one is expected.
const SIGNS: u32 = 3;

/// Until when a loop must have turned again.
#[derive(Debug)]
pub(super) struct Pulse {
    name: String,
    /// How long it may wait for anything that is not said to be longer.
    limit: Duration,
    until: Mutex<Until>,
}

#[derive(Debug)]
struct Until {
    /// By the usual limit.
    usual: Instant,
    /// By what it said of the wait in which it is.
    said: Option<Instant>,
}

/// A wait of which the loop has said how long it may take, until it is dropped.
pub(super) struct Waiting<'a>(&'a Pulse);

/// A loop, which shows with each turn that it is alive.
struct Turning<F> {
    work: Pin<Box<F>>,
    pulse: Arc<Pulse>,
}

/// Loops, by name.
#[derive(Debug, Default)]
pub(super) struct Loops {
    tasks: JoinSet<()>,
    names: HashMap<Id, String>,
    pulses: Vec<Arc<Pulse>>,
}

/// A loop that is not there any more, and why.
#[derive(Debug)]
pub struct Ended {
    name: String,
    why: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what {} {}", self.name, self.why)
    }
}

impl Pulse {
    fn new(name: String, limit: Duration) -> Self {
        let usual = Instant::now() + limit + SLACK;
        Self { name, limit, until: Mutex::new(Until { usual, said: None }) }
    }

    /// It turned; what it waits for now has the usual limit.
    fn turned(&self) {
        self.until().usual = Instant::now() + self.limit + SLACK;
    }

    /// It is going to wait that long, or less.
    pub(super) fn waits(&self, most: Duration) -> Waiting<'_> {
        self.until().said = Instant::now().checked_add(most.saturating_add(SLACK));
        Waiting(self)
    }

    fn is_alive(&self) -> bool {
        let (now, until) = (Instant::now(), self.until());
        now <= until.usual || until.said.is_some_and(|said| now <= said)
    }

    fn until(&self) -> MutexGuard<'_, Until> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.until().said = None;
    }
}

impl<F: Future> Future for Turning<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.pulse.turned();
        self.work.as_mut().poll(context)
    }
}

impl Loops {
    /// Starts what is named as one says “what … ended”, and waits for nothing longer than the limit without saying so.
    pub(super) fn start<F>(&mut self, name: impl Into<String>, limit: Duration, begin: impl FnOnce(Arc<Pulse>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let name = name.into();
        let pulse = Arc::new(Pulse::new(name.clone(), limit));
        let work = Turning { work: Box::pin(begin(Arc::clone(&pulse))), pulse: Arc::clone(&pulse) };
        self.pulses.push(pulse);
        let task = self.tasks.spawn(work);
        self.know(name, &task);
    }

    /// Starts what waits for others, who may never come.
    pub(super) fn start_unwatched<F>(&mut self, name: impl Into<String>, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let task = self.tasks.spawn(work);
        self.know(name.into(), &task);
    }

    fn know(&mut self, name: String, task: &AbortHandle) {
        self.names.insert(task.id(), name);
    }

    /// Whether they turn.
    pub(super) fn pulses(&self) -> Vec<Arc<Pulse>> {
        self.pulses.clone()
    }

    /// Waits until one of them has ended; for ever where there is none.
    pub(super) async fn first_ended(&mut self) -> Ended {
        match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => self.ended(id, "came to its end".to_owned()),
            Some(Err(error)) => {
                let id = error.id();
                self.ended(id, broken(error))
            }
            None => std::future::pending().await,
        }
    }

    fn ended(&self, id: Id, why: String) -> Ended {
        Ended { name: self.names.get(&id).cloned().unwrap_or_default(), why }
    }

    /// Waits until all have ended. Yields the first that broke.
    pub(super) async fn all_ended(&mut self) -> Option<Ended> {
        let mut first = None;
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended
                && error.is_panic()
            {
                let id = error.id();
                first.get_or_insert(self.ended(id, broken(error)));
            }
        }
        first
    }

    /// Ends them where they stand.
    pub(super) async fn shut_down(&mut self) {
        self.tasks.shutdown().await;
    }
}

/// What a task says of its breaking.
fn broken(error: JoinError) -> String {
    let said = |panic: &(dyn Any + Send)| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).map(str::to_owned)
    };
    match error.try_into_panic() {
        Ok(panic) => match said(panic.as_ref()) {
            Some(said) => format!("broke ({said})"),
            None => "broke".to_owned(),
        },
        Err(_) => "was ended".to_owned(),
    }
}

/// Tells the service manager again and again that the program is alive, for as long as all turn.
pub(super) async fn show_life(manager: &ServiceManager, pulses: &[Arc<Pulse>], watch: &Watch, clock: &Clock) {
    let every = manager.watchdog().map_or(LOOK_EVERY, |within| within / SIGNS);
    loop {
        let mut all = true;
        for pulse in pulses {
            let what = format!("what {} does not turn", pulse.name);
            if pulse.is_alive() {
                watch.content(&what, clock.now());
            } else {
                all = false;
                watch.complain(&what, "nothing it waits for takes that long", clock.now());
            }
        }
        if all {
            manager.alive();
        }
        sleep(every).await;
    }
}
