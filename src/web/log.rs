//! The intake log, page by page.
//!
//! Promises a plain form and addresses that can be kept: every page is named by its filters and where it begins.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, http::Uri, response::Response};
use serde::Serialize;

use super::{
    app::{Asked, Desk, Trouble, asked},
    filters,
};
use crate::{
    core::{calls::standing::Standing, iso3::Iso3},
    desk::view::{LogFilter, LogPage},
};

/// Lines of one page.
const LINES: u32 = 50;
const STANDINGS: [(&str, Standing); 5] = [
    ("on_time", Standing::OnTime),
    ("by_grace", Standing::ByGrace),
    ("by_extension", Standing::ByExtension),
    ("late", Standing::Late),
    ("undetermined", Standing::Undetermined),
];

/// `/log`
pub(super) async fn log(State(desk): State<Arc<Desk>>, uri: Uri, query: Asked) -> Response {
    desk.answer(uri.path(), log_page(&desk, &query).await)
}

#[derive(Serialize)]
struct ShownLog<'a> {
    log: &'a LogPage,
    names: BTreeMap<Iso3, &'a str>,
    standings: [(&'static str, Standing); 5],
    q: &'a str,
    state: Option<Iso3>,
    standing: Option<Standing>,
    /// The filters in words, where any is set.
    narrowed: Vec<String>,
    first: bool,
    /// The filters again, for the address of the next page.
    kept: String,
}

async fn log_page(desk: &Desk, query: &Asked) -> Result<Response, Trouble> {
    let frame = desk.frame(query).await?;
    let wrong = |said: String| Trouble::Wrong(format!("{said}. Choose from the form above the log."));
    let state = asked(query, "state").map(str::parse::<Iso3>).transpose().map_err(|e| wrong(e.to_string()))?;
    let standing = match asked(query, "standing") {
        None => None,
        Some(name) => Some(
            STANDINGS.into_iter().find(|(n, _)| *n == name).map(|(_, s)| s).ok_or_else(|| wrong(no_standing(name)))?,
        ),
    };
    let (q, after) = (asked(query, "q"), asked(query, "after"));
    let filter = LogFilter {
        call: Some(frame.call.clone()),
        state,
        standing,
        search: q.map(str::to_owned),
        after: after.map(str::to_owned),
        limit: LINES,
        ..LogFilter::default()
    };
    let log = desk.pages.log(filter).await?;
    let state_name = |iso3: Iso3| {
        log.states.iter().find(|(code, _)| *code == iso3).map_or_else(|| iso3.to_string(), |(_, name)| name.clone())
    };
    let mut narrowed = Vec::new();
    narrowed.extend(standing.map(|s| filters::standing_words(s).to_owned()));
    narrowed.extend(state.map(state_name));
    narrowed.extend(q.map(|q| format!("“{q}”")));
    let kept = ["call", "q", "state", "standing"].into_iter().filter_map(|name| {
        let value = if name == "call" && frame.calls.len() < 2 { None } else { asked(query, name) };
        value.map(|value| format!("{name}={}&", filters::percent(value)))
    });
    let page = ShownLog {
        names: log.states.iter().map(|(iso3, name)| (*iso3, name.as_str())).collect(),
        standings: STANDINGS,
        q: q.unwrap_or_default(),
        state,
        standing,
        narrowed,
        first: after.is_none(),
        kept: kept.collect(),
        log: &log,
    };
    desk.render("log.html", "log", Some(&frame), page)
}

fn no_standing(name: &str) -> String {
    format!("“{}” is no standing", name.chars().take(40).collect::<String>())
}
