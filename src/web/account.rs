//! Logging in and out, the link that sets a password, and what a person sees of the own account.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Extension,
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    answer::Answer, app::App, asked::Asked, cookie::Cookie, filters, no_page::NoPage, posted::Posted, visitor::Visitor,
    why,
};
use crate::{
    core::text::percent,
    desk::{DeskError, Login, PASSWORD_LENGTH},
};

#[derive(Serialize)]
struct LoginPage<'a> {
    to: &'a str,
    name: &'a str,
    said: Option<String>,
    /// Nobody has an account, so nobody can log in.
    nobody: bool,
    /// Where to log in at an issuer, and what it is called.
    issuer: Option<Way<'a>>,
}

#[derive(Serialize)]
struct Way<'a> {
    called: &'a str,
    to: String,
}

#[derive(Serialize)]
struct WelcomePage<'a> {
    name: Option<&'a str>,
    at_least: usize,
    said: Option<String>,
}

#[derive(Serialize)]
struct MePage {
    at_least: usize,
    said: Option<String>,
    done: Option<&'static str>,
}

/// GET `/login`
pub(super) async fn login(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    let said = asked.get("why").map(|why| why::said(why).to_owned());
    app.site.answer(uri.path(), &visitor, app.login(&visitor, ours(asked.get("to")), "", said).await)
}

/// POST `/login`
pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let address = app.address_of(from.map(|Extension(ConnectInfo(from))| from), &headers);
    app.site.answer(uri.path(), &visitor, app.log_in(&visitor, &sent, (&address, &headers)).await)
}

/// POST `/logout`
pub(super) async fn log_out(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.log_out(&headers).await)
}

/// GET `/welcome/{secret}`
pub(super) async fn welcome(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(secret): Path<String>,
) -> Response {
    app.site.answer("/welcome", &visitor, app.welcome(&visitor, &secret, None).await)
}

/// POST `/welcome/{secret}`
pub(super) async fn set_password(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(secret): Path<String>,
    Extension(Posted(sent)): Extension<Posted>,
) -> Response {
    app.site.answer("/welcome", &visitor, app.set_password(&visitor, &secret, &sent).await)
}

/// GET `/me`
pub(super) async fn me(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(asked): Query<Asked>,
) -> Response {
    let done = match asked.get("done") {
        Some("password") => Some("Your password is changed. All your other sessions are over."),
        Some("sessions") => Some("All your other sessions are over."),
        _ => None,
    };
    app.site.answer("/me", &visitor, app.me(&visitor, None, done).await)
}

/// POST `/me`
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
    headers: HeaderMap,
) -> Response {
    app.site.answer("/me", &visitor, app.change_me(&visitor, &sent, &headers).await)
}

impl App {
    /// Whether browsers reach the pages by TLS.
    pub(super) fn secure(&self) -> bool {
        self.site.doors.address.as_ref().is_some_and(|address| address.https)
    }

