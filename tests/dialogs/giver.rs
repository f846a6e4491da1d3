//! An IMAP server with one message in its folder, which announces a size and gives what it likes.

use std::sync::{Arc, Mutex};

use docket::config::{AfterIntake, ImapConfig, Proof, Secret, Tls};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// How a server answers who asks for a piece.
#[derive(Clone, Copy, Debug)]
pub enum Pieces {
    /// At most so many bytes a piece.
    Capped(usize),
    /// At most so many bytes a piece, and nothing from there on.
    Ending(usize, usize),
    /// With the whole message.
    Ignored,
    /// With the same bytes whatever is asked for, so many of them, under the label that was asked for.
    Echoed(usize),
    /// With so many bytes from the beginning, under the label of the beginning.
    Elsewhere(usize),
    /// With NO behind the first so many bytes.
    Refused(usize),
    /// By ending the conversation behind the first so many bytes.
    Lost(usize),
}

/// What a server has, and what it makes of it.
#[derive(Clone, Debug)]
pub struct Gives {
    pub message: Vec<u8>,
    pub announces: usize,
    pub pieces: Pieces,
    /// How many bytes it gives of it at once: with the first fetch, the second, and so on; all of it behind the last. With
    /// none it ends the conversation.
    pub at_once: Vec<usize>,
}

impl Gives {
    /// A server that does as it should.
    pub fn all_of(message: Vec<u8>) -> Self {
        Self { announces: message.len(), message, pieces: Pieces::Capped(usize::MAX), at_once: Vec::new() }
    }
}

#[derive(Clone)]
pub struct Giver {
    port: u16,
    gives: Arc<Mutex<Gives>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Giver {
    pub async fn of(what: Gives) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let giver = Self { port, gives: Arc::new(Mutex::new(what)), heard: Arc::default() };
        let serving = giver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().converse(stream));
            }
        });
        giver
    }

    pub fn account(&self) -> ImapConfig {
        ImapConfig {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: Tls::None,
            user: "u".to_owned(),
            proof: Proof::Password(Secret::new("p")),
            ca_file: None,
            folders: vec!["INBOX".to_owned()],
            junk: Vec::new(),
            after_intake: AfterIntake::Leave,
            sent: None,
        }
    }

    /// The fetches that it heard.
    pub fn fetches(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    async fn converse(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.write_all(b"* OK hello\r\n").await.unwrap();
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
            let said = std::mem::take(&mut line);
            let Some(answer) = self.answer(said.trim_end()) else { return };
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
    }

    fn answer(&self, said: &str) -> Option<Vec<u8>> {
        let (tag, command) = said.split_once(' ').unwrap();
        let untagged = match command {
            "CAPABILITY" => b"* CAPABILITY IMAP4rev1\r\n".to_vec(),
            "LOGOUT" => return None,
            search if search.starts_with("UID SEARCH") => b"* SEARCH 1\r\n".to_vec(),
            open if open.starts_with("EXAMINE") => {
                b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n".to_vec()
            }
            fetch if fetch.starts_with("UID FETCH 1 ") => {
                self.heard.lock().unwrap().push(fetch.to_owned());
                match self.fetched(fetch) {
                    Ok(answer) => answer,
                    Err(Some(refusal)) => return Some(format!("{tag} {refusal}\r\n").into_bytes()),
                    Err(None) => return None,
                }
            }
            // It changes nothing in its folder.
            change if change.starts_with("SELECT") => return Some(format!("{tag} NO read only\r\n").into_bytes()),
            login => {
                assert!(login.starts_with("LOGIN"), "{login}");
                Vec::new()
            }
        };
        Some([untagged, format!("{tag} OK done\r\n").into_bytes()].concat())
    }

    /// The answer to a fetch; the refusal, or the end, where it is none.
    fn fetched(&self, command: &str) -> Result<Vec<u8>, Option<&'static str>> {
        let mut gives = self.gives.lock().unwrap();
        if command.contains("RFC822.SIZE") {
            let date = "INTERNALDATE \"20-Sep-2020 12:00:00 +0000\"";
            return Ok(format!("* 1 FETCH (UID 1 RFC822.SIZE {} {date})\r\n", gives.announces).into_bytes());
        }
        let Some((_, piece)) = command.split_once("BODY.PEEK[]<") else {
            let most = if gives.at_once.is_empty() { usize::MAX } else { gives.at_once.remove(0) };
            if most == 0 {
                return Err(None);
            }
            return Ok(literal("BODY[]", &gives.message[..most.min(gives.message.len())]));
        };
        let (from, most) = piece.trim_end_matches(">)").split_once('.').unwrap();
        let (from, most): (usize, usize) = (from.parse().unwrap(), most.parse().unwrap());
        let of = |end: usize, cap: usize| {
            let end = end.min(gives.message.len());
            &gives.message[from.min(end)..from.saturating_add(most.min(cap)).min(end)]
        };
        let labelled = |origin: usize, bytes: &[u8]| Ok(literal(&format!("BODY[]<{origin}>"), bytes));
        let same = |cap: usize| &gives.message[..cap.min(most).min(gives.message.len())];
        match gives.pieces {
            Pieces::Capped(cap) => labelled(from, of(usize::MAX, cap)),
            Pieces::Ending(cap, end) => labelled(from, of(end, cap)),
            Pieces::Ignored => Ok(literal("BODY[]", &gives.message)),
            Pieces::Echoed(cap) => labelled(from, same(cap)),
            Pieces::Elsewhere(cap) => labelled(0, same(cap)),
            Pieces::Refused(end) if from >= end => Err(Some("NO there is nothing")),
            Pieces::Lost(end) if from >= end => Err(None),
            Pieces::Refused(end) | Pieces::Lost(end) => labelled(from, of(end, usize::MAX)),
        }
    }
}

fn literal(label: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("* 1 FETCH (UID 1 {label} {{{}}}\r\n", bytes.len());
    [head.as_bytes(), bytes, b")\r\n"].concat()
}
