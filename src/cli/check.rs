//! `docket check`: all problems of the configuration at once, and on request whether what it names is there.

use std::{path::Path, sync::Arc};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{Reported, journal, readable, say, sending::stopped_in_words, this_program, workplace::Workplace};
use crate::{
    causes,
    clock::Clock,
    config::{Config, Enforce, Loaded, MailSource, MailboxConfig, ReadingConfig, Transport},
    core::calls::reminder,
    files,
    instance::{DatedCall, Instance, InstanceError, Reference},
    mailbox::{Imap, ImapError, LIMIT, Mailbox, MailboxError, Maildir},
    mailer::{Handover, Phase, Smtp, SmtpLimits},
    oauth::Tokens,
    pipeline::{PipelineError, login},
    reading::Readers,
    sandbox::Memory,
    store::{PlaceError, StoreError, word},
    watch::{self, Signal, Watch},
};

const NO_TOKENS: &str = "not tried, for its tokens are kept in the database";

/// Names all problems of the configuration at once, each with file, line and hint, and what every user of this machine may
/// read of what is not for all.
///
/// Makes nothing, not even the database or the folder for letters.
#[derive(Debug, Args)]
pub struct Check {
    /// Also try the mailboxes, the database, the folder or the mail server for letters, the processes that read, and the
    /// virus scanner.
    #[arg(long)]
    online: bool,
    /// Also call people as an alarm would, and say that it is a test.
    #[arg(long, requires = "online")]
    alarm: bool,
}

impl Check {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let loaded = Config::load(place.config())?;
        let reference = Reference::read(loaded.config.clone(), loaded.shipped.clone()).map_err(InstanceError::from)?;
        let mut bad = false;
        for problem in loaded.config.problems_for_run() {
            say(&problem.to_string())?;
            bad = true;
        }
        let now = Clock::System.now();
        for dated in &reference.calls {
            for line in about(dated, now) {
                say(&line)?;
            }
        }
        for line in loaded.config.mailboxes.iter().map(about_answers) {
            say(&line)?;
        }
        for warning in readable::warnings(&loaded) {
            say(&warning)?;
        }
        if !loaded.config.alarm.calls_somebody() {
            say("Nobody is called when the program cannot do its work: [alarm] has neither “command” nor “webhook”.")?;
        }
        match what_holds(&loaded).await {
            Ok(None) => say("reading: files, the network and other programs are out of its reach")?,
            Ok(Some(lacking)) => {
                say(&format!("reading: {lacking}"))?;
                bad |= loaded.config.reading.sandbox == Enforce::Require;
            }
            Err(error) => {
                say(&format!("reading: {}", causes::in_words(error.as_ref())))?;
                bad = true;
            }
        }
        if let Some(lacking) = Memory::here().and_then(|memory| memory.lacking(&loaded.config.reading)) {
            say(&format!("reading: {lacking}"))?;
        }
        let level = loaded.config.log.level.word();
        match journal::told() {
            None => say(&format!("log: docket run says what is of the level “{level}” and graver"))?,
            Some(told) => say(&format!("log: RUST_LOG={told} holds here, and not the level “{level}” of [log]"))?,
        }
        let readers = Readers::new(this_program()?, loaded.config.reading.clone());
        for program in readers.try_programs().await {
            bad |= program.found.is_err();
            say(&format!("{}: {}", program.name, program.found.unwrap_or_else(|reason| reason)))?;
        }
        if self.online {
            let mut tried = try_all(&loaded, &readers, place).await;
            if self.alarm {
                tried.extend(try_alarm(&loaded.config).await);
            }
            for (what, tried) in tried {
                match tried {
                    Ok(()) => say(&format!("{what}: works"))?,
                    Err(reason) => {
                        say(&format!("{what}: {reason}"))?;
                        bad = true;
                    }
                }
            }
        }
        if bad {
            return Err(Reported.into());
        }
        say("The configuration is in order.")?;
        Ok(())
    }
}

