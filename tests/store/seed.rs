//! Rows to test with: messages, items, files and a call, as the pipeline would write them.

use std::time::Duration;

use docket::{
    config::{Shipped, load_call},
    core::{
        actor::Actor,
        calls::{call::Call, deadline::Deadline},
        event::not_taken::NotTaken,
        file::{File, Format, Outcome, Reading},
        iso3::Iso3,
        judging::matching::{Decision, Evidence, Kind, Match, Source},
        letter_kind::{LetterKind, Occasion},
        mail::{
            identity,
            message::{Address, Message},
        },
    },
    store::{Claimed, Db, Id, KnownCall, NewItem, NewLetter, NewMessage, Original, ReadMessage, Stored, Tx},
};
use jiff::Timestamp;

pub const HOUR: Duration = Duration::from_hours(1);

/// No bytes, as the database writes them.
pub fn nothing(db: &Db) -> &'static str {
    match db {
        Db::Sqlite { .. } => "x''",
        Db::Postgres(_) => "''",
    }
}

pub fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

/// The moment at which most things happen here.
pub fn now() -> Timestamp {
    at("2020-09-01T10:00:00Z")
}

pub fn iso3(code: &str) -> Iso3 {
    code.parse().expect("a code")
}

pub fn sha256(raw: &[u8]) -> String {
    hex::encode(identity::evidence(raw))
}

/// A message that went before it could be fetched.
pub fn gone() -> NotTaken {
    NotTaken::Gone { folder: "INBOX".to_owned(), uid: 1 }
}

/// A message that does not come.
pub fn not_fetched() -> NotTaken {
    NotTaken::NotFetched { folder: "INBOX".to_owned(), uid: 1, attempts: 3, why: "It is broken.".to_owned() }
}

/// Stores a message of the mailbox `inputs`, seen under a name.
pub async fn receive(tx: &mut Tx, name: &str, raw: &[u8]) -> Stored {
    receive_in(tx, "inputs", name, raw).await.expect("the message is stored")
}

pub async fn receive_in(
    tx: &mut Tx,
    mailbox: &str,
    name: &str,
    raw: &[u8],
) -> Result<Stored, docket::store::StoreError> {
    store(tx, mailbox, name, raw, now()).await
}

/// Stores a message that names itself, as delivered at a time.
pub async fn receive_at(tx: &mut Tx, name: &str, delivered: Timestamp) -> Stored {
    store(tx, "inputs", name, name.as_bytes(), delivered).await.expect("the message is stored")
}

async fn store(
    tx: &mut Tx,
    mailbox: &str,
    name: &str,
    raw: &[u8],
    delivered: Timestamp,
) -> Result<Stored, docket::store::StoreError> {
    let (mailbox, _) = tx.mailbox(mailbox, now()).await?;
    let folder = tx.folder(mailbox, "INBOX").await?;
    let new = NewMessage {
        mailbox,
        folder,
        name: name.to_owned(),
        original: Original::of(raw)?,
        identity: sha256(raw),
        identity_version: identity::IDENTITY_VERSION,
        received: delivered,
        clock: "internal_date",
        received_header: None,
        internal_date: Some(delivered),
        first_seen: now(),
        silent: None,
        held: None,
        header_only: None,
        announced: None,
        short: None,
        recorded: None,
        actor: Actor::Program,
    };
    tx.store_message(&new).await
}

/// Stores a message that names itself, and claims it.
pub async fn claimed(db: &Db, name: &str) -> Claimed {
    let mut tx = db.begin().await.unwrap();
    receive(&mut tx, name, name.as_bytes()).await;
    let mut claimed = tx.claim_messages("seed", HOUR, 100).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1, "there is one to be read");
    claimed.remove(0)
}

/// Stores a message that names itself, as read from that address.
pub async fn read(db: &Db, name: &str, from: &str) -> Claimed {
    let claimed = claimed(db, name).await;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.set_read(&claimed, &reading(&message(name, from)), now()).await.unwrap());
    tx.commit().await.unwrap();
    claimed
}

pub fn message(subject: &str, from: &str) -> Message {
    Message {
        message_id: Some(format!("{subject}@example.org")),
        from: Some(Address { name: Some("Mission permanente".to_owned()), address: Some(from.to_owned()) }),
        subject: Some(subject.to_owned()),
        references: vec!["call@example.org".to_owned()],
        date: Some(now()),
        body: "Veuillez trouver ci-joint notre contribution.".to_owned(),
        ..Message::default()
    }
}

pub fn reading(message: &Message) -> ReadMessage<'_> {
    ReadMessage { message, relevance: "input", language: Some("fr") }
}

/// A file of so many words.
pub fn file(name: &str, text: &str) -> File {
    let words = text.split_whitespace().count() as u64;
    let mut reading = Reading::without_text(Outcome::Read, "");
    (reading.words, reading.text, reading.detail) = (Some(words), text.to_owned(), None);
    File {
        path: "1.2".to_owned(),
        name: Some(name.to_owned()),
        media_type: "application/pdf".to_owned(),
        size: text.len() as u64,
        sha256: sha256(text.as_bytes()),
        format: Format::Pdf,
        inline: false,
        reading,
    }
}

/// What the matcher says of an input of one state.
pub fn matched(code: &str) -> Match {
    let evidence =
        Evidence { source: Source::SenderDomain, text: "example.org".to_owned(), iso3: iso3(code), weight: 4.25 };
    Match {
        decision: Decision::Matched,
        kind: Kind::MemberState,
        iso3: Some(iso3(code)),
        iso3s: Vec::new(),
        score: 0.98,
        reason: "Its domain stands for it.".to_owned(),
        passed_on: false,
        mentioned: None,
        evidence: vec![evidence],
    }
}

/// Stores an item of a message; equal keys are equal texts.
pub async fn item(tx: &mut Tx, message: Id, n: i64, call: Id, key: &str) -> Id {
    let matched = matched("CHE");
    let item = NewItem {
        message,
        n,
        call: Some(call),
        subject: Some("Contribution"),
        from_address: Some("mission@example.org"),
        matched: &matched,
        words: Some(4711),
        content_key: Some(key),
        waiting: None,
    };
    tx.add_item(&item).await.unwrap()
}

/// The shipped call.
pub fn call() -> Call {
    load_call(&Shipped::embedded(), "unece-gcm-2020").expect("the shipped call is good")
}

pub async fn known_call(db: &Db) -> KnownCall {
    let (call, mut tx) = (call(), db.begin().await.unwrap());
    let deadline = Deadline::fix(&call.deadline).unwrap();
    let known = tx.know_call(&call, &deadline, &[iso3("CHE"), iso3("USA")], "2020a", now()).await.unwrap();
    tx.commit().await.unwrap();
    known
}

/// A letter to a message, to be decided.
pub fn acknowledgement(message: Id) -> NewLetter<'static> {
    NewLetter {
        occasion: Occasion::Message { message, decision: None },
        call: None,
        kind: LetterKind::Acknowledgement,
        facts: "{}",
        language: "fr",
        template: "1",
        recipient: "mission@example.org",
        recipient_name: Some("Mission permanente"),
        subject: "Accusé de réception",
        body: "Reçu.",
        guard_revision: Some(0),
        not_before: now(),
        held: None,
        at: now(),
    }
}
