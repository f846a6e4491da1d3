//! One conversation with a mail server, phase by phase (RFC 5321): at every moment it is known whether a letter may have
//! left.
//!
//! Promises one of five answers for a letter, whatever the server does: accepted, refused for now, refused for good, not
//! sent, or uncertain, and uncertain only between the final dot and its reply. Every read and write has its limit, and so
//! has all that comes before the dot together. It does not decide what is tried again.
//!
//! The phases are written out here and not left to `lettre`: its connection writes the text and the final dot in one
//! piece, so that nothing could be committed between them, has no limit on reads, and gives the same error for a
//! connection that ended before the text and after it.

mod login;
mod opening;

use std::time::Duration;

use tokio::time::Instant;

use super::{
    limits::SmtpLimits,
    offers::Offers,
    outcome::{Handover, Phase},
    wire::{Broken, Reply, Wire},
};
use crate::{core::cause::Cause, failpoint};

/// Bytes of the text that are written at once, each piece within its limit.
const PIECE: usize = 64 << 10;

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
    limits: SmtpLimits,
    offers: Offers,
    /// A letter was begun and not ended: RSET comes first.
    begun: bool,
    /// The server has said that it closes, or was not understood.
    over: bool,
}

impl Conversation {
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

    /// Hands a letter over up to its final dot, which is not written: until then the server must not deliver it.
    pub(super) async fn until_the_dot(
        &mut self,
        envelope: Envelope<'_>,
        bytes: &[u8],
        until: Instant,
    ) -> Result<(), Handover> {
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
    pub(super) async fn try_mail(&mut self, return_path: Option<&str>, until: Instant) -> Result<(), Handover> {
        let mail = self.mail(return_path, return_path.is_some_and(|path| !path.is_ascii()))?;
        self.begun = true;
        self.step(Phase::Mail, &format!("{mail}\r\n"), 250, self.limits.reply, until).await?;
        self.step(Phase::Mail, "RSET\r\n", 250, self.limits.reply, until).await?;
        self.begun = false;
        Ok(())
    }

    /// MAIL and RCPT for a letter, if it can go by this server at all.
    fn commands(&self, envelope: Envelope<'_>, bytes: &[u8]) -> Result<(String, String), Handover> {
        let recipient = envelope.recipient;
        if !is_writable(recipient) {
            let reason = format!("“{}” is no address that a letter can go to", recipient.escape_debug());
            return Err(Handover::Impossible { cause: None, reason });
        }
        if !recipient.is_ascii() && !self.offers.utf8 {
            return Err(no_utf8(Cause::Addresses, recipient));
        }
        if !bytes.is_ascii() && !self.offers.eight_bit {
            let reason = "the letter has bytes beyond ASCII, and the server does not offer 8BITMIME".to_owned();
            return Err(Handover::Impossible { cause: Some(Cause::Addresses), reason });
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
    fn mail(&self, return_path: Option<&str>, utf8: bool) -> Result<String, Handover> {
        let path = return_path.unwrap_or_default();
        if !is_writable(path) {
            let reason = format!("“{}” is no address that failures can be reported to", path.escape_debug());
            return Err(Handover::Impossible { cause: Some(Cause::ReturnPath), reason });
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
    ) -> Result<(), Handover> {
        let until = self.within(limit, until);
        let reply = self.command(command, until).await.map_err(at(phase))?;
        if reply.code / 100 == wanted / 100 {
            return Ok(());
        }
        self.over |= !reply.is_transient() && !reply.is_permanent();
        Err(refused_letter(phase, reply))
    }

    async fn write_body(&mut self, bytes: &[u8], until: Instant) -> Result<(), Handover> {
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
        Err(self.said_early().await.unwrap_or(Handover::not_sent(Phase::Body, reason)))
    }

    /// A refusal that the server wrote before the letter was at its end.
    async fn said_early(&mut self) -> Option<Handover> {
        let reply = self.wire.reply(Instant::now() + Duration::from_secs(1)).await.ok()?;
        (reply.is_transient() || reply.is_permanent()).then(|| refused_letter(Phase::Body, reply))
    }

    /// Writes the final dot and waits for its reply.
    pub(super) async fn dot(&mut self) -> Handover {
        let until = Instant::now() + self.limits.dot;
        let answered = async {
            self.wire.write(b".\r\n", until).await?;
            failpoint::reached("after-dot");
            self.wire.reply(until).await
        };
        let sent = match answered.await {
            Ok(reply) if reply.is_positive() => Handover::Accepted { reply },
            Ok(reply) if reply.is_transient() => Handover::Transient { phase: Phase::Dot, reply },
            Ok(reply) if reply.is_permanent() => Handover::Permanent { phase: Phase::Dot, reply },
            Ok(reply) => Handover::Uncertain { reason: format!("the server answered {reply}") },
            Err(broken) => Handover::Uncertain { reason: broken.to_string() },
        };
        self.begun = false;
        self.over |= match &sent {
            Handover::Uncertain { .. } => true,
            Handover::Transient { reply, .. } => reply.code == 421,
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

/// Whether an address can stand in a command, whatever else it is: whether it is one at all the server may say.
fn is_writable(address: &str) -> bool {
    !address.chars().any(|c| c.is_control() || c.is_whitespace() || "<>".contains(c))
}

fn no_utf8(cause: Cause, address: &str) -> Handover {
    let reason = format!("the address {address} has letters beyond ASCII, and the mail server does not offer SMTPUTF8");
    Handover::Impossible { cause: Some(cause), reason }
}

/// A conversation that broke off before the final dot: the letter was not sent.
fn at(phase: Phase) -> impl FnOnce(Broken) -> Handover {
    move |broken| Handover::not_sent(phase, broken.to_string())
}

/// A refusal before any letter was spoken of.
fn refused(phase: Phase, reply: &Reply) -> Handover {
    Handover::not_sent(phase, format!("the server answered {reply}"))
}

fn no_login(reason: String) -> Handover {
    Handover::not_sent(Phase::Login, reason)
}

/// A refusal of a letter. Those that speak of our login say nothing about the letter.
fn refused_letter(phase: Phase, reply: Reply) -> Handover {
    match reply.code {
        530 | 534 | 535 | 538 => {
            Handover::NotSent { cause: Some(Cause::Login), phase, reason: format!("the server answered {reply}") }
        }
        400..500 => Handover::Transient { phase, reply },
        500..600 => Handover::Permanent { phase, reply },
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
