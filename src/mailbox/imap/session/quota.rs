//! The limits of an account, asked for (RFC 2087). Changes nothing.

use async_imap::imap_proto::{Response, rfc2087::QuotaResourceName};

use super::Session;
use crate::mailbox::imap::{answers::Quota, error::ImapError, folder_name};

impl Session {
    /// The limit that is nearest to being reached; none where nothing is limited.
    pub(in crate::mailbox) async fn quota(&mut self, folder: &str) -> Result<Option<Quota>, ImapError> {
        let mut fullest: Option<Quota> = None;
        let command = format!("GETQUOTAROOT {}", folder_name::quoted(folder));
        self.command("GETQUOTAROOT", &command, |response| {
            let Response::Quota(quota) = response else { return };
            for resource in &quota.resources {
                let (used, limit) = (resource.usage, resource.limit);
                let in_words = match resource.name {
                    // In units of 1024 bytes.
                    QuotaResourceName::Storage if limit < 10 << 10 => format!("{used} of {limit} KiB"),
                    QuotaResourceName::Storage => format!("{} of {} MiB", used >> 10, limit >> 10),
                    QuotaResourceName::Message => format!("{used} of {limit} messages"),
                    QuotaResourceName::Atom(_) => continue,
                };
                let Some(percent) = used.saturating_mul(100).checked_div(limit) else { continue };
                if fullest.as_ref().is_none_or(|fullest| fullest.percent < percent) {
                    fullest = Some(Quota { percent, in_words });
                }
            }
        })
        .await?;
        Ok(fullest)
    }
}
