//! The board of the night of the deadline, in large type for a wall.
//!
//! Promises to need no script: the answer asks to be loaded again each minute, and the page has a link that does so.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderName, HeaderValue, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    app::App,
    around::Around,
    asked::Asked,
    filters,
    group::{Group, Shown},
    no_page::NoPage,
    site::Site,
    visitor::Visitor,
};
use crate::{
    core::calls::status::Status,
    desk::{Arrived, Board, view::RegisterLine},
};

/// How often the board asks to be loaded again, in seconds.
const AGAIN: HeaderValue = HeaderValue::from_static("60");

#[derive(Serialize)]
struct BoardPage<'a> {
    board: &'a Board,
    /// To the deadline, or since: “47 min”.
    span: String,
    total: usize,
    hour: Vec<OnBoard<'a>>,
    after: Vec<OnBoard<'a>>,
    nothing: Vec<Shown<'a>>,
    otherwise: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct OnBoard<'a> {
    #[serde(flatten)]
    arrived: &'a Arrived,
    key: &'static str,
    stands: &'static str,
}

/// GET `/tonight`
pub(super) async fn tonight(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    let mut answer = app.site.answer(uri.path(), &visitor, app.tonight(&asked, &visitor).await);
    if answer.status().is_success() {
        answer.headers_mut().insert(HeaderName::from_static("refresh"), AGAIN);
    }
    answer
}

impl App {
    async fn tonight(&self, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let board = self.desk.board(Some(&around.frame.call)).await?;
        self.site.tonight(&around, &board.ok_or_else(|| NoPage::no_call(Some(&around.frame.call)))?)
    }
}

impl Site {
    fn tonight(&self, around: &Around, board: &Board) -> Result<String, NoPage> {
        let register = &board.register;
        let lines = |wanted: fn(&RegisterLine) -> bool| -> Vec<Shown<'_>> {
            register.states.iter().filter(|line| wanted(line)).map(Shown::of).collect()
        };
        let page = BoardPage {
            board,
            span: filters::span(if board.over {
                register.now.duration_since(register.deadline)
            } else {
                register.deadline.duration_since(register.now)
            }),
            total: register.states.len(),
            hour: on_board(&board.hour),
            after: on_board(&board.after),
            nothing: lines(|line| line.status == Status::NothingReceived),
            otherwise: lines(|line| !line.counts && line.status != Status::NothingReceived),
        };
        self.render("tonight.html", "tonight", Some(&around.frame), &around.visitor, page)
    }
}

fn on_board(arrived: &[Arrived]) -> Vec<OnBoard<'_>> {
    let shown = |arrived| -> OnBoard<'_> {
        let arrived: &Arrived = arrived;
        OnBoard { arrived, key: Group::of(&arrived.line).key(), stands: arrived.line.in_words() }
    };
    arrived.iter().map(shown).collect()
}
