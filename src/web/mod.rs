//! The secretariat's pages: the register, one state, the log, the queue and one entry, to be read.
//!
//! Promises that they change nothing, answer to this machine's own names only, run no script, and show what strangers
//! wrote as escaped text. Works without a word of JavaScript; decisions are taken at the terminal.

mod app;
mod asked;
mod connections;
mod entry;
mod escape;
mod filters;
mod group;
mod guard;
mod health;
mod highlight;
mod log;
mod no_page;
mod plot;
mod register;
mod site;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, middleware, routing::get};
use tokio::net::TcpListener;

use self::app::App;
pub use self::{
    asked::Asked,
    connections::ConnectionLimits,
    log::Narrowed,
    no_page::NoPage,
    site::{Site, TemplateError},
};
use crate::desk::Desk;

/// Serves the pages until `stop` comes, and then finishes what is under way.
///
/// # Errors
/// The listener has no address.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    desk: Arc<Desk>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_within(ConnectionLimits::default(), listener, site, desk, stop).await
}

/// The same within limits of one's own.
///
/// # Errors
/// The listener has no address.
pub async fn serve_within(
    limits: ConnectionLimits,
    listener: TcpListener,
    site: Site,
    desk: Arc<Desk>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listen = listener.local_addr()?;
    connections::take(listener, router(site, desk, listen), limits, stop).await;
    Ok(())
}

fn router(site: Site, desk: Arc<Desk>, listen: SocketAddr) -> Router {
    Router::new()
        .route("/", get(app::register))
        .route("/state/{iso3}", get(app::state))
        .route("/decide", get(app::decide))
        .route("/log", get(app::log))
        .route("/entry/{*reference}", get(app::entry))
        .route("/style.css", get(site::style))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(app::nothing_here)
        .with_state(Arc::new(App { site, desk }))
        .layer(middleware::from_fn_with_state(listen, guard::guard))
}
