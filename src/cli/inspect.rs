//! `docket inspect`: what the daemon would make of message files. Nothing is stored or sent. Past 400 lines, for the answer
//! stands here whole, as scripts read it and as people do.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use tokio::task::JoinHandle;

use super::{
    Reported, config_if_any,
    extract::read_file,
    mailbox_named, say,
    table::wrapped,
    this_program,
    why::{decided, pleadings, purposes},
};
use crate::{
    clock::Clock,
    config::{Enforce, ReadingConfig, load_call},
    core::{
        calls::call::Call,
        file::{File, Format, Outcome, Role, Tried},
        iso3::Iso3,
        judging::{
            answer::{Answer, Letter, answer},
            circumstances::{Answers, Circumstances},
            judgement::{Filing, JudgedItem, Judgement, judge},
            matching::{Form, Match},
            silence::Silence,
        },
        mail::{
            automatic::{Answerable, Own},
            message::Address,
            quoting,
        },
        purpose::{self, Quoted, Topic},
        text::{
            self, comparable,
            digits::grouped,
            language::{self, Language},
        },
    },
    instance::{InstanceError, Reference, topic},
    reading::{ReadMail, Readers},
};

/// The call that counts without a configuration.
const SHIPPED_CALL: &str = "unece-gcm-2020";

/// Shows what the daemon would make of message files (.eml). Nothing is stored or sent.
///
/// They are judged as if they had come into a mailbox of the configuration: by its calls, by what is ours, and by the word
/// of its relays. What the log knows, such as earlier mail and focal points, is left out. Without a configuration the
/// call that comes with the program counts for "purpose" and "filing", and "acknowledgement" says only whether the message
/// may be answered at all.
///
/// "purpose" has an element for each item, with what it is for, what was found for it, as "matched" whose it is and why, and,
/// as "proposed", whether a person must confirm it; "state" is the "matched" of the first. "filing" says what the daemon would do by itself: "registered", "asked" (a person), "silent" (a program
/// wrote it) or "none" (nothing to file); of several items the first of these that holds for any. "links" names the hosts
/// where a document stands elsewhere, and "acknowledgement" the address that the letter goes to.
///
/// It ends with 1 where a file could not be read as a message; the others are answered all the same.
///
/// A virus scanner that the configuration names is asked as the daemon asks it.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Message files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The mailbox that they are taken to have come into; without it the first of the configuration.
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
    /// One JSON object a file.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line {
    file: String,
    error: Option<String>,
    message_id: Option<String>,
    from: Option<From>,
    reply_to: Option<Vec<String>>,
    subject: Option<String>,
    date: Option<Timestamp>,
    language: Option<Language>,
    relevance: Option<&'static str>,
    attachments: Option<Vec<Attachment>>,
    authentication: Option<String>,
    state: Option<Match>,
    filing: Option<Filing>,
    purpose: Option<Vec<ItemPurpose>>,
    links: Option<Vec<Link>>,
    acknowledgement: Option<Acknowledgement>,
}

#[derive(Serialize)]
struct From {
    name: Option<String>,
    address: Option<String>,
}

/// Where a document stands elsewhere.
#[derive(Serialize)]
struct Link {
    host: String,
    kind: &'static str,
}

/// What an item is for, and what becomes of it.
#[derive(Serialize)]
struct ItemPurpose {
    item: usize,
    kind: purpose::Kind,
    proposed: bool,
    filing: Filing,
    state: Option<Iso3>,
    states: Vec<Iso3>,
    day: Option<Date>,
    evidence: Vec<Quoted>,
    matched: Match,
    #[serde(skip)]
    said: String,
}

#[derive(Serialize)]
struct Attachment {
    path: String,
    name: Option<String>,
    media_type: String,
    size: u64,
    sha256: String,
    format: Format,
    role: Role,
    reading: AttachmentReading,
}

#[derive(Serialize)]
struct AttachmentReading {
    outcome: Outcome,
    engine: Option<String>,
    pages: Option<u32>,
    pages_without_text: Vec<u32>,
    pages_failed: Vec<u32>,
    words: Option<u64>,
    detail: Option<String>,
    tried: Vec<Tried>,
}

