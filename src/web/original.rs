//! What was received, byte for byte, to be kept by a person.
//!
//! Promises that no browser opens it: it is handed over as an attachment of no known type, under a name of ours.

use std::sync::Arc;

use axum::{Extension, extract::State, http::Uri, response::Response};

use super::{
    answer::Answer,
    app::App,
    asked::{InPath, in_path},
    no_page::NoPage,
    visitor::Visitor,
};

/// GET `/original/{reference}`
pub(super) async fn original(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.original(reference, &visitor).await)
}

impl App {
    async fn original(&self, reference: InPath, visitor: &Visitor) -> Result<Answer, NoPage> {
        let original = self.desk.original(&in_path(reference)?).await?;
        if let Some(person) = &visitor.person {
            self.desk.downloaded(person, &original.number).await?;
        }
        let name = format!("{}.eml", original.number);
        Ok(Answer::File { name, media_type: "application/octet-stream", bytes: original.bytes })
    }
}
