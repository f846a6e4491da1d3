//! An account on an IMAP server: the connection when it is needed, and what the server has in its folders.
//!
//! Promises that a conversation which failed is never used again, and that neither a server's nonsense nor a fault of the
//! parser under it ends the program. Reads only: what marks, moves or adds messages stands in [`change`]. Who comes back to
//! a mailbox after a failure, and when, is the caller's business.

mod change;

use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use super::{
    answers::{Described, InPieces, OpenFolder, Piece, Quota},
    error::ImapError,
    session::Session,
    wire::{self, Wire},
};
use crate::{
    config::{ImapConfig, Proof, Secret, Tls},
    memory::room,
    net::tls,
};

/// How long the server may take for any one answer.
pub const LIMIT: Duration = Duration::from_mins(1);
/// A server may end an IDLE after 10 minutes of what it takes for silence, and so may whatever stands in between.
const LONGEST_IDLE: Duration = Duration::from_secs(9 * 60 + 30);
/// Larger messages are fetched in pieces of this size, so that no answer is held in memory twice at its full size.
pub const PIECE: usize = 1 << 20;
/// A server that needs more pieces for a message gives too little with each.
const MOST_PIECES: usize = 4_096;

/// An account on a server, connected or not.
#[derive(Debug)]
pub struct Imap {
    config: ImapConfig,
    limit: Duration,
    session: Option<Session>,
    /// Where the configuration names no password: what proves who we are, until it is refused or another is handed over.
    token: Option<Secret>,
    /// The server said that it can IDLE, and refused.
    refuses_idle: bool,
    /// The server said that it takes ID, and did not take it.
    refuses_id: bool,
}

impl Imap {
    /// An account; nothing is connected yet. `limit` is how long the server may take for an answer.
    #[must_use]
    pub fn new(config: ImapConfig, limit: Duration) -> Self {
        Self { config, limit, session: None, token: None, refuses_idle: false, refuses_id: false }
    }

    /// Whether the next thing to do begins with a login.
    #[must_use]
    pub fn must_log_in(&self) -> bool {
        self.session.is_none()
    }

    /// Takes the token for the next logins, where the configuration names no password.
    pub fn hand_token(&mut self, token: Secret) {
        self.token = Some(token);
    }

    /// The account's settings.
    #[must_use]
    pub fn config(&self) -> &ImapConfig {
        &self.config
    }

    /// Opens a folder, and a connection first where there is none.
    ///
    /// # Errors
    /// No connection, no login, or no such folder.
    pub async fn examine(&mut self, folder: &str) -> Result<OpenFolder, ImapError> {
        let mut session = self.session_or_login().await?;
        let answer = contained("EXAMINE", session.examine(folder)).await;
        self.keep(session, answer)
    }

