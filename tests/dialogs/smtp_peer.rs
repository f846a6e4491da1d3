//! A mail server by script: at every command it does what the test says, and it keeps what it took.
//!
//! What it stored is the truth that the program's own account is held against.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// Where the script is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Greeting,
    Ehlo,
    StartTls,
    /// AUTH, and every line of a login that follows.
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After 354, before anything of the text is read.
    Body,
    /// After the final dot.
    Dot,
    Rset,
    Quit,
}

/// What comes after the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    GoOn,
    Close,
    Hang,
}

/// What the server does.
#[derive(Clone, Debug)]
pub struct Act {
    /// Before it says anything.
    wait: Option<Arc<Notify>>,
    say: Vec<u8>,
    then: Then,
    /// The letter was taken; `None`: if the answer says so.
    store: Option<bool>,
}

/// Answers with these bytes.
pub fn say(bytes: impl AsRef<[u8]>) -> Act {
    Act { wait: None, say: bytes.as_ref().to_vec(), then: Then::GoOn, store: None }
}

/// Closes the connection without an answer.
pub fn close() -> Act {
    say("").and_close()
}

/// Says nothing any more, and keeps the connection.
pub fn hang() -> Act {
    Act { then: Then::Hang, ..say("") }
}

impl Act {
    pub fn and_close(self) -> Self {
        Self { then: Then::Close, ..self }
    }

    /// Waits for a bell first.
    pub fn after(self, bell: &Arc<Notify>) -> Self {
        Self { wait: Some(Arc::clone(bell)), ..self }
    }

    /// Takes the letter whatever the answer says.
    pub fn stored(self) -> Self {
        Self { store: Some(true), ..self }
    }
}

/// A letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub mail: String,
    pub rcpt: String,
    pub message_id: String,
    /// The text as it came, without the dots that were put before dots.
    pub bytes: Vec<u8>,
}

type Script = dyn Fn(At, usize) -> Option<Act> + Send + Sync;

#[derive(Default)]
struct Seen {
    taken: Vec<Taken>,
    commands: Vec<String>,
    asked: Vec<At>,
    connections: usize,
}

struct Inner {
    script: Box<Script>,
    tls: Option<TlsAcceptor>,
    implicit: bool,
    seen: Mutex<Seen>,
    happened: Notify,
}

/// The server.
#[derive(Clone)]
pub struct Peer {
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

impl Peer {
    /// A server in the clear. The script is asked with the place and how often it was asked there before; where it has
    /// no answer, the server does what a good one does.
    pub async fn start(script: impl Fn(At, usize) -> Option<Act> + Send + Sync + 'static) -> Self {
        Self::with_tls(None, false, script).await
    }

