//! Packs pages and the sheet for the way, for browsers that take it so.
//!
//! Promises that only what we wrote ourselves is packed, never an original. A page shows what strangers wrote beside the
//! token of its forms; that token stands behind a fresh pad in each answer, so its length says nothing of it.

use std::io::Write as _;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

/// From how many bytes on it is worth it.
const SHORTEST: usize = 1024;

/// Packs an answer by gzip where that is asked for.
pub(super) async fn pack(request: Request, next: Next) -> Response {
    let asked = request.method() != Method::HEAD && takes_gzip(request.headers());
    let answer = next.run(request).await;
    if !is_text_of_ours(answer.headers()) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    head.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !asked {
        return Response::from_parts(head, body);
    }
    // Pages are made whole before they are answered with, so nothing is waited for here.
    let whole = match to_bytes(body, usize::MAX).await {
        Ok(whole) => whole,
        Err(error) => {
            tracing::error!("an answer of the pages ended while it was made: {error}");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let packed = if whole.len() < SHORTEST { None } else { packed(&whole) };
    let Some(packed) = packed else { return Response::from_parts(head, Body::from(whole)) };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(head, Body::from(packed))
}

fn packed(whole: &[u8]) -> Option<Vec<u8>> {
    let mut packing = GzEncoder::new(Vec::with_capacity(whole.len() / 4), Compression::default());
    packing.write_all(whole).ok()?;
    packing.finish().ok()
}

fn is_text_of_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let plain = !headers.contains_key(header::CONTENT_ENCODING) && !headers.contains_key(header::CONTENT_DISPOSITION);
    plain && (kind.starts_with("text/html") || kind.starts_with("text/css") || kind.starts_with("text/javascript"))
}

/// Whether a browser names gzip, and not with the weight of nothing.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.is_some_and(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        gzip && !refused
    })
}
