//! One conversation with a mail server, phase by phase (RFC 5321): at every moment it is known whether a letter may have
//! left.
//!
//! Promises one of five answers for a letter, whatever the server does: accepted, refused for now, refused for good, not
//! sent, or uncertain, and uncertain only between the final dot and its reply. Every read and write has its limit, and so
//! has all that comes before the dot together. It does not decide what is tried again.
//!
//! The phases are written out here and not left to `lettre`: its connection writes the text and the final dot in one
//! piece, so that nothing could be committed between them, has no limit on reads, and gives the same error for a
//! connection that ended before the text and after it. The file is long because each phase, the logins
//! among them, shares one way of waiting and failing.

use std::{net::SocketAddr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{
    offers::Offers,
    outcome::{Phase, Sent},
    wire::{Broken, Duplex, Reply, Wire},
};
use crate::{
    config::{Proof, Secret, SmtpConfig, Tls},
    core::{
        cause::Cause,
        mail::sasl::{self, Bearer},
    },
    failpoint,
    net::tls,
};

/// Bytes of the text that are written at once, each piece within its limit.
const PIECE: usize = 64 << 10;

/// How long each phase may take (RFC 5321, 4.5.3.2), and the conversation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A connection, with its encryption.
    pub connect: Duration,
    /// The greeting, and the reply to each command but DATA.
    pub reply: Duration,
    /// The reply to DATA.
    pub data: Duration,
    /// Writing a piece of the text.
    pub piece: Duration,
    /// The reply to the final dot.
    pub dot: Duration,
    /// Everything before the final dot together.
    pub before_dot: Duration,
    /// How long a connection is kept for the next letter.
    pub keep: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_mins(1),
            reply: Duration::from_mins(5),
            data: Duration::from_mins(2),
            piece: Duration::from_mins(3),
            dot: Duration::from_mins(10),
            before_dot: Duration::from_mins(10),
            keep: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The longest that a letter can take.
    #[must_use]
    pub fn whole(&self) -> Duration {
        // A connection that was kept may turn out to be dead, and then a second one is made.
        2 * self.before_dot + self.dot
    }
}

/// Who sends a letter to whom, as the server is told.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// Where failures are reported; `None` is the null return path `<>`.
    pub return_path: Option<&'a str>,
    /// The one recipient.
    pub recipient: &'a str,
}

/// A conversation in which letters can be handed over.
#[derive(Debug)]
pub(super) struct Conversation {
    wire: Wire,
    limits: Limits,
    offers: Offers,
    /// A letter was begun and not ended: RSET comes first.
    begun: bool,
    /// The server has said that it closes, or was not understood.
    over: bool,
}

impl Conversation {
    /// Connects, encrypts, and logs in; where no password is configured, by the token.
    pub(super) async fn open(
        config: &SmtpConfig,
        token: Option<&Secret>,
        limits: Limits,
        until: Instant,
    ) -> Result<Self, Sent> {
        let connected = until.min(Instant::now() + limits.connect);
        let (stream, local) = connect(config, connected).await?;
        let stream: Box<dyn Duplex> = match config.tls {
            Tls::Implicit => encrypted(Box::new(stream), config, connected).await?,
            Tls::Starttls | Tls::None => Box::new(stream),
        };
        let mut this = Self { wire: Wire::over(stream), limits, offers: Offers::default(), begun: false, over: false };
        let greeting = this.wire.reply(this.within(limits.reply, until)).await.map_err(at(Phase::Greeting))?;
        if !greeting.is_positive() {
            return Err(refused(Phase::Greeting, &greeting));
        }
        let hello = format!("EHLO {}\r\n", config.hello.clone().unwrap_or_else(|| literal(local)));
        this.hello(&hello, until).await?;
        if config.tls == Tls::Starttls {
            this = this.start_tls(config, until).await?;
            this.hello(&hello, until).await?;
        }
        if let Some(login) = &config.login {
            match (&login.proof, token) {
                (Proof::Password(password), _) => this.log_in(&login.user, password.reveal(), until).await?,
                (Proof::Oauth(_), Some(token)) => this.bear(config, &login.user, token.reveal(), until).await?,
                (Proof::Oauth(_), None) => return Err(no_login("there is no token to log in with".to_owned())),
            }
        }
        Ok(this)
    }

