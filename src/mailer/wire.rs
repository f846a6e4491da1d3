//! The line to a mail server: bytes out, replies in, each within its time.
//!
//! Promises that every read and every write ends by a given instant, that a reply is whole and well formed or an error,
//! and that nothing a server sends makes it panic or keep more than a reply's worth of bytes.

use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    time::{Instant, timeout_at},
};

/// Bytes of one reply; the longest honest ones list the extensions of a server.
const REPLY_AT_MOST: usize = 64 << 10;
/// Characters of a reply that are kept and shown.
const SHOWN_AT_MOST: usize = 400;

/// A connection, in the clear or encrypted.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// What a server answered to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its three digits.
    pub code: u16,
    /// Its lines, each without the code.
    pub lines: Vec<String>,
}

impl Reply {
    /// The command was done.
    pub(super) fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// The same command may succeed later.
    pub(super) fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// The same command will not succeed.
    pub(super) fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }
}

impl fmt::Display for Reply {
    /// One line, shortened.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.lines.join(" ");
        let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN_AT_MOST).collect();
        write!(f, "{} {shown}", self.code)?;
        if text.chars().nth(SHOWN_AT_MOST).is_some() {
            f.write_str(" …")?;
        }
        Ok(())
    }
}

/// Why there was no reply, or a write did not go through.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the server closed the connection")]
    Closed,
    #[error("the server did not answer in time")]
    TimedOut,
    #[error("the connection failed: {0}")]
    Io(io::Error),
    #[error("the server answered what is no SMTP: “{0}”")]
    Nonsense(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

/// A connection with what was read from it and not yet taken.
pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    read: Vec<u8>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("read", &self.read.len()).finish_non_exhaustive()
    }
}

impl Wire {
    pub(super) fn over(stream: Box<dyn Duplex>) -> Self {
        Self { stream, read: Vec::new() }
    }

    /// The connection below, to be encrypted. What the server sent too early is forgotten: it was sent in the clear.
    pub(super) fn into_stream(self) -> Box<dyn Duplex> {
        self.stream
    }

    /// Writes and flushes.
    pub(super) async fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), Broken> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        Ok(timeout_at(until, written).await.map_err(|_| Broken::TimedOut)??)
    }

    /// Reads one reply of one or more lines.
    pub(super) async fn reply(&mut self, until: Instant) -> Result<Reply, Broken> {
        timeout_at(until, self.whole_reply()).await.map_err(|_| Broken::TimedOut)?
    }

    async fn whole_reply(&mut self) -> Result<Reply, Broken> {
        let (mut code, mut lines, mut taken) = (None, Vec::new(), 0);
        loop {
            let line = self.line(REPLY_AT_MOST - taken).await?;
            taken += line.len();
            let (this, more, text) = parts(&line).ok_or_else(|| Broken::Nonsense(shown(&line)))?;
            if *code.get_or_insert(this) != this {
                return Err(Broken::Nonsense(shown(&line)));
            }
            lines.push(text);
            if !more {
                return Ok(Reply { code: this, lines });
            }
        }
    }

    /// Reads a line with its end, of at most so many bytes.
    async fn line(&mut self, most: usize) -> Result<Vec<u8>, Broken> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.read[searched..].iter().position(|byte| *byte == b'\n') {
                let rest = self.read.split_off(searched + end + 1);
                let line = std::mem::replace(&mut self.read, rest);
                return if line.len() > most { Err(Broken::Nonsense(shown(&line))) } else { Ok(line) };
            }
            searched = self.read.len();
            if searched > most {
                return Err(Broken::Nonsense(shown(&self.read)));
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(Broken::Closed);
            }
        }
    }

    /// Whether the server has said nothing since its last reply: an answer that was not asked for would be taken for
    /// the answer to the next command. Also notices that the connection has ended.
    pub(super) async fn is_quiet(&mut self) -> Result<bool, Broken> {
        if !self.read.is_empty() {
            return Ok(false);
        }
        let mut piece = [0; 1024];
        let mut piece = ReadBuf::new(&mut piece);
        let looked = std::future::poll_fn(|context: &mut Context<'_>| {
            Poll::Ready(Pin::new(&mut self.stream).poll_read(context, &mut piece))
        });
        match looked.await {
            Poll::Pending => Ok(true),
            Poll::Ready(Err(error)) => Err(error.into()),
            Poll::Ready(Ok(())) if piece.filled().is_empty() => Err(Broken::Closed),
            Poll::Ready(Ok(())) => {
                self.read.extend_from_slice(piece.filled());
                Ok(false)
            }
        }
    }
}

/// A line's code, whether more lines follow, and its text.
fn parts(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(3)?;
    let honest = matches!(digits[0], b'2'..=b'5') && digits.iter().all(u8::is_ascii_digit);
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit.wrapping_sub(b'0')));
    let (more, text) = match rest.split_first() {
        None => (false, rest),
        Some((b' ', text)) => (false, text),
        Some((b'-', text)) => (true, text),
        Some(_) => return None,
    };
    honest.then(|| (code, more, String::from_utf8_lossy(text).trim().to_owned()))
}

/// The beginning of what was read, fit to be shown.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
