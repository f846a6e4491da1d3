//! What holds for every answer, whichever page it is: by which name we are asked, who asks, what a form must carry, and
//! what browsers may do.
//!
//! Promises that a page of a stranger cannot read ours through a name that it points at this machine (the Host has to be
//! a loopback name, the address we listen on, or the one that the configuration names), that nothing is done for a form
//! that is not ours (its Origin and its token), and that every answer carries the policy.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    answer::Answer,
    app::App,
    cookie::Cookie,
    may::May,
    no_page::NoPage,
    posted,
    programs::{self, problem},
    visitor::Visitor,
};
use crate::{core::role::Role, desk::DeskError};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a program is told that does not say who asks.
const WITHOUT_TOKEN: &str = "Nobody is logged in. Send a person’s token with the request, as “Authorization: Bearer TOKEN”; \
                             “docket user token NAME” makes one.";

/// Lets a request through or answers it, and sets the headers that every answer carries.
pub(super) async fn guard(
    State((app, listen)): State<(Arc<App>, SocketAddr)>,
    request: Request,
    next: Next,
) -> Response {
    let is_for_program = programs::is_for(request.uri().path());
    let asked = format!("{} {}", request.method(), without_secret(request.uri().path()));
    let mut answer = if !is_ours(&app, request.headers(), request.uri(), listen.ip()) {
        let said =
            "These pages answer only under the name of this machine. Open them at http://localhost, with the port.\n";
        (StatusCode::FORBIDDEN, said).into_response()
    } else if [Method::GET, Method::HEAD, Method::POST].contains(request.method()) {
        next.run(request).await
    } else {
        let said = "These pages are read, and their forms are sent; there is nothing else.\n";
        (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")], said).into_response()
    };
    if is_for_program {
        answer = problem::instead_of(answer);
    }
    tracing::debug!("{asked}: {}", answer.status());
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The origin of a form must come with it, so that it is not kept back from our own pages.
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Finds out who asks for something that is there, and whether that person may.
pub(super) async fn admit(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let path = without_secret(request.uri().path()).to_owned();
    let sends = request.method() == Method::POST;
    let at = request.extensions().get::<MatchedPath>().map(|at| at.as_str().to_owned()).unwrap_or_default();
    // A method that the address does not have is answered by the router.
    let Some(may) = app.may(&at, sends) else { return next.run(request).await };
    let has_form = app.may(&at, true).is_some();
    let (mut visitor, fresh) = match who(&app, request.headers(), may, has_form).await {
        Ok(found) => found,
        Err(error) => return app.site.answer::<Answer>(without_secret(&path), &Visitor::default(), Err(error.into())),
    };
    if let Err(refused) = is_let_in(&visitor, may, request.headers()) {
        let is_for_program = programs::is_for(&path);
        let asks_for_page = !sends && visitor.person.is_none() && !visitor.open && !is_for_program;
        return if asks_for_page && bearer(request.headers()).is_none() {
            let to = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
            Answer::SeeOther(format!("/login?to={}", crate::core::text::percent::encoded(to))).into_response()
        } else {
            let refused = match refused {
                NoPage::Unknown(_) if is_for_program && bearer(request.headers()).is_none() => {
                    NoPage::Unknown(WITHOUT_TOKEN.to_owned())
                }
                refused => refused,
            };
            app.site.answer::<Answer>(&path, &visitor, Err(refused))
        };
    }
    if sends {
        let (parts, body) = request.into_parts();
        let posted = match posted::read(&parts.headers, body).await {
            Ok(posted) => posted,
            Err(refused) => return app.site.answer::<Answer>(&path, &visitor, Err(refused)),
        };
        // A form may take its time to come, and meanwhile the person may have been disabled.
        visitor = match who(&app, &parts.headers, may, has_form).await {
            Ok((visitor, _)) => visitor,
            Err(error) => return app.site.answer::<Answer>(&path, &visitor, Err(error.into())),
        };
        if let Err(refused) = is_let_in(&visitor, may, &parts.headers) {
            return app.site.answer::<Answer>(&path, &visitor, Err(refused));
        }
        let by_our_form = || is_from_us(&app, &parts.headers) && visitor.knows(posted.0.raw("token"));
        if !visitor.by_token && !by_our_form() {
            let said = "This page was open too long, or the form came from elsewhere, so nothing was done. Load the page \
                        again, and send it from there.";
            return app.site.answer::<Answer>(&path, &visitor, Err(NoPage::Forbidden(said.to_owned())));
        }
        request = Request::from_parts(parts, axum::body::Body::empty());
        request.extensions_mut().insert(posted);
    }
    request.extensions_mut().insert(visitor);
    let mut answer = next.run(request).await;
    if let Some(fresh) = fresh {
        answer.headers_mut().append(header::SET_COOKIE, Cookie::Visit.set(Some(&fresh), app.secure()));
    }
    answer
}

/// Who asks; and what is to be set for whoever is not logged in, so that a form can be sent where there is one.
async fn who(app: &App, headers: &HeaderMap, may: May, has_form: bool) -> Result<(Visitor, Option<String>), DeskError> {
    let secure = app.secure();
    if let Some(person) = &app.site.doors.training {
        let (person, key) = (Some(person.clone()), app.key.clone());
        return Ok((Visitor { person, training: true, key, ..Visitor::default() }, None));
    }
    if may == May::Anyone && !has_form {
        // Nothing there depends on who asks, so it is there even where the records are not, and may be kept by a proxy.
        return Ok((Visitor::default(), None));
    }
    if let Some(token) = bearer(headers) {
        let person = app.desk.by_token(token).await?;
        return Ok((Visitor { by_token: person.is_some(), person, ..Visitor::default() }, None));
    }
    if let Some(session) = Cookie::Session.of(headers, secure)
        && let Some(person) = app.desk.by_session(&session).await?
    {
        return Ok((Visitor { person: Some(person), key: session, ..Visitor::default() }, None));
    }
    // Behind a proxy whoever asks may sit anywhere.
    let here = app.site.doors.address.is_none();
    let open = here && may != May::Anyone && !app.desk.has_accounts().await?;
    let known = Cookie::Visit.of(headers, secure);
    let fresh = if may == May::Anyone && known.is_none() { super::app::random() } else { None };
    let key = known.or_else(|| fresh.clone()).unwrap_or_default();
    Ok((Visitor { open, key, ..Visitor::default() }, fresh))
}

fn is_let_in(visitor: &Visitor, may: May, headers: &HeaderMap) -> Result<(), NoPage> {
    let role = match may {
        May::Anyone => return Ok(()),
        May::Look if visitor.open => return Ok(()),
        May::Look | May::HaveAccount => Role::Viewer,
        May::Decide => Role::Officer,
        May::Administer => Role::Administrator,
    };
    let Some(person) = &visitor.person else {
        return Err(if visitor.open {
            let said = "Nobody has an account yet, so nobody can decide in these pages. At the terminal, “docket user add \
                        NAME --role administrator” makes the first one.";
            NoPage::Forbidden(said.to_owned())
        } else if bearer(headers).is_some() {
            NoPage::Unknown("The token is none, or does not hold any more.".to_owned())
        } else {
            NoPage::Unknown(
                "Nobody is logged in here any more, so nothing was done. Log in, and send it again.".to_owned(),
            )
        });
    };
    if person.role >= role {
        return Ok(());
    }
    Err(NoPage::Forbidden(if role == Role::Officer {
        "Viewers can read but not decide. An administrator can change your role.".to_owned()
    } else {
        "Only administrators do that.".to_owned()
    }))
}

/// The token that a request comes with; of two none counts. What else may stand there is between a browser and a proxy.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| value.to_str().ok());
    let mut tokens = all.filter_map(|value| {
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let token = tokens.next()?;
    Some(if tokens.next().is_none() { token } else { "" })
}

/// A path as it may stand in the log of the program: the link that sets a password is a secret, and so is one to a feed.
fn without_secret(path: &str) -> &str {
    match path {
        path if path.starts_with("/welcome/") => "/welcome/…",
        path if path.starts_with(programs::FEED) => "/feed/…",
        path => path,
    }
}

/// Whether a form comes from a page of ours: browsers say from where.
fn is_from_us(app: &App, headers: &HeaderMap) -> bool {
    let one = |name| {
        let mut all = headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    };
    let (Some(origin), Some(host)) = (one(header::ORIGIN), one(header::HOST)) else { return false };
    match &app.site.doors.address {
        Some(address) if origin == address.origin() => true,
        // A page that came under that name without TLS may be anybody's on the way.
        Some(address) if host.eq_ignore_ascii_case(&address.authority) => false,
        _ => origin.strip_prefix("http://") == Some(host),
    }
}

/// Whether the request names us, wherever it names somebody.
fn is_ours(app: &App, headers: &HeaderMap, uri: &Uri, listen: IpAddr) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(host) = host.to_str().ok().filter(|host| !host.contains('@')) else { return false };
    let Ok(host) = host.parse::<Authority>() else { return false };
    let by_address = app.site.doors.address.as_ref().map(|address| address.host.as_str());
    let is_us = |name: &str| names_us(name, listen) || by_address.is_some_and(|us| us.eq_ignore_ascii_case(name));
    is_us(host.host()) && uri.host().is_none_or(is_us)
}

fn names_us(host: &str, listen: IpAddr) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || (address == listen && !listen.is_unspecified()),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
