//! Logging in at an issuer: the way there, and the way back.
//!
//! Promises a sentence for whatever goes wrong on it ([`super::why`]); the log has the cause.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension,
    extract::{ConnectInfo, Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    account::ours,
    answer::Answer,
    app::{App, random},
    asked::Asked,
    cookie::Cookie,
    no_page::NoPage,
    visitor::Visitor,
};
use crate::{
    causes,
    core::text::percent,
    desk::{Attested, Entrance},
    oidc::{Attempt, Issuer, OidcError},
};

/// GET `/login/with`
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer("/login/with", &visitor, app.begin(ours(asked.get("to"))).await)
}

/// GET `/login/back`
pub(super) async fn back(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(asked): Query<Asked>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let address = app.address_of(from.map(|Extension(ConnectInfo(from))| from), &headers);
    app.site.answer("/login/back", &visitor, app.back(&asked, &address, &headers).await)
}

impl App {
    async fn begin(&self, to: &str) -> Result<Answer, NoPage> {
        let issuer = self.issuer.as_ref().ok_or_else(NoPage::nothing_here)?;
        let Some(secret) = random() else { return Ok(sent_back("service", to)) };
        let now = self.desk.instance().clock.now();
        let attempt = Attempt::begun(&secret, to, now);
        match issuer.way(&attempt, &self.come_back(), now).await {
            Ok(way) => Ok(Answer::Entered(way, vec![Cookie::Attempt.set(Some(&secret), self.secure())])),
            Err(error) => Ok(failed(&error, to)),
        }
    }

    async fn back(&self, asked: &Asked, address: &str, headers: &HeaderMap) -> Result<Answer, NoPage> {
        let issuer = self.issuer.as_ref().ok_or_else(NoPage::nothing_here)?;
        asked.can_be_looked_for()?;
        let (now, secret) = (self.desk.instance().clock.now(), Cookie::Attempt.of(headers, self.secure()));
        let attempt = secret.and_then(|secret| Attempt::of_state(&secret, asked.get("state")?, now));
        let Some(attempt) = attempt else { return Ok(failed(&OidcError::NotBegun, "/")) };
        let answer = self.entered(issuer, &attempt, asked, (address, headers)).await?;
        let over = Cookie::Attempt.set(None, self.secure());
        Ok(match answer {
            Answer::Entered(to, cookies) => Answer::Entered(to, cookies.into_iter().chain([over]).collect()),
            Answer::SeeOther(to) => Answer::Entered(to, vec![over]),
            other => other,
        })
    }

    async fn entered(
        &self,
        issuer: &Issuer,
        attempt: &Attempt,
        asked: &Asked,
        (address, headers): (&str, &HeaderMap),
    ) -> Result<Answer, NoPage> {
        let to = ours(Some(attempt.to()));
        let Some(code) = asked.get("code").filter(|_| asked.get("error").is_none()) else {
            tracing::info!("the login service did not log somebody in");
            return Ok(sent_back("refused", to));
        };
        // Answers by the dozen would have the issuer asked by the dozen.
        let nonce = attempt.nonce();
        if self.desk.count_entrance(&nonce, address).await?.is_some() {
            return Ok(sent_back("many", to));
        }
        let now = self.desk.instance().clock.now();
        let person = match issuer.attested(attempt, (code, asked.get("iss")), &self.come_back(), now).await {
            Ok(person) => person,
            Err(error) => return Ok(failed(&error, to)),
        };
        self.desk.forgive_entrance(&nonce, address).await?;
        let (issuer, subject) = (person.issuer.as_str(), person.subject.as_str());
        let who = Attested { issuer, subject, names: &person.names, role: person.role };
        Ok(match self.desk.enter(who).await? {
            Entrance::In { session, .. } => {
                // Whoever was logged in here before is not any more.
                if let Some(before) = Cookie::Session.of(headers, self.secure()) {
                    self.desk.log_out(&before).await?;
                }
                Answer::Entered(to.to_owned(), vec![Cookie::Session.set(Some(session.shown()), self.secure())])
            }
            Entrance::NoGroup => sent_back("group", to),
            Entrance::Disabled => sent_back("disabled", to),
            Entrance::NamesTaken => sent_back("name", to),
        })
    }

    /// Where people come back to.
    fn come_back(&self) -> String {
        let origin = self.site.doors.address.as_ref().map(crate::config::PagesAddress::origin);
        format!("{}/login/back", origin.unwrap_or_default())
    }
}

/// Back to the page of the login, which says why.
fn sent_back(why: &str, to: &str) -> Answer {
    Answer::SeeOther(format!("/login?why={why}&to={}", percent::encoded(to)))
}

fn failed(error: &OidcError, to: &str) -> Answer {
    let why = match error {
        OidcError::Http(_) => "away",
        OidcError::Unfit { .. } | OidcError::Token { .. } => "service",
        OidcError::Refused { again: true, .. } | OidcError::NotBegun => "again",
        OidcError::Refused { .. } => "refused",
    };
    if !matches!(error, OidcError::NotBegun) {
        tracing::warn!("nobody was logged in: {}", causes::in_words(error));
    }
    sent_back(why, to)
}
