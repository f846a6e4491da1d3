//! One conversation with an IMAP server, strictly (RFC 3501).
//!
//! Promises that a command either ended with the server's tagged OK or is an error: the end of the connection and BYE are
//! errors, every wait has a limit, and what was asked and did not come is missing from the answer. The crate below frames
//! and parses; its own commands are not used, for they take a lost connection for an empty answer. Here is the one way of
//! asking, waiting and failing; what is asked stands in the files below.

mod change;
mod fetch;
mod idle;
mod login;
mod quota;

use std::{
    collections::BTreeSet,
    io,
    ops::ControlFlow::{Break, Continue},
    time::Duration,
};

use async_imap::{
    Client,
    imap_proto::{Capability, MailboxDatum, Outcome, Response, ResponseCode, Status},
};
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout, timeout_at},
};

use super::{error::ImapError, wire::Wire};
use crate::core::text;

/// A conversation. After an error other than a refusal its state is unknown, and it must be dropped.
#[derive(Debug)]
pub(in crate::mailbox) struct Session {
    client: Client<Box<dyn Wire>>,
    limit: Duration,
    tags: u64,
    capabilities: BTreeSet<String>,
    /// How many messages the open folder has, and whether any came since it was opened.
    exists: u32,
    news: bool,
}

impl Session {
    /// Begins a conversation: waits for the greeting and asks what the server can do.
    pub(in crate::mailbox) async fn begin(wire: Box<dyn Wire>, limit: Duration) -> Result<Self, ImapError> {
        let mut session = Self::over(wire, limit);
        let doing = "the greeting";
        let greets = |response: &Response<'_>| matches!(response, Response::Data { status: Status::Ok, .. });
        if !session.read(doing, greets).await? {
            return Err(ImapError::NotUnderstood { doing });
        }
        session.ask_capabilities().await?;
        Ok(session)
    }

    /// Goes on over a connection that is protected now; what the server said before does not count.
    pub(in crate::mailbox) async fn go_on(wire: Box<dyn Wire>, limit: Duration) -> Result<Self, ImapError> {
        let mut session = Self::over(wire, limit);
        session.ask_capabilities().await?;
        Ok(session)
    }

    fn over(wire: Box<dyn Wire>, limit: Duration) -> Self {
        Self { client: Client::new(wire), limit, tags: 0, capabilities: BTreeSet::new(), exists: 0, news: false }
    }

    /// Whether the server said that it can do something.
    pub(in crate::mailbox) fn can(&self, what: &str) -> bool {
        self.capabilities.contains(what)
    }

    /// Asks for TLS and gives the connection up to be protected. What came behind the answer is thrown away: whoever
    /// stands in between could have written it.
    pub(in crate::mailbox) async fn starttls(mut self) -> Result<Box<dyn Wire>, ImapError> {
        self.command("STARTTLS", "STARTTLS", |_| {}).await?;
        Ok(self.client.into_inner())
    }

    async fn ask_capabilities(&mut self) -> Result<(), ImapError> {
        let mut said = BTreeSet::new();
        self.command("CAPABILITY", "CAPABILITY", |response| {
            if let Response::Capabilities(list) = response {
                said.extend(list.iter().map(|capability| match capability {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(how) => format!("AUTH={}", how.to_uppercase()),
                    Capability::Atom(what) => what.to_uppercase(),
                }));
            }
        })
        .await?;
        self.capabilities = said;
        Ok(())
    }

    /// Takes leave. It is over whatever the server answers.
    pub(in crate::mailbox) async fn logout(mut self) {
        self.limit = self.limit.min(Duration::from_secs(2));
        drop(self.command("LOGOUT", "LOGOUT", |_| {}).await);
    }

    /// Runs a command to its tagged OK; `each` sees what comes before, and that OK.
    async fn command(
        &mut self,
        doing: &'static str,
        command: &str,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), ImapError> {
        let tag = self.send(doing, command).await?;
        self.until_done(doing, &tag, each).await
    }