/// What a call says of its deadline and its reminders, and what of that is worth a second look.
fn about(DatedCall { call, deadline, roster }: &DatedCall, now: Timestamp) -> Vec<String> {
    let (code, rule, states) = (&call.code, deadline.rule(), roster.len());
    let zone = TimeZone::get(&deadline.zone).unwrap_or(TimeZone::UTC);
    let past = if deadline.instant <= now { "; that lies in the past" } else { "" };
    let mut said = vec![format!("call {code}: inputs until {rule}, {states} states{past}")];
    if call.holidays.contains(&deadline.day) {
        said.push(format!("call {code}: the last day, {}, is a holiday", deadline.day));
    }
    for step in &call.reminders {
        let Some(due) = reminder::due(step, deadline) else { continue };
        let at = due.to_zoned_datetime(zone.clone());
        let (falls, free) = (if due > now { "falls due" } else { "fell due" }, reminder::free_day(at.date(), call));
        let free = free.map(|free| format!(", {free}")).unwrap_or_default();
        let name = &step.step;
        said.push(format!("call {code}: reminder “{name}” {falls} on {}{free}", at.strftime("%A %Y-%m-%d %H:%M")));
    }
    let list = |words: Vec<String>| words.join(", ");
    if !call.formats.is_empty() {
        let formats = list(call.formats.iter().filter_map(|format| word(format).ok()).collect());
        said.push(format!("call {code}: asks for {formats}; another format is received all the same"));
    }
    if call.one_state_a_message {
        said.push(format!("call {code}: asks for one state in each message; several are received all the same"));
    }
    if !call.languages.is_empty() {
        let languages = list(call.languages.iter().map(|language| language.code().to_owned()).collect());
        said.push(format!("call {code}: asks for inputs in {languages}; another language is received all the same"));
    }
    if let Some(template) = &call.template {
        said.push(format!("call {code}: its template is {template}, with {} headings", call.template_headings().len()));
    }
    if let Some(meeting) = &call.meeting {
        let until = meeting.ends.map(|ends| format!(" to {ends}")).unwrap_or_default();
        let place = meeting.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        said.push(format!("call {code}: for {}, {}{until}{place}", meeting.name, meeting.begins));
    }
    said
}

/// Which answers of colleagues are seen in a mailbox, and which of them close a question.
fn about_answers(mailbox: &MailboxConfig) -> String {
    let name = &mailbox.name;
    let sent = match &mailbox.answers {
        Some(folder) => format!("answers of colleagues are seen in {folder}, and in copy"),
        None => "answers of colleagues are seen in copy alone, for it names no “answers”".to_owned(),
    };
    if mailbox.trusted_authserv.is_empty() {
        return format!("mailbox {name}: {sent}; in copy they close nothing, for “trusted_authserv” is empty");
    }
    format!("mailbox {name}: {sent}")
}

/// Where what a file says of its deadline is not what holds: somebody has set another since.
fn differ(instance: &Instance) -> Vec<String> {
    let calls = instance.calls();
    let differing = calls.iter().filter_map(|open| Some((open, open.known.file_differs.as_ref()?)));
    let said = differing.map(|(open, says)| {
        let (code, act) = (&open.call.code, open.known.law.newest());
        let (n, rule) = (act.n, act.deadline.rule());
        let by = act.authority.as_deref().unwrap_or_else(|| act.by.name());
        format!(
            "call {code}: its file says {says}, and {rule} holds, set by {by} (version {n}); “docket call show {code}” \
             tells why. Write {rule} into the file, too, and both agree"
        )
    });
    said.collect()
}

/// Tries everything outside that the configuration names.
async fn try_all(loaded: &Loaded, readers: &Readers, place: &Workplace) -> Vec<(String, Result<(), String>)> {
    let mut tried = Vec::new();
    // Tokens are kept in the database, so it comes first.
    let instance = place.try_instance(loaded).await;
    if let Ok(instance) = &instance {
        for line in differ(instance) {
            // Whoever reads no more is told by the next line.
            _ = say(&line);
        }
        if let Ok(Some(stopped)) = stopped_in_words(instance).await {
            _ = say(&stopped);
        }
    }
    let before = Tokens::before_the_log(Clock::System);
    let tokens = match &instance {
        Ok(instance) => Some(&instance.tokens),
        Err(InstanceError::Store(StoreError::Place(PlaceError::NoLog(_)))) => Some(&before),
        Err(_) => None,
    };
    for mailbox in &loaded.config.mailboxes {
        tried.push((format!("mailbox {}", mailbox.name), try_mailbox(mailbox, tokens).await));
    }
    tried.push(match &loaded.config.letters.transport {
        Transport::Folder => {
            let folder = &loaded.config.letters.folder;
            let written = tempfile::tempfile_in(files::nearest(folder)).map(|_| ());
            let written = written.map_err(|error| format!("cannot be written: {error}"));
            (format!("letters folder {}", folder.display()), written)
        }
        Transport::Smtp(server) => {
            let smtp = Smtp::new(server.clone(), SmtpLimits::default());
            let by_token = server.login.as_ref().is_some_and(|login| login.proof.oauth().is_some());
            let return_path = loaded.config.letters.return_path.as_deref();
            let tried = match tokens {
                Some(tokens) => login::try_out(tokens, &smtp, return_path).await,
                None if by_token => Err(Handover::not_sent(Phase::Login, NO_TOKENS.to_owned())),
                None => smtp.try_out(return_path).await,
            };
            let tried = tried.map_err(|sent| no_letter_leaves(&sent));
            (format!("mail server {} at port {}", server.host, server.port), tried)
        }
    });
    tried.push(match instance {
        Err(InstanceError::Store(StoreError::Place(PlaceError::NoLog(path)))) => {
            let folder = files::nearest(path.parent().unwrap_or(Path::new("")));
            let begins = tempfile::tempfile_in(&folder).map(|_| ());
            let begins = begins.map_err(|error| format!("cannot be made in {}: {error}", folder.display()));
            (format!("place for the database {}, which “docket run” begins", path.display()), begins)
        }
        instance => ("database".to_owned(), instance.map(|_| ()).map_err(|error| error.to_string())),
    });
    tried.push(("reading in a process of its own".to_owned(), try_reading(loaded).await));
    if let (Some(at), Some(works)) = (&loaded.config.reading.scanner, readers.try_scanner().await) {
        tried.push((format!("virus scanner {at}"), works));
    }
    tried
}

