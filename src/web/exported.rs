//! The register as a file, as of the time that the page shows.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::Uri,
    response::Response,
};
use jiff::tz::TimeZone;

use super::{
    answer::Answer,
    app::App,
    as_of,
    asked::{Asked, InPath, in_path},
    no_page::NoPage,
    visitor::Visitor,
};
use crate::{
    core::{iso3::Iso3, judging::matching::Form, text::language::Language},
    desk::view::RegisterQuery,
    export::{self, As},
};

/// The ways to write a table down: in the address, and as files; without a kind of table it is JSON, an object a line.
const WAYS: [(&str, Option<As>, &str); 4] = [
    ("csv", Some(As::Csv), "text/csv; charset=utf-8"),
    ("xlsx", Some(As::Xlsx), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("docx", Some(As::Docx), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("json", None, "application/x-ndjson"),
];

/// GET `/register/{format}`
pub(super) async fn register(
    State(app): State<Arc<App>>,
    format: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.register_as(format, &asked, &visitor).await)
}

impl App {
    async fn register_as(&self, format: InPath, asked: &Asked, visitor: &Visitor) -> Result<Answer, NoPage> {
        let format = in_path(format)?;
        let way = WAYS.into_iter().find(|(word, ..)| *word == format);
        let (word, way, media_type) = way.ok_or_else(NoPage::nothing_here)?;
        let around = self.around(asked, visitor).await?;
        let call = &around.frame.call;
        let view = as_of::view(asked, &around.frame.zone)?;
        let query = RegisterQuery { call: Some(call.clone()), view, language: Language::En };
        let register = self.desk.register(&query).await?.ok_or_else(|| NoPage::no_call(Some(call)))?;
        let zone = TimeZone::get(&register.zone).unwrap_or(TimeZone::UTC);
        let on = register.as_of.unwrap_or(register.now).to_zoned_datetime(zone).date();
        let name = |iso3: Iso3| self.desk.instance().register.name(iso3, Language::En, on, Form::Short);
        let lines: Vec<_> = register.lines.iter().collect();
        let bytes = match way {
            Some(way) => export::register(way, &register, &lines, &name)?,
            None => (export::register_json(&register, &lines)?.join("\n") + "\n").into_bytes(),
        };
        if let Some(person) = &visitor.person {
            self.desk.exported(person, &format!("register.{word}")).await?;
        }
        Ok(Answer::File { name: format!("register-{call}-{on}.{word}"), media_type, bytes })
    }
}