    fn within(&self, limit: Duration, until: Instant) -> Instant {
        debug_assert!(!self.over, "a conversation that is over goes on");
        until.min(Instant::now() + limit)
    }

    /// Writes a command and reads its reply.
    async fn command(&mut self, command: &str, until: Instant) -> Result<Reply, Broken> {
        let asked = async {
            if !self.wire.is_quiet().await? {
                let said = self.wire.reply(until).await?;
                // A server that goes down says so unasked.
                return if said.code == 421 { Ok(said) } else { Err(Broken::Nonsense(said.to_string())) };
            }
            self.wire.write(command.as_bytes(), until).await?;
            self.wire.reply(until).await
        };
        let answered = asked.await;
        self.over |= answered.as_ref().map_or(true, |reply| reply.code == 421);
        answered
    }

    async fn hello(&mut self, hello: &str, until: Instant) -> Result<(), Sent> {
        let reply = self.command(hello, self.within(self.limits.reply, until)).await.map_err(at(Phase::Hello))?;
        if !reply.is_positive() {
            return Err(refused(Phase::Hello, &reply));
        }
        self.offers = Offers::of(&reply);
        Ok(())
    }

    async fn start_tls(mut self, config: &SmtpConfig, until: Instant) -> Result<Self, Sent> {
        if !self.offers.start_tls {
            let reason = "the server does not offer STARTTLS, and nothing is sent in the clear".to_owned();
            return Err(Sent::not_sent(Phase::Tls, reason));
        }
        let until_reply = self.within(self.limits.reply, until);
        let reply = self.command("STARTTLS\r\n", until_reply).await.map_err(at(Phase::Tls))?;
        if !reply.is_positive() {
            return Err(refused(Phase::Tls, &reply));
        }
        if !self.wire.is_quiet().await.map_err(at(Phase::Tls))? {
            let reason = "the server went on in the clear after STARTTLS".to_owned();
            return Err(Sent::not_sent(Phase::Tls, reason));
        }
        let until = until.min(Instant::now() + self.limits.connect);
        let stream = encrypted(self.wire.into_stream(), config, until).await?;
        Ok(Self { wire: Wire::over(stream), ..self })
    }

    async fn log_in(&mut self, user: &str, password: &str, until: Instant) -> Result<(), Sent> {
        let (user64, password64) = (BASE64.encode(user), BASE64.encode(password));
        let both64 = BASE64.encode(format!("\0{user}\0{password}"));
        let commands = if self.offers.plain {
            vec![(format!("AUTH PLAIN {both64}\r\n"), 235)]
        } else if self.offers.login {
            vec![("AUTH LOGIN\r\n".to_owned(), 334), (format!("{user64}\r\n"), 334), (format!("{password64}\r\n"), 235)]
        } else {
            return Err(no_login("the server offers neither AUTH PLAIN nor AUTH LOGIN".to_owned()));
        };
        let secrets = [both64.as_str(), password64.as_str(), password];
        for (command, wanted) in commands {
            let reply = self.login_step(&command, &secrets, until).await?;
            if reply.code != wanted {
                return Err(login_refused(&reply, &secrets));
            }
        }
        Ok(())
    }