    /// From where somebody logs in: behind a proxy of ours, whom the proxy names last.
    pub(super) fn address_of(&self, from: Option<SocketAddr>, headers: &HeaderMap) -> String {
        let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).next_back();
        let named = named.and_then(|list| list.rsplit(',').next()).map(str::trim);
        let behind = self.site.doors.address.is_some() && from.is_some_and(|from| from.ip().is_loopback());
        let named = named.filter(|_| behind).and_then(|named| {
            let with_port = || named.parse::<SocketAddr>().ok().map(|named| named.ip());
            named.parse::<IpAddr>().ok().or_else(with_port)
        });
        named.or(from.map(|from| from.ip())).map_or_else(|| "unknown".to_owned(), counted)
    }

    async fn login(&self, visitor: &Visitor, to: &str, name: &str, said: Option<String>) -> Result<Answer, NoPage> {
        let (failed, nobody) = (said.is_some(), self.issuer.is_none() && !self.desk.has_accounts().await?);
        let to_issuer = || format!("/login/with?to={}", percent::encoded(to));
        let issuer = self.issuer.as_ref().map(|issuer| Way { called: issuer.called(), to: to_issuer() });
        let page = LoginPage { to, name, said, nobody, issuer };
        let page = self.site.render("login.html", "login", None, visitor, page)?;
        Ok(if failed { Answer::With(StatusCode::UNAUTHORIZED, page) } else { Answer::Page(page) })
    }

    async fn log_in(
        &self,
        visitor: &Visitor,
        sent: &Asked,
        (address, headers): (&str, &HeaderMap),
    ) -> Result<Answer, NoPage> {
        let (name, to) = (sent.get("name").unwrap_or_default(), ours(sent.get("to")));
        let said = match self.desk.log_in(name, sent.raw("password"), address).await? {
            Login::In { session, .. } => {
                // Whoever was logged in here before is not any more.
                if let Some(before) = Cookie::Session.of(headers, self.secure()) {
                    self.desk.log_out(&before).await?;
                }
                let cookie = Cookie::Session.set(Some(session.shown()), self.secure());
                return Ok(Answer::Entered(to.to_owned(), vec![cookie]));
            }
            Login::Wrong => {
                "Name and password do not fit together. Try again, or ask an administrator for a new link.".to_owned()
            }
            Login::TooMany { next } => {
                let zone = self.desk.frame(None).await?.map_or_else(|| "UTC".to_owned(), |frame| frame.zone);
                format!("Too many tries. Next at {}.", filters::to_the_second(next, &zone))
            }
        };
        self.login(visitor, to, name, Some(said)).await
    }

    async fn log_out(&self, headers: &HeaderMap) -> Result<Answer, NoPage> {
        if let Some(session) = Cookie::Session.of(headers, self.secure()) {
            self.desk.log_out(&session).await?;
        }
        Ok(Answer::Entered("/login".to_owned(), vec![Cookie::Session.set(None, self.secure())]))
    }

    async fn welcome(&self, visitor: &Visitor, secret: &str, said: Option<String>) -> Result<Answer, NoPage> {
        let name = self.desk.linked(secret).await?;
        let status = if name.is_none() { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
        let failed = name.is_none() || said.is_some();
        let page = WelcomePage { name: name.as_deref(), at_least: *PASSWORD_LENGTH.start(), said };
        let page = self.site.render("welcome.html", "login", None, visitor, page)?;
        Ok(if failed { Answer::With(status, page) } else { Answer::Page(page) })
    }

    async fn set_password(&self, visitor: &Visitor, secret: &str, sent: &Asked) -> Result<Answer, NoPage> {
        let (password, again) = (sent.raw("password"), sent.raw("again"));
        if password != again {
            let said = "The two passwords differ. Write the same one twice.".to_owned();
            return self.welcome(visitor, secret, Some(said)).await;
        }
        match self.desk.set_password_by_link(secret, password).await {
            Ok(()) => Ok(Answer::SeeOther("/login".to_owned())),
            Err(DeskError::Refused(said)) => self.welcome(visitor, secret, Some(said)).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn me(&self, visitor: &Visitor, said: Option<String>, done: Option<&'static str>) -> Result<Answer, NoPage> {
        let around = self.around(&Asked::default(), visitor).await?;
        let failed = said.is_some();
        let page = MePage { at_least: *PASSWORD_LENGTH.start(), said, done };
        let page = self.site.render("me.html", "me", Some(&around.frame), visitor, page)?;
        Ok(if failed { Answer::With(StatusCode::BAD_REQUEST, page) } else { Answer::Page(page) })
    }

    async fn change_me(&self, visitor: &Visitor, sent: &Asked, headers: &HeaderMap) -> Result<Answer, NoPage> {
        let session = Cookie::Session.of(headers, self.secure()).unwrap_or_default();
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        if person.account.is_none() {
            return Err(NoPage::Wrong("In the training ground nobody has an account.".to_owned()));
        }
        match sent.get("do") {
            Some("sessions") => {
                self.desk.end_sessions(&person.name, Some(&session), &person.actor()).await?;
                Ok(Answer::SeeOther("/me?done=sessions".to_owned()))
            }
            Some("password") => {
                let (before, new) = (sent.raw("before"), sent.raw("password"));
                let said = if new == sent.raw("again") {
                    match self.desk.change_password(person, (before, new), &session).await {
                        Ok(()) => return Ok(Answer::SeeOther("/me?done=password".to_owned())),
                        Err(DeskError::Refused(said)) => said,
                        Err(error) => return Err(error.into()),
                    }
                } else {
                    "The two new passwords differ. Write the same one twice.".to_owned()
                };
                self.me(visitor, Some(said), None).await
            }
            _ => Err(NoPage::Wrong("The form says nothing that can be done here.".to_owned())),
        }
    }
}

/// The address under which tries are counted. Whoever has one of IPv6 has the network around it.
fn counted(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [first, second, third, fourth, ..] = ip.segments();
            format!("{first:x}:{second:x}:{third:x}:{fourth:x}::/64")
        }
    }
}

/// Where somebody is led after the login: to a page of ours, or the first.
pub(super) fn ours(to: Option<&str>) -> &str {
    let is_path = |to: &&str| {
        to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && to.chars().all(|c| c.is_ascii_graphic())
    };
    to.filter(is_path).unwrap_or("/")
}
