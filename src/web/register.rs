//! The register, one state, and the queue: who has sent what, and what waits for a person.
//!
//! Promises that the word for a status always stands beside its shape and colour, and that a roster without a map, or
//! with places outside its fourteen rows and columns, is shown as a board by status.

use serde::Serialize;

use super::{
    asked::Asked,
    filters,
    no_page::NoPage,
    plot::{self, Plot},
    site::Site,
};
use crate::desk::view::{CallRegister, Frame, StateLine, StatePage, Status};

/// What is missing stands first, as on the map: it shows as holes.
const ORDER: [Status; 5] = [Status::Nothing, Status::PossiblyReceived, Status::OnTime, Status::Corrected, Status::Late];
/// The map has as many rows and columns as the style sheet has places.
const PLACES: u8 = 14;

#[derive(Serialize)]
struct RegisterPage<'a> {
    register: &'a CallRegister,
    received: usize,
    total: usize,
    bar: Vec<Share>,
    left: TimeLeft,
    groups: Vec<Group<'a>>,
    /// The states in the order of the map, row by row; empty for a board.
    tiles: Vec<&'a StateLine>,
    has_ocean: bool,
    rows: Vec<&'a StateLine>,
    only: Option<Status>,
    plot: Option<Plot>,
}

/// The states of one status.
#[derive(Serialize)]
struct Group<'a> {
    status: Status,
    states: Vec<&'a StateLine>,
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
}

#[derive(Serialize)]
struct Queue<'a> {
    register: &'a CallRegister,
}

impl Site {
    /// The register of a call.
    ///
    /// # Errors
    /// It is asked for by a status that there is not, or a template fails.
    pub fn register(&self, frame: &Frame, register: &CallRegister, asked: &Asked) -> Result<String, NoPage> {
        let only = match asked.get("status") {
            None => None,
            Some(key) => Some(ORDER.into_iter().find(|s| filters::status_key(*s) == key).ok_or_else(|| {
                NoPage::Wrong("No status is called so. The legend on the register shows those there are.".to_owned())
            })?),
        };
        let states = &register.states;
        let groups =
            ORDER.map(|status| Group { status, states: states.iter().filter(|s| s.status == status).collect() });
        let has_map =
            states.iter().all(|s| s.tile.is_some_and(|(r, c)| (1..=PLACES).contains(&r) && (1..=PLACES).contains(&c)));
        let mut tiles: Vec<&StateLine> = if has_map { states.iter().collect() } else { Vec::new() };
        tiles.sort_by_key(|s| s.tile);
        let page = RegisterPage {
            received: states.iter().filter(|s| filters::is_in(s.status)).count(),
            total: states.len(),
            bar: bar(&groups),
            left: left(register),
            tiles,
            has_ocean: states.iter().all(|s| s.tile.is_none_or(|(_, column)| column != 2)),
            rows: states.iter().filter(|s| only.is_none_or(|status| s.status == status)).collect(),
            only,
            plot: plot::of(register),
            groups: groups.into(),
            register,
        };
        self.render("register.html", "register", Some(frame), page)
    }

    /// One state.
    ///
    /// # Errors
    /// A template fails.
    pub fn state(&self, frame: &Frame, state: &StatePage) -> Result<String, NoPage> {
        self.render("state.html", "", Some(frame), OneState { state })
    }

    /// What waits for a person.
    ///
    /// # Errors
    /// A template fails.
    pub fn queue(&self, frame: &Frame, register: &CallRegister) -> Result<String, NoPage> {
        self.render("decide.html", "decide", Some(frame), Queue { register })
    }
}

/// What is in comes first, what is missing last; a small gap between the pieces.
fn bar(groups: &[Group<'_>]) -> Vec<Share> {
    let mut start = 0;
    let mut shares = Vec::new();
    for status in [Status::OnTime, Status::Corrected, Status::Late, Status::PossiblyReceived, Status::Nothing] {
        let width = groups.iter().find(|g| g.status == status).map_or(0, |g| g.states.len());
        if width > 0 {
            shares.push(Share {
                key: filters::status_key(status),
                start: format!("{start}.15"),
                width: format!("{}.7", width - 1),
            });
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
