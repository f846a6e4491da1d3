//! Tokens as mail servers want to see them: XOAUTH2, and OAUTHBEARER (RFC 7628).
//!
//! Promises the exact bytes of both, and that what a server says of a token it refuses becomes a sentence that holds no
//! secret. Base64 and the lines around it are the callers'.

use serde::Deserialize;

use super::header::base64;
use crate::core::text;

/// As few characters of a secret in a row are not repeated: words are cut, and a token may be cut with them.
const PIECE: usize = 8;

/// How a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// By the standard.
    OauthBearer,
    /// As Google and Microsoft had it before.
    XOauth2,
}

/// What a server says of a token that it refuses.
#[derive(Deserialize)]
struct Complaint {
    status: String,
}

impl Bearer {
    /// The way that a server offers; the standard's, where it offers both.
    #[must_use]
    pub fn offered(offers: impl Fn(&str) -> bool) -> Option<Self> {
        [Self::OauthBearer, Self::XOauth2].into_iter().find(|bearer| offers(bearer.name()))
    }

    /// Its name in the protocols.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OauthBearer => "OAUTHBEARER",
            Self::XOauth2 => "XOAUTH2",
        }
    }

    /// What the client says, before base64.
    #[must_use]
    pub fn says(self, user: &str, host: &str, port: u16, token: &str) -> String {
        match self {
            Self::XOauth2 => format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"),
            Self::OauthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}")
            }
        }
    }

    /// What the client must answer to the server's complaint before it hears that it was refused, as base64.
    #[must_use]
    pub fn gives_up(self) -> &'static str {
        match self {
            Self::OauthBearer => "AQ==",
            Self::XOauth2 => "",
        }
    }
}

/// The status in a complaint that came as base64; `None` where there is none.
#[must_use]
pub fn complaint(base64: &str) -> Option<String> {
    let complaint: Complaint = serde_json::from_slice(&base64::decode(base64.as_bytes())).ok()?;
    Some(text::line(&complaint.status, 60)).filter(|status| !status.is_empty())
}

/// A server's words without the secrets, and the pieces of them, that it may have repeated.
#[must_use]
pub fn without(words: &str, secrets: &[&str]) -> String {
    let words: Vec<char> = words.chars().collect();
    let mut hidden = vec![false; words.len()];
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let secret: Vec<char> = secret.chars().collect();
        let piece = secret.len().min(PIECE);
        for (at, said) in words.windows(piece).enumerate() {
            if secret.windows(piece).any(|piece| piece == said) {
                hidden[at..at + piece].fill(true);
            }
        }
    }
    let mut shown = String::new();
    for (at, word) in words.into_iter().enumerate() {
        match (hidden[at], at > 0 && hidden[at - 1]) {
            (false, _) => shown.push(word),
            (true, false) => shown.push('…'),
            (true, true) => {}
        }
    }
    shown
}
