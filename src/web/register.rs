//! The register, one state, and the queue: who has sent what, and what waits for a person.
//!
//! Promises that the word for a status always stands beside its shape and colour, and that a roster without a map, or
//! with places outside its fourteen rows and columns, is shown as a board by status.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    around::Around,
    asked::Asked,
    filters,
    group::{Group, Shown},
    no_page::NoPage,
    plot::{self, Plot},
    site::Site,
};
use crate::{
    core::text::percent,
    desk::{
        Queue, ToDecide,
        view::{CallRegister, RegisterLine, StatePage},
    },
};

/// The map has as many rows and columns as the style sheet has places.
const PLACES: u8 = 14;

#[derive(Serialize)]
struct RegisterPage<'a> {
    register: &'a CallRegister,
    total: usize,
    bar: Vec<Share>,
    left: TimeLeft,
    groups: Vec<States<'a>>,
    /// The states in the order of the map, row by row; empty for a board.
    tiles: Vec<Shown<'a>>,
    has_ocean: bool,
    rows: Vec<Shown<'a>>,
    only: Option<&'static str>,
    /// The day and the hour as of which it is shown, as fields hold them.
    as_of_day: Option<String>,
    as_of_hour: Option<String>,
    /// The same for an address, with the call.
    kept: String,
    plot: Option<Plot>,
}

/// The states that are shown alike.
#[derive(Serialize)]
struct States<'a> {
    key: &'static str,
    words: &'static str,
    lines: Vec<Shown<'a>>,
}

/// A piece of the bar, in states.
#[derive(Serialize)]
struct Share {
    key: &'static str,
    start: String,
    width: String,
}

/// The time to the deadline, or since.
#[derive(Serialize)]
struct TimeLeft {
    before: &'static str,
    span: String,
    after: &'static str,
}

#[derive(Serialize)]
struct OneState<'a> {
    state: &'a StatePage,
    line: Shown<'a>,
}

#[derive(Serialize)]
struct QueueShown<'a> {
    /// The cases of the page; what is left for later stands behind the others.
    waiting: &'a [ToDecide],
    in_all: usize,
    /// Only what the visitor is in charge of.
    mine: bool,
    later: usize,
    /// The first and the last of the page, counted from 1.
    from: usize,
    to: usize,
    first: bool,
    /// Behind which place the page before begins, and the next.
    previous: Option<String>,
    next: Option<String>,
}

impl Site {
    /// The register of a call.
    ///
    /// # Errors
    /// It is asked for by a status that there is not, or a template fails.
    pub fn register(&self, around: &Around, register: &CallRegister, asked: &Asked) -> Result<String, NoPage> {
        let only = match asked.get("status") {
            None => None,
            Some(key) => Some(Group::ALL.into_iter().find(|group| group.key() == key).ok_or_else(|| {
                NoPage::Wrong("No status is called so. The legend on the register shows those there are.".to_owned())
            })?),
        };
        let as_of = |form: &str| {
            let zone = TimeZone::get(&register.zone).unwrap_or(TimeZone::UTC);
            register.as_of.map(|at| at.to_zoned_datetime(zone).strftime(form).to_string())
        };
        let (states, places) = (&register.states, &register.tiles);
        let of = |group: Group| states.iter().filter(move |line| Group::of(line) == group);
        let count = |group: Group| of(group).count();
        let shown = |group: &Group| group.is_usual() || count(*group) > 0;
        let groups = Group::ALL.into_iter().filter(shown);
        let groups = groups.map(|group| States {
            key: group.key(),
            words: group.words(),
            lines: of(group).map(Shown::of).collect(),
        });
        let on_map = |(row, column)| (1..=PLACES).contains(&row) && (1..=PLACES).contains(&column);
        let has_map = states.iter().all(|line| places.get(&line.iso3).is_some_and(|place| on_map(*place)));
        let mut tiles: Vec<&RegisterLine> = if has_map { states.iter().collect() } else { Vec::new() };
        tiles.sort_by_key(|line| places.get(&line.iso3));
        let rows = states.iter().filter(|line| only.is_none_or(|group| Group::of(line) == group));
        let page = RegisterPage {
            total: states.len(),
            bar: bar(&count),
            left: left(register),
            tiles: tiles.into_iter().map(Shown::of).collect(),
            has_ocean: places.values().all(|(_, column)| *column != 2),
            rows: rows.map(Shown::of).collect(),
            only: only.map(Group::words),
            as_of_day: as_of("%Y-%m-%d"),
            as_of_hour: as_of("%H:%M"),
            kept: kept(asked),
            plot: plot::of(register),
            groups: groups.collect(),
            register,
        };
        self.render("register.html", "register", Some(&around.frame), &around.visitor, page)
    }

    /// One state.
    ///
    /// # Errors
    /// A template fails.
    pub fn state(&self, around: &Around, state: &StatePage) -> Result<String, NoPage> {
        self.render(
            "state.html",
            "",
            Some(&around.frame),
            &around.visitor,
            OneState { state, line: Shown::of(&state.line) },
        )
    }

    /// What waits for a person.
    ///
    /// # Errors
    /// A template fails.
    pub fn queue(&self, around: &Around, queue: &Queue, mine: bool) -> Result<String, NoPage> {
        let page = QueueShown {
            waiting: &queue.cases,
            in_all: queue.in_all,
            mine,
            later: queue.later,
            from: queue.before + 1,
            to: queue.before + queue.cases.len(),
            first: queue.before == 0,
            previous: queue.previous.map(|place| place.as_ref().map(ToString::to_string).unwrap_or_default()),
            next: queue.next.as_ref().map(ToString::to_string),
        };
        self.render("decide.html", "decide", Some(&around.frame), &around.visitor, page)
    }
}

/// The call and the time that were asked for, for another address.
fn kept(asked: &Asked) -> String {
    let kept = ["call", "as-of", "at", "known-at"]
        .into_iter()
        .filter_map(|name| asked.get(name).map(|value| format!("{name}={}", percent::encoded(value))));
    kept.collect::<Vec<_>>().join("&")
}

/// What is in comes first, what is missing last; a small gap between the pieces.
fn bar(count: &dyn Fn(Group) -> usize) -> Vec<Share> {
    let mut start = 0;
    let mut shares = Vec::new();
    for group in Group::ON_THE_BAR {
        let width = count(group);
        if width > 0 {
            shares.push(Share { key: group.key(), start: format!("{start}.15"), width: format!("{}.7", width - 1) });
        }
        start += width;
    }
    shares
}

fn left(register: &CallRegister) -> TimeLeft {
    if register.now < register.deadline {
        TimeLeft { before: "", span: filters::span(register.deadline.duration_since(register.now)), after: "left" }
    } else {
        let since = register.now.duration_since(register.deadline);
        let days = since.as_secs() / 86_400;
        let span = if days > 0 { format!("{days} d") } else { filters::span(since) };
        TimeLeft { before: "closed", span, after: "ago" }
    }
}
