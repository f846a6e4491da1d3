//! One conversation with an IMAP server, strictly (RFC 3501, RFC 2177).
//!
//! Promises that a command either ended with the server's tagged OK or is an error: the end of the connection and BYE are
//! errors, every wait has a limit, and what was asked and did not come is missing from the answer. The crate below frames
//! and parses; its own commands are not used, for they take a lost connection for an empty answer. Nothing here changes a
//! mailbox: folders are opened read-only, and texts are fetched without marking them as read; what changes one stands in
//! [`change`]. It is long because every command shares one way of waiting and failing, and no other file may have a second
//! one.

mod change;
mod quota;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io,
    ops::ControlFlow::{Break, Continue},
    time::Duration,
};

use async_imap::{
    Client,
    imap_proto::{AttributeValue, Capability, MailboxDatum, NameAttribute, Outcome, Response, ResponseCode, Status},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, fmt::strtime};
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout, timeout_at},
};

use super::{
    folder_name,
    imap::{Described, ImapError, OpenFolder},
    tls::Wire,
};
use crate::core::{
    mail::sasl::{self, Bearer},
    text,
};

/// A conversation. After an error other than a refusal its state is unknown, and it must be dropped.
#[derive(Debug)]
pub(super) struct Session {
    client: Client<Box<dyn Wire>>,
    limit: Duration,
    tags: u64,
    capabilities: BTreeSet<String>,
    /// How many messages the open folder has, and whether any came since it was opened.
    exists: u32,
    news: bool,
}

/// What a server gives for a piece that was asked for.
#[derive(Debug)]
pub(super) struct Piece {
    /// From where on, as it says; none if it says that this is the whole.
    pub(super) origin: Option<u32>,
    pub(super) bytes: Vec<u8>,
}

