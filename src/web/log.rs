//! The intake log, page by page.
//!
//! Promises a plain form and addresses that can be kept: every page is named by its filters and where it begins. Where no
//! entry fits, the page says which filter stands in the way.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    answer::Answer,
    app::App,
    around::Around,
    asked::Asked,
    filters::{language_words, standing_words},
    narrowed::{Narrowed, STANDINGS},
    no_page::NoPage,
    site::Site,
    visitor::Visitor,
};
use crate::{
    core::{
        iso3::Iso3,
        narrowing::{EntryKind, Letter, Status},
        text::language::Language,
    },
    desk::view::{LogCount, LogPage},
};

/// A word of the address and what a person reads.
type Choice = (&'static str, String);

#[derive(Serialize)]
struct ShownLog<'a> {
    log: &'a LogPage,
    names: BTreeMap<Iso3, &'a str>,
    choices: BTreeMap<&'static str, Vec<Choice>>,
    typed: &'a BTreeMap<&'static str, String>,
    wrong: &'a BTreeMap<&'static str, String>,
    /// What is looked for.
    words: String,
    /// The filters in words, where any is set.
    narrowed: Vec<String>,
    /// The filters without which lines fit: the filter in words, the rest of the address, and how many.
    without: Vec<(&'a str, String, String)>,
    /// A filter that stands behind the others is set.
    opened: bool,
    first: bool,
    /// The filters again, for the address of the next page.
    kept: String,
}

/// GET `/log`
pub(super) async fn log(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.log(&asked, &visitor).await)
}

impl App {
    async fn log(&self, asked: &Asked, visitor: &Visitor) -> Result<Answer, NoPage> {
        let around = self.around(asked, visitor).await?;
        let frame = &around.frame;
        let narrowed = Narrowed::by(asked, &frame.zone);
        if let Some(alone) = narrowed.alone()
            && let Some(number) = self.desk.entry_named(alone).await?
        {
            let call = narrowed.kept(frame, Some("q"));
            let at = if call.is_empty() { String::new() } else { format!("?{}", call.trim_end_matches('&')) };
            return Ok(Answer::SeeOther(format!("/entry/{number}{at}")));
        }
        let log = self.desk.log_page(&narrowed.filter(frame)).await?;
        let mut without = Vec::new();
        if log.lines.is_empty() && log.looked_through.is_none() && narrowed.is_first() {
            for (field, filter) in narrowed.loosened(frame) {
                without.push((field, self.desk.how_many(&filter).await?));
            }
        }
        self.site.log(&around, &log, &narrowed, &without)
    }
}

impl Site {
    /// A page of the log; where nothing fits, how many would without each filter. With a filter that cannot be understood it
    /// is no answer to what was asked (400).
    ///
    /// # Errors
    /// A template fails.
    pub fn log(
        &self,
        around: &Around,
        log: &LogPage,
        narrowed: &Narrowed,
        without: &[(&'static str, LogCount)],
    ) -> Result<Answer, NoPage> {
        let names: BTreeMap<Iso3, &str> = log.states.iter().map(|(iso3, name)| (*iso3, name.as_str())).collect();
        let words = |field: &str, words: &str| match narrowed.state() {
            Some(iso3) if field == "state" => {
                names.get(&iso3).map_or_else(|| iso3.to_string(), |name| (*name).to_owned())
            }
            _ => words.to_owned(),
        };
        let set: Vec<(&str, String)> =
            narrowed.set().iter().map(|(field, said)| (*field, words(field, said))).collect();
        let without = without.iter().filter(|(_, count)| count.lines > 0).filter_map(|(field, count)| {
            let (_, said) = set.iter().find(|(known, _)| known == field)?;
            let kept = narrowed.kept(&around.frame, Some(field));
            let more = if count.more { " or more" } else { "" };
            Some((said.as_str(), kept, format!("{}{more}", count.lines)))
        });
        let seldom = ["kind", "status", "language", "since", "until", "waiting", "letter"];
        let page = ShownLog {
            choices: choices(),
            typed: narrowed.typed(),
            wrong: narrowed.wrong(),
            words: narrowed.words(),
            without: without.collect(),
            narrowed: set.iter().map(|(_, said)| said.clone()).collect(),
            opened: seldom.iter().any(|field| narrowed.typed().get(field).is_some_and(|text| !text.is_empty())),
            first: narrowed.is_first(),
            kept: narrowed.kept(&around.frame, None),
            names,
            log,
        };
        let html = self.render("log.html", "log", Some(&around.frame), &around.visitor, page)?;
        let understood = narrowed.wrong().is_empty();
        Ok(if understood { Answer::Page(html) } else { Answer::With(StatusCode::BAD_REQUEST, html) })
    }
}

/// What can be chosen in the form, by its fields but for the state.
fn choices() -> BTreeMap<&'static str, Vec<Choice>> {
    let languages = Language::ALL.iter().map(|language| (language.code(), language_words(language.code())));
    BTreeMap::from([
        ("standing", STANDINGS.iter().map(|s| (s.word(), standing_words(*s).to_owned())).collect()),
        ("kind", EntryKind::ALL.iter().map(|kind| (kind.word(), kind.in_words().to_owned())).collect()),
        ("status", Status::ALL.iter().map(|status| (status.word(), status.in_words().to_owned())).collect()),
        ("letter", Letter::ALL.iter().map(|letter| (letter.word(), letter.in_words().to_owned())).collect()),
        ("waiting", vec![("yes", "to be decided".to_owned())]),
        ("language", languages.collect()),
    ])
}
