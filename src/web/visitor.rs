//! Who asks for a page, and the token that the forms of the page carry.
//!
//! The token is the secret of the session under a key of its own, behind a fresh pad in each answer, so that what is
//! compressed beside a stranger's text says nothing of it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use crate::{core::role::Role, desk::Person};

/// Bytes of a token, and of its pad.
const TOKEN: usize = 32;

/// Who asks, and what the pages may offer.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The person; none of whoever is not logged in.
    pub person: Option<Person>,
    /// Nobody has an account yet: the pages can be read on this machine, and no more.
    pub open: bool,
    /// It is the training ground of a demo.
    pub training: bool,
    /// The person comes by a token for scripts, which no browser brings along by itself: no form has to carry ours.
    pub(super) by_token: bool,
    /// What the token of the forms is made of; empty where there are no forms.
    pub(super) key: String,
}

impl Visitor {
    /// Whether the person may do what that role may.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.person.as_ref().is_some_and(|person| person.role >= role)
    }

    /// A token for the forms of one answer.
    pub(super) fn token(&self) -> String {
        let mut pad = [0_u8; TOKEN];
        // Without randomness there is no token, and nothing can be sent.
        if self.key.is_empty() || getrandom::fill(&mut pad).is_err() {
            return String::new();
        }
        let masked: Vec<u8> = bare(&self.key).iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect();
        hex::encode(pad) + &hex::encode(masked)
    }

    /// Whether a form carries a token of this visitor.
    pub(super) fn knows(&self, token: &str) -> bool {
        let Ok(bytes) = hex::decode(token) else { return false };
        let Some((pad, masked)) = bytes.split_at_checked(TOKEN) else { return false };
        let unmasked: Vec<u8> = masked.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect();
        !self.key.is_empty() && mac(&self.key).verify_slice(&unmasked).is_ok()
    }

    /// The same for the templates.
    pub(super) fn me(&self) -> Me<'_> {
        Me {
            name: self.person.as_ref().map(|person| person.name.as_str()),
            role: self.person.as_ref().map(|person| person.role.word()),
            decides: self.may(Role::Officer),
            administers: self.may(Role::Administrator),
            has_account: self.person.as_ref().is_some_and(|person| person.account.is_some()),
            training: self.training,
            open: self.open,
            token: self.token(),
        }
    }
}

/// The visitor as the templates see it.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a page may offer")]
pub(super) struct Me<'a> {
    name: Option<&'a str>,
    role: Option<&'static str>,
    decides: bool,
    administers: bool,
    has_account: bool,
    training: bool,
    open: bool,
    token: String,
}

fn mac(key: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"form");
    mac
}

fn bare(key: &str) -> [u8; TOKEN] {
    mac(key).finalize().into_bytes().into()
}
