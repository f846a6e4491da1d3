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

use super::{
    answer::Answer,
    doors::Doors,
    filters,
    no_page::NoPage,
    programs::{self, problem},
    visitor::{Me, Visitor},
};
use crate::{causes, core::text::percent, desk::view::Frame};

const STYLE: &str = include_str!("docket.css");
const SCRIPT: &str = include_str!("docket.js");
const TEMPLATES: [(&str, &str); 21] = [
    ("base.html", include_str!("pages/base.html")),
    ("parts.html", include_str!("pages/parts.html")),
    ("register.html", include_str!("pages/register.html")),
    ("state.html", include_str!("pages/state.html")),
    ("log.html", include_str!("pages/log.html")),
    ("decide.html", include_str!("pages/decide.html")),
    ("entry.html", include_str!("pages/entry.html")),
    ("case.html", include_str!("pages/case.html")),
    ("login.html", include_str!("pages/login.html")),
    ("welcome.html", include_str!("pages/welcome.html")),
    ("me.html", include_str!("pages/me.html")),
    ("letters.html", include_str!("pages/letters.html")),
    ("letter.html", include_str!("pages/letter.html")),
    ("stop.html", include_str!("pages/stop.html")),
    ("people.html", include_str!("pages/people.html")),
    ("harmful.html", include_str!("pages/harmful.html")),
    ("templates.html", include_str!("pages/templates.html")),
    ("tonight.html", include_str!("pages/tonight.html")),
    ("versions.html", include_str!("pages/versions.html")),
    ("find.html", include_str!("pages/find.html")),
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
    script: String,
    problems: AtomicU64,
    pub(super) doors: Doors,
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
        let [style, script] = [STYLE, SCRIPT].map(|text| hex::encode(&Sha256::digest(text)[..4]));
        Ok(Self { templates, style, script, problems: AtomicU64::new(1), doors: Doors::default() })
    }

    /// The same behind doors.
    #[must_use]
    pub fn behind(self, doors: Doors) -> Self {
        Self { doors, ..self }
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
    script: &'a str,
    rehearsal: bool,
    me: Me<'a>,
    page: T,
}

impl Site {
    /// Renders a page; `here` is its place in the navigation.
    pub(super) fn render(
        &self,
        template: &str,
        here: &str,
        frame: Option<&Frame>,
        visitor: &Visitor,
        page: impl Serialize,
    ) -> Result<String, NoPage> {
        let call = frame.filter(|f| f.calls.len() > 1).map(|f| format!("call={}", percent::encoded(&f.call)));
        let (at, also) = call.map_or_else(Default::default, |c| (format!("?{c}"), format!("&{c}")));
        let (style, script, rehearsal) = (self.style.as_str(), self.script.as_str(), self.doors.rehearsal);
        let values = Values { frame, here, at, also, style, script, rehearsal, me: visitor.me(), page };
        Ok(self.templates.get_template(template)?.render(Value::from(Serde(values)))?)
    }

    /// The answer to a person: what was made, or what is the matter and what to do. A program is told the same as a problem.
    pub fn answer<T: Into<Answer>>(&self, path: &str, visitor: &Visitor, made: Result<T, NoPage>) -> Response {
        let trouble = match made {
            Ok(answer) => return answer.into().into_response(),
            Err(trouble) => trouble,
        };
        let (status, title, said) = match trouble {
            NoPage::Missing(said) => (StatusCode::NOT_FOUND, "There is no such page", said),
            NoPage::Wrong(said) => (StatusCode::BAD_REQUEST, "This could not be understood", said),
            NoPage::Unknown(said) => (StatusCode::UNAUTHORIZED, "Nobody is logged in", said),
            NoPage::Forbidden(said) => (StatusCode::FORBIDDEN, "This is not done", said),
            NoPage::TooLarge(said) => (StatusCode::PAYLOAD_TOO_LARGE, "This is too large", said),
            NoPage::Desk(ref error) if error.is_temporary() => {
                let id = self.report(path, &trouble);
                let said = format!("The records are busy. Nothing is lost; load the page again in a moment. ({id})");
                (StatusCode::SERVICE_UNAVAILABLE, "This page could not be made for now", said)
            }
            NoPage::Desk(_) | NoPage::Export(_) | NoPage::Template(_) => {
                let id = self.report(path, &trouble);
                let said = format!("The log is untouched. Tell the administrator: {id}.");
                (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made", said)
            }
        };
        if programs::is_for(path) {
            return problem::answer(status, &said);
        }
        let problem = Problem { title, said: &said };
        match self.render("problem.html", "", None, visitor, problem) {
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
    kept("text/css; charset=utf-8", STYLE)
}

/// The script; its address changes with its content.
pub(super) async fn script() -> Response {
    kept("text/javascript; charset=utf-8", SCRIPT)
}

fn kept(kind: &'static str, text: &'static str) -> Response {
    let kept = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([(header::CONTENT_TYPE, kind), kept], text).into_response()
}
