//! The templates and the style sheet, and how a page or a failure becomes an answer.
//!
//! Promises that every template compiles before the first page is asked for, and that a page that could not be made says
//! so with a short id under which the log has the cause.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use minijinja::{
    Environment, UndefinedBehavior,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{filters, no_page::NoPage};
use crate::{causes, core::text::percent, desk::view::Frame};

const STYLE: &str = include_str!("docket.css");
const TEMPLATES: [(&str, &str); 8] = [
    ("base.html", include_str!("pages/base.html")),
    ("parts.html", include_str!("pages/parts.html")),
    ("register.html", include_str!("pages/register.html")),
    ("state.html", include_str!("pages/state.html")),
    ("log.html", include_str!("pages/log.html")),
    ("decide.html", include_str!("pages/decide.html")),
    ("entry.html", include_str!("pages/entry.html")),
    ("problem.html", include_str!("pages/problem.html")),
];

/// A template of the pages is wrong.
#[derive(Debug, thiserror::Error)]
#[error("a template of the pages does not compile: {0}")]
pub struct TemplateError(#[from] minijinja::Error);

/// The templates and the style sheet, ready to be served.
pub struct Site {
    templates: Environment<'static>,
    style: String,
    problems: AtomicU64,
}

impl Site {
    /// Compiles all templates.
    ///
    /// # Errors
    /// One does not compile.
    pub fn new() -> Result<Self, TemplateError> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        filters::add_filters(&mut templates);
        for (name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        let style = hex::encode(&Sha256::digest(STYLE)[..4]);
        Ok(Self { templates, style, problems: AtomicU64::new(1) })
    }
}

/// A template's values: the frame around the page and the page itself.
#[derive(Serialize)]
struct Values<'a, T> {
    frame: Option<&'a Frame>,
    here: &'a str,
    at: String,
    also: String,
    style: &'a str,
    page: T,
}

impl Site {
    /// Renders a page; `here` is its place in the navigation.
    pub(super) fn render(
        &self,
        template: &str,
        here: &str,
        frame: Option<&Frame>,
        page: impl Serialize,
    ) -> Result<String, NoPage> {
        let call = frame.filter(|f| f.calls.len() > 1).map(|f| format!("call={}", percent::encoded(&f.call)));
        let (at, also) = call.map_or_else(Default::default, |c| (format!("?{c}"), format!("&{c}")));
        let values = Values { frame, here, at, also, style: &self.style, page };
        Ok(self.templates.get_template(template)?.render(Value::from(Serde(values)))?)
    }

    /// The answer to a person: the page, or what is the matter and what to do.
    pub fn answer(&self, path: &str, made: Result<String, NoPage>) -> Response {
        let trouble = match made {
            Ok(page) => return Html(page).into_response(),
            Err(trouble) => trouble,
        };
        let (status, title, said) = match trouble {
            NoPage::Missing(said) => (StatusCode::NOT_FOUND, "There is no such page", said),
            NoPage::Wrong(said) => (StatusCode::BAD_REQUEST, "This could not be understood", said),
            NoPage::Desk(ref error) if error.is_temporary() => {
                let id = self.report(path, &trouble);
                let said = format!("The records are busy. Nothing is lost; load the page again in a moment. ({id})");
                (StatusCode::SERVICE_UNAVAILABLE, "This page could not be made for now", said)
            }
            NoPage::Desk(_) | NoPage::Template(_) => {
                let id = self.report(path, &trouble);
                let said = format!("The log is untouched. Tell the administrator: {id}.");
                (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made", said)
            }
        };
        let problem = Problem { title, said: &said };
        match self.render("problem.html", "", None, problem) {
            Ok(page) => (status, Html(page)).into_response(),
            Err(error) => {
                self.report(path, &error);
                (status, format!("{title}. {said}\n")).into_response()
            }
        }
    }

    /// Logs the cause under a short id.
    fn report(&self, path: &str, trouble: &NoPage) -> String {
        let cause = causes::in_words(trouble);
        let number = self.problems.fetch_add(1, Ordering::Relaxed);
        let id = hex::encode(&Sha256::digest(format!("{number} {path} {cause}"))[..3]);
        tracing::error!("the page {path} could not be made ({id}): {cause}");
        id
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    title: &'a str,
    said: &'a str,
}

/// The style sheet; its address changes with its content.
pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], STYLE).into_response()
}
