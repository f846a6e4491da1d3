//! The extensions that a mail server offers in its answer to EHLO.
//!
//! Promises to know those that a letter can need, and to pass over all others.

use super::wire::Reply;

/// What a server offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one extension of the protocol")]
pub(super) struct Offers {
    pub(super) start_tls: bool,
    pub(super) plain: bool,
    pub(super) login: bool,
    pub(super) oauthbearer: bool,
    pub(super) xoauth2: bool,
    pub(super) eight_bit: bool,
    pub(super) utf8: bool,
    pub(super) size: bool,
    pub(super) dsn: bool,
}

impl Offers {
    pub(super) fn of(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            // Some old servers write AUTH=PLAIN.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.start_tls = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("SIZE") => offers.size = true,
                Some("DSN") => offers.dsn = true,
                Some("AUTH") => {
                    for mechanism in words {
                        offers.plain |= mechanism == "PLAIN";
                        offers.login |= mechanism == "LOGIN";
                        offers.oauthbearer |= mechanism == "OAUTHBEARER";
                        offers.xoauth2 |= mechanism == "XOAUTH2";
                    }
                }
                _ => {}
            }
        }
        offers
    }
}
