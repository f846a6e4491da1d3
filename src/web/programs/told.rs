//! How what was found becomes an answer to a program.

use axum::{http::HeaderMap, response::Response};
use serde::Serialize;

use super::fresh;
use crate::{
    export::ExportError,
    web::{answer::Answer, app::App, no_page::NoPage, visitor::Visitor},
};

/// The media type of JSON.
pub(super) const JSON: &str = "application/json";

impl App {
    /// What was found as JSON, or why not. The path may stand in the log of the program.
    pub(super) fn told<T: Serialize>(
        &self,
        (path, headers, visitor): (&str, &HeaderMap, &Visitor),
        found: Result<T, NoPage>,
    ) -> Response {
        let written = |found: T| Ok(serde_json::to_string(&found).map_err(ExportError::from)? + "\n");
        self.told_as(JSON, (path, headers, visitor), found.and_then(written))
    }

    /// The same as text of that kind.
    pub(super) fn told_as(
        &self,
        media_type: &'static str,
        (path, headers, visitor): (&str, &HeaderMap, &Visitor),
        found: Result<String, NoPage>,
    ) -> Response {
        match found {
            Ok(text) => fresh::answer(headers, media_type, text.into_bytes()),
            Err(trouble) => self.site.answer::<Answer>(path, visitor, Err(trouble)),
        }
    }
}