    async fn until_done(
        &mut self,
        doing: &'static str,
        tag: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), ImapError> {
        loop {
            let step = self.read(doing, |response| match response {
                Response::Done { tag: ended, status: Status::Ok, .. } if ended.0 == tag => {
                    each(response);
                    Break(Ok(()))
                }
                Response::Done { tag: ended, outcome, .. } if ended.0 == tag => Break(Err(refused(doing, outcome))),
                Response::Done { .. } | Response::Continue(_) => Break(Err(ImapError::NotUnderstood { doing })),
                other => {
                    each(other);
                    Continue(())
                }
            });
            if let Break(ended) = step.await? {
                return ended;
            }
        }
    }

    /// Waits for the `+` that asks us to go on.
    async fn until_continued(&mut self, doing: &'static str, tag: &str) -> Result<(), ImapError> {
        loop {
            let step = self.read(doing, |response| match response {
                Response::Continue(_) => Break(Ok(())),
                Response::Done { tag: ended, status: Status::No | Status::Bad, outcome } if ended.0 == tag => {
                    Break(Err(refused(doing, outcome)))
                }
                Response::Done { .. } => Break(Err(ImapError::NotUnderstood { doing })),
                _ => Continue(()),
            });
            if let Break(ended) = step.await? {
                return ended;
            }
        }
    }

    async fn send(&mut self, doing: &'static str, command: &str) -> Result<String, ImapError> {
        self.tags += 1;
        let tag = format!("D{:04}", self.tags);
        self.write(doing, &format!("{tag} {command}\r\n")).await?;
        Ok(tag)
    }

    /// Writes past the crate's own commands, which would show a password to whoever listens to its trace.
    async fn write(&mut self, doing: &'static str, line: &str) -> Result<(), ImapError> {
        let wire = self.client.get_mut();
        let written = async {
            wire.write_all(line.as_bytes()).await?;
            wire.flush().await
        };
        match timeout(self.limit, written).await {
            Err(_) => Err(ImapError::Silent { doing, limit: self.limit }),
            Ok(Err(_)) => Err(ImapError::Lost { doing }),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Reads one response and takes from it what is wanted.
    async fn read<T>(
        &mut self,
        doing: &'static str,
        take: impl FnOnce(&Response<'_>) -> T + Send,
    ) -> Result<T, ImapError> {
        let read = self.read_until(doing, Instant::now() + self.limit, take).await?;
        read.ok_or(ImapError::Silent { doing, limit: self.limit })
    }

    /// The same up to a time; `None` when it came first. A parser's complaint is not repeated: it quotes the mail.
    async fn read_until<T>(
        &mut self,
        doing: &'static str,
        until: Instant,
        take: impl FnOnce(&Response<'_>) -> T + Send,
    ) -> Result<Option<T>, ImapError> {
        let Ok(read) = timeout_at(until, self.client.read_response()).await else { return Ok(None) };
        let response = match read {
            Ok(Some(response)) => response,
            Err(error) if error.kind() == io::ErrorKind::Other => return Err(ImapError::NotUnderstood { doing }),
            Ok(None) | Err(_) => return Err(ImapError::Lost { doing }),
        };
        match response.parsed() {
            Response::Data { status: Status::Bye, outcome } => Err(ImapError::Goodbye(words(outcome))),
            response => {
                match response {
                    Response::MailboxData(MailboxDatum::Exists(now)) => {
                        self.news |= *now > self.exists;
                        self.exists = *now;
                    }
                    Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
                    _ => {}
                }
                Ok(Some(take(response)))
            }
        }
    }
}

fn refused(doing: &'static str, outcome: &Outcome<'_>) -> ImapError {
    ImapError::Refused { doing, answer: words(outcome) }
}

/// A server's words on one line and of bounded length.
fn words(outcome: &Outcome<'_>) -> String {
    let words = text::line(outcome.information.as_deref().unwrap_or_default(), 300);
    if outcome.code == Some(ResponseCode::TryCreate) {
        return format!("there is no such folder ({words})");
    }
    if words.is_empty() { "no reason given".to_owned() } else { words }
}
