//! The answers under `/api/v1`: what the commands print with `--json`, from the same desk.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use serde::Serialize;

use super::{
    operations::{PAGE, parameters},
    parameter::{checked, language, number},
};
use crate::{
    core::iso3::Iso3,
    desk::{
        CallOnRecord, LetterRecord, LetterRecords, LettersThat, ToDecide,
        view::{Entry, LogFilter, LogLine, LogPage, RegisterQuery, StatePage},
    },
    export::{RegisterInJson, RegisterTotal},
    web::{
        app::App,
        as_of,
        asked::{Asked, InPath, in_path},
        narrowed::Narrowed,
        no_page::NoPage,
        visitor::Visitor,
    },
};

/// What a handler is handed over of a request.
type Request = (Extension<Visitor>, Uri, HeaderMap, Query<Asked>);

#[derive(Serialize)]
struct Log {
    lines: Vec<LogLine>,
    next: Option<String>,
    newer: Option<String>,
    looked_through: Option<u64>,
    behind: u64,
}

#[derive(Serialize)]
struct Waiting {
    waiting: Vec<ToDecide>,
}

#[derive(Serialize)]
struct Calls {
    calls: Vec<CallOnRecord>,
}

/// GET `/api/v1/register`
pub(in crate::web) async fn register(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    let to = (uri.path(), &headers, &visitor);
    let query = match app.register_query(&asked) {
        Ok(query) => query,
        Err(trouble) => return app.told::<()>(to, Err(trouble)),
    };
    let register = match app.desk.register(&query).await {
        Ok(Some(register)) => register,
        Ok(None) => return app.told::<()>(to, Err(NoPage::no_call(query.call.as_deref()))),
        Err(error) => return app.told::<()>(to, Err(error.into())),
    };
    let whole = RegisterInJson { states: register.lines.iter().collect(), total: RegisterTotal::from(&register) };
    app.told(to, Ok(whole))
}

/// GET `/api/v1/state/{iso3}`
pub(in crate::web) async fn state(
    State(app): State<Arc<App>>,
    iso3: InPath,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.state_told(iso3, &asked).await)
}

/// GET `/api/v1/log`
pub(in crate::web) async fn log(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.log_told(&asked).await)
}

/// GET `/api/v1/entry/{reference}`, where the reference may be an item's and hold a slash.
pub(in crate::web) async fn entry(
    State(app): State<Arc<App>>,
    reference: InPath,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    let found = app.entry_told(reference, &asked).await;
    if let Ok(entry) = &found {
        app.looked_at(&visitor, &entry.number);
    }
    app.told((uri.path(), &headers, &visitor), found)
}

/// GET `/api/v1/waiting`
pub(in crate::web) async fn waiting(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.waiting_told(&asked).await)
}

/// GET `/api/v1/letters`
pub(in crate::web) async fn letters(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.letters_told(&asked).await)
}

/// GET `/api/v1/letters/{id}`
pub(in crate::web) async fn letter(
    State(app): State<Arc<App>>,
    id: InPath,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.letter_told(id, &asked).await)
}

/// GET `/api/v1/calls`
pub(in crate::web) async fn calls(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers, Query(asked)): Request,
) -> Response {
    app.told((uri.path(), &headers, &visitor), app.calls_told(&asked).await)
}

impl App {
    fn register_query(&self, asked: &Asked) -> Result<RegisterQuery, NoPage> {
        checked(asked, &parameters("/api/v1/register"))?;
        let (call, zone) = self.call_asked_for(asked)?;
        if asked.get("at").is_some() && asked.get("as-of").is_none() {
            return Err(NoPage::Wrong("at is the hour of a day: write as-of, too.".to_owned()));
        }
        Ok(RegisterQuery { call: Some(call), view: as_of::view(asked, &zone)?, language: language(asked) })
    }

    async fn state_told(&self, iso3: InPath, asked: &Asked) -> Result<StatePage, NoPage> {
        checked(asked, &parameters("/api/v1/state/{iso3}"))?;
        let (call, _) = self.call_asked_for(asked)?;
        let iso3: Iso3 = in_path(iso3)?.parse().map_err(|error| NoPage::Missing(format!("{error}.")))?;
        self.desk.state(Some(&call), iso3).await?.ok_or_else(|| NoPage::no_state(iso3))
    }

    async fn log_told(&self, asked: &Asked) -> Result<Log, NoPage> {
        checked(asked, &parameters("/api/v1/log"))?;
        let (call, zone) = self.call_asked_for(asked)?;
        let narrowed = Narrowed::by(asked, &zone);
        if let Some(wrong) = narrowed.refused() {
            return Err(NoPage::Wrong(wrong));
        }
        let limit = number(asked, "limit").unwrap_or(PAGE);
        let page = self.desk.log_page(&LogFilter { limit, ..narrowed.in_call(&call) }).await?;
        let LogPage { lines, next, newer, looked_through, behind, states: _ } = page;
        Ok(Log { lines, next, newer, looked_through, behind })
    }

    async fn entry_told(&self, reference: InPath, asked: &Asked) -> Result<Entry, NoPage> {
        checked(asked, &parameters("/api/v1/entry/{*reference}"))?;
        let reference = in_path(reference)?;
        self.desk.entry_in(&reference, language(asked)).await?.ok_or_else(|| NoPage::no_entry(&reference))
    }

    async fn waiting_told(&self, asked: &Asked) -> Result<Waiting, NoPage> {
        checked(asked, &parameters("/api/v1/waiting"))?;
        self.call_asked_for(asked)?;
        Ok(Waiting { waiting: self.desk.waiting(asked.get("call"), language(asked)).await? })
    }

    async fn letters_told(&self, asked: &Asked) -> Result<LetterRecords, NoPage> {
        checked(asked, &parameters("/api/v1/letters"))?;
        let that = asked.get("state").and_then(|word| LettersThat::ALL.into_iter().find(|that| that.word() == word));
        let limit = number(asked, "limit").unwrap_or(PAGE);
        Ok(self.desk.letter_records(that, number(asked, "before"), limit).await?)
    }

    async fn letter_told(&self, id: InPath, asked: &Asked) -> Result<LetterRecord, NoPage> {
        checked(asked, &parameters("/api/v1/letters/{id}"))?;
        let id = in_path(id)?;
        let none = || NoPage::Missing("There is no such letter.".to_owned());
        self.desk.letter_record(id.parse().map_err(|_| none())?).await?.ok_or_else(none)
    }

    async fn calls_told(&self, asked: &Asked) -> Result<Calls, NoPage> {
        checked(asked, &parameters("/api/v1/calls"))?;
        let call = asked.get("call");
        let calls = self.desk.calls_on_record(call).await?.ok_or_else(|| no_such_call(call.unwrap_or_default()))?;
        Ok(Calls { calls })
    }

    /// The code of the call that is asked for, and its zone.
    fn call_asked_for(&self, asked: &Asked) -> Result<(String, String), NoPage> {
        let call = asked.get("call");
        let Some(open) = self.desk.instance().call(call) else {
            return Err(call.map_or_else(|| NoPage::no_call(None), no_such_call));
        };
        Ok((open.call.code.clone(), open.deadline.zone.clone()))
    }
}

/// A call that is none makes no sense behind a question mark, where in the pages it is one that is not there.
fn no_such_call(code: &str) -> NoPage {
    NoPage::Wrong(NoPage::no_call(Some(code)).to_string() + " /api/v1/calls lists them.")
}
