//! Every address of the pages, how it is asked for, and who may: the one table of what can be reached from outside.
//!
//! Promises that nothing can be asked for that does not stand here; a test asks for each of them as everybody.

use std::sync::Arc;

use axum::{
    Router,
    http::Method,
    routing::{MethodRouter, get, post},
};

use super::{
    account, app, app::App, decide, exported, health, issuer, letters, log, may::May, original, people, site, stop,
    tonight, versions,
};

/// An address, how it is asked for, and who may.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its path, with the names of its parts in braces.
    pub path: &'static str,
    /// GET (then HEAD, too) or POST.
    pub method: Method,
    /// Who may.
    pub may: May,
}

type Handler = MethodRouter<Arc<App>>;

fn table() -> Vec<(Route, Handler)> {
    let see = |path, may, handler| (Route { path, method: Method::GET, may }, handler);
    let send = |path, may, handler| (Route { path, method: Method::POST, may }, handler);
    vec![
        see("/", May::Look, get(app::register)),
        see("/state/{iso3}", May::Look, get(app::state)),
        see("/log", May::Look, get(log::log)),
        see("/entry/{*reference}", May::Look, get(app::entry)),
        see("/decide", May::Look, get(app::queue)),
        see("/decide/{*reference}", May::Decide, get(decide::case)),
        send("/decide/{*reference}", May::Decide, post(decide::decided)),
        see("/login", May::Anyone, get(account::login)),
        send("/login", May::Anyone, post(account::log_in)),
        see("/login/with", May::Anyone, get(issuer::begin)),
        see("/login/back", May::Anyone, get(issuer::back)),
        send("/logout", May::HaveAccount, post(account::log_out)),
        see("/welcome/{secret}", May::Anyone, get(account::welcome)),
        send("/welcome/{secret}", May::Anyone, post(account::set_password)),
        see("/me", May::HaveAccount, get(account::me)),
        send("/me", May::HaveAccount, post(account::change)),
        see("/people", May::Administer, get(people::people)),
        send("/people", May::Administer, post(people::change)),
        see("/register/{format}", May::Look, get(exported::register)),
        see("/original/{*reference}", May::Look, get(original::original)),
        see("/tonight", May::Look, get(tonight::tonight)),
        see("/versions/{*reference}", May::Look, get(versions::versions)),
        see("/letters", May::Look, get(letters::letters)),
        see("/letters/{id}", May::Look, get(letters::letter)),
        send("/letters/{id}", May::Decide, post(letters::decided)),
        see("/stop", May::Decide, get(stop::stop)),
        send("/stop", May::Decide, post(stop::switch)),
        see("/style.css", May::Anyone, get(site::style)),
        see("/healthz", May::Anyone, get(health::healthz)),
        see("/readyz", May::Anyone, get(health::readyz)),
    ]
}

/// All of them.
#[must_use]
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|(route, _)| route).collect()
}

/// The router of all of them.
pub(super) fn router() -> Router<Arc<App>> {
    table().into_iter().fold(Router::new(), |router, (route, handler)| router.route(route.path, handler))
}
