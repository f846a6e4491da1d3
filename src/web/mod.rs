//! The secretariat's pages: the register, one state, the log, the queue and one entry, to be read.
//!
//! Promises that they change nothing, answer to this machine's own names only, run no script, and show what strangers
//! wrote as escaped text. Works without a word of JavaScript; decisions are taken at the terminal.

use std::{error::Error, io, net::SocketAddr, pin::Pin, sync::Arc};

use axum::{Router, middleware, routing::get};
use tokio::net::TcpListener;

use crate::{
    core::iso3::Iso3,
    desk::view::{Entry, Frame, LogFilter, LogPage, Register, StatePage},
    watch::Health,
};

mod app;
mod connections;
mod desk;
mod entry;
mod escape;
mod filters;
mod guard;
mod health;
mod highlight;
mod log;
mod plot;
mod register;

pub use app::{Site, TemplateError};
pub use connections::Limits;

/// What is answered later: a value, or the reason why there is none.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, PageError>> + Send + 'a>>;

/// Where the pages get what they show. Where a call is asked for by code, none means the first of the configuration.
pub trait Pages: Send + Sync + 'static {
    /// What stands around every page; none if there is no such call.
    fn frame<'a>(&'a self, call: Option<&'a str>) -> Answer<'a, Option<Frame>>;

    /// The register; none if there is no such call.
    fn register<'a>(&'a self, call: Option<&'a str>) -> Answer<'a, Option<Register>>;

    /// One state; none if it is not on the roster of the call.
    fn state<'a>(&'a self, call: Option<&'a str>, iso3: Iso3) -> Answer<'a, Option<StatePage>>;

    /// A page of the intake log.
    fn log(&self, filter: LogFilter) -> Answer<'_, LogPage>;

    /// One entry, by docket reference, intake number or the number of an item; none if there is none.
    fn entry<'a>(&'a self, reference: &'a str) -> Answer<'a, Option<Entry>>;

    /// How the program does, as it is known without asking the store.
    fn health(&self) -> Health;
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such thing; a sentence says what.
    #[error("{0}")]
    Missing(String),
    /// The question makes no sense; a sentence says why.
    #[error("{0}")]
    Wrong(String),
    /// The store is busy or away; the same question may be answered in a moment.
    #[error("nothing could be read for now: {0}")]
    Busy(#[source] Box<dyn Error + Send + Sync>),
    /// Something is wrong that trying again does not mend.
    #[error("it could not be read: {0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl PageError {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

/// Serves the pages until `stop` comes, and then finishes what is under way.
///
/// # Errors
/// The listener has no address.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    pages: Arc<dyn Pages>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_within(Limits::default(), listener, site, pages, stop).await
}

/// The same within limits of one's own.
///
/// # Errors
/// The listener has no address.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    site: Site,
    pages: Arc<dyn Pages>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listen = listener.local_addr()?;
    connections::take(listener, router(site, pages, listen), limits, stop).await;
    Ok(())
}

fn router(site: Site, pages: Arc<dyn Pages>, listen: SocketAddr) -> Router {
    Router::new()
        .route("/", get(register::register))
        .route("/state/{iso3}", get(register::state))
        .route("/decide", get(register::decide))
        .route("/log", get(log::log))
        .route("/entry/{*reference}", get(entry::entry))
        .route("/style.css", get(app::style))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(app::nothing_here)
        .with_state(Arc::new(app::Desk { site, pages }))
        .layer(middleware::from_fn_with_state(listen, guard::guard))
}
