//! How a call gets to people: by a command, or to a web server; never by the mail server that takes letters.
//!
//! Promises that a path which fails or hangs is left within half a minute and tried again, later each time, by a clock that
//! nobody sets; and that no shell reads what is said.

use std::{
    io,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt as _, process::Command, time::timeout};

use super::{
    alarm::{Alarms, Signal},
    known::Watch,
    trouble::{Topic, Trouble},
};
use crate::{
    clock::Clock,
    config::AlarmConfig,
    core::backoff,
    net::http::{Endpoint, HttpError},
};

/// How long a command may run, and a web server may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Why a call did not get to people.
#[derive(Debug, thiserror::Error)]
pub enum AlarmError {
    /// The command cannot be started, or not be spoken to.
    #[error("the command {command} cannot be run: {source}")]
    Command {
        /// Its name.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// The command says that it failed.
    #[error("the command {command} failed: {status}")]
    Failed {
        /// Its name.
        command: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// The command did not end.
    #[error("the command {0} did not end within {limit} s and was killed", limit = LIMIT.as_secs())]
    Hangs(String),
    /// The web server did not answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The web server did not take it.
    #[error("{host} answered with the status {status}")]
    Status {
        /// The server.
        host: String,
        /// What it said.
        status: u16,
    },
    /// It cannot be written down.
    #[error("a signal cannot be written down: {0}")]
    Json(#[from] serde_json::Error),
}

impl AlarmError {
    /// Whether the same may succeed later. Every failure here is tried again.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Json(_))
    }
}

#[derive(Debug)]
enum Way {
    Command(Vec<String>),
    Webhook(Endpoint),
}

/// One path to people, with what they were told by it.
#[derive(Debug)]
pub struct Path {
    way: Way,
    alarms: Alarms,
    failures: u32,
    until: Option<Instant>,
}

impl Path {
    /// The paths of a configuration.
    #[must_use]
    pub fn all(config: &AlarmConfig) -> Vec<Self> {
        let path = |way| Self { way, alarms: Alarms::new(config.after), failures: 0, until: None };
        let command = config.command.as_ref().map(|command| path(Way::Command(command.clone())));
        let webhook = config.webhook.as_ref().map(|endpoint| path(Way::Webhook(endpoint.clone())));
        command.into_iter().chain(webhook).collect()
    }

    /// What it is, without secrets.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.way {
            Way::Command(command) => format!("command {}", command.first().map_or("", String::as_str)),
            Way::Webhook(endpoint) => format!("webhook at {}", endpoint.host()),
        }
    }

    /// What the log says of it when it fails.
    fn fails(&self) -> String {
        format!("alarms do not get through by the {}", self.name())
    }

    /// Says what is due, one after another, and yields what people were told. After a failure the rest waits, and the
    /// failure is a trouble that other paths tell.
    pub async fn tell(&mut self, troubles: &[Trouble], clock: &Clock, watch: &Watch) -> Vec<Signal> {
        if self.until.is_some_and(|until| Instant::now() < until) {
            return Vec::new();
        }
        let own = Topic::Path(self.name());
        let troubles: Vec<Trouble> = troubles.iter().filter(|trouble| trouble.topic != own).cloned().collect();
        let mut told = Vec::new();
        for signal in self.alarms.due(&troubles, clock.now()) {
            match self.send(&signal, clock, watch).await {
                Ok(()) => {
                    (self.failures, self.until) = (0, None);
                    watch.clear(&own);
                    watch.content(&self.fails(), clock.now());
                    self.alarms.told(&signal);
                    told.push(signal);
                }
                Err(error) => {
                    self.failures = self.failures.saturating_add(1);
                    self.until = Some(Instant::now() + backoff::reconnect(self.failures, 0));
                    watch.complain(&self.fails(), &error.to_string(), clock.now());
                    let what = format!("An alarm did not get through by the {}: {error}.", self.name());
                    watch.note(own, clock.now(), what);
                    break;
                }
            }
        }
        told
    }

    /// Sends one signal.
    ///
    /// # Errors
    /// It did not get through.
    pub async fn send(&self, signal: &Signal, clock: &Clock, watch: &Watch) -> Result<(), AlarmError> {
        // Beside the members, the whole in one line, under the name that chats look for.
        let mut json = serde_json::to_value(signal)?;
        json["text"] = signal.sentence().into();
        let json = serde_json::to_vec(&json)?;
        match &self.way {
            Way::Command(command) => run(command, &signal.sentence(), json).await,
            Way::Webhook(endpoint) => {
                let answer = Box::pin(endpoint.post("application/json", None, json, LIMIT)).await?;
                if let (Clock::System, Some(theirs)) = (clock, answer.date) {
                    watch.clock(&format!("the web server {}", endpoint.host()), theirs, clock.now());
                }
                if (200..300).contains(&answer.status) {
                    return Ok(());
                }
                Err(AlarmError::Status { host: endpoint.host().to_owned(), status: answer.status })
            }
        }
    }
}

/// Runs a command with the sentence as its last argument and the signal on its standard input.
async fn run(command: &[String], sentence: &str, json: Vec<u8>) -> Result<(), AlarmError> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let failed = |source| AlarmError::Command { command: program.clone(), source };
    let mut running = Command::new(program);
    running.args(arguments).arg(sentence).stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
    let mut child = running.spawn().map_err(failed)?;
    let mut input = child.stdin.take();
    let ended = async {
        if let Some(input) = &mut input {
            // A command that does not read its input has the sentence.
            drop(input.write_all(&json).await);
        }
        drop(input);
        child.wait().await
    };
    match timeout(LIMIT, ended).await {
        Err(_) => Err(AlarmError::Hangs(program.clone())),
        Ok(Err(source)) => Err(failed(source)),
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(AlarmError::Failed { command: program.clone(), status }),
    }
}
