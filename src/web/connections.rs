//! The connections of the pages: how many there may be, and how long each may take.
//!
//! Promises that a request which does not come, and an answer that nobody takes, end within their time; and that whoever
//! holds connections open keeps nobody out: where no more may be open, the one that has waited longest is ended.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, response::Response};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::body::Heard;

/// How long to leave a system alone that gives no connection.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How long the head of a request may take to come; between two requests, too.
    pub request: Duration,
    /// How long a connection may last, whatever goes over it.
    pub connection: Duration,
    /// How long what is under way may take when a connection is to end.
    pub last: Duration,
    /// How many connections may be open.
    pub connections: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(10),
            connection: Duration::from_mins(1),
            last: Duration::from_secs(3),
            connections: 128,
        }
    }
}

/// The connections on which no answer is being made, and those whose request has not come whole.
#[derive(Clone, Debug, Default)]
struct Waiting {
    /// Oldest first, each with the bell that ends it.
    ends: Arc<Mutex<BTreeMap<u64, Arc<Notify>>>>,
    /// Rung when one more waits.
    more: Arc<Notify>,
}

impl Waiting {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Notify>>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, number: u64, end: Arc<Notify>) {
        self.all().insert(number, end);
        self.more.notify_one();
    }

    fn end(&self, number: u64) {
        self.all().remove(&number);
    }

    /// Ends the one that has waited longest; whether there was one.
    fn end_longest(&self) -> bool {
        let longest = self.all().pop_first();
        longest.is_some_and(|(_, end)| {
            end.notify_one();
            true
        })
    }
}

/// Takes connections until `stop` comes, and then finishes what is under way.
pub(super) async fn take(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let (waiting, mut open) = (Waiting::default(), JoinSet::new());
    let (closing, closed) = watch::channel(false);
    let (mut number, mut said) = (0_u64, false);
    tokio::pin!(stop);
    'taking: loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = open.join_next() => continue,
            () = &mut stop => break,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_one(&error) => continue,
            Err(error) => {
                if !said {
                    tracing::error!("the pages take no connection for now: {error}");
                }
                said = true;
                sleep(AFTER_FAILURE).await;
                continue;
            }
        };
        said = false;
        while open.len() >= limits.connections {
            let ends = waiting.end_longest();
            tokio::select! {
                _ = open.join_next() => {}
                () = waiting.more.notified(), if !ends => {}
                () = &mut stop => break 'taking,
            }
        }
        number += 1;
        open.spawn(one((stream, from), router.clone(), limits, (number, waiting.clone()), closed.clone()));
    }
    drop(listener);
    closing.send_replace(true);
    while open.join_next().await.is_some() {}
}

/// Whether it is the other end's, which went away before it was let in.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers on one connection.
async fn one(
    (stream, from): (TcpStream, SocketAddr),
    router: Router,
    limits: ConnectionLimits,
    (number, waiting): (u64, Waiting),
    mut closed: watch::Receiver<bool>,
) {
    let end = Arc::new(Notify::new());
    waiting.begin(number, Arc::clone(&end));
    let (pages, others) = (TowerToHyperService::new(router), waiting.clone());
    let bell = Arc::clone(&end);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        // Whoever lets us wait for the rest of a request waits like those of whom nothing has come.
        let here = others.clone();
        let mut request = request.map(|body| Heard::new(body, move || here.end(number)));
        request.extensions_mut().insert(ConnectInfo(from));
        let (answer, others, bell) = (pages.call(request), others.clone(), Arc::clone(&bell));
        async move {
            let answer: Result<Response, Infallible> = answer.await;
            others.begin(number, bell);
            answer
        }
    });
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(limits.request);
    let connection = connection.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let in_time = tokio::select! {
        ended = connection.as_mut() => {
            // Whatever went wrong on it is the other end's.
            drop(ended);
            false
        }
        () = end.notified() => false,
        () = sleep(limits.connection) => true,
        _ = closed.wait_for(|closed| *closed) => true,
    };
    if in_time {
        connection.as_mut().graceful_shutdown();
        drop(timeout(limits.last, connection).await);
    }
    waiting.end(number);
}