    /// Logs in by a token. A server that refuses says why, waits for a line, and refuses only then.
    async fn bear(&mut self, config: &SmtpConfig, user: &str, token: &str, until: Instant) -> Result<(), Sent> {
        let offers = self.offers;
        let offered = Bearer::offered(|name| match name {
            "OAUTHBEARER" => offers.oauthbearer,
            _ => offers.xoauth2,
        });
        let Some(bearer) = offered else {
            return Err(no_login("the server offers neither AUTH OAUTHBEARER nor AUTH XOAUTH2".to_owned()));
        };
        let says = BASE64.encode(bearer.says(user, &config.host, config.port, token));
        let secrets = [says.as_str(), token];
        let reply = self.login_step(&format!("AUTH {}\r\n", bearer.name()), &secrets, until).await?;
        if reply.code != 334 {
            return Err(login_refused(&reply, &secrets));
        }
        let mut reply = self.login_step(&format!("{says}\r\n"), &secrets, until).await?;
        let mut status = None;
        if reply.code == 334 {
            status = reply.lines.first().and_then(|said| sasl::complaint(said));
            reply = self.login_step(&format!("{}\r\n", bearer.gives_up()), &secrets, until).await?;
        }
        match (reply.code, status) {
            (235, _) => Ok(()),
            (_, None) => Err(login_refused(&reply, &secrets)),
            (_, Some(status)) => {
                let refused = format!("the server refused the login: {reply} (status {status})");
                Err(no_login(sasl::without(&refused, &secrets)))
            }
        }
    }

    async fn login_step(&mut self, command: &str, secrets: &[&str], until: Instant) -> Result<Reply, Sent> {
        let answered = self.command(command, self.within(self.limits.reply, until)).await;
        answered.map_err(|broken| no_login(sasl::without(&broken.to_string(), secrets)))
    }

    /// Hands a letter over up to its final dot, which is not written: until then the server must not deliver it.
    pub(super) async fn until_the_dot(
        &mut self,
        envelope: Envelope<'_>,
        bytes: &[u8],
        until: Instant,
    ) -> Result<(), Sent> {
        let (mail, rcpt) = self.commands(envelope, bytes)?;
        if self.begun {
            self.step(Phase::Mail, "RSET\r\n", 250, self.limits.reply, until).await?;
        }
        self.begun = true;
        self.step(Phase::Mail, &mail, 250, self.limits.reply, until).await?;
        self.step(Phase::Rcpt, &rcpt, 250, self.limits.reply, until).await?;
        failpoint::reached("before-data");
        self.step(Phase::Data, "DATA\r\n", 354, self.limits.data, until).await?;
        failpoint::reached("after-354");
        let written = self.write_body(bytes, until).await;
        // From here on the connection is of no use but for the dot.
        self.over |= written.is_err();
        written
    }

    /// Begins a letter and takes it back, so that nothing is sent: whether the server takes our return path.
    pub(super) async fn try_mail(&mut self, return_path: Option<&str>, until: Instant) -> Result<(), Sent> {
        let mail = self.mail(return_path, return_path.is_some_and(|path| !path.is_ascii()))?;
        self.begun = true;
        self.step(Phase::Mail, &format!("{mail}\r\n"), 250, self.limits.reply, until).await?;
        self.step(Phase::Mail, "RSET\r\n", 250, self.limits.reply, until).await?;
        self.begun = false;
        Ok(())
    }

    /// MAIL and RCPT for a letter, if it can go by this server at all.
    fn commands(&self, envelope: Envelope<'_>, bytes: &[u8]) -> Result<(String, String), Sent> {
        let recipient = envelope.recipient;
        if !is_writable(recipient) {
            let reason = format!("“{}” is no address that a letter can go to", recipient.escape_debug());
            return Err(Sent::Impossible { cause: None, reason });
        }
        if !recipient.is_ascii() && !self.offers.utf8 {
            return Err(no_utf8(Cause::Addresses, recipient));
        }
        if !bytes.is_ascii() && !self.offers.eight_bit {
            let reason = "the letter has bytes beyond ASCII, and the server does not offer 8BITMIME".to_owned();
            return Err(Sent::Impossible { cause: Some(Cause::Addresses), reason });
        }
        let utf8 = [Some(recipient), envelope.return_path].iter().flatten().any(|address| !address.is_ascii());
        let size = if self.offers.size { format!(" SIZE={}", bytes.len()) } else { String::new() };
        let eight_bit = if bytes.is_ascii() { "" } else { " BODY=8BITMIME" };
        let (mail, utf8) = (self.mail(envelope.return_path, false)?, if utf8 { " SMTPUTF8" } else { "" });
        let mut rcpt = format!("RCPT TO:<{recipient}>");
        if self.offers.dsn && envelope.return_path.is_none() {
            rcpt += " NOTIFY=NEVER";
        }
        Ok((format!("{mail}{size}{eight_bit}{utf8}\r\n"), rcpt + "\r\n"))
    }

