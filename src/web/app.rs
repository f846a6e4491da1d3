//! From a request to the desk, and from what the desk has to a page.
//!
//! Where no call is asked for by its code, the first of the configuration is meant.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, State},
    http::Uri,
    response::Response,
};

use super::{
    answer::Answer,
    around::Around,
    as_of,
    asked::{Asked, InPath, in_path},
    may::May,
    no_page::NoPage,
    programs::counted::Counted,
    pulse::LastPulse,
    site::Site,
    visitor::Visitor,
};
use crate::{
    core::{iso3::Iso3, text::language::Language},
    desk::{Desk, NoPlace},
    oidc::Issuer,
};

/// What every handler works with.
pub(super) struct App {
    pub(super) site: Site,
    pub(super) desk: Arc<Desk>,
    /// What the forms of a training ground are tied to.
    pub(super) key: String,
    pub(super) pulse: LastPulse,
    /// The requests since the program started.
    pub(super) counted: Counted,
    /// Where people log in who have an account at an issuer.
    pub(super) issuer: Option<Issuer>,
    may: BTreeMap<(&'static str, bool), May>,
}

/// What a handler is handed over of a request.
type Request = (Extension<Visitor>, Uri, Query<Asked>);

/// `/`
pub(super) async fn register(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, Query(asked)): Request,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.register(&asked, &visitor).await)
}

/// `/state/{iso3}`
pub(super) async fn state(
    State(app): State<Arc<App>>,
    iso3: InPath,
    (Extension(visitor), uri, Query(asked)): Request,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.state(iso3, &asked, &visitor).await)
}

/// `/decide`
pub(super) async fn queue(State(app): State<Arc<App>>, (Extension(visitor), uri, Query(asked)): Request) -> Response {
    app.site.answer(uri.path(), &visitor, app.queue(&asked, &visitor).await)
}

/// `/entry/{reference}`, where the reference may be an item's and hold a slash.
pub(super) async fn entry(
    State(app): State<Arc<App>>,
    reference: InPath,
    (Extension(visitor), uri, Query(asked)): Request,
) -> Response {
    app.site.answer(uri.path(), &visitor, app.entry(reference, &asked, &visitor).await)
}

/// What is at no address.
pub(super) async fn nothing_here(State(app): State<Arc<App>>, uri: Uri) -> Response {
    app.site.answer::<Answer>(uri.path(), &Visitor::default(), Err(NoPage::nothing_here()))
}

fn no_place(text: &str, NoPlace: NoPlace) -> NoPage {
    let shown: String = text.chars().take(40).collect();
    NoPage::Wrong(format!("“{shown}” is no place in the queue. Begin with its first page."))
}

/// 256 random bits as text; none where the system gives no randomness.
pub(super) fn random() -> Option<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).ok().map(|()| hex::encode(bytes))
}

impl App {
    /// `may` says who may ask for each address, or send to it.
    pub(super) fn new(site: Site, desk: Arc<Desk>, may: BTreeMap<(&'static str, bool), May>) -> Self {
        let (pulse, counted) = (LastPulse::default(), Counted::default());
        let issuer = site.doors.oidc.as_deref().cloned().map(Issuer::new);
        Self { site, desk, key: random().unwrap_or_default(), pulse, counted, issuer, may }
    }

    /// Who may ask for an address of the table, or send to it; none where that is not done there.
    pub(super) fn may(&self, path: &str, sends: bool) -> Option<May> {
        self.may.iter().find(|((known, sent), _)| *known == path && *sent == sends).map(|(_, may)| *may)
    }

    async fn register(&self, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let (frame, view) = (&around.frame, as_of::view(asked, &around.frame.zone)?);
        let register = self.desk.register_page(Some(&frame.call), view).await?;
        let register = register.ok_or_else(|| NoPage::no_call(Some(&frame.call)))?;
        self.site.register(&around, &register, asked)
    }

    async fn state(&self, iso3: InPath, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let iso3: Iso3 = in_path(iso3)?.parse().map_err(|error| NoPage::Missing(format!("{error}.")))?;
        let state = self.desk.state(Some(&around.frame.call), iso3).await?;
        self.site.state(&around, &state.ok_or_else(|| NoPage::no_state(iso3))?)
    }

    async fn queue(&self, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let after = asked.get("after").map(|text| text.parse().map_err(|error| no_place(text, error))).transpose()?;
        let mine = visitor.person.as_ref().filter(|_| asked.get("mine").is_some()).map(|person| person.name.as_str());
        let queue = self.desk.queue(&around.frame.call, mine, after, Language::En).await?;
        self.site.queue(&around, &queue, mine.is_some())
    }

    async fn entry(&self, reference: InPath, asked: &Asked, visitor: &Visitor) -> Result<String, NoPage> {
        let around = self.around(asked, visitor).await?;
        let reference = in_path(reference)?;
        let entry = self.desk.entry(&reference).await?.ok_or_else(|| NoPage::no_entry(&reference))?;
        self.looked_at(visitor, &entry.number);
        self.site.entry(&around, &entry)
    }

    /// Has it written down behind the answer that a person looked at an entry.
    pub(super) fn looked_at(&self, visitor: &Visitor, entry: &str) {
        let Some(person) = visitor.person.clone() else { return };
        let (desk, entry) = (Arc::clone(&self.desk), entry.to_owned());
        tokio::spawn(async move {
            if let Err(error) = desk.looked_at(&person, &entry).await {
                tracing::warn!("that somebody looked at {entry} could not be written down: {error}");
            }
        });
    }

    /// What stands around the page: the frame of the call that is asked for, and who asks.
    pub(super) async fn around(&self, asked: &Asked, visitor: &Visitor) -> Result<Around, NoPage> {
        asked.can_be_looked_for()?;
        let call = asked.get("call");
        let frame = self.desk.frame(call).await?.ok_or_else(|| NoPage::no_call(call))?;
        Ok(Around { frame, visitor: visitor.clone() })
    }
}
