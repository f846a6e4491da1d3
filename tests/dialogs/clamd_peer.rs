//! A virus scanner by script: clamd's PING and INSTREAM, and at every place what the test says.
//!
//! It takes the bytes between the commands as clamd does, and keeps them: what it was sent is the truth.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};

use docket::config::ScannerAt;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, UnixListener},
};

/// A message that holds this is found by a scanner without a script.
pub const HARM: &str = "harm-for-a-test";

/// Where the script is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Ping,
    /// Before anything of a message is read.
    Begin,
    /// After the whole message.
    End,
}

/// What the scanner does there instead of what a good one does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Says this, and closes.
    Say(&'static [u8]),
    /// Says this, and takes in what comes.
    SayAndGoOn(&'static [u8]),
    /// Says nothing, and keeps the connection.
    Hang,
}

type Script = dyn Fn(At) -> Option<Act> + Send + Sync;

#[derive(Clone)]
pub struct Clamd {
    script: Arc<Script>,
    scanned: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Clamd {
    /// A scanner at a port of this machine.
    pub async fn start(script: impl Fn(At) -> Option<Act> + Send + Sync + 'static) -> (Self, ScannerAt) {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    /// One at a port that is known already.
    pub async fn start_at(port: u16, script: impl Fn(At) -> Option<Act> + Send + Sync + 'static) -> (Self, ScannerAt) {
        Self::listen(TcpListener::bind(("127.0.0.1", port)).await.unwrap(), script)
    }

    fn listen(listener: TcpListener, script: impl Fn(At) -> Option<Act> + Send + Sync + 'static) -> (Self, ScannerAt) {
        let address: SocketAddr = listener.local_addr().unwrap();
        let clamd = Self { script: Arc::new(script), scanned: Arc::default() };
        let serving = clamd.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.clone().take(stream);
            }
        });
        (clamd, ScannerAt::Tcp { host: address.ip().to_string(), port: address.port() })
    }

    /// A scanner at a socket in the file system.
    pub fn at(path: &Path, script: impl Fn(At) -> Option<Act> + Send + Sync + 'static) -> (Self, ScannerAt) {
        let listener = UnixListener::bind(path).unwrap();
        let clamd = Self { script: Arc::new(script), scanned: Arc::default() };
        let serving = clamd.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.clone().take(stream);
            }
        });
        (clamd, ScannerAt::Unix(path.to_owned()))
    }

    /// The messages that came whole.
    pub fn scanned(&self) -> Vec<Vec<u8>> {
        self.scanned.lock().unwrap().clone()
    }

    fn take<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) {
        // A client that goes away in the middle is what some tests are about.
        tokio::spawn(async move { drop(self.serve(BufReader::new(stream)).await) });
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(self, mut stream: BufReader<S>) -> io::Result<()> {
        let mut command = Vec::new();
        stream.read_until(0, &mut command).await?;
        match command.as_slice() {
            b"zPING\0" => {
                let act = (self.script)(At::Ping);
                self.act(&mut stream, act.unwrap_or(Act::Say(b"PONG\0"))).await?;
            }
            b"zINSTREAM\0" => {
                if let Some(act) = (self.script)(At::Begin)
                    && !self.act(&mut stream, act).await?
                {
                    return Ok(());
                }
                let mut message = Vec::new();
                loop {
                    let length = stream.read_u32().await?;
                    if length == 0 {
                        break;
                    }
                    let mut piece = vec![0; usize::try_from(length).unwrap()];
                    stream.read_exact(&mut piece).await?;
                    message.extend(piece);
                }
                let harm = message.windows(HARM.len()).any(|part| part == HARM.as_bytes());
                self.scanned.lock().unwrap().push(message);
                let usual: &[u8] = if harm { b"stream: Docket.Test-1 FOUND\0" } else { b"stream: OK\0" };
                let act = (self.script)(At::End).unwrap_or(Act::Say(usual));
                self.act(&mut stream, act).await?;
            }
            _ => stream.write_all(b"UNKNOWN COMMAND\0").await?,
        }
        stream.shutdown().await
    }

    /// `false` ends the connection.
    async fn act<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut BufReader<S>, act: Act) -> io::Result<bool> {
        match act {
            Act::Say(answer) => {
                stream.write_all(answer).await?;
                stream.shutdown().await?;
                Ok(false)
            }
            Act::SayAndGoOn(answer) => {
                stream.write_all(answer).await?;
                stream.flush().await?;
                Ok(true)
            }
            Act::Hang => std::future::pending().await,
        }
    }
}