#[derive(Serialize)]
struct Acknowledgement {
    send: bool,
    letter: Option<&'static str>,
    to: Option<String>,
    languages: Vec<Language>,
    reason: String,
}

/// What all files are judged by.
struct Bench {
    reference: Reference,
    /// The mailbox that they are taken to have come into; an empty name where there is none.
    mailbox: String,
    /// Without a configuration, the call that comes with the program, and what it is about.
    shipped: Option<(Call, Topic)>,
    today: Date,
}

impl Inspect {
    /// Runs the command.
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let loaded = config_if_any(config)?;
        let reading = ReadingConfig { sandbox: Enforce::Best, ..loaded.config.reading.clone() };
        let readers = Arc::new(Readers::new(this_program()?, reading));
        let side_by_side = loaded.config.reading.children.max(1);
        let mailbox = match (&self.mailbox, loaded.config.mailboxes.is_empty()) {
            (None, true) => String::new(),
            _ => mailbox_named(&loaded.config, self.mailbox.as_deref())?,
        };
        let reference = Reference::read(loaded.config, loaded.shipped).map_err(InstanceError::from)?;
        let today = Clock::System.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let shipped = if reference.calls.is_empty() {
            let call = load_call(&reference.shipped, SHIPPED_CALL)?;
            let topic = topic([&call], &Own::default());
            Some((call, topic))
        } else {
            None
        };
        let bench = Bench { reference, mailbox, shipped, today };
        let mut failed = false;
        let mut under_way = std::collections::VecDeque::new();
        let mut files = self.files.iter();
        loop {
            while under_way.len() < side_by_side {
                let Some(path) = files.next() else { break };
                under_way.push_back((path.display().to_string(), begin(path.clone(), Arc::clone(&readers))));
            }
            let Some((name, reading)) = under_way.pop_front() else { break };
            let line = match reading.await? {
                Ok(mail) => bench.line(name, &mail),
                Err(error) => without_message(name, error),
            };
            failed |= line.error.is_some();
            if self.json {
                say(&serde_json::to_string(&line)?)?;
            } else {
                say(&in_words(&line, &|iso3| bench.name(iso3)))?;
            }
        }
        if failed { Err(Reported.into()) } else { Ok(()) }
    }
}

fn begin(path: PathBuf, readers: Arc<Readers>) -> JoinHandle<Result<ReadMail, String>> {
    tokio::spawn(async move {
        let bytes = read_file(&path).map_err(|error| format!("The file cannot be read: {error}."))?;
        readers.read_message(&bytes).await.map_err(|error| error.to_string())
    })
}

impl Bench {
    fn name(&self, iso3: Iso3) -> String {
        self.reference.register.name(iso3, Language::En, self.today, Form::Short)
    }

    fn line(&self, file: String, mail: &ReadMail) -> Line {
        let message = match &mail.message {
            Ok(message) => message,
            Err(reason) => return without_message(file, reason.clone()),
        };
        let own = self.reference.own(&self.mailbox);
        let configured = self.reference.calls_of(&self.mailbox).into_iter().map(|dated| &dated.call);
        let calls: Vec<&Call> = configured.chain(self.shipped.iter().map(|(call, _)| call)).collect();
        let topic = match &self.shipped {
            Some((_, topic)) => topic,
            None => self.reference.topics.of(&self.mailbox),
        };
        // Days that it names are meant from the day it came, which only its own date tells here.
        let on = message.date.map_or(self.today, |date| date.to_zoned_datetime(jiff::tz::TimeZone::UTC).date());
        let judgement = judge(
            message,
            &mail.files,
            &Circumstances {
                register: &self.reference.register,
                calls: &calls,
                topic,
                own: &own,
                colleagues: &self.reference.config.intake.colleagues,
                contacts: &[],
                earlier: &[],
                on: on.min(self.today),
                answers: Answers::Nothing,
                lately: &[],
            },
        );
        let from = message.from.clone().unwrap_or_default();
        Line {
            file,
            error: None,
            message_id: message.message_id.clone(),
            from: Some(From { name: from.name, address: from.address }),
            reply_to: Some(addresses(&message.reply_to)),
            subject: message.subject.clone(),
            date: message.date,
            language: language::detect(&quoting::own_words(&message.body)).or(judgement.language),
            relevance: Some(judgement.relevance.word()),
            attachments: Some(attachments(&mail.files, &judgement)),
            authentication: judgement.authenticity.in_words(),
            state: judgement.items.first().map(|judged| judged.matched.clone()),
            filing: Some(judgement.filing()),
            purpose: Some(
                judgement.items.iter().zip(1..).map(|(judged, item)| item_purpose(judged, item, &mail.files)).collect(),
            ),
            links: Some(links(&judgement)),
            acknowledgement: Some(self.acknowledgement(&judgement)),
        }
    }

