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
    account,
    app::{self, App},
    decide, exported, find, health, issuer, letters, live, log,
    may::May,
    notes, original, people,
    programs::{self, calendar, metrics, openapi, read},
    site, stop, templates, tonight, versions,
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

impl Route {
    /// Whether it is programs that ask for it: they are sent to no login.
    #[must_use]
    pub fn is_for_programs(&self) -> bool {
        programs::is_for(self.path)
    }
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
        send("/original/{*reference}", May::Administer, post(original::original_all_the_same)),
        see("/file/{n}/{*reference}", May::Look, get(original::file)),
        send("/file/{n}/{*reference}", May::Administer, post(original::file_all_the_same)),
        send("/note/{*reference}", May::Decide, post(notes::note)),
        send("/charge/{*reference}", May::Decide, post(notes::charge)),
        see("/tonight", May::Look, get(tonight::tonight)),
        see("/versions/{*reference}", May::Look, get(versions::versions)),
        see("/letters", May::Look, get(letters::letters)),
        see("/letters/{id}", May::Look, get(letters::letter)),
        send("/letters/{id}", May::Decide, post(letters::decided)),
        see("/templates", May::Decide, get(templates::templates)),
        see("/stop", May::Decide, get(stop::stop)),
        send("/stop", May::Decide, post(stop::switch)),
        see("/find", May::Look, get(find::find)),
        see("/live", May::Look, get(live::live)),
        see("/api/v1/openapi.json", May::Look, get(openapi::described)),
        see("/api/v1/register", May::Look, get(read::register)),
        see("/api/v1/state/{iso3}", May::Look, get(read::state)),
        see("/api/v1/log", May::Look, get(read::log)),
        see("/api/v1/entry/{*reference}", May::Look, get(read::entry)),
        see("/api/v1/waiting", May::Look, get(read::waiting)),
        see("/api/v1/letters", May::Look, get(read::letters)),
        see("/api/v1/letters/{id}", May::Look, get(read::letter)),
        see("/api/v1/calls", May::Look, get(read::calls)),
        see("/metrics", May::Look, get(metrics::metrics)),
        see("/feed/{secret}/calendar.ics", May::Anyone, get(calendar::feed)),
        see("/calendar.ics", May::Look, get(calendar::calendar)),
        see("/style.css", May::Anyone, get(site::style)),
        see("/docket.js", May::Anyone, get(site::script)),
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
