//! How full an account is, as its server says (RFC 2087).

use super::{Imap, ImapError, contained};

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In hundredths.
    pub percent: u64,
    /// The same in words: “4812 of 5120 MiB”.
    pub in_words: String,
}

impl Imap {
    /// The limit of a folder's account that is nearest to being reached; none where there is no limit, or the server does
    /// not say.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn quota(&mut self, folder: &str) -> Result<Option<Quota>, ImapError> {
        let mut session = self.session("GETQUOTAROOT")?;
        if !session.can("QUOTA") {
            return self.keep(session, Ok(None));
        }
        let answer = contained("GETQUOTAROOT", session.quota(folder)).await;
        self.keep(session, answer)
    }
}
