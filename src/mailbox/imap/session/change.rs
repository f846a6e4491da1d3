//! The commands that change a mailbox, as strict as the others (RFC 3501, RFC 4315, RFC 6851).
//!
//! Promises that what the server proved by COPYUID is told from what it only said OK to, and that nothing is removed but
//! messages that are named one by one: no plain EXPUNGE is ever sent.

use std::collections::BTreeSet;

use async_imap::imap_proto::{
    AttributeValue, MailboxDatum, Outcome, Response, ResponseCode, Status, rfc4315::UidSetMember,
};
use tokio::{io::AsyncWriteExt as _, time::timeout};

use super::{Session, fetch::set};
use crate::mailbox::imap::{
    answers::{Moved, Writable},
    error::ImapError,
    folder_name,
};

impl Session {
    /// Opens a folder to change it.
    pub(in crate::mailbox) async fn select(&mut self, folder: &str) -> Result<Writable, ImapError> {
        let (mut keywords, mut any, mut read_only) = (BTreeSet::new(), false, false);
        let open = self
            .open("SELECT", folder, |code| match code {
                ResponseCode::PermanentFlags(flags) => {
                    any = flags.iter().any(|flag| flag == "\\*");
                    keywords = flags.iter().map(|flag| flag.to_lowercase()).collect();
                }
                ResponseCode::ReadOnly => read_only = true,
                _ => {}
            })
            .await?;
        Ok(Writable { open, read_only, any_keyword: any, keywords })
    }

    /// Which of these messages are in the open folder.
    pub(in crate::mailbox) async fn there(&mut self, uids: &[u32]) -> Result<BTreeSet<u32>, ImapError> {
        let mut found = self.search_for(&format!("UID {}", set(uids))).await?;
        found.retain(|uid| uids.contains(uid));
        Ok(found)
    }

    /// The messages of the open folder that have such a line in their header.
    pub(in crate::mailbox) async fn with_header(
        &mut self,
        name: &str,
        value: &str,
    ) -> Result<BTreeSet<u32>, ImapError> {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        self.search_for(&format!("HEADER {name} \"{value}\"")).await
    }

    async fn search_for(&mut self, what: &str) -> Result<BTreeSet<u32>, ImapError> {
        let mut found = BTreeSet::new();
        self.command("SEARCH", &format!("UID SEARCH {what}"), |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().copied());
            }
        })
        .await?;
        Ok(found)
    }

    /// Adds a flag to messages of the open folder.
    pub(in crate::mailbox) async fn add_flag(&mut self, uids: &[u32], flag: &str) -> Result<(), ImapError> {
        self.command("STORE", &format!("UID STORE {} +FLAGS.SILENT ({flag})", set(uids)), |_| {}).await
    }

    /// Those of these messages that are in the open folder, each with whether it has a flag.
    pub(in crate::mailbox) async fn flagged(
        &mut self,
        uids: &[u32],
        flag: &str,
    ) -> Result<Vec<(u32, bool)>, ImapError> {
        let mut found = Vec::new();
        self.fetch(&format!("UID FETCH {} (UID FLAGS)", set(uids)), |uid, attributes| {
            for attribute in attributes {
                if let AttributeValue::Flags(flags) = attribute
                    && uids.contains(&uid)
                {
                    found.push((uid, flags.iter().any(|has| has.eq_ignore_ascii_case(flag))));
                }
            }
        })
        .await?;
        Ok(found)
    }

    /// Moves messages of the open folder into another.
    pub(in crate::mailbox) async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<Moved, ImapError> {
        self.with_proof("MOVE", uids, folder).await
    }

    /// Copies messages of the open folder into another.
    pub(in crate::mailbox) async fn copy_to(&mut self, uids: &[u32], folder: &str) -> Result<Moved, ImapError> {
        self.with_proof("COPY", uids, folder).await
    }

    /// COPYUID may stand in the tagged OK, and for MOVE before it.
    async fn with_proof(&mut self, doing: &'static str, uids: &[u32], folder: &str) -> Result<Moved, ImapError> {
        let mut proven = None::<BTreeSet<u32>>;
        let command = format!("UID {doing} {} {}", set(uids), folder_name::quoted(folder));
        self.command(doing, &command, |response| {
            if let Some(ResponseCode::CopyUid(_, from, _)) = code(response) {
                let within = |uid: &&u32| from.iter().any(|member| holds(member, **uid));
                proven.get_or_insert_default().extend(uids.iter().filter(within));
            }
        })
        .await?;
        Ok(proven.map_or(Moved::Unproved, Moved::Proven))
    }

    /// Removes messages of the open folder that are marked as deleted: these, and no others.
    pub(in crate::mailbox) async fn expunge(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        self.command("EXPUNGE", &format!("UID EXPUNGE {}", set(uids)), |_| {}).await
    }

    /// Puts a message into a folder, as read.
    pub(in crate::mailbox) async fn append(&mut self, folder: &str, bytes: &[u8]) -> Result<(), ImapError> {
        let doing = "APPEND";
        let command = format!("APPEND {} (\\Seen) {{{}}}", folder_name::quoted(folder), bytes.len());
        let tag = self.send(doing, &command).await?;
        self.until_continued(doing, &tag).await?;
        let wire = self.client.get_mut();
        let written = async {
            wire.write_all(bytes).await?;
            wire.write_all(b"\r\n").await?;
            wire.flush().await
        };
        match timeout(self.limit, written).await {
            Err(_) => return Err(ImapError::Silent { doing, limit: self.limit }),
            Ok(Err(_)) => return Err(ImapError::Lost { doing }),
            Ok(Ok(())) => {}
        }
        self.until_done(doing, &tag, |_| {}).await
    }
}

/// The code of an OK, tagged or not.
fn code<'a, 'r>(response: &'a Response<'r>) -> Option<&'a ResponseCode<'r>> {
    match response {
        Response::Data { status: Status::Ok, outcome: Outcome { code, .. } }
        | Response::Done { status: Status::Ok, outcome: Outcome { code, .. }, .. } => code.as_ref(),
        _ => None,
    }
}

fn holds(member: &UidSetMember, uid: u32) -> bool {
    match member {
        UidSetMember::Uid(one) => *one == uid,
        UidSetMember::UidRange(range) => range.contains(&uid),
    }
}
