//! What probes are told: `/healthz`, whether the program is alive, and `/readyz`, whether it does its work.
//!
//! Promises to answer while the database is away, as plain text or, where it is asked for, as JSON.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::app::{Asked, Desk, asked};
use crate::watch::Health;

/// `/healthz`: whoever answers is alive.
pub(super) async fn healthz(State(desk): State<Arc<Desk>>, headers: HeaderMap, query: Asked) -> Response {
    answer(StatusCode::OK, &desk.pages.health(), &headers, &query)
}

/// `/readyz`: 503, with the reasons, while mailboxes are not read, letters do not leave, or nothing can be committed.
pub(super) async fn readyz(State(desk): State<Arc<Desk>>, headers: HeaderMap, query: Asked) -> Response {
    let health = desk.pages.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer(status, &health, &headers, &query)
}

fn answer(status: StatusCode, health: &Health, headers: &HeaderMap, query: &Asked) -> Response {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wants_json = match asked(query, "format") {
        Some(format) => format == "json",
        None => accepts.into_iter().any(|value| value.contains("application/json")),
    };
    match serde_json::to_string(health) {
        Ok(json) if wants_json => (status, [(header::CONTENT_TYPE, "application/json")], json + "\n").into_response(),
        _ => (status, health.in_words()).into_response(),
    }
}
