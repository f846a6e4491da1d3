//! The switch that stops all letters to outsiders.

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;
use serde::Serialize;

use super::{answer::Answer, app::App, asked::Asked, no_page::NoPage, posted::Posted, visitor::Visitor};
use crate::{
    core::letter_kind::LetterKind,
    desk::{DeskError, Leaving, Resuming},
};

/// How many letters are listed by themselves for each kind.
const LISTED: usize = 25;

#[derive(Serialize)]
struct StopPage<'a> {
    letters: i64,
    reason: &'a str,
    said: Option<String>,
    /// How many letters are being handed over.
    leaving: i64,
    resuming: Option<Shown>,
}

/// What resuming does, by kinds of letters.
#[derive(Serialize)]
struct Shown {
    sentences: Vec<String>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    kind: &'static str,
    count: usize,
    letters: Vec<Line>,
    more: usize,
}

#[derive(Serialize)]
struct Line {
    number: String,
    about: String,
    id: i64,
    to: String,
    at_once: bool,
    not_before: Timestamp,
    may_have_left: bool,
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
        let resuming = self.desk.would_leave().await?;
        let page = StopPage {
            letters: self.desk.letters_that_would_leave().await?,
            reason,
            said,
            leaving: self.desk.letters_leaving().await?,
            resuming: resuming.as_ref().map(shown),
        };
        let page = self.site.render("stop.html", "stop", Some(&around.frame), visitor, page)?;
        Ok(if failed { Answer::With(StatusCode::CONFLICT, page) } else { Answer::Page(page) })
    }

    async fn switch(&self, visitor: &Visitor, sent: &Asked) -> Result<Answer, NoPage> {
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let reason = sent.raw("reason");
        let done = match sent.get("do") {
            Some("stop") => self.desk.stop_sending(reason, &person.actor()).await,
            Some("resume") => {
                let seen = sent.get("since").map(str::parse::<Timestamp>).transpose();
                let wrong = |_| NoPage::Wrong("The form does not say which stop is to be ended.".to_owned());
                self.desk.resume_as_seen(seen.map_err(wrong)?, &person.actor()).await.map(drop)
            }
            _ => return Err(NoPage::Wrong("The form says nothing that can be done here.".to_owned())),
        };
        match done {
            Ok(()) => Ok(Answer::SeeOther("/stop".to_owned())),
            Err(DeskError::Refused(said)) => self.stop_page(visitor, reason, Some(said)).await,
            Err(error) => Err(error.into()),
        }
    }
}

fn shown(resuming: &Resuming) -> Shown {
    let groups = LetterKind::ALL.into_iter().filter_map(|kind| {
        let of_kind: Vec<&Leaving> = resuming.leaves.iter().filter(|letter| letter.kind == kind).collect();
        let letters = of_kind.iter().take(LISTED).map(|letter| Line {
            number: letter.named.clone(),
            about: letter.about.clone(),
            id: letter.id,
            to: letter.to.clone(),
            at_once: letter.not_before <= resuming.now,
            not_before: letter.not_before,
            may_have_left: letter.may_have_left,
        });
        let (count, more) = (of_kind.len(), of_kind.len().saturating_sub(LISTED));
        (count > 0).then(|| Group { kind: kind_words(kind), count, letters: letters.collect(), more })
    });
    Shown { sentences: resuming.in_words(), groups: groups.collect() }
}

/// The letters of a kind, in the plural.
fn kind_words(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Acknowledgement => "Receipts that name the state",
        LetterKind::Received => "Receipts that name no state",
        LetterKind::Query => "Questions for a document",
        LetterKind::Reminder => "Reminders",
        LetterKind::ExtensionGranted => "Letters about more time",
        LetterKind::DeadlineMoved => "Letters about the new deadline",
        LetterKind::Withdrawn => "Letters about a withdrawal",
        LetterKind::Correction => "Corrections",
    }
}