    /// The UIDs of a range of the open folder, in their order.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn search(&mut self, from: u32, to: u32) -> Result<Vec<u32>, ImapError> {
        let mut session = self.session("SEARCH")?;
        let answer = contained("SEARCH", session.search(from, to)).await;
        self.keep(session, answer)
    }

    /// Size and time of messages of the open folder; what the server did not tell is missing.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn describe(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Described>, ImapError> {
        let mut session = self.session("FETCH")?;
        let answer = contained("FETCH", session.describe(uids)).await;
        self.keep(session, answer)
    }

    /// Whole messages of the open folder; what the server did not hand over is missing.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn bodies(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Vec<u8>>, ImapError> {
        let mut session = self.session("FETCH")?;
        let answer = contained("FETCH", session.bodies(uids)).await;
        self.keep(session, answer)
    }

    /// One message of the open folder in pieces, at most `most` bytes of it and a piece. A piece may be shorter than it was
    /// asked for: it is read on until nothing comes any more, or as much as was announced.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn in_pieces(&mut self, uid: u32, announced: Option<usize>, most: usize) -> Result<InPieces, ImapError> {
        let (mut whole, mut last) = (room(most), 0..0);
        for _ in 0..MOST_PIECES {
            let from = whole.len();
            let ask = PIECE.min(most - from);
            let mut session = self.session("FETCH")?;
            let answer = contained("FETCH", session.piece(uid, "", from, ask)).await;
            let piece = match self.keep(session, answer) {
                Ok(piece) => piece,
                // Some servers refuse what lies behind the end.
                Err(error @ ImapError::Refused { .. }) if from > 0 && !error.is_about_the_server() => None,
                Err(error) => return Err(error),
            };
            let Some(Piece { origin, bytes: piece }) = piece.filter(|piece| !piece.bytes.is_empty()) else {
                return Ok(if from > 0 { InPieces::All(whole) } else { InPieces::Nothing });
            };
            match origin {
                // The server does not know pieces, and this is the whole.
                None if from == 0 => return Ok(InPieces::All(piece)),
                Some(origin) if origin as usize == from => {}
                _ => return Ok(InPieces::Confused),
            }
            // What came before, once more: the server gives the same whatever it is asked for, or the message repeats itself.
            if from > 0 && (whole.starts_with(&piece) || whole[last.clone()] == piece[..]) {
                return Ok(InPieces::Confused);
            }
            last = from..from + piece.len();
            whole.extend_from_slice(&piece);
            if announced == Some(whole.len()) && piece.len() < ask || whole.len() >= most {
                return Ok(InPieces::All(whole));
            }
        }
        Ok(InPieces::Confused)
    }

    /// The header of a message of the open folder, at most `most` bytes of it.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn header(&mut self, uid: u32, most: usize) -> Result<Option<Vec<u8>>, ImapError> {
        let mut session = self.session("FETCH")?;
        let answer = contained("FETCH", session.piece(uid, "HEADER", 0, most)).await;
        let piece = self.keep(session, answer)?.filter(|piece| piece.origin.is_none_or(|origin| origin == 0));
        Ok(piece.map(|Piece { mut bytes, .. }| {
            bytes.truncate(most);
            bytes
        }))
    }

    /// Logs in and yields the names of all folders.
    ///
    /// # Errors
    /// No connection, no login, or no answer.
    pub async fn folders(&mut self) -> Result<Vec<String>, ImapError> {
        let mut session = self.log_in().await?;
        let answer = contained("LIST", session.folders()).await?;
        session.logout().await;
        Ok(answer)
    }

    /// Waits until something arrives in the folder that was opened last, at most for some time, and says whether the
    /// server announced anything. Where it cannot announce, the time passes.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn wait(&mut self, most: Duration) -> Result<bool, ImapError> {
        let most = most.min(LONGEST_IDLE);
        let can = |session: &Session| session.can("IDLE") && !self.refuses_idle;
        if !self.session.as_ref().is_some_and(can) {
            tokio::time::sleep(most).await;
            return Ok(false);
        }
        let mut session = self.session("IDLE")?;
        let answer = contained("IDLE", session.idle(most)).await;
        self.refuses_idle |= matches!(answer, Err(ImapError::Refused { .. }));
        self.keep(session, answer)
    }

    /// The limit of a folder's account that is nearest to being reached; none where there is no limit, or the server does
    /// not say (RFC 2087).
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn quota(&mut self, folder: &str) -> Result<Option<Quota>, ImapError> {
        let mut session = self.session("GETQUOTAROOT")?;
        if !session.can("QUOTA") {
            return self.keep(session, Ok(None));
        }
        let answer = contained("GETQUOTAROOT", session.quota(folder)).await;
        self.keep(session, answer)
    }

    /// Takes leave of the server, if there is a conversation.
    pub async fn leave(&mut self) {
        if let Some(session) = self.session.take() {
            session.logout().await;
        }
    }

    /// Logs in, and says who we are where the server offers to hear it. A server that
    /// does not take that after all is not told again.
    async fn log_in(&mut self) -> Result<Session, ImapError> {
        let mut session = contained("the login", self.try_log_in()).await?;
        if !session.can("ID") || self.refuses_id {
            return Ok(session);
        }
        match contained("ID", session.introduce()).await {
            Ok(()) | Err(ImapError::Refused { .. }) => Ok(session),
            Err(error) => {
                tracing::info!(host = self.config.host, %error, "the server offers ID and does not take it");
                self.refuses_id = true;
                drop(session);
                contained("the login", self.try_log_in()).await
            }
        }
    }

    async fn try_log_in(&self) -> Result<Session, ImapError> {
        let ImapConfig { host, port, .. } = &self.config;
        let tcp = wire::connect(host, *port, self.limit).await?;
        let mut session = match self.config.tls {
            Tls::None => Session::begin(Box::new(tcp), self.limit).await?,
            Tls::Implicit => {
                let clear: Box<dyn Wire> = Box::new(tcp);
                let wire = wire::protect(clear, host, self.trust()?, self.limit).await?;
                Session::begin(wire, self.limit).await?
            }
            Tls::Starttls => {
                let clear = Session::begin(Box::new(tcp), self.limit).await?;
                if !clear.can("STARTTLS") {
                    return Err(ImapError::NoStarttls(host.clone()));
                }
                let clear = clear.starttls().await?;
                let wire = wire::protect(clear, host, self.trust()?, self.limit).await?;
                Session::go_on(wire, self.limit).await?
            }
        };
        let user = &self.config.user;
        match (&self.config.proof, &self.token) {
            (Proof::Password(password), _) => session.login(user, password.reveal()).await?,
            (Proof::Oauth(_), Some(token)) => session.bear(user, (host, *port), token.reveal()).await?,
            (Proof::Oauth(_), None) => return Err(ImapError::Login("there is no token to log in with".to_owned())),
        }
        Ok(session)
    }

    fn trust(&self) -> Result<Arc<rustls::ClientConfig>, ImapError> {
        tls::trust(self.config.ca_file.as_deref()).map_err(ImapError::Certificate)
    }

    /// The conversation, out of its place; a new one where there is none.
    async fn session_or_login(&mut self) -> Result<Session, ImapError> {
        match self.session.take() {
            Some(session) => Ok(session),
            None => self.log_in().await,
        }
    }

    /// The conversation, out of its place: whoever drops what he does with it drops it, too.
    fn session(&mut self, doing: &'static str) -> Result<Session, ImapError> {
        self.session.take().ok_or(ImapError::Lost { doing })
    }

    /// Puts a conversation back that can go on.
    fn keep<T>(&mut self, session: Session, answer: Result<T, ImapError>) -> Result<T, ImapError> {
        if answer.as_ref().err().is_none_or(ImapError::leaves_the_session) {
            self.session = Some(session);
        }
        answer
    }
}

/// Turns a panic of the parser into an error; the conversation is dropped with it.
async fn contained<T>(
    doing: &'static str,
    work: impl Future<Output = Result<T, ImapError>> + Send,
) -> Result<T, ImapError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or(Err(ImapError::Broke { doing }))
}
