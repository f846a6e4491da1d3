//! What was received, byte for byte, and each file of it, to be kept by a person.
//!
//! Promises that no browser opens it: it is handed over as an attachment of no known type, under a safe name; and that what
//! is called harmful is given to administrators alone, after a page that says so.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::Uri,
    response::Response,
};
use serde::Serialize;

use super::{
    answer::Answer,
    app::App,
    asked::{Asked, InPath, in_path},
    no_page::NoPage,
    visitor::Visitor,
};
use crate::{
    core::{role::Role, text::file_names},
    desk::Taken,
};

/// Ends the name of what is harmful, so that nothing opens it by a double click.
const HARMFUL: &str = ".harmful";

/// A place among the files, and the entry.
type FileInPath = Result<Path<(String, String)>, PathRejection>;

/// What is asked for: the original, or a file of it by its place, from 1.
#[derive(Clone, Debug)]
struct Wanted {
    reference: String,
    file: Option<usize>,
}

#[derive(Serialize)]
struct HarmfulPage<'a> {
    number: &'a str,
    /// The file; none for the original.
    file: Option<String>,
    harm: &'a str,
    /// Where the form is sent.
    to: &'a str,
}

/// GET `/original/{reference}`
pub(super) async fn original(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    app.keep(in_path(reference).map(Wanted::original), &visitor, &uri, false).await
}

/// POST `/original/{reference}`
pub(super) async fn original_all_the_same(
    State(app): State<Arc<App>>,
    reference: InPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    app.keep(in_path(reference).map(Wanted::original), &visitor, &uri, true).await
}

/// GET `/file/{n}/{reference}`
pub(super) async fn file(
    State(app): State<Arc<App>>,
    named: FileInPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    app.keep(Wanted::file(named), &visitor, &uri, false).await
}

/// POST `/file/{n}/{reference}`
pub(super) async fn file_all_the_same(
    State(app): State<Arc<App>>,
    named: FileInPath,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    app.keep(Wanted::file(named), &visitor, &uri, true).await
}

impl Wanted {
    fn original(reference: String) -> Self {
        Self { reference, file: None }
    }

    fn file(named: FileInPath) -> Result<Self, NoPage> {
        let Ok(Path((n, reference))) = named else { return Err(NoPage::nothing_here()) };
        let n: usize = n.parse().map_err(|_| NoPage::nothing_here())?;
        Ok(Self { reference: in_path(Ok(Path(reference)))?, file: Some(n) })
    }
}

impl App {
    /// `warned`: whoever asks has read that it is harmful, and says so by a form.
    async fn keep(&self, wanted: Result<Wanted, NoPage>, visitor: &Visitor, uri: &Uri, warned: bool) -> Response {
        let answer = match wanted {
            Ok(wanted) => self.kept(&wanted, visitor, uri.path(), warned).await,
            Err(error) => Err(error),
        };
        self.site.answer(uri.path(), visitor, answer)
    }

    async fn kept(&self, wanted: &Wanted, visitor: &Visitor, path: &str, warned: bool) -> Result<Answer, NoPage> {
        let warned = warned && visitor.may(Role::Administrator);
        let (number, file, harm, bytes) = match wanted.file {
            None => {
                let original = self.desk.original(&wanted.reference).await?;
                (original.number, None, original.harm, Some(original.bytes))
            }
            Some(nth) => {
                let sent = self.desk.sent_file(&wanted.reference, nth, warned).await?;
                let name = file_names::safe(sent.name.as_deref().unwrap_or_default());
                (sent.number, Some(name), sent.harm, sent.bytes)
            }
        };
        if let Some(harm) = harm.as_deref().filter(|_| !warned) {
            return self.warning(HarmfulPage { number: &number, file, harm, to: path }, visitor).await;
        }
        let Some(bytes) = bytes else {
            let said = format!("It could not be taken out of its message again; the original of {number} holds it.");
            return Err(NoPage::Missing(said));
        };
        if let Some(person) = &visitor.person {
            let taken = Taken { file: file.as_deref(), warned: harm.as_deref() };
            self.desk.downloaded(person, &number, taken).await?;
        }
        let mut name = file.unwrap_or_else(|| format!("{number}.eml"));
        if harm.is_some() {
            name.push_str(HARMFUL);
        }
        Ok(Answer::File { name, media_type: "application/octet-stream", bytes })
    }

    async fn warning(&self, page: HarmfulPage<'_>, visitor: &Visitor) -> Result<Answer, NoPage> {
        if !visitor.may(Role::Administrator) {
            let at_terminal = if visitor.open {
                format!(" At the terminal, “docket original {}” gives it.", page.number)
            } else {
                String::new()
            };
            let said = format!("{} Only an administrator can keep a copy of it here.{at_terminal}", page.harm);
            return Err(NoPage::Forbidden(said));
        }
        let around = self.around(&Asked::default(), visitor).await?;
        Ok(Answer::Page(self.site.render("harmful.html", "", Some(&around.frame), visitor, page)?))
    }
}