    /// MAIL with our return path, if this server can be told it.
    fn mail(&self, return_path: Option<&str>, utf8: bool) -> Result<String, Sent> {
        let path = return_path.unwrap_or_default();
        if !is_writable(path) {
            let reason = format!("“{}” is no address that failures can be reported to", path.escape_debug());
            return Err(Sent::Impossible { cause: Some(Cause::ReturnPath), reason });
        }
        if !path.is_ascii() && !self.offers.utf8 {
            return Err(no_utf8(Cause::ReturnPath, path));
        }
        Ok(format!("MAIL FROM:<{path}>{}", if utf8 { " SMTPUTF8" } else { "" }))
    }

    /// One command before the text; anything but the reply that lets the conversation go on ends the letter.
    async fn step(
        &mut self,
        phase: Phase,
        command: &str,
        wanted: u16,
        limit: Duration,
        until: Instant,
    ) -> Result<(), Sent> {
        let until = self.within(limit, until);
        let reply = self.command(command, until).await.map_err(at(phase))?;
        if reply.code / 100 == wanted / 100 {
            return Ok(());
        }
        self.over |= !reply.is_transient() && !reply.is_permanent();
        Err(refused_letter(phase, reply))
    }

    async fn write_body(&mut self, bytes: &[u8], until: Instant) -> Result<(), Sent> {
        for piece in stuffed(bytes).chunks(PIECE) {
            let until = self.within(self.limits.piece, until);
            if let Err(broken) = self.wire.write(piece, until).await {
                // A server that closes may have said why.
                return Err(self.said_early().await.unwrap_or_else(|| at(Phase::Body)(broken)));
            }
        }
        if self.wire.is_quiet().await.map_err(at(Phase::Body))? {
            return Ok(());
        }
        let reason = "the server answered before the end of the text".to_owned();
        Err(self.said_early().await.unwrap_or(Sent::not_sent(Phase::Body, reason)))
    }

    /// A refusal that the server wrote before the letter was at its end.
    async fn said_early(&mut self) -> Option<Sent> {
        let reply = self.wire.reply(Instant::now() + Duration::from_secs(1)).await.ok()?;
        (reply.is_transient() || reply.is_permanent()).then(|| refused_letter(Phase::Body, reply))
    }

    /// Writes the final dot and waits for its reply.
    pub(super) async fn dot(&mut self) -> Sent {
        let until = Instant::now() + self.limits.dot;
        let answered = async {
            self.wire.write(b".\r\n", until).await?;
            failpoint::reached("after-dot");
            self.wire.reply(until).await
        };
        let sent = match answered.await {
            Ok(reply) if reply.is_positive() => Sent::Accepted { reply },
            Ok(reply) if reply.is_transient() => Sent::Transient { phase: Phase::Dot, reply },
            Ok(reply) if reply.is_permanent() => Sent::Permanent { phase: Phase::Dot, reply },
            Ok(reply) => Sent::Uncertain { reason: format!("the server answered {reply}") },
            Err(broken) => Sent::Uncertain { reason: broken.to_string() },
        };
        self.begun = false;
        self.over |= match &sent {
            Sent::Uncertain { .. } => true,
            Sent::Transient { reply, .. } => reply.code == 421,
            _ => false,
        };
        sent
    }

    /// Whether another letter can follow.
    pub(super) fn goes_on(&self) -> bool {
        !self.over
    }

