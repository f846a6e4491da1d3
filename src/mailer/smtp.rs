//! Letters over SMTP: a connection is made for a letter where none is kept, kept for those that follow, and ended when
//! none does.
//!
//! Promises that a letter is begun again on a fresh connection only where the kept one ended before the letter's text.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    limits::SmtpLimits,
    outcome::{Handover, Phase},
    phases::{Conversation, Envelope},
};
use crate::config::{Secret, SmtpConfig};

/// How long a server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(3);

/// A mail server that takes letters.
#[derive(Debug)]
pub struct Smtp {
    config: SmtpConfig,
    limits: SmtpLimits,
    /// Connections that wait for a letter, and since when.
    kept: Mutex<Vec<(Conversation, Instant)>>,
    /// Where the configuration names no password: what proves who we are.
    token: Mutex<Option<Secret>>,
}

/// A letter that the server has but for the final dot; dropped, it does not leave.
#[derive(Debug)]
pub struct Written<'a> {
    smtp: &'a Smtp,
    conversation: Conversation,
}

impl Smtp {
    /// The server of the configuration; connected to when the first letter leaves.
    #[must_use]
    pub fn new(config: SmtpConfig, limits: SmtpLimits) -> Self {
        Self { config, limits, kept: Mutex::default(), token: Mutex::default() }
    }

    /// The server's settings.
    #[must_use]
    pub fn config(&self) -> &SmtpConfig {
        &self.config
    }

    /// Takes the token for the next logins, where the configuration names no password.
    pub fn hand_token(&self, token: Secret) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    /// The longest that a letter can take.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.limits.whole()
    }

    /// Hands a letter over up to its final dot.
    ///
    /// # Errors
    /// What became of it instead; never that it was accepted, nor that this is uncertain.
    pub async fn until_the_dot(&self, envelope: Envelope<'_>, bytes: &[u8]) -> Result<Written<'_>, Handover> {
        if let Some(mut conversation) = self.take() {
            let until = Instant::now() + self.limits.before_dot;
            match conversation.until_the_dot(envelope, bytes, until).await {
                Ok(()) => return Ok(Written { smtp: self, conversation }),
                // The server had ended the connection since the last letter.
                Err(sent) if has_ended(&sent) && !conversation.goes_on() => {}
                Err(sent) => {
                    self.keep(conversation);
                    return Err(sent);
                }
            }
        }
        let until = Instant::now() + self.limits.before_dot;
        let mut conversation = self.open(until).await?;
        match conversation.until_the_dot(envelope, bytes, until).await {
            Ok(()) => Ok(Written { smtp: self, conversation }),
            Err(sent) => {
                self.keep(conversation);
                Err(sent)
            }
        }
    }

    /// Connects, logs in, says from whom letters come and takes that back, and says goodbye: nothing is sent.
    ///
    /// # Errors
    /// What would keep letters from leaving.
    pub async fn try_out(&self, return_path: Option<&str>) -> Result<(), Handover> {
        let until = Instant::now() + self.limits.before_dot;
        let mut conversation = self.open(until).await?;
        let tried = conversation.try_mail(return_path, until).await;
        if conversation.goes_on() {
            conversation.quit(GOODBYE).await;
        }
        tried
    }

    /// There is no letter now: connections that have waited long enough for one are ended.
    pub async fn rest(&self) {
        let waited: Vec<_> = self.kept().extract_if(.., |(_, used)| used.elapsed() >= self.limits.keep).collect();
        for (conversation, _) in waited {
            conversation.quit(GOODBYE).await;
        }
    }

    /// There will be no more letters.
    pub async fn close(&self) {
        while let Some(conversation) = self.take() {
            conversation.quit(GOODBYE).await;
        }
    }

    async fn open(&self, until: Instant) -> Result<Conversation, Handover> {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Conversation::open(&self.config, token.as_ref(), self.limits, until).await
    }

    fn take(&self) -> Option<Conversation> {
        self.kept().pop().map(|(conversation, _)| conversation)
    }

    fn keep(&self, conversation: Conversation) {
        if conversation.goes_on() {
            self.kept().push((conversation, Instant::now()));
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(Conversation, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection that the server ended meanwhile looks like to the next letter.
fn has_ended(sent: &Handover) -> bool {
    match sent {
        Handover::NotSent { phase, .. } => *phase == Phase::Mail,
        Handover::Transient { phase, reply } => *phase == Phase::Mail && reply.code == 421,
        _ => false,
    }
}

impl Written<'_> {
    /// Writes the final dot, by which the letter leaves, and waits for the reply: until somebody says why no longer.
    pub async fn dot(mut self, no_longer: impl Future<Output = String>) -> Handover {
        tokio::select! {
            sent = self.conversation.dot() => {
                self.smtp.keep(self.conversation);
                sent
            }
            reason = no_longer => Handover::Uncertain { reason },
        }
    }

    /// Ends the connection instead, so that the letter does not leave.
    pub fn abandon(self) {}
}
