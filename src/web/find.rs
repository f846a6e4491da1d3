//! Anything by a few letters of it: a page of its own, and what a script shows for Ctrl-K.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::Uri,
    response::Response,
};
use serde::Serialize;

use super::{answer::Answer, app::App, asked::Asked, no_page::NoPage, visitor::Visitor};
use crate::core::{
    role::Role,
    text::{comparable, percent},
};

/// As many states as are shown.
const STATES: usize = 8;

/// The pages, with their addresses, and the role that each needs.
const PAGES: [(&str, &str, Role); 8] = [
    ("Register", "/", Role::Viewer),
    ("Log", "/log", Role::Viewer),
    ("To be decided", "/decide", Role::Viewer),
    ("Letters", "/letters", Role::Viewer),
    ("Night board for the deadline", "/tonight", Role::Viewer),
    ("Stop or resume sending", "/stop", Role::Officer),
    ("People", "/people", Role::Administrator),
    ("Your account", "/me", Role::Viewer),
];

#[derive(Serialize)]
struct FindPage<'a> {
    text: &'a str,
    found: Vec<Place>,
}

/// Where one can go.
#[derive(Serialize)]
struct Place {
    what: &'static str,
    name: String,
    to: String,
}

/// GET `/find`
pub(super) async fn find(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.find(&asked, &visitor).await)
}

impl App {
    async fn find(&self, asked: &Asked, visitor: &Visitor) -> Result<Answer, NoPage> {
        let around = self.around(asked, visitor).await?;
        let text = asked.get("q").unwrap_or_default();
        let known = self.desk.find(&around.frame.call, text).await?;
        let at = if around.frame.calls.len() > 1 {
            format!("?call={}", percent::encoded(&around.frame.call))
        } else {
            String::new()
        };
        let mut found = Vec::new();
        found.extend(known.entry.map(|number| Place {
            what: "Entry",
            to: format!("/entry/{}{at}", percent::encoded(&number)),
            name: number,
        }));
        found.extend(known.states.into_iter().take(STATES).map(|(iso3, name)| Place {
            what: "State",
            name,
            to: format!("/state/{iso3}{at}"),
        }));
        let letters = comparable(text);
        let pages = PAGES.iter().filter(|(name, to, role)| {
            let may =
                visitor.person.as_ref().map_or(*role == Role::Viewer && *to != "/me", |person| person.role >= *role);
            may && comparable(name).split(' ').any(|word| word.starts_with(letters.as_str()))
        });
        found.extend(pages.map(|(name, to, _)| Place {
            what: "Page",
            name: (*name).to_owned(),
            to: format!("{to}{at}"),
        }));
        if !letters.is_empty() {
            let sep = if at.is_empty() { "?" } else { "&" };
            let to = format!("/log{at}{sep}q={}", percent::encoded(text));
            found.push(Place { what: "Log", name: format!("Entries with “{text}”"), to });
        }
        Ok(self.site.render("find.html", "find", Some(&around.frame), visitor, FindPage { text, found })?.into())
    }
}
