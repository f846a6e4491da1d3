//! The switch that stops all letters to outsiders.

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use serde::Serialize;

use super::{answer::Answer, app::App, asked::Asked, no_page::NoPage, posted::Posted, visitor::Visitor};
use crate::desk::DeskError;

#[derive(Serialize)]
struct StopPage<'a> {
    letters: i64,
    reason: &'a str,
    said: Option<String>,
}

/// GET `/stop`
pub(super) async fn stop(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    app.site.answer("/stop", &visitor, app.stop_page(&visitor, "", None).await)
}

/// POST `/stop`
pub(super) async fn switch(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
) -> Response {
    app.site.answer("/stop", &visitor, app.switch(&visitor, &sent).await)
}

impl App {
    async fn stop_page(&self, visitor: &Visitor, reason: &str, said: Option<String>) -> Result<Answer, NoPage> {
        let around = self.around(&Asked::default(), visitor).await?;
        let failed = said.is_some();
        let page = StopPage { letters: self.desk.letters_that_would_leave().await?, reason, said };
        let page = self.site.render("stop.html", "stop", Some(&around.frame), visitor, page)?;
        Ok(if failed { Answer::With(StatusCode::CONFLICT, page) } else { Answer::Page(page) })
    }

    async fn switch(&self, visitor: &Visitor, sent: &Asked) -> Result<Answer, NoPage> {
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let reason = sent.raw("reason");
        let done = match sent.get("do") {
            Some("stop") => self.desk.stop_sending(reason, &person.actor()).await,
            Some("resume") => self.desk.resume_sending(&person.actor()).await,
            _ => return Err(NoPage::Wrong("The form says nothing that can be done here.".to_owned())),
        };
        match done {
            Ok(()) => Ok(Answer::SeeOther("/stop".to_owned())),
            Err(DeskError::Refused(said)) => self.stop_page(visitor, reason, Some(said)).await,
            Err(error) => Err(error.into()),
        }
    }
}
