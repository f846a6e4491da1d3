//! The list of who may use the pages, for administrators.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;
use serde::Serialize;

use super::{answer::Answer, app::App, asked::Asked, no_page::NoPage, posted::Posted, visitor::Visitor};
use crate::{core::role::Role, desk::DeskError};

#[derive(Serialize)]
struct PeoplePage {
    people: Vec<Row>,
    roles: Vec<&'static str>,
    /// A link that was just made: for whom, and where it leads. It is shown once.
    link: Option<(String, String)>,
    said: Option<String>,
    name: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    role: &'static str,
    disabled: Option<Timestamp>,
    has_password: bool,
    sessions: i64,
    is_me: bool,
}

/// What is to be shown beside the list.
#[derive(Default)]
struct Beside {
    link: Option<(String, String)>,
    said: Option<String>,
    name: String,
}

/// GET `/people`
pub(super) async fn people(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    app.site.answer("/people", &visitor, app.people(&visitor, Beside::default()).await)
}

/// POST `/people`
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
    headers: HeaderMap,
) -> Response {
    app.site.answer("/people", &visitor, app.change_people(&visitor, &sent, &headers).await)
}

impl App {
    async fn people(&self, visitor: &Visitor, beside: Beside) -> Result<Answer, NoPage> {
        let around = self.around(&Asked::default(), visitor).await?;
        let me = visitor.person.as_ref().and_then(|person| person.account);
        let people = self.desk.accounts().await?.into_iter().map(|listed| Row {
            is_me: me == Some(listed.account),
            name: listed.name,
            role: listed.role.word(),
            disabled: listed.disabled,
            has_password: listed.has_password,
            sessions: listed.sessions,
        });
        let (people, failed) = (people.collect(), beside.said.is_some());
        let roles = Role::ALL.into_iter().map(Role::word).collect();
        let page = PeoplePage { people, roles, link: beside.link, said: beside.said, name: beside.name };
        let page = self.site.render("people.html", "people", Some(&around.frame), visitor, page)?;
        Ok(if failed { Answer::With(StatusCode::BAD_REQUEST, page) } else { Answer::Page(page) })
    }

    async fn change_people(&self, visitor: &Visitor, sent: &Asked, headers: &HeaderMap) -> Result<Answer, NoPage> {
        let Some(actor) = visitor.person.as_ref().map(crate::desk::Person::actor) else {
            return Err(NoPage::nothing_here());
        };
        let name = sent.get("name").unwrap_or_default();
        let role =
            || sent.get("role").unwrap_or_default().parse::<Role>().map_err(|e| DeskError::Refused(format!("{e}.")));
        let done = match sent.get("do") {
            Some("add") => match role() {
                Ok(role) => self.desk.add_account(name, role, &actor).await.map(Some),
                Err(error) => Err(error),
            },
            Some("link") => self.desk.link_account(name, &actor).await.map(Some),
            Some("role") => match role() {
                Ok(role) => self.desk.set_role(name, role, &actor).await.map(|()| None),
                Err(error) => Err(error),
            },
            Some("disable") => self.desk.disable_account(name, &actor).await.map(|()| None),
            Some("enable") => self.desk.enable_account(name, &actor).await.map(|()| None),
            Some("end") => self.desk.end_sessions(name, None, &actor).await.map(|()| None),
            _ => return Err(NoPage::Wrong("The form says nothing that can be done here.".to_owned())),
        };
        match done {
            Ok(None) => Ok(Answer::SeeOther("/people".to_owned())),
            // The link is on this answer and nowhere else.
            Ok(Some(secret)) => {
                let link = format!("{}/welcome/{}", self.opened_at(headers), secret.shown());
                let link = Some((name.trim().to_owned(), link));
                self.people(visitor, Beside { link, ..Beside::default() }).await
            }
            Err(DeskError::Refused(said) | DeskError::NotFound(said)) => {
                self.people(visitor, Beside { said: Some(said), name: name.to_owned(), link: None }).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The address under which the pages were opened.
    fn opened_at(&self, headers: &HeaderMap) -> String {
        self.site.doors.address.as_ref().map_or_else(
            || {
                let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
                format!("http://{host}")
            },
            crate::config::PagesAddress::origin,
        )
    }
}
