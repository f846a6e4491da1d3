//! The templates and the style sheet, and how a page or a failure becomes an answer.
//!
//! Promises that every template compiles before the first page is asked for, and that a page that could not be made says
//! so with a short id under which the log has the cause.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Query, State},
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use minijinja::{
    Environment, UndefinedBehavior,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{PageError, Pages, filters};
use crate::{core::text::percent, desk::view::Frame};

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

/// What every handler works with.
pub(super) struct Desk {
    pub(super) site: Site,
    pub(super) pages: Arc<dyn Pages>,
}

/// Why a page is not what was asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// There is no such thing; a sentence says what.
    #[error("{0}")]
    Missing(String),
    /// The question makes no sense; a sentence says why.
    #[error("{0}")]
    Wrong(String),
    #[error(transparent)]
    Page(#[from] PageError),
    #[error("a template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// What was asked behind the question mark, in its order; a name that nobody reads is no error.
pub(super) type Asked = Query<Vec<(String, String)>>;

/// The last non-empty value under that name.
pub(super) fn asked<'a>(query: &'a Asked, name: &str) -> Option<&'a str> {
    query.0.iter().rev().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim())
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

impl Desk {
    /// The frame of the call that is asked for.
    pub(super) async fn frame(&self, query: &Asked) -> Result<Frame, Trouble> {
        let call = asked(query, "call");
        let frame = self.pages.frame(call).await?;
        frame.ok_or_else(|| no_call(call))
    }

    /// Renders a page; `here` is its place in the navigation.
    pub(super) fn render(
        &self,
        template: &str,
        here: &str,
        frame: Option<&Frame>,
        page: impl Serialize,
    ) -> Result<Response, Trouble> {
        let call = frame.filter(|f| f.calls.len() > 1).map(|f| format!("call={}", percent::encoded(&f.call)));
        let (at, also) = call.map_or_else(Default::default, |c| (format!("?{c}"), format!("&{c}")));
        let values = Values { frame, here, at, also, style: &self.site.style, page };
        let html = self.site.templates.get_template(template)?.render(Value::from(Serde(values)))?;
        Ok(Html(html).into_response())
    }

    /// The answer to a person: the page, or what is the matter and what to do.
    pub(super) fn answer(&self, path: &str, made: Result<Response, Trouble>) -> Response {
        let trouble = match made {
            Ok(page) => return page,
            Err(trouble) => trouble,
        };
        let (status, title, said) = match trouble {
            Trouble::Missing(said) => (StatusCode::NOT_FOUND, "There is no such page", said),
            Trouble::Wrong(said) => (StatusCode::BAD_REQUEST, "This could not be understood", said),
            Trouble::Page(ref error) if error.is_temporary() => {
                let id = self.report(path, &trouble);
                let said = format!("The records are busy. Nothing is lost; load the page again in a moment. ({id})");
                (StatusCode::SERVICE_UNAVAILABLE, "This page could not be made for now", said)
            }
            Trouble::Page(_) | Trouble::Template(_) => {
                let id = self.report(path, &trouble);
                let said = format!("The log is untouched. Tell the administrator: {id}.");
                (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made", said)
            }
        };
        let problem = Problem { title, said: &said };
        match self.render("problem.html", "", None, problem) {
            Ok(page) => (status, page).into_response(),
            Err(error) => {
                self.report(path, &error);
                (status, format!("{title}. {said}\n")).into_response()
            }
        }
    }

    /// Logs the cause under a short id.
    fn report(&self, path: &str, trouble: &Trouble) -> String {
        let mut cause = trouble.to_string();
        let mut source = trouble.source();
        while let Some(error) = source {
            let error_said = error.to_string();
            if !cause.contains(&error_said) {
                cause = format!("{cause}: {error_said}");
            }
            source = error.source();
        }
        let number = self.site.problems.fetch_add(1, Ordering::Relaxed);
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

/// The call that was asked for is none.
pub(super) fn no_call(code: Option<&str>) -> Trouble {
    Trouble::Missing(code.map_or_else(
        || "No call for inputs is configured.".to_owned(),
        |code| format!("No call is named “{}”.", code.chars().take(80).collect::<String>()),
    ))
}

/// The style sheet; its address changes with its content.
pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], STYLE).into_response()
}

/// What is at no address.
pub(super) async fn nothing_here(State(desk): State<Arc<Desk>>, uri: Uri) -> Response {
    desk.answer(uri.path(), Err(Trouble::Missing("Nothing stands at this address.".to_owned())))
}
