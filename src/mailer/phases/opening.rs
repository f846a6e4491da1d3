//! The beginning of a conversation: the connection, its encryption, the greeting, and what the server offers.
//!
//! Promises that where TLS is asked for, nothing but the question for it goes in the clear, and that nothing the server said
//! before it counts.

use std::net::SocketAddr;

use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{Conversation, at, no_login, refused};
use crate::{
    config::{Proof, Secret, SmtpConfig, Tls},
    mailer::{
        limits::SmtpLimits,
        offers::Offers,
        outcome::{Handover, Phase},
        wire::{Duplex, Wire},
    },
    net::tls,
};

impl Conversation {
    /// Connects, encrypts, and logs in; where no password is configured, by the token.
    pub(in crate::mailer) async fn open(
        config: &SmtpConfig,
        token: Option<&Secret>,
        limits: SmtpLimits,
        until: Instant,
    ) -> Result<Self, Handover> {
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

    async fn hello(&mut self, hello: &str, until: Instant) -> Result<(), Handover> {
        let reply = self.command(hello, self.within(self.limits.reply, until)).await.map_err(at(Phase::Hello))?;
        if !reply.is_positive() {
            return Err(refused(Phase::Hello, &reply));
        }
        self.offers = Offers::of(&reply);
        Ok(())
    }

    async fn start_tls(mut self, config: &SmtpConfig, until: Instant) -> Result<Self, Handover> {
        if !self.offers.start_tls {
            let reason = "the server does not offer STARTTLS, and nothing is sent in the clear".to_owned();
            return Err(Handover::not_sent(Phase::Tls, reason));
        }
        let until_reply = self.within(self.limits.reply, until);
        let reply = self.command("STARTTLS\r\n", until_reply).await.map_err(at(Phase::Tls))?;
        if !reply.is_positive() {
            return Err(refused(Phase::Tls, &reply));
        }
        if !self.wire.is_quiet().await.map_err(at(Phase::Tls))? {
            let reason = "the server went on in the clear after STARTTLS".to_owned();
            return Err(Handover::not_sent(Phase::Tls, reason));
        }
        let until = until.min(Instant::now() + self.limits.connect);
        let stream = encrypted(self.wire.into_stream(), config, until).await?;
        Ok(Self { wire: Wire::over(stream), ..self })
    }
}

/// Connects, and yields our own address on that connection.
async fn connect(config: &SmtpConfig, until: Instant) -> Result<(TcpStream, Option<SocketAddr>), Handover> {
    let failed = |why: String| {
        let reason = format!("no connection to {} at port {}: {why}", config.host, config.port);
        Handover::not_sent(Phase::Connect, reason)
    };
    let connected = timeout_at(until, TcpStream::connect((config.host.as_str(), config.port))).await;
    let stream = connected.map_err(|_| failed("no answer in time".to_owned()))?.map_err(|e| failed(e.to_string()))?;
    // Otherwise every command waits for the acknowledgement of the one before: forty milliseconds each.
    stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
    let local = stream.local_addr().ok();
    Ok((stream, local))
}

async fn encrypted(stream: Box<dyn Duplex>, config: &SmtpConfig, until: Instant) -> Result<Box<dyn Duplex>, Handover> {
    let failed = |reason: String| Handover::not_sent(Phase::Tls, reason);
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