    fn acknowledgement(&self, judgement: &Judgement) -> Acknowledgement {
        let languages = vec![judgement.language.unwrap_or(Language::En)];
        if self.reference.calls.is_empty() {
            let Judgement { answerable, .. } = judgement;
            return Acknowledgement {
                send: answerable.send,
                letter: None,
                to: answerable.recipient.clone().filter(|_| answerable.send),
                languages,
                reason: answerable.reason.clone(),
            };
        }
        let fates: Vec<_> = judgement.items.iter().map(|judged| judged.fate).collect();
        let letter = match answer(&fates, &judgement.answerable, judgement.silent().as_ref(), judgement.by_colleague) {
            Answer::Silence(silence) => {
                let reason = silence.phrase().plain();
                return Acknowledgement { send: false, letter: None, to: None, languages, reason };
            }
            Answer::Letter(Letter::Acknowledgement) => "acknowledgement",
            Answer::Letter(Letter::Received) => "received",
            Answer::Letter(Letter::Query { .. } | Letter::ReadableCopy { .. }) => "query",
        };
        let Answerable { recipient, reason, .. } = judgement.answerable.clone();
        if recipient.is_none() {
            let reason = Silence::NoAddress.phrase().plain();
            return Acknowledgement { send: false, letter: None, to: None, languages, reason };
        }
        Acknowledgement { send: true, letter: Some(letter), to: recipient, languages, reason }
    }
}

fn item_purpose(judged: &JudgedItem, item: usize, files: &[File]) -> ItemPurpose {
    let purpose = &judged.purpose;
    let filing = judged.filing();
    ItemPurpose {
        item,
        kind: purpose.kind,
        proposed: judged.is_proposed(),
        filing,
        state: judged.matched.iso3,
        states: judged.matched.named(),
        day: purpose.day,
        evidence: judged.quoted(files),
        matched: judged.matched.clone(),
        said: purpose.phrase(judged.is_proposed()).plain(),
    }
}

/// The links to documents elsewhere in the words of its items, each host once of a kind.
fn links(judgement: &Judgement) -> Vec<Link> {
    let mut all: Vec<Link> = Vec::new();
    for judged in &judgement.items {
        let own = quoting::own_words(&judged.item.body);
        let cloud = text::links(&own).into_iter().map(|link| (link, "cloud"));
        for (link, kind) in cloud.chain(text::web_documents(&own).into_iter().map(|link| (link, "web"))) {
            let host = text::host(&link);
            if !all.iter().any(|known| known.host == host && known.kind == kind) {
                all.push(Link { host, kind });
            }
        }
    }
    all
}

/// An item by its number, whose it is, and what becomes of it.
fn item_in_words(purpose: &ItemPurpose, name: &dyn Fn(Iso3) -> String) -> String {
    let named = by_name(&purpose.states, name);
    let whose = if named.is_empty() { "no state named".to_owned() } else { named.join(", ") };
    format!("{}, {whose}: {}", purpose.item, filing_in_words(purpose.filing))
}

/// The names of states, in their order.
fn by_name(states: &[Iso3], name: &dyn Fn(Iso3) -> String) -> Vec<String> {
    let mut names: Vec<String> = states.iter().map(|&iso3| name(iso3)).collect();
    names.sort_by_cached_key(|name| comparable(name));
    names
}

