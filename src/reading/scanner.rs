//! A virus scanner (clamd) is asked whether it knows a message to be harmful.
//!
//! Promises that a verdict is about all of the bytes: half an answer, one that came before everything was sent, and one
//! that nobody understands are none. Promises an end in time, and to send nothing but to where the configuration says.
//! clamd takes messages apart by itself, so one verdict holds for a message and all its files.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    pin,
    time::timeout,
};

use crate::config::{ReadingConfig, ScannerAt};

/// How long it may take to say that it is there.
const TO_PING: Duration = Duration::from_secs(5);
/// How many bytes are sent at once.
const PIECE: usize = 64 << 10;
/// Bytes of an answer that are read; the longest honest ones hold a name.
const MOST_ANSWER: u64 = 1024;
/// Letters of what it says that are repeated.
const MOST_SAID: usize = 120;

/// The scanner.
#[derive(Clone, Debug)]
pub struct Scanner {
    at: ScannerAt,
    limit: Duration,
}

/// What it says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It knows nothing against it.
    Clean,
    /// It knows it to be harmful, under this name.
    Found(String),
}

/// Why there is no verdict. Each goes on after "the scanner".
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Nobody listens there.
    #[error("cannot be reached ({0})")]
    Unreachable(io::Error),
    /// No answer in time.
    #[error("did not answer within {} s", .0.as_secs_f64())]
    Silent(Duration),
    /// The connection ended before there was an answer.
    #[error("broke off ({0})")]
    BrokeOff(io::Error),
    /// It takes no message of this size.
    #[error("takes no message of this size")]
    TooLarge,
    /// It says that it failed.
    #[error("failed ({0})")]
    Failed(String),
    /// What it says is no answer.
    #[error("gave an answer that means nothing here ({0})")]
    NotUnderstood(String),
}

impl ScanError {
    /// Whether the same may succeed later. A message does not shrink.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        !self.is_of_the_message()
    }

    /// Whether it is about this one message, and the scanner does its work.
    #[must_use]
    pub fn is_of_the_message(&self) -> bool {
        matches!(self, Self::TooLarge)
    }
}

impl Scanner {
    /// The scanner of a configuration; `None` where none is asked.
    #[must_use]
    pub fn of(config: &ReadingConfig) -> Option<Self> {
        config.scanner.clone().map(|at| Self { at, limit: config.scanner_time })
    }

    /// Asks whether it is there.
    ///
    /// # Errors
    /// It is not.
    pub async fn ping(&self) -> Result<(), ScanError> {
        let heard = self.ask(None, TO_PING.min(self.limit)).await?;
        if heard.answer == "PONG" { Ok(()) } else { Err(ScanError::NotUnderstood(quoted(&heard.answer))) }
    }

    /// Has it look through a message.
    ///
    /// # Errors
    /// There is no verdict.
    pub async fn scan(&self, message: &[u8]) -> Result<Scan, ScanError> {
        // One that hangs costs each message seconds, not all of the time that a scan may take.
        self.ping().await?;
        self.ask(Some(message), self.limit).await?.verdict()
    }

    async fn ask(&self, message: Option<&[u8]>, limit: Duration) -> Result<Heard, ScanError> {
        let asked = async {
            match &self.at {
                ScannerAt::Unix(path) => {
                    let wire = UnixStream::connect(path).await.map_err(ScanError::Unreachable)?;
                    converse(wire, message).await
                }
                ScannerAt::Tcp { host, port } => {
                    let wire = TcpStream::connect((host.as_str(), *port)).await.map_err(ScanError::Unreachable)?;
                    wire.set_nodelay(true).map_err(ScanError::Unreachable)?;
                    converse(wire, message).await
                }
            }
        };
        timeout(limit, asked).await.map_err(|_| ScanError::Silent(limit))?
    }
}

/// An answer, and whether everything had been sent by then.
struct Heard {
    answer: String,
    sent: bool,
}

impl Heard {
    fn verdict(&self) -> Result<Scan, ScanError> {
        let Self { answer, sent } = self;
        if answer.starts_with("INSTREAM size limit exceeded") {
            return Err(ScanError::TooLarge);
        }
        match answer.strip_prefix("stream: ") {
            Some("OK") if *sent => return Ok(Scan::Clean),
            Some(found) => {
                let name = found.strip_suffix(" FOUND").map(quoted).filter(|name| !name.is_empty());
                if let Some(name) = name {
                    return Ok(Scan::Found(name));
                }
            }
            None => {}
        }
        let said = quoted(answer);
        Err(match said.strip_suffix("ERROR") {
            Some(why) => {
                let why = why.trim_end_matches([' ', '.']);
                ScanError::Failed(why.strip_prefix("stream: ").unwrap_or(why).to_owned())
            }
            None => ScanError::NotUnderstood(said),
        })
    }
}

/// Sends the message, or asks whether anybody is there, and hears the answer, which may come before all is sent.
async fn converse<S: AsyncRead + AsyncWrite>(wire: S, message: Option<&[u8]>) -> Result<Heard, ScanError> {
    let (reader, writer) = tokio::io::split(wire);
    let (sending, hearing) = (send(writer, message), hear(reader));
    pin!(sending, hearing);
    let mut sent = None;
    let answer = loop {
        tokio::select! {
            biased;
            done = &mut sending, if sent.is_none() => sent = Some(done),
            answer = &mut hearing => break answer,
        }
    };
    match (answer, sent) {
        (Ok(answer), sent) => Ok(Heard { answer, sent: sent.is_some_and(|sent| sent.is_ok()) }),
        // What ended the sending is the reason why nothing was heard.
        (Err(_), Some(Err(error))) | (Err(error), _) => Err(ScanError::BrokeOff(error)),
    }
}

async fn send<W: AsyncWrite + Unpin>(mut writer: W, message: Option<&[u8]>) -> io::Result<()> {
    let Some(message) = message else {
        writer.write_all(b"zPING\0").await?;
        return writer.flush().await;
    };
    writer.write_all(b"zINSTREAM\0").await?;
    for piece in message.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        writer.write_all(&length.to_be_bytes()).await?;
        writer.write_all(piece).await?;
    }
    writer.write_all(&0_u32.to_be_bytes()).await?;
    writer.flush().await
}

/// An answer up to the zero byte that ends it.
async fn hear<R: AsyncRead + Unpin>(reader: R) -> io::Result<String> {
    let mut reader = reader.take(MOST_ANSWER);
    let mut answer = Vec::new();
    loop {
        let heard = reader.read_buf(&mut answer).await?;
        if let Some(end) = answer.iter().position(|byte| *byte == 0) {
            return Ok(String::from_utf8_lossy(&answer[..end]).trim().to_owned());
        }
        if heard == 0 {
            let what = if answer.is_empty() { "it said nothing" } else { "its answer has no end" };
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
    }
}

/// What it said, fit to be shown.
fn quoted(said: &str) -> String {
    said.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(MOST_SAID).collect::<String>().trim().to_owned()
}
