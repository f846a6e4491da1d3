//! What officers add to an entry by hand: notes, and who is in charge of it.

use std::sync::Arc;

use axum::{Extension, extract::State, http::Uri, response::Response};

use super::{
    answer::Answer,
    app::App,
    asked::{Asked, InPath, in_path},
    no_page::NoPage,
    posted::Posted,
    visitor::Visitor,
};
use crate::core::text::percent;

/// POST `/note/{reference}`
pub(super) async fn note(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
    uri: Uri,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.note(reference, &visitor, &sent).await)
}

/// POST `/charge/{reference}`
pub(super) async fn charge(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    Extension(Posted(sent)): Extension<Posted>,
    uri: Uri,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.charge(reference, &visitor, &sent).await)
}

impl App {
    async fn note(&self, reference: InPath, visitor: &Visitor, sent: &Asked) -> Result<Answer, NoPage> {
        let reference = in_path(reference)?;
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let number = match sent.get("strike") {
            Some(note) => {
                let note = note.parse().map_err(|_| NoPage::Wrong("The form names no note.".to_owned()))?;
                self.desk.strike_note(&reference, note, &person.actor()).await?
            }
            None => self.desk.add_note(&reference, sent.raw("text"), &person.actor()).await?,
        };
        Ok(Answer::SeeOther(format!("/entry/{}#notes", percent::encoded(&number))))
    }

    async fn charge(&self, reference: InPath, visitor: &Visitor, sent: &Asked) -> Result<Answer, NoPage> {
        let reference = in_path(reference)?;
        let Some(person) = &visitor.person else { return Err(NoPage::nothing_here()) };
        let number = self.desk.put_in_charge(&reference, sent.get("who"), &person.actor()).await?;
        Ok(Answer::SeeOther(format!("/entry/{}#notes", percent::encoded(&number))))
    }
}