    /// One that encrypts: from the first byte, or after STARTTLS.
    pub async fn with_tls(
        tls: Option<TlsAcceptor>,
        implicit: bool,
        script: impl Fn(At, usize) -> Option<Act> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Inner { script: Box::new(script), tls, implicit, seen: Mutex::default(), happened: Notify::new() };
        let peer = Self { address, inner: Arc::new(inner) };
        let serving = peer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let peer = serving.clone();
                tokio::spawn(async move {
                    stream.set_nodelay(true).unwrap();
                    peer.inner.seen.lock().unwrap().connections += 1;
                    // A client that goes away in the middle is what the tests are about.
                    drop(peer.serve(stream).await);
                });
            }
        });
        peer
    }

    /// The letters it took, in their order.
    pub fn taken(&self) -> Vec<Taken> {
        self.inner.seen.lock().unwrap().taken.clone()
    }

    /// The Message-IDs that it took.
    pub fn ids(&self) -> Vec<String> {
        self.taken().into_iter().map(|taken| taken.message_id).collect()
    }

    /// All lines it was sent, but for the letters' texts.
    pub fn commands(&self) -> Vec<String> {
        self.inner.seen.lock().unwrap().commands.clone()
    }

    /// How often a client connected.
    pub fn connections(&self) -> usize {
        self.inner.seen.lock().unwrap().connections
    }

    /// Waits until the script was asked there so often in all; fails the test if it never is.
    pub async fn was_asked(&self, at: At, times: usize) {
        let asked = timeout(Duration::from_mins(1), self.asked(at, times)).await;
        assert!(asked.is_ok(), "nobody came to {at:?}: {:?}", self.commands());
    }

    async fn asked(&self, at: At, times: usize) {
        loop {
            let happens = self.inner.happened.notified();
            if self.inner.seen.lock().unwrap().asked.iter().filter(|asked| **asked == at).count() >= times {
                return;
            }
            happens.await;
        }
    }

    /// Asks the script, notes it, and answers; `false` ends the connection.
    async fn answer<S: AsyncWrite + Unpin>(
        &self,
        stream: &mut S,
        at: At,
        usual: &str,
        letter: Option<&Taken>,
    ) -> io::Result<bool> {
        let before = self.inner.seen.lock().unwrap().asked.iter().filter(|asked| **asked == at).count();
        let act = (self.inner.script)(at, before).unwrap_or_else(|| say(usual));
        {
            let mut seen = self.inner.seen.lock().unwrap();
            if let Some(letter) = letter.filter(|_| act.store.unwrap_or(act.say.starts_with(b"2"))) {
                seen.taken.push(letter.clone());
            }
            seen.asked.push(at);
        }
        self.inner.happened.notify_waiters();
        if let Some(bell) = act.wait {
            bell.notified().await;
        }
        stream.write_all(&act.say).await?;
        stream.flush().await?;
        match act.then {
            Then::GoOn => Ok(true),
            Then::Close => {
                stream.shutdown().await?;
                Ok(false)
            }
            Then::Hang => std::future::pending().await,
        }
    }

    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        if self.inner.implicit {
            let acceptor = self.inner.tls.clone().expect("a server that encrypts has a certificate");
            return self.talk(acceptor.accept(stream).await?, true).await.map(drop);
        }
        if self.talk(&mut stream, true).await? {
            let acceptor = self.inner.tls.clone().expect("a server that offers STARTTLS has a certificate");
            self.talk(acceptor.accept(stream).await?, false).await?;
        }
        Ok(())
    }

    /// One conversation; `true` if it goes on encrypted.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S, greet: bool) -> io::Result<bool> {
        let mut stream = BufReader::new(stream);
        if greet && !self.answer(&mut stream, At::Greeting, "220 peer.test ESMTP\r\n", None).await? {
            return Ok(false);
        }
        let mut letter =
            Taken { mail: String::new(), rcpt: String::new(), message_id: String::new(), bytes: Vec::new() };
        let mut logs_in = 0;
        while let Some(line) = line(&mut stream).await? {
            self.inner.seen.lock().unwrap().commands.push(line.clone());
            let word = line.split(' ').next().unwrap_or_default().to_uppercase();
            let goes_on = match word.as_str() {
                _ if logs_in > 0 => {
                    logs_in -= 1;
                    let usual = if logs_in == 0 { "235 2.7.0 in\r\n" } else { "334 UGFzc3dvcmQ6\r\n" };
                    let answered = self.answer(&mut stream, At::Auth, usual, None).await?;
                    logs_in = logs_in.max(usize::from(self.asks_for_more()));
                    answered
                }
                "EHLO" => {
                    let usual = "250-peer.test\r\n250-SIZE 1000000\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n";
                    self.answer(&mut stream, At::Ehlo, usual, None).await?
                }
                "STARTTLS" => {
                    if self.answer(&mut stream, At::StartTls, "220 go ahead\r\n", None).await? {
                        return Ok(true);
                    }
                    false
                }
                "AUTH" => {
                    let mechanism = line.to_uppercase().split(' ').nth(1).unwrap_or_default().to_owned();
                    let usual;
                    (logs_in, usual) = match mechanism.as_str() {
                        "PLAIN" => (0, "235 2.7.0 in\r\n"),
                        "LOGIN" => (2, "334 VXNlcm5hbWU6\r\n"),
                        _ => (1, "334 \r\n"),
                    };
                    self.answer(&mut stream, At::Auth, usual, None).await?
                }
                "MAIL" => {
                    letter.mail = line;
                    self.answer(&mut stream, At::Mail, "250 2.1.0 OK\r\n", None).await?
                }
                "RCPT" => {
                    letter.rcpt = line;
                    self.answer(&mut stream, At::Rcpt, "250 2.1.5 OK\r\n", None).await?
                }
                "DATA" => {
                    self.answer(&mut stream, At::Data, "354 go ahead\r\n", None).await?
                        && (!self.lets_the_text_come() || self.data(&mut stream, &mut letter).await?)
                }
                "RSET" => self.answer(&mut stream, At::Rset, "250 2.0.0 OK\r\n", None).await?,
                "QUIT" => {
                    self.answer(&mut stream, At::Quit, "221 2.0.0 bye\r\n", None).await?;
                    false
                }
                _ => self.answer(&mut stream, At::Quit, "500 5.5.1 what\r\n", None).await?,
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Whether the last answer of a login was by the script, and asks for one more line.
    fn asks_for_more(&self) -> bool {
        let asked = self.inner.seen.lock().unwrap().asked.iter().filter(|asked| **asked == At::Auth).count();
        (self.inner.script)(At::Auth, asked - 1).is_some_and(|act| act.say.starts_with(b"334"))
    }

    /// Whether the last answer to DATA let the text come.
    fn lets_the_text_come(&self) -> bool {
        let asked = self.inner.seen.lock().unwrap().asked.iter().filter(|asked| **asked == At::Data).count();
        (self.inner.script)(At::Data, asked - 1).is_none_or(|act| act.say.starts_with(b"354"))
    }

    async fn data<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
        letter: &mut Taken,
    ) -> io::Result<bool> {
        if !self.answer(stream, At::Body, "", None).await? {
            return Ok(false);
        }
        letter.bytes.clear();
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Ok(false);
            }
            if line == b".\r\n" {
                break;
            }
            letter.bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let text = String::from_utf8_lossy(&letter.bytes).into_owned();
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
        id.unwrap_or_default().trim().clone_into(&mut letter.message_id);
        self.answer(stream, At::Dot, "250 2.0.0 queued\r\n", Some(letter)).await
    }
}

async fn line<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    let ended = line.ends_with(b"\r\n");
    Ok(ended.then(|| String::from_utf8_lossy(&line[..line.len() - 2]).into_owned()))
}
