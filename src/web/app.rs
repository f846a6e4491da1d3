//! From a request to the desk, and from what the desk has to a page.
//!
//! Where no call is asked for by its code, the first of the configuration is meant.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::Uri,
    response::Response,
};

use super::{
    asked::{Asked, InPath, in_path},
    log::Narrowed,
    no_page::NoPage,
    site::Site,
};
use crate::{
    core::iso3::Iso3,
    desk::{
        Desk,
        view::{CallRegister, Frame},
    },
};

/// What every handler works with.
pub(super) struct App {
    pub(super) site: Site,
    pub(super) desk: Arc<Desk>,
}

/// `/`
pub(super) async fn register(State(app): State<Arc<App>>, uri: Uri, Query(asked): Query<Asked>) -> Response {
    app.site.answer(uri.path(), app.register(&asked).await)
}

/// `/state/{iso3}`
pub(super) async fn state(State(app): State<Arc<App>>, uri: Uri, iso3: InPath, Query(asked): Query<Asked>) -> Response {
    app.site.answer(uri.path(), app.state(iso3, &asked).await)
}

/// `/decide`
pub(super) async fn decide(State(app): State<Arc<App>>, uri: Uri, Query(asked): Query<Asked>) -> Response {
    app.site.answer(uri.path(), app.decide(&asked).await)
}

/// `/log`
pub(super) async fn log(State(app): State<Arc<App>>, uri: Uri, Query(asked): Query<Asked>) -> Response {
    app.site.answer(uri.path(), app.log(&asked).await)
}

/// `/entry/{reference}`, where the reference may be an item's and hold a slash.
pub(super) async fn entry(
    State(app): State<Arc<App>>,
    uri: Uri,
    reference: InPath,
    Query(asked): Query<Asked>,
) -> Response {
    app.site.answer(uri.path(), app.entry(reference, &asked).await)
}

/// What is at no address.
pub(super) async fn nothing_here(State(app): State<Arc<App>>, uri: Uri) -> Response {
    app.site.answer(uri.path(), Err(NoPage::nothing_here()))
}

impl App {
    async fn register(&self, asked: &Asked) -> Result<String, NoPage> {
        let frame = self.frame(asked).await?;
        self.site.register(&frame, &self.register_of(&frame).await?, asked)
    }

    async fn state(&self, iso3: InPath, asked: &Asked) -> Result<String, NoPage> {
        let frame = self.frame(asked).await?;
        let iso3: Iso3 = in_path(iso3)?.parse().map_err(|error| NoPage::Missing(format!("{error}.")))?;
        let state = self.desk.state(Some(&frame.call), iso3).await?;
        self.site.state(&frame, &state.ok_or_else(|| NoPage::no_state(iso3))?)
    }

    async fn decide(&self, asked: &Asked) -> Result<String, NoPage> {
        let frame = self.frame(asked).await?;
        self.site.queue(&frame, &self.register_of(&frame).await?)
    }

    async fn log(&self, asked: &Asked) -> Result<String, NoPage> {
        let frame = self.frame(asked).await?;
        let narrowed = Narrowed::by(asked)?;
        self.site.log(&frame, &self.desk.log_page(&narrowed.filter(&frame)).await?, &narrowed)
    }

    async fn entry(&self, reference: InPath, asked: &Asked) -> Result<String, NoPage> {
        let frame = self.frame(asked).await?;
        let reference = in_path(reference)?;
        let entry = self.desk.entry(&reference).await?;
        self.site.entry(&frame, &entry.ok_or_else(|| NoPage::no_entry(&reference))?)
    }

    /// The frame of the call that is asked for.
    async fn frame(&self, asked: &Asked) -> Result<Frame, NoPage> {
        asked.can_be_looked_for()?;
        let call = asked.get("call");
        self.desk.frame(call).await?.ok_or_else(|| NoPage::no_call(call))
    }

    async fn register_of(&self, frame: &Frame) -> Result<CallRegister, NoPage> {
        self.desk.register_page(Some(&frame.call)).await?.ok_or_else(|| NoPage::no_call(Some(&frame.call)))
    }
}
