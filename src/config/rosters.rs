//! Which rosters the state table has, as far as a call file must be checked against it.
//!
//! A roster is a column of `states/member_states.csv` that says `true` or `false` of states, whatever the case. The
//! matcher reads the table for itself; what is wrong in it is its problem, and an unreadable one is not checked here.

use std::collections::{BTreeMap, BTreeSet};

use super::shipped::Shipped;
use crate::core::iso3::Iso3;

const TABLE: &str = "states/member_states.csv";

/// The rosters and the states on them.
#[derive(Debug, Default)]
pub(super) struct Rosters(BTreeMap<String, BTreeSet<Iso3>>);

impl Rosters {
    pub(super) fn load(shipped: &Shipped) -> Self {
        let text = shipped.text(TABLE).ok().flatten();
        text.and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let headers = table.headers().ok()?.clone();
        let code = headers.iter().position(|name| name.trim() == "iso3")?;
        let is = |value: &str, word: &str| value.trim().eq_ignore_ascii_case(word);
        let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().ok()?;
        let mut rosters = BTreeMap::new();
        for (column, name) in headers.iter().enumerate() {
            let values = || rows.iter().filter_map(|row| row.get(column));
            if !values().any(|value| is(value, "true") || is(value, "false")) {
                continue;
            }
            let on_it = rows.iter().filter(|row| row.get(column).is_some_and(|value| is(value, "true")));
            let states = on_it.filter_map(|row| row.get(code)?.parse().ok()).collect();
            rosters.insert(name.trim().to_owned(), states);
        }
        Some(Self(rosters))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A roster as the table names it, whatever the case it is asked for in.
    pub(super) fn named(&self, roster: &str) -> Option<&str> {
        self.names().find(|name| name.eq_ignore_ascii_case(roster.trim()))
    }

    pub(super) fn holds(&self, roster: &str, state: Iso3) -> bool {
        self.0.get(roster).is_some_and(|states| states.contains(&state))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
