//! Saying who we are: by password or by token, and which program this is (RFC 3501, RFC 4616, RFC 7628, RFC 2971).
//!
//! Promises that a refusal is told without what the server repeats of the secret.

use std::ops::ControlFlow::{Break, Continue};

use async_imap::imap_proto::{Response, Status};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Session, refused};
use crate::{
    core::mail::sasl::{self, Bearer},
    mailbox::imap::error::ImapError,
};

impl Session {
    /// Says who we are. A refusal of the password is [`ImapError::Login`].
    pub(in crate::mailbox) async fn login(&mut self, user: &str, password: &str) -> Result<(), ImapError> {
        let quotable = |text: &str| text.chars().all(|c| c.is_ascii() && !c.is_ascii_control());
        let answer = if self.can("AUTH=PLAIN") {
            self.authenticate_plain(user, password).await
        } else if self.can("LOGINDISABLED") {
            return Err(ImapError::Login("the server takes no password over this connection".to_owned()));
        } else if quotable(user) && quotable(password) {
            let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            self.command("LOGIN", &format!("LOGIN {} {}", quoted(user), quoted(password)), |_| {}).await
        } else {
            return Err(ImapError::Login("the server takes only names and passwords in ASCII".to_owned()));
        };
        self.logged_in(answer, &[password]).await
    }

    async fn authenticate_plain(&mut self, user: &str, password: &str) -> Result<(), ImapError> {
        let doing = "AUTHENTICATE";
        let tag = self.send(doing, "AUTHENTICATE PLAIN").await?;
        self.until_continued(doing, &tag).await?;
        self.write(doing, &format!("{}\r\n", STANDARD.encode(format!("\0{user}\0{password}")))).await?;
        self.until_done(doing, &tag, |_| {}).await
    }

    /// Says who we are by a token. A refusal of the token is [`ImapError::Login`].
    pub(in crate::mailbox) async fn bear(
        &mut self,
        user: &str,
        server: (&str, u16),
        token: &str,
    ) -> Result<(), ImapError> {
        let Some(bearer) = Bearer::offered(|name| self.can(&format!("AUTH={name}"))) else {
            let why = "the server takes no tokens: it offers neither OAUTHBEARER nor XOAUTH2";
            return Err(ImapError::Login(why.to_owned()));
        };
        let says = STANDARD.encode(bearer.says(user, server.0, server.1, token));
        let answer = self.authenticate_by_token(bearer, &says).await;
        self.logged_in(answer, &[&says, token]).await
    }

    /// A server that refuses says why, waits for a line, and refuses only then.
    async fn authenticate_by_token(&mut self, bearer: Bearer, says: &str) -> Result<(), ImapError> {
        let doing = "AUTHENTICATE";
        let tag = self.send(doing, &format!("AUTHENTICATE {}", bearer.name())).await?;
        self.until_continued(doing, &tag).await?;
        self.write(doing, &format!("{says}\r\n")).await?;
        let mut complaint = None;
        loop {
            let step = self.read(doing, |response| match response {
                Response::Done { tag: ended, status: Status::Ok, .. } if ended.0 == tag => Break(Ok(())),
                Response::Done { tag: ended, outcome, .. } if ended.0 == tag => Break(Err(refused(doing, outcome))),
                Response::Continue(said) if complaint.is_none() => {
                    let said = said.information.as_deref().unwrap_or_default();
                    Continue(Some(sasl::complaint(said).unwrap_or_default()))
                }
                Response::Done { .. } | Response::Continue(_) => Break(Err(ImapError::NotUnderstood { doing })),
                _ => Continue(None),
            });
            match (step.await?, &complaint) {
                (Continue(None), _) => {}
                (Continue(Some(said)), _) => {
                    complaint = Some(said);
                    self.write(doing, &format!("{}\r\n", bearer.gives_up())).await?;
                }
                (Break(Err(ImapError::Refused { answer, .. })), Some(status)) if !status.is_empty() => {
                    return Err(ImapError::Refused { doing, answer: format!("{answer} (status {status})") });
                }
                (Break(ended), _) => return ended,
            }
        }
    }

    /// Asks again what the server can do, once it knows us; a refusal is one of the login, without what it repeats of it.
    async fn logged_in(&mut self, answer: Result<(), ImapError>, secrets: &[&str]) -> Result<(), ImapError> {
        match answer {
            Err(ImapError::Refused { answer, .. }) => Err(ImapError::Login(sasl::without(&answer, secrets))),
            other => other,
        }?;
        self.ask_capabilities().await
    }

    /// Says which program this is (RFC 2971); what the server says of itself is passed over.
    pub(in crate::mailbox) async fn introduce(&mut self) -> Result<(), ImapError> {
        let command = concat!("ID (\"name\" \"docket\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        self.command("ID", command, |_| {}).await
    }
}
