//! What probes are told: `/healthz`, whether the program is alive, and `/readyz`, whether it does its work.
//!
//! Promises to answer while the database is away, as plain text or, where it is asked for, as JSON.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{app::App, asked::Asked};
use crate::watch::Health;

/// `/healthz`: whoever answers is alive.
pub(super) async fn healthz(State(app): State<Arc<App>>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    answer(StatusCode::OK, &app.desk.health(), &headers, &asked)
}

/// `/readyz`: 503, with the reasons, while mailboxes are not read, letters do not leave, or nothing can be committed.
pub(super) async fn readyz(State(app): State<Arc<App>>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let health = app.desk.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(status, &health, &headers, &asked)
}

fn answer(status: StatusCode, health: &Health, headers: &HeaderMap, asked: &Asked) -> Response {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wants_json = match asked.get("format") {
        Some(format) => format == "json",
        None => accepts.into_iter().any(|value| value.contains("application/json")),
    };
    match serde_json::to_string(health) {
        Ok(json) if wants_json => (status, [(header::CONTENT_TYPE, "application/json")], json + "\n").into_response(),
        _ => (status, health.in_words()).into_response(),
    }
}