impl Session {
    /// Begins a conversation: waits for the greeting and asks what the server can do.
    pub(super) async fn begin(wire: Box<dyn Wire>, limit: Duration) -> Result<Self, ImapError> {
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
    pub(super) async fn go_on(wire: Box<dyn Wire>, limit: Duration) -> Result<Self, ImapError> {
        let mut session = Self::over(wire, limit);
        session.ask_capabilities().await?;
        Ok(session)
    }

    fn over(wire: Box<dyn Wire>, limit: Duration) -> Self {
        Self { client: Client::new(wire), limit, tags: 0, capabilities: BTreeSet::new(), exists: 0, news: false }
    }

    /// Whether the server said that it can do something.
    pub(super) fn can(&self, what: &str) -> bool {
        self.capabilities.contains(what)
    }

    /// Asks for TLS and gives the connection up to be protected. What came behind the answer is thrown away: whoever
    /// stands in between could have written it.
    pub(super) async fn starttls(mut self) -> Result<Box<dyn Wire>, ImapError> {
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

    /// Says who we are. A refusal of the password is [`ImapError::Login`].
    pub(super) async fn login(&mut self, user: &str, password: &str) -> Result<(), ImapError> {
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
    pub(super) async fn bear(&mut self, user: &str, server: (&str, u16), token: &str) -> Result<(), ImapError> {
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
    pub(super) async fn introduce(&mut self) -> Result<(), ImapError> {
        let command = concat!("ID (\"name\" \"docket\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        self.command("ID", command, |_| {}).await
    }

    /// Opens a folder to read it, and never to change it.
    pub(super) async fn examine(&mut self, folder: &str) -> Result<OpenFolder, ImapError> {
        self.open("EXAMINE", folder, |_| {}).await
    }

    /// Opens a folder; `each` sees the codes of what the server says of it.
    async fn open(
        &mut self,
        doing: &'static str,
        folder: &str,
        mut each: impl FnMut(&ResponseCode<'_>) + Send,
    ) -> Result<OpenFolder, ImapError> {
        let (mut validity, mut next, mut exists) = (None, None, 0);
        self.command(doing, &format!("{doing} {}", folder_name::quoted(folder)), |response| match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
            Response::Data { outcome: Outcome { code: Some(code), .. }, .. }
            | Response::Done { outcome: Outcome { code: Some(code), .. }, .. } => match code {
                ResponseCode::UidValidity(value) => validity = Some(*value),
                ResponseCode::UidNext(value) => next = Some(*value),
                code => each(code),
            },
            _ => {}
        })
        .await?;
        (self.exists, self.news) = (exists, false);
        let validity = validity.filter(|value| *value > 0).ok_or(ImapError::NotUnderstood { doing })?;
        let next = match next {
            Some(next) => next,
            None if exists == 0 => 1,
            None => self.uid_of_last(exists).await?.saturating_add(1),
        };
        Ok(OpenFolder { validity, next, exists })
    }

    /// The UID of the last message, where the server does not say which comes next.
    async fn uid_of_last(&mut self, exists: u32) -> Result<u32, ImapError> {
        let mut last = None;
        self.fetch(&format!("FETCH {exists} (UID)"), |uid, _| last = last.max(Some(uid))).await?;
        last.ok_or(ImapError::NotUnderstood { doing: "FETCH" })
    }

    /// The UIDs of a range, in their order.
    pub(super) async fn search(&mut self, from: u32, to: u32) -> Result<Vec<u32>, ImapError> {
        let mut found = BTreeSet::new();
        self.command("SEARCH", &format!("UID SEARCH UID {from}:{to}"), |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().filter(|uid| (from..=to).contains(uid)));
            }
        })
        .await?;
        Ok(found.into_iter().collect())
    }

    /// Size and time of arrival; what the server did not tell is missing.
    pub(super) async fn describe(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Described>, ImapError> {
        let mut sizes = BTreeMap::new();
        let mut dates = BTreeMap::new();
        let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", set(uids));
        self.fetch(&command, |uid, attributes| {
            for attribute in attributes {
                match attribute {
                    AttributeValue::Rfc822Size(size) => _ = sizes.insert(uid, *size),
                    AttributeValue::InternalDate(text) => _ = dates.insert(uid, internal_date(text)),
                    _ => {}
                }
            }
        })
        .await?;
        let described = |(uid, size)| (uid, Described { size, internal_date: dates.get(&uid).copied().flatten() });
        Ok(sizes.into_iter().filter(|(uid, _)| uids.contains(uid)).map(described).collect())
    }

    /// Whole messages; what the server did not hand over is missing.
    pub(super) async fn bodies(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Vec<u8>>, ImapError> {
        let mut bodies = BTreeMap::new();
        self.fetch(&format!("UID FETCH {} (UID BODY.PEEK[])", set(uids)), |uid, attributes| {
            let whole = section(attributes).filter(|(origin, _)| origin.is_none_or(|origin| origin == 0));
            bodies.extend(whole.map(|(_, bytes)| (uid, bytes.to_vec())));
        })
        .await?;
        bodies.retain(|uid, _| uids.contains(uid));
        Ok(bodies)
    }

    /// A piece of a message, or of its header alone, from an origin on: as the server gives it, which may be less than was
    /// asked for, or something else.
    pub(super) async fn piece(
        &mut self,
        uid: u32,
        of: &str,
        from: usize,
        most: usize,
    ) -> Result<Option<Piece>, ImapError> {
        let mut piece = None;
        self.fetch(&format!("UID FETCH {uid} (UID BODY.PEEK[{of}]<{from}.{most}>)"), |found, attributes| {
            if found == uid
                && let Some((origin, bytes)) = section(attributes)
            {
                piece = Some(Piece { origin, bytes: bytes.to_vec() });
            }
        })
        .await?;
        Ok(piece)
    }

    /// The names of all folders that can be opened.
    pub(super) async fn folders(&mut self) -> Result<Vec<String>, ImapError> {
        let mut names = BTreeSet::new();
        self.command("LIST", "LIST \"\" \"*\"", |response| {
            if let Response::MailboxData(MailboxDatum::List(folder)) = response
                && !folder.name_attributes.contains(&NameAttribute::NoSelect)
            {
                names.insert(folder_name::read(&folder.name));
            }
        })
        .await?;
        Ok(names.into_iter().collect())
    }

    /// Waits until the server says that something arrived in the open folder, at most for some time. Whatever else it
    /// says meanwhile does not lengthen the wait. What it said since the folder was opened counts, too.
    pub(super) async fn idle(&mut self, most: Duration) -> Result<bool, ImapError> {
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

    /// Takes leave. It is over whatever the server answers.
    pub(super) async fn logout(mut self) {
        self.limit = self.limit.min(Duration::from_secs(2));
        drop(self.command("LOGOUT", "LOGOUT", |_| {}).await);
    }

    async fn fetch(
        &mut self,
        command: &str,
        mut each: impl FnMut(u32, &[AttributeValue<'_>]) + Send,
    ) -> Result<(), ImapError> {
        self.command("FETCH", command, |response| {
            if let Response::Fetch(_, attributes) = response {
                let uid = attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::Uid(uid) => Some(*uid),
                    _ => None,
                });
                // Without a UID it is news of another message's flags.
                if let Some(uid) = uid {
                    each(uid, attributes);
                }
            }
        })
        .await
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

/// The bytes of the one section that was asked for, and from where on they are if the server says that they are a piece;
/// `None` where it says NIL.
fn section<'a>(attributes: &'a [AttributeValue<'_>]) -> Option<(Option<u32>, &'a [u8])> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { index, data, .. } => data.as_deref().map(|data| (*index, data)),
        _ => None,
    })
}

/// ` 1-Oct-2020 09:15:00 +0200`.
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

/// UIDs as IMAP writes them, runs as ranges.
fn set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut rest = uids;
    while let Some((&first, _)) = rest.split_first() {
        let run = rest.iter().zip(first..).take_while(|(uid, expected)| *uid == expected).count();
        let comma = if set.is_empty() { "" } else { "," };
        // Writing into a text does not fail.
        _ = match run {
            1 => write!(set, "{comma}{first}"),
            _ => write!(set, "{comma}{first}:{}", rest[run - 1]),
        };
        rest = &rest[run..];
    }
    set
}
