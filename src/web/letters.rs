//! The letters: those that are held, wait, failed or have left; each as it will look, and what can be done with it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    answer::Answer,
    app::App,
    asked::{Asked, InPath, in_path},
    no_page::NoPage,
    posted::Posted,
    visitor::Visitor,
};
use crate::{
    core::decision::{Decision, Order},
    desk::{DeskError, LetterPage, LettersPage, LettersThat},
};

#[derive(Serialize)]
struct ShownLetters<'a> {
    that: &'static str,
    first: bool,
    list: &'a LettersPage,
}

#[derive(Serialize)]
struct ShownLetter<'a> {
    letter: &'a LetterPage,
    reason: &'a str,
    refused: Option<String>,
}

/// GET `/letters`
pub(super) async fn letters(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.letters(&asked, &visitor).await)
}

/// GET `/letters/{id}`
pub(super) async fn letter(
    State(app): State<Arc<App>>,
    id: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    let shown = match number(id) {
        Ok(id) => app.letter(id, &visitor, (&asked, ""), None).await,
        Err(nothing) => Err(nothing),
    };
    app.site.answer(uri.path(), &visitor, shown)
}

/// POST `/letters/{id}`
pub(super) async fn decided(
    State(app): State<Arc<App>>,
    id: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
    Extension(Posted(sent)): Extension<Posted>,
) -> Response {
    let done = match number(id) {
        Ok(id) => app.decided_on_letter(id, &visitor, &asked, &sent).await,
        Err(nothing) => Err(nothing),
    };
    app.site.answer(uri.path(), &visitor, done)
}

impl App {
    async fn letters(&self, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let that = match asked.get("state") {
            None => LettersThat::AreHeld,
            Some(word) => LettersThat::ALL.into_iter().find(|that| that.word() == word).ok_or_else(|| {
                NoPage::Wrong("Letters are held, waiting, failed, sent or discarded. Choose one of these.".to_owned())
            })?,
        };
        let before = asked.get("before").map(|text| {
            let wrong = || NoPage::Wrong("The page of letters begins at a number. Go back to the first.".to_owned());
            text.parse::<i64>().map_err(|_| wrong())
        });
        let before = before.transpose()?;
        let list = self.desk.letters_page(that, before).await?;
        let page = ShownLetters { that: that.word(), first: before.is_none(), list: &list };
        self.site.render("letters.html", "letters", Some(&around.frame), visitor, page)
    }

    async fn letter(
        &self,
        id: i64,
        visitor: &Visitor,
        (asked, reason): (&Asked, &str),
        refused: Option<(StatusCode, String)>,
    ) -> Result<Answer, NoPage> {
        let around = self.around(asked, visitor).await?;
        let none = || NoPage::Missing("There is no letter of that number.".to_owned());
        let letter = self.desk.letter_page(id).await?.ok_or_else(none)?;
        let (status, refused) = refused.map_or((StatusCode::OK, None), |(status, why)| (status, Some(why)));
        let page = ShownLetter { letter: &letter, reason, refused };
        let page = self.site.render("letter.html", "letters", Some(&around.frame), visitor, page)?;
        Ok(Answer::With(status, page))
    }

    async fn decided_on_letter(
        &self,
        id: i64,
        visitor: &Visitor,
        asked: &Asked,
        sent: &Asked,
    ) -> Result<Answer, NoPage> {
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let typed = sent.raw("reason");
        let again = |status, why| self.letter(id, visitor, (asked, typed), Some((status, why)));
        let decision = match sent.get("do") {
            Some("release") => Decision::Release,
            Some("discard") => Decision::Discard,
            Some("resend") => Decision::Resend,
            _ => return again(StatusCode::OK, "Choose what is to be done with the letter.".to_owned()).await,
        };
        let reason = match (sent.get("reason"), &decision) {
            (Some(reason), _) => reason.to_owned(),
            (None, Decision::Release) => "released by hand".to_owned(),
            (None, _) => {
                let why = "Write a reason: it is needed to discard a letter, or to send it once more.".to_owned();
                return again(StatusCode::BAD_REQUEST, why).await;
            }
        };
        let order = Order { decision, reason, letter: true };
        match self.desk.decide_on_letter(id, &order, &person.actor(), sent.raw("seen")).await {
            Ok(_) => Ok(Answer::SeeOther(format!("/letters/{id}"))),
            Err(DeskError::Changed(why)) => again(StatusCode::CONFLICT, why).await,
            Err(DeskError::Refused(why)) => again(StatusCode::BAD_REQUEST, why).await,
            Err(error) => Err(error.into()),
        }
    }
}

/// The number of a letter, as it stands in an address: 15, or L-000015.
fn number(id: InPath) -> Result<i64, NoPage> {
    let id = in_path(id)?;
    let digits = id.strip_prefix("L-").or_else(|| id.strip_prefix("l-")).unwrap_or(&id);
    digits.parse().map_err(|_| NoPage::Missing("A letter has a number, such as L-000015.".to_owned()))
}
