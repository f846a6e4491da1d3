//! The secretariat's pages: who has sent what, what waits for a person, and the decisions on that.
//!
//! Promises that nothing is done but for a form of ours, sent by a person who may; that the pages answer to their own names
//! only, run no script but the one of ours, and show what strangers wrote as escaped text. Works without a word of
//! JavaScript.

mod account;
mod answer;
mod app;
mod around;
mod as_of;
mod asked;
mod body;
mod choice;
mod connections;
mod cookie;
mod decide;
mod doors;
mod entry;
mod escape;
mod exported;
mod filters;
mod find;
mod group;
mod guard;
mod health;
mod highlight;
mod hits;
mod issuer;
mod letters;
mod live;
mod log;
mod may;
mod narrowed;
mod no_page;
mod notes;
mod original;
mod packing;
mod people;
mod plot;
mod posted;
mod programs;
mod pulse;
mod register;
mod routes;
mod site;
mod stop;
mod templates;
mod tonight;
mod versions;
mod visitor;
mod why;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, http::Method, middleware};
use tokio::net::TcpListener;

pub use self::{
    answer::Answer,
    around::Around,
    asked::Asked,
    connections::ConnectionLimits,
    doors::Doors,
    may::May,
    narrowed::Narrowed,
    no_page::NoPage,
    routes::{Route, routes},
    site::{Site, TemplateError},
    visitor::Visitor,
};
use self::{app::App, programs::counting};
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

/// All pages behind their guard, as they are served on an address.
pub fn router(site: Site, desk: Arc<Desk>, listen: SocketAddr) -> Router {
    let may = routes().into_iter().map(|route| ((route.path, route.method == Method::POST), route.may)).collect();
    let app = Arc::new(App::new(site, desk, may));
    routes::router()
        .route_layer(middleware::from_fn_with_state(Arc::clone(&app), guard::admit))
        .fallback(app::nothing_here)
        .with_state(Arc::clone(&app))
        .layer(middleware::from_fn_with_state((Arc::clone(&app), listen), guard::guard))
        .layer(middleware::from_fn(packing::pack))
        .layer(middleware::from_fn_with_state(app, counting::count))
}