/// What would keep every letter from leaving, and what to do about it.
fn no_letter_leaves(sent: &Handover) -> String {
    match sent {
        Handover::Permanent { .. } | Handover::Impossible { .. } => sent.trouble().unwrap_or_else(|| sent.to_string()),
        _ => sent.to_string(),
    }
}

/// Calls people by every path.
async fn try_alarm(config: &Config) -> Vec<(String, Result<(), String>)> {
    let clock = Clock::System;
    let (signal, watch) = (Signal::test(clock.now()), Watch::new(clock.now()));
    let mut tried = Vec::new();
    for path in watch::Path::all(&config.alarm) {
        let sent = path.send(&signal, &clock, &watch).await.map_err(|error| error.to_string());
        tried.push((format!("alarm by the {}", path.name()), sent));
    }
    tried
}

/// Tries to read a mailbox. On a server: logs in, and opens each folder that the configuration names, without changing it.
async fn try_mailbox(mailbox: &MailboxConfig, tokens: Option<&Tokens>) -> Result<(), String> {
    let Some(config) = mailbox.source.account() else {
        let listed = Mailbox::of(&mailbox.source).list("INBOX").await;
        listed.map_err(|error| error.to_string())?;
        return match (&mailbox.source, &mailbox.answers) {
            (MailSource::Maildir(path), Some(folder)) => {
                let within = Maildir::at(path).within(folder).and_then(|folder| folder.list());
                within.map(drop).map_err(|error| format!("“answers”: {error}"))
            }
            _ => Ok(()),
        };
    };
    let mut imap = Imap::new(config.clone(), LIMIT);
    let there = match tokens {
        Some(tokens) => login::folders(tokens, &mut imap).await.map_err(|error| error.to_string())?,
        None if config.proof.oauth().is_some() => return Err(NO_TOKENS.to_owned()),
        None => imap.folders().await.map_err(|error| error.to_string())?,
    };
    say(&format!("mailbox {}: logged in; folders: {}", mailbox.name, there.join(", ")))
        .map_err(|error| error.to_string())?;
    let is_there =
        |name: &str| there.iter().any(|there| there == name || there.eq_ignore_ascii_case(name) && name == "INBOX");
    let into = [config.after_intake.folder(), config.sent.as_deref(), mailbox.answers.as_deref()]
        .into_iter()
        .flatten()
        .map(str::to_owned);
    let (mut missing, mut wrong) = (Vec::new(), Vec::new());
    for name in config.all_folders().map(str::to_owned).chain(into) {
        let opened = match tokens {
            Some(tokens) => login::examine(tokens, &mut imap, &name).await,
            None => imap.examine(&name).await.map_err(|error| MailboxError::from(error).into()),
        };
        match opened {
            Ok(_) => {}
            Err(PipelineError::Mailbox(MailboxError::Imap(ImapError::Refused { .. }))) if !is_there(&name) => {
                missing.push(name);
            }
            Err(PipelineError::Mailbox(MailboxError::Imap(ImapError::Refused { answer, .. }))) => {
                wrong.push(format!("the folder {name} cannot be opened: {answer}"));
            }
            // Whatever it is, the next folder would meet it, too; and nobody logs in again and again.
            Err(error) => {
                wrong.push(format!("the folder {name} cannot be opened: {error}"));
                break;
            }
        }
    }
    imap.leave().await;
    if !missing.is_empty() {
        wrong.insert(0, format!("there is no folder {}", missing.join(", ")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// What the kernel does not enforce on the processes that read.
async fn what_holds(loaded: &Loaded) -> anyhow::Result<Option<String>> {
    let reading = ReadingConfig { sandbox: Enforce::Best, ..loaded.config.reading.clone() };
    Ok(Readers::new(this_program()?, reading).try_out().await?.lacking())
}

async fn try_reading(loaded: &Loaded) -> Result<(), String> {
    let program = this_program().map_err(|_| "the program does not know where it lies".to_owned())?;
    let readers = Arc::new(Readers::new(program, loaded.config.reading.clone()));
    let mail = readers.read_message(b"From: a@example.org\n\nA test.\n").await.map_err(|error| error.to_string())?;
    mail.message.map(|_| ())
}
