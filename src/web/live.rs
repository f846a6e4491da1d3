//! What changes while a page is open: a stream of server-sent events (HTML Living Standard, section 9.2).
//!
//! Promises that whatever is committed is told within half a second, by whichever process; and that however many listen,
//! the records are asked once. A stream ends by itself after a while, so that who listens is asked anew who it is.

use std::{
    convert::Infallible,
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream::unfold;
use tokio::time::sleep;

use super::{app::App, pulse::EVERY};
use crate::desk::{DeskError, Pulse};

/// How long a stream lasts, which is less than a connection may.
const STREAM: Duration = Duration::from_secs(50);
/// After how long something is said, so that whoever stands between does not take the stream for dead.
const SILENCE: Duration = Duration::from_secs(15);

/// One who listens.
struct Listener {
    app: Arc<App>,
    since: Instant,
    said: Instant,
    known: Option<Pulse>,
}

/// GET `/live`
pub(super) async fn live(State(app): State<Arc<App>>) -> Response {
    let listener = Listener { app, since: Instant::now(), said: Instant::now(), known: None };
    let told = unfold(listener, |mut listener| async move {
        let told = listener.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(told)), listener))
    });
    // Some proxies keep what they pass on until it is much, unless they are told.
    let headers = [(header::CONTENT_TYPE.as_str(), "text/event-stream"), ("x-accel-buffering", "no")];
    (headers, Body::from_stream(told)).into_response()
}

impl Listener {
    /// What is to be told next; nothing where the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.known.is_some() {
                sleep(EVERY).await;
            }
            if self.since.elapsed() > STREAM {
                return None;
            }
            let told = match self.asked().await {
                Ok(told) => told,
                Err(error) => {
                    tracing::warn!("what changes cannot be told to open pages for now: {error}");
                    return None;
                }
            };
            let told = told.or_else(|| (self.said.elapsed() > SILENCE).then(|| ":\n\n".to_owned()));
            if told.is_some() {
                self.said = Instant::now();
                return told;
            }
        }
    }

    async fn asked(&mut self) -> Result<Option<String>, DeskError> {
        let pulse = self.app.pulse.of(&self.app.desk).await?;
        let Some(known) = self.known.replace(pulse) else {
            return Ok(Some(format!("retry: 1000\nevent: pulse\ndata: {pulse}\n\n")));
        };
        if known == pulse {
            return Ok(None);
        }
        let mut told = String::new();
        for change in self.app.desk.changes_since(known).await? {
            let data = serde_json::json!({"kind": change.kind, "id": change.id, "entry": change.entry});
            // Writing to a string cannot fail.
            let _ = write!(told, "event: change\ndata: {data}\n\n");
        }
        let _ = write!(told, "event: pulse\ndata: {pulse}\n\n");
        Ok(Some(told))
    }
}
