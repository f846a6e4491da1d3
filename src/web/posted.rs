//! What a form sent: read once, by the guard, with a limit.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, header},
};

use super::{asked::Asked, no_page::NoPage};

/// The bytes that a form sends at most.
const LIMIT: usize = 256 << 10;

/// The fields of a form, whose token and origin were found right.
#[derive(Clone, Debug, Default)]
pub(super) struct Posted(pub(super) Asked);

/// Reads what a form sent.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Posted, NoPage> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    {
        return Err(NoPage::Wrong("Only the forms of these pages can be sent here.".to_owned()));
    }
    let Ok(bytes) = to_bytes(body, LIMIT).await else {
        return Err(NoPage::TooLarge("A form can hold 256 KB. Nothing was done.".to_owned()));
    };
    let asked = Asked::of_form(&bytes)?;
    asked.can_be_looked_for()?;
    Ok(Posted(asked))
}
