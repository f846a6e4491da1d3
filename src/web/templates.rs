//! The templates of letters, each in each language as it looks at its worst.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use serde::Serialize;

use super::{app::App, asked::Asked, no_page::NoPage, visitor::Visitor};
use crate::{
    core::{letter_kind::LetterKind, text::language::Language},
    desk::TemplatePreview,
};

#[derive(Serialize)]
struct TemplatesPage {
    preview: TemplatePreview,
    /// The language that was asked for.
    asked: Language,
    kinds: Vec<LetterKind>,
    languages: Vec<Language>,
}

/// GET `/templates`
pub(super) async fn templates(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer("/templates", &visitor, app.templates(&asked, &visitor).await)
}

impl App {
    async fn templates(&self, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let kind = asked.get("kind").unwrap_or(LetterKind::Acknowledgement.name());
        let no_kind = || NoPage::Wrong("There is no letter of that kind. Choose one of the list.".to_owned());
        let kind = LetterKind::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(no_kind)?;
        let language = asked.get("language").unwrap_or("en").parse();
        let language = language.map_err(|_| NoPage::Wrong("Letters are in ar, en, es, fr, ru or zh.".to_owned()))?;
        let preview = self.desk.template(Some(&around.frame.call), kind, language)?;
        let (kinds, languages) = (LetterKind::ALL.to_vec(), Language::ALL.to_vec());
        let page = TemplatesPage { preview, asked: language, kinds, languages };
        self.site.render("templates.html", "letters", Some(&around.frame), visitor, page)
    }
}
