//! Logging in to a mail server: by password or by token (RFC 4954, RFC 7628).
//!
//! Promises that a refusal is told without what the server repeats of the secret.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tokio::time::Instant;

use super::{Conversation, no_login};
use crate::{
    config::SmtpConfig,
    core::mail::sasl::{self, Bearer},
    mailer::{outcome::Handover, wire::Reply},
};

impl Conversation {
    pub(super) async fn log_in(&mut self, user: &str, password: &str, until: Instant) -> Result<(), Handover> {
        let (user64, password64) = (BASE64.encode(user), BASE64.encode(password));
        let both64 = BASE64.encode(format!("\0{user}\0{password}"));
        let commands = if self.offers.plain {
            vec![(format!("AUTH PLAIN {both64}\r\n"), 235)]
        } else if self.offers.login {
            vec![("AUTH LOGIN\r\n".to_owned(), 334), (format!("{user64}\r\n"), 334), (format!("{password64}\r\n"), 235)]
        } else {
            return Err(no_login("the server offers neither AUTH PLAIN nor AUTH LOGIN".to_owned()));
        };
        let secrets = [both64.as_str(), password64.as_str(), password];
        for (command, wanted) in commands {
            let reply = self.login_step(&command, &secrets, until).await?;
            if reply.code != wanted {
                return Err(login_refused(&reply, &secrets));
            }
        }
        Ok(())
    }

    /// Logs in by a token. A server that refuses says why, waits for a line, and refuses only then.
    pub(super) async fn bear(
        &mut self,
        config: &SmtpConfig,
        user: &str,
        token: &str,
        until: Instant,
    ) -> Result<(), Handover> {
        let offers = self.offers;
        let offered = Bearer::offered(|name| match name {
            "OAUTHBEARER" => offers.oauthbearer,
            _ => offers.xoauth2,
        });
        let Some(bearer) = offered else {
            return Err(no_login("the server offers neither AUTH OAUTHBEARER nor AUTH XOAUTH2".to_owned()));
        };
        let says = BASE64.encode(bearer.says(user, &config.host, config.port, token));
        let secrets = [says.as_str(), token];
        let reply = self.login_step(&format!("AUTH {}\r\n", bearer.name()), &secrets, until).await?;
        if reply.code != 334 {
            return Err(login_refused(&reply, &secrets));
        }
        let mut reply = self.login_step(&format!("{says}\r\n"), &secrets, until).await?;
        let mut status = None;
        if reply.code == 334 {
            status = reply.lines.first().and_then(|said| sasl::complaint(said));
            reply = self.login_step(&format!("{}\r\n", bearer.gives_up()), &secrets, until).await?;
        }
        match (reply.code, status) {
            (235, _) => Ok(()),
            (_, None) => Err(login_refused(&reply, &secrets)),
            (_, Some(status)) => {
                let refused = format!("the server refused the login: {reply} (status {status})");
                Err(no_login(sasl::without(&refused, &secrets)))
            }
        }
    }

    async fn login_step(&mut self, command: &str, secrets: &[&str], until: Instant) -> Result<Reply, Handover> {
        let answered = self.command(command, self.within(self.limits.reply, until)).await;
        answered.map_err(|broken| no_login(sasl::without(&broken.to_string(), secrets)))
    }
}

/// A refusal of the login. Some servers repeat what they did not like.
fn login_refused(reply: &Reply, secrets: &[&str]) -> Handover {
    no_login(sasl::without(&format!("the server refused the login: {reply}"), secrets))
}
