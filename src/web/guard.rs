//! What holds for every answer, whichever page it is: who is let in, which methods there are, what browsers may do.
//!
//! Promises that a page of a stranger cannot read ours through a name that it points at this machine (the Host has to be
//! a loopback name or the address we listen on; the port is free, for tunnels), and that every answer carries the policy.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Lets a request through or answers it, and sets the headers that every answer carries.
pub(super) async fn guard(State(listen): State<SocketAddr>, request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let mut answer = if !is_ours(request.headers(), request.uri(), listen.ip()) {
        let said =
            "These pages answer only under the name of this machine. Open them at http://localhost, with the port.\n";
        (StatusCode::FORBIDDEN, said).into_response()
    } else if request.method() == Method::GET || request.method() == Method::HEAD {
        next.run(request).await
    } else {
        let said = "These pages can only be read. Decisions are taken with `docket decide` at the terminal.\n";
        (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], said).into_response()
    };
    tracing::debug!("{asked}: {}", answer.status());
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Whether the request names this machine, wherever it names one.
fn is_ours(headers: &HeaderMap, uri: &Uri, listen: IpAddr) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(host) = host.to_str() else { return false };
    let Ok(host) = host.parse::<axum::http::uri::Authority>() else { return false };
    names_us(host.host(), listen) && uri.host().is_none_or(|host| names_us(host, listen))
}

fn names_us(host: &str, listen: IpAddr) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || (address == listen && !listen.is_unspecified()),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
