//! Logging in by tokens: mailbox and mailer are handed one before they connect, and another where it is refused.
//!
//! Promises that a refused token which was thought good is replaced once; one that was given just now is not, so that a
//! login is never repeated until the account is locked. Where the configuration names a password, nothing happens here.

use super::PipelineError;
use crate::{
    config::OauthConfig,
    mailbox::{Imap, ImapError, MailboxError, OpenFolder},
    mailer::{Envelope, Handover, Phase, Smtp, Written},
    oauth::{Handed, TokenError, Tokens},
};

/// Opens a folder, and logs in first where there is no connection.
///
/// # Errors
/// No token, no connection, no login, or no such folder.
pub async fn examine(tokens: &Tokens, imap: &mut Imap, folder: &str) -> Result<OpenFolder, PipelineError> {
    loop {
        let handed = hand(tokens, imap).await?;
        let opened = imap.examine(folder).await;
        let refused = matches!(opened, Err(ImapError::Login(_)));
        if !again(tokens, account(imap), handed, refused).await {
            return Ok(opened.map_err(MailboxError::from)?);
        }
    }
}

/// Opens a folder where the next thing to do would begin with a login by a token; else does nothing.
///
/// # Errors
/// No token, no connection, no login, or no such folder.
pub(super) async fn by_token(tokens: &Tokens, imap: &mut Imap, folder: &str) -> Result<(), PipelineError> {
    if imap.must_log_in() && account(imap).is_some() {
        examine(tokens, imap, folder).await?;
    }
    Ok(())
}

/// Logs in and yields the names of all folders.
///
/// # Errors
/// No token, no connection, no login, or no answer.
pub async fn folders(tokens: &Tokens, imap: &mut Imap) -> Result<Vec<String>, PipelineError> {
    loop {
        let handed = hand(tokens, imap).await?;
        let there = imap.folders().await;
        let refused = matches!(there, Err(ImapError::Login(_)));
        if !again(tokens, account(imap), handed, refused).await {
            return Ok(there.map_err(MailboxError::from)?);
        }
    }
}

/// Hands a letter over up to its final dot, and logs in first where there is no connection.
///
/// # Errors
/// What became of the letter instead.
pub(super) async fn until_the_dot<'a>(
    tokens: &Tokens,
    smtp: &'a Smtp,
    envelope: Envelope<'_>,
    bytes: &[u8],
) -> Result<Written<'a>, Handover> {
    loop {
        let handed = hand_for_letters(tokens, smtp).await?;
        let written = smtp.until_the_dot(envelope, bytes).await;
        let refused = written.as_ref().err().is_some_and(is_of_the_login);
        if !again(tokens, account_for_letters(smtp), handed, refused).await {
            return written;
        }
    }
}

/// Connects to the mail server, logs in, says from whom letters come and takes that back: nothing is sent.
///
/// # Errors
/// What would keep letters from leaving.
pub async fn try_out(tokens: &Tokens, smtp: &Smtp, return_path: Option<&str>) -> Result<(), Handover> {
    loop {
        let handed = hand_for_letters(tokens, smtp).await?;
        let tried = smtp.try_out(return_path).await;
        let refused = tried.as_ref().err().is_some_and(is_of_the_login);
        if !again(tokens, account_for_letters(smtp), handed, refused).await {
            return tried;
        }
    }
}

/// Hands a token over if the next thing to do begins with a login by one.
async fn hand(tokens: &Tokens, imap: &mut Imap) -> Result<Option<Handed>, TokenError> {
    if !imap.must_log_in() {
        return Ok(None);
    }
    let Some((user, oauth)) = account(imap) else { return Ok(None) };
    let handed = tokens.token(user, oauth).await?;
    imap.hand_token(handed.token.clone());
    Ok(Some(handed))
}

/// The same for letters. Without a token no letter is spoken of: it waits, as after a login that was refused.
async fn hand_for_letters(tokens: &Tokens, smtp: &Smtp) -> Result<Option<Handed>, Handover> {
    let Some((user, oauth)) = account_for_letters(smtp) else { return Ok(None) };
    let no_token = |error: TokenError| Handover::not_sent(Phase::Login, error.to_string());
    let handed = tokens.token(user, oauth).await.map_err(no_token)?;
    smtp.hand_token(handed.token.clone());
    Ok(Some(handed))
}

/// Whether it is worth trying again: the token that was handed over was refused, and was thought good.
async fn again(tokens: &Tokens, account: Option<(&str, &OauthConfig)>, handed: Option<Handed>, refused: bool) -> bool {
    let (Some((user, oauth)), Some(handed), true) = (account, handed, refused) else { return false };
    tokens.refused(user, oauth, &handed.token).await;
    !handed.fresh
}

/// The account, where it is one that takes tokens.
fn account(imap: &Imap) -> Option<(&str, &OauthConfig)> {
    let config = imap.config();
    Some((config.user.as_str(), config.proof.oauth()?))
}

fn account_for_letters(smtp: &Smtp) -> Option<(&str, &OauthConfig)> {
    let login = smtp.config().login.as_ref()?;
    Some((login.user.as_str(), login.proof.oauth()?))
}

fn is_of_the_login(sent: &Handover) -> bool {
    matches!(sent, Handover::NotSent { phase: Phase::Login, .. })
}
