//! The intake log, page by page.
//!
//! Promises a plain form and addresses that can be kept: every page is named by its filters and where it begins.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{around::Around, asked::Asked, filters, no_page::NoPage, site::Site};
use crate::{
    core::{calls::standing::Standing, iso3::Iso3, text::percent},
    desk::view::{Frame, LogFilter, LogPage},
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

/// What the log is narrowed by, and where it begins.
#[derive(Clone, Debug)]
pub struct Narrowed<'a> {
    asked: &'a Asked,
    state: Option<Iso3>,
    standing: Option<Standing>,
}

impl<'a> Narrowed<'a> {
    /// Narrowed as it was asked for.
    ///
    /// # Errors
    /// There is no such standing, or a state's code is none.
    pub fn by(asked: &'a Asked) -> Result<Self, NoPage> {
        let wrong = |said: String| NoPage::Wrong(format!("{said}. Choose from the form above the log."));
        let state = asked.get("state").map(str::parse::<Iso3>).transpose().map_err(|e| wrong(e.to_string()))?;
        let standing = match asked.get("standing") {
            None => None,
            Some(name) => {
                let known = STANDINGS.into_iter().find(|(n, _)| *n == name).map(|(_, standing)| standing);
                Some(known.ok_or_else(|| wrong(no_standing(name)))?)
            }
        };
        Ok(Self { asked, state, standing })
    }

    /// The same for the desk.
    #[must_use]
    pub fn filter(&self, frame: &Frame) -> LogFilter {
        LogFilter {
            call: Some(frame.call.clone()),
            state: self.state,
            standing: self.standing,
            search: self.asked.get("q").map(str::to_owned),
            after: self.asked.get("after").map(str::to_owned),
            limit: LINES,
            ..LogFilter::default()
        }
    }

    /// The filters in words, where any is set.
    fn in_words(&self, log: &LogPage) -> Vec<String> {
        let name = |iso3: Iso3| {
            let known = log.states.iter().find(|(code, _)| *code == iso3);
            known.map_or_else(|| iso3.to_string(), |(_, name)| name.clone())
        };
        let standing = self.standing.map(|standing| filters::standing_words(standing).to_owned());
        let quoted = self.asked.get("q").map(|q| format!("“{q}”"));
        [standing, self.state.map(name), quoted].into_iter().flatten().collect()
    }

    /// The filters again, for the address of the next page.
    fn kept(&self, frame: &Frame) -> String {
        let kept = ["call", "q", "state", "standing"].into_iter().filter_map(|name| {
            let value = if name == "call" && frame.calls.len() < 2 { None } else { self.asked.get(name) };
            value.map(|value| format!("{name}={}&", percent::encoded(value)))
        });
        kept.collect()
    }
}

impl Site {
    /// A page of the log.
    ///
    /// # Errors
    /// A template fails.
    pub fn log(&self, around: &Around, log: &LogPage, narrowed: &Narrowed<'_>) -> Result<String, NoPage> {
        let page = ShownLog {
            names: log.states.iter().map(|(iso3, name)| (*iso3, name.as_str())).collect(),
            standings: STANDINGS,
            q: narrowed.asked.get("q").unwrap_or_default(),
            state: narrowed.state,
            standing: narrowed.standing,
            narrowed: narrowed.in_words(log),
            first: narrowed.asked.get("after").is_none(),
            kept: narrowed.kept(&around.frame),
            log,
        };
        self.render("log.html", "log", Some(&around.frame), &around.visitor, page)
    }
}

fn no_standing(name: &str) -> String {
    format!("“{}” is no standing", name.chars().take(40).collect::<String>())
}