fn filing_in_words(filing: Filing) -> &'static str {
    match filing {
        Filing::Registered => "registered by itself",
        Filing::Asked => "a person is asked",
        Filing::Silent => "silent: a program wrote it",
        Filing::None => "nothing to file",
    }
}

fn addresses(list: &[Address]) -> Vec<String> {
    list.iter().filter_map(|address| address.address.clone()).collect()
}

fn attachments(files: &[File], judgement: &Judgement) -> Vec<Attachment> {
    let role = |i: usize| {
        let roles = judgement.items.iter().flat_map(|judged| judged.item.files.iter());
        roles.into_iter().find(|(of, _)| *of == i).map_or(Role::Ignored, |(_, role)| *role)
    };
    files
        .iter()
        .enumerate()
        .map(|(i, file)| Attachment {
            path: file.path.clone(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
            format: file.format,
            role: role(i),
            reading: AttachmentReading {
                outcome: file.reading.outcome,
                engine: file.reading.engine.clone(),
                pages: file.reading.pages,
                pages_without_text: file.reading.pages_without_text.clone(),
                pages_failed: file.reading.pages_failed.clone(),
                words: file.reading.words,
                detail: file.reading.detail.clone(),
                tried: file.reading.tried.clone(),
            },
        })
        .collect()
}

fn without_message(file: String, error: String) -> Line {
    Line {
        file,
        error: Some(error),
        message_id: None,
        from: None,
        reply_to: None,
        subject: None,
        date: None,
        language: None,
        relevance: None,
        attachments: None,
        authentication: None,
        state: None,
        filing: None,
        purpose: None,
        links: None,
        acknowledgement: None,
    }
}

fn in_words(line: &Line, name: &dyn Fn(Iso3) -> String) -> String {
    let mut said = vec![line.file.clone()];
    if let Some(error) = &line.error {
        said.push(format!("  not read: {error}"));
        return said.join("\n");
    }
    let from = line.from.as_ref().map(|from| {
        [from.name.as_deref(), from.address.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    said.push(wrapped(&from.unwrap_or_default(), "  from       "));
    said.push(wrapped(line.subject.as_deref().unwrap_or_default(), "  subject    "));
    said.push(format!("  relevance  {}", line.relevance.unwrap_or_default()));
    for file in line.attachments.iter().flatten() {
        let words = file.reading.words.map(|words| format!(", {} words", grouped(words, ','))).unwrap_or_default();
        let outcome = crate::store::word(&file.reading.outcome).unwrap_or_default();
        let role = crate::store::word(&file.role).unwrap_or_default();
        let (role, outcome) = (role.replace('_', " "), outcome.replace('_', " "));
        let name = file.name.as_deref().unwrap_or("(no name)");
        said.push(wrapped(&format!("{name} ({role}): {outcome}{words}"), "  file       "));
    }
    if let Some(authentication) = &line.authentication {
        said.push(wrapped(authentication, "  proof      "));
    }
    for purpose in line.purpose.iter().flatten() {
        said.push(wrapped(&item_in_words(purpose, name), "  item       "));
        let states = purpose.matched.named();
        said.push(wrapped(
            &decided(purpose.matched.decision, purpose.matched.kind, &by_name(&states, name)),
            "  state      ",
        ));
        said.push(wrapped(&purpose.matched.reason, "             "));
        said.extend(pleadings(&purpose.matched.evidence, &states, name));
        said.push(wrapped(&purpose.said, "  purpose    "));
        said.extend(purposes(&purpose.evidence, purpose.kind));
    }
    for link in line.links.iter().flatten() {
        let kind = if link.kind == "cloud" { "a file in the cloud" } else { "a document on the web" };
        said.push(wrapped(&format!("{} ({kind}; it is never opened)", link.host), "  link       "));
    }
    if let Some(filing) = line.filing {
        said.push(format!("  filing     {}", filing_in_words(filing)));
    }
    if let Some(acknowledgement) = &line.acknowledgement {
        let letter = acknowledgement.letter.unwrap_or(if acknowledgement.send { "allowed" } else { "none" });
        let to = acknowledgement.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        said.push(wrapped(&format!("{letter}{to}: {}", acknowledgement.reason), "  answer     "));
    }
    said.join("\n")
}
