//! Why a program was not told what it asked for: a problem as RFC 9457 has it.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The media type.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The answer: what the status means, and a sentence.
pub(in crate::web) fn answer(status: StatusCode, said: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let problem = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": said});
    let mut answer = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], problem.to_string() + "\n").into_response();
    let more = match status {
        StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer realm=\"docket\"")),
        StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "5")),
        _ => None,
    };
    if let Some((name, value)) = more {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// The same for an answer that somebody else has made who does not know who asks: the router, or what takes a request apart.
pub(in crate::web) fn instead_of(answer: Response) -> Response {
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !(status.is_client_error() || status.is_server_error()) || kind == Some(MEDIA_TYPE) {
        return answer;
    }
    let said = match status {
        StatusCode::FORBIDDEN => {
            "These addresses answer only under the name of this machine, or the one that is configured."
        }
        StatusCode::METHOD_NOT_ALLOWED => "This is only read: ask for it by GET or HEAD.",
        StatusCode::NOT_FOUND => "Nothing stands at this address. /api/v1/openapi.json lists what there is.",
        _ => "The request could not be understood.",
    };
    let mut problem = self::answer(status, said);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        problem.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    problem
}
