//! Waiting for news of the open folder (RFC 2177).

use std::{
    ops::ControlFlow::{Break, Continue},
    time::Duration,
};

use async_imap::imap_proto::{Response, Status};
use tokio::time::Instant;

use super::Session;
use crate::mailbox::imap::error::ImapError;

impl Session {
    /// Waits until the server says that something arrived in the open folder, at most for some time. Whatever else it
    /// says meanwhile does not lengthen the wait. What it said since the folder was opened counts, too.
    pub(in crate::mailbox) async fn idle(&mut self, most: Duration) -> Result<bool, ImapError> {
        let doing = "IDLE";
        let until = Instant::now() + most;
        if self.news {
            return Ok(true);
        }
        let tag = self.send(doing, "IDLE").await?;
        self.until_continued(doing, &tag).await?;
        while !self.news {
            let heard = |response: &Response<'_>| match response {
                // The server has enough of it, and is not told DONE.
                Response::Done { tag: ended, status: Status::Ok, .. } if ended.0 == tag => Break(Ok(())),
                Response::Done { .. } => Break(Err(ImapError::NotUnderstood { doing })),
                _ => Continue(()),
            };
            match self.read_until(doing, until, heard).await? {
                None => break,
                Some(Continue(())) => {}
                Some(Break(ended)) => return ended.map(|()| self.news),
            }
        }
        self.write(doing, "DONE\r\n").await?;
        self.until_done(doing, &tag, |_| {}).await?;
        Ok(self.news)
    }
}
