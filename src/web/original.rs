//! What was received, byte for byte, to be kept by a person.
//!
//! Promises that no browser opens it: it is handed over as an attachment of no known type, under a name of ours.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};

use super::{
    answer::Answer,
    app::App,
    asked::{InPath, in_path},
    no_page::NoPage,
    visitor::Visitor,
};
use crate::desk::Original;

/// GET `/original/{reference}`
pub(super) async fn original(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    match app.original(reference, &visitor).await {
        Ok(original) => download(original),
        Err(nothing) => app.site.answer::<Answer>(uri.path(), &visitor, Err(nothing)),
    }
}

impl App {
    async fn original(&self, reference: InPath, visitor: &Visitor) -> Result<Original, NoPage> {
        let original = self.desk.original(&in_path(reference)?).await?;
        if let Some(person) = &visitor.person {
            self.desk.downloaded(person, &original.number).await?;
        }
        Ok(original)
    }
}

fn download(original: Original) -> Response {
    let named = format!("attachment; filename=\"{}.eml\"", original.number);
    let mut answer = original.bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    // A number of ours is plain ASCII.
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment")),
    );
    answer
}
