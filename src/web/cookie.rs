//! The cookies: the session of who is logged in, what the forms of the login are tied to, and a login that was begun at an
//! issuer.
//!
//! Promises that no script reads them, that no other site's form brings them along, and that under TLS no other host of the
//! domain can set them (the prefix `__Host-`).

use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// The secret of a session.
    Session,
    /// What the forms of whoever is not logged in are tied to.
    Visit,
    /// The secret of a login that was begun at an issuer.
    Attempt,
}

impl Cookie {
    fn name(self, secure: bool) -> String {
        let name = match self {
            Self::Session => "docket",
            Self::Visit => "docket-visit",
            Self::Attempt => "docket-attempt",
        };
        if secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// What a request brings of it.
    pub(super) fn of(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let name = self.name(secure);
        let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let found = all.flat_map(|value| value.split(';')).find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then(|| value.to_owned())
        });
        found.filter(|value| value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// Sets it, or ends it where there is nothing to set.
    pub(super) fn set(self, value: Option<&str>, secure: bool) -> HeaderValue {
        let attributes =
            if secure { "; Path=/; HttpOnly; SameSite=Lax; Secure" } else { "; Path=/; HttpOnly; SameSite=Lax" };
        let over = if value.is_none() { "; Max-Age=0" } else { "" };
        let cookie = format!("{}={}{attributes}{over}", self.name(secure), value.unwrap_or_default());
        HeaderValue::from_str(&cookie).expect("a cookie of ours is plain ASCII")
    }
}
