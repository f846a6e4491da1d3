//! Two versions of an input, side by side.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::Uri,
    response::Response,
};
use serde::Serialize;

use super::{
    app::App,
    asked::{Asked, InPath, in_path},
    no_page::NoPage,
    visitor::Visitor,
};
use crate::desk::Compared;

/// How many paragraphs that are the same are shown where they stand; more are folded into a line.
const SHOWN: usize = 1;

#[derive(Serialize)]
struct VersionsPage<'a> {
    compared: &'a Compared,
    shown: usize,
    same_in_all: bool,
}

/// GET `/versions/{reference}`
pub(super) async fn versions(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.versions(reference, &asked, &visitor).await)
}

impl App {
    async fn versions(&self, reference: InPath, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let reference = in_path(reference)?;
        let number = |name: &str| -> Result<Option<u32>, NoPage> {
            let Some(text) = asked.get(name) else { return Ok(None) };
            let shown: String = text.chars().take(40).collect();
            let wrong = || NoPage::Wrong(format!("“{shown}” is no number of a version. Write 1 or 2."));
            text.parse().map(Some).map_err(|_| wrong())
        };
        let versions: Vec<u32> = [number("a")?, number("b")?].into_iter().flatten().collect();
        let compared = self.desk.compare(&reference, &versions).await?;
        if let Some(person) = &visitor.person {
            for side in [&compared.before, &compared.after] {
                let message = side.number.split('/').next().unwrap_or(&side.number);
                self.desk.looked_at(person, message).await?;
            }
        }
        let page = VersionsPage { same_in_all: compared.difference.is_none(), compared: &compared, shown: SHOWN };
        self.site.render("versions.html", "", Some(&around.frame), visitor, page)
    }
}