    /// Says goodbye; whether the server answers does not matter any more.
    pub(super) async fn quit(mut self, limit: Duration) {
        drop(self.command("QUIT\r\n", Instant::now() + limit).await);
    }
}

/// Connects, and yields our own address on that connection.
async fn connect(config: &SmtpConfig, until: Instant) -> Result<(TcpStream, Option<SocketAddr>), Sent> {
    let failed = |why: String| {
        let reason = format!("no connection to {} at port {}: {why}", config.host, config.port);
        Sent::not_sent(Phase::Connect, reason)
    };
    let connected = timeout_at(until, TcpStream::connect((config.host.as_str(), config.port))).await;
    let stream = connected.map_err(|_| failed("no answer in time".to_owned()))?.map_err(|e| failed(e.to_string()))?;
    // Otherwise every command waits for the acknowledgement of the one before: forty milliseconds each.
    stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
    let local = stream.local_addr().ok();
    Ok((stream, local))
}

async fn encrypted(stream: Box<dyn Duplex>, config: &SmtpConfig, until: Instant) -> Result<Box<dyn Duplex>, Sent> {
    let failed = |reason: String| Sent::not_sent(Phase::Tls, reason);
    let trust = tls::trust(config.ca_file.as_deref()).map_err(failed)?;
    let encrypted = timeout_at(until, tls::protect(stream, &config.host, trust)).await;
    let late = || failed(format!("{} did not answer in time", config.host));
    Ok(Box::new(encrypted.map_err(|_| late())?.map_err(failed)?))
}

/// How a machine without a name calls itself (RFC 5321, 4.1.3).
fn literal(local: Option<SocketAddr>) -> String {
    match local {
        Some(SocketAddr::V4(address)) => format!("[{}]", address.ip()),
        Some(SocketAddr::V6(address)) => format!("[IPv6:{}]", address.ip()),
        None => "[127.0.0.1]".to_owned(),
    }
}

/// Whether an address can stand in a command, whatever else it is: whether it is one at all the server may say.
fn is_writable(address: &str) -> bool {
    !address.chars().any(|c| c.is_control() || c.is_whitespace() || "<>".contains(c))
}

fn no_utf8(cause: Cause, address: &str) -> Sent {
    let reason = format!("the address {address} has letters beyond ASCII, and the mail server does not offer SMTPUTF8");
    Sent::Impossible { cause: Some(cause), reason }
}

/// A conversation that broke off before the final dot: the letter was not sent.
fn at(phase: Phase) -> impl FnOnce(Broken) -> Sent {
    move |broken| Sent::not_sent(phase, broken.to_string())
}

/// A refusal before any letter was spoken of.
fn refused(phase: Phase, reply: &Reply) -> Sent {
    Sent::not_sent(phase, format!("the server answered {reply}"))
}

fn no_login(reason: String) -> Sent {
    Sent::not_sent(Phase::Login, reason)
}

/// A refusal of the login. Some servers repeat what they did not like.
fn login_refused(reply: &Reply, secrets: &[&str]) -> Sent {
    no_login(sasl::without(&format!("the server refused the login: {reply}"), secrets))
}

/// A refusal of a letter. Those that speak of our login say nothing about the letter.
fn refused_letter(phase: Phase, reply: Reply) -> Sent {
    match reply.code {
        530 | 534 | 535 | 538 => {
            Sent::NotSent { cause: Some(Cause::Login), phase, reason: format!("the server answered {reply}") }
        }
        400..500 => Sent::Transient { phase, reply },
        500..600 => Sent::Permanent { phase, reply },
        _ => refused(phase, &reply),
    }
}

/// The text as it goes over the line: every line ends in CRLF, the last one too, and one that begins with a dot has
/// another before it.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(bytes.len() + bytes.len() / 64 + 2);
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() && lines.peek().is_none() {
            break;
        }
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        // A CR alone is taken for a line's end by some servers, and what follows it for a command.
        stuffed.extend(line.iter().map(|byte| if *byte == b'\r' { b' ' } else { *byte }));
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}
