//! What a person sees: the values that the terminal and the pages show.
//!
//! Promises to be complete in words: every status, standing and reason comes with the value it stands for. Text from
//! strangers is in these values as it was cleaned at the boundary; who shows it escapes it.

mod happening;
mod log;
mod note;
mod register;
mod reminded;
mod waiting;

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Serialize, Serializer};

pub use self::{
    happening::Happening,
    log::{FoundAt, LogCount, LogFilter, LogLine, LogPage, place_in_words},
    note::Note,
    register::{CallRegister, JointLine, OtherLine, Register, RegisterLine, RegisterQuery, Reminded, end_in_words},
    reminded::reminded,
    waiting::Waiting,
};
pub use crate::core::calls::status::Status;
use crate::core::{
    actor::Actor,
    calls::standing::Standing,
    file::{Format, Outcome, Role, Tried},
    iso3::Iso3,
    judging::matching::{self, Evidence, Kind},
    purpose,
    recorded::Recorded,
    submission::Becomes,
};

/// What stands around every page: which call it is about, what waits, and whether the mailboxes are being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The code of the call that is shown.
    pub call: String,
    /// All calls, by code and English title.
    pub calls: Vec<(String, String)>,
    /// The IANA zone of the call, in which times are shown.
    pub zone: String,
    /// Now, by the program's clock.
    pub now: Timestamp,
    /// What the records are at: another one says that something changed.
    pub pulse: String,
    /// How many cases wait for a person.
    pub waiting: u64,
    /// The mailboxes that receive for the call.
    pub mailboxes: Vec<MailboxSeen>,
    /// That nothing leaves for outsiders, where somebody stopped it.
    pub stopped: Option<super::Stopped>,
    /// What else is not as it should be, each a sentence and since when.
    pub troubles: Vec<(String, Timestamp)>,
}

/// When a mailbox was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailboxSeen {
    /// Its name.
    pub name: String,
    /// When it was last read to the end; none if it never was.
    pub read: Option<Timestamp>,
    /// It should have been read since: every page says so until it is over.
    pub overdue: bool,
    /// Why it is not read, in a sentence, where that is known.
    pub why: Option<String>,
    /// When every message in it was last held against the log; none if that was never.
    pub reconciled: Option<Timestamp>,
    /// How many were missing in the log then.
    pub missing: u64,
}

/// What a party has filed under one docket reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Submission {
    /// The docket reference.
    pub reference: String,
    /// The call.
    pub call: String,
    /// The kind of sender.
    pub kind: Kind,
    /// Its states, with names, in the order of these.
    pub states: Vec<(Iso3, String)>,
    /// All that is filed under it, in the order of receipt.
    pub places: Vec<Place>,
}

/// What an item is in a submission.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// The item: `M-000123`, or `M-000123/2` of several.
    pub number: String,
    /// Its message.
    pub message: String,
    /// When it was received.
    pub received: Timestamp,
    /// Its place: `version`, or what stands beside versions, such as `annex`.
    pub place: &'static str,
    /// The version that it makes, or repeats; none of what stands beside versions.
    pub version: Option<u32>,
    /// It repeats that version, and makes none.
    pub repeats: bool,
    /// It is the current version.
    pub current: bool,
    /// When the party took it back.
    pub withdrawn: Option<Timestamp>,
    /// What it comes to beside the others.
    pub becomes: Becomes,
    /// How its receipt stands.
    pub standing: Standing,
    /// Words that count.
    pub words: Option<u64>,
}

/// One entry in full.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The intake number of the message.
    pub number: String,
    /// When it was received.
    pub received: Timestamp,
    /// Which rule chose that time.
    pub clock: String,
    /// The zone in which times are shown.
    pub zone: String,
    /// The sender as written.
    pub from: Option<String>,
    /// Reply-To, where it differs.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// `Message-ID`.
    pub message_id: Option<String>,
    /// The sender's own date.
    pub date: Option<Timestamp>,
    /// Bytes of the original.
    pub size: u64,
    /// The size that the mailbox had announced, where it handed over another.
    pub announced: Option<u64>,
    /// SHA-256 of the original, in hexadecimal.
    pub sha256: String,
    /// The text of the message.
    pub body: String,
    /// `stored`, `read` or `parked`.
    pub state: String,
    /// Relevance, once read.
    pub relevance: Option<String>,
    /// What is wrong with the message, each a sentence.
    pub defects: Vec<String>,
    /// Whether the sender's domain vouches for it, by the word of our relay, in a sentence that quotes it.
    pub authentication: Option<String>,
    /// How it came, where a person recorded it and no mail brought it.
    pub recorded: Option<Recorded>,
    /// Why it was or was not answered, in a sentence.
    pub answer: Option<String>,
    /// How often it was changed: whoever decides says what was seen.
    #[serde(skip)]
    pub revision: i64,
    /// What is filed under the docket reference that was asked for; none where a message was.
    pub submission: Option<Submission>,
    /// The items.
    pub items: Vec<EntryItem>,
    /// English names of the states that its evidence speaks for.
    pub names: BTreeMap<Iso3, String>,
    /// All files.
    pub files: Vec<EntryFile>,
    /// The letters.
    pub letters: Vec<EntryLetter>,
    /// What happened, oldest first.
    pub history: Vec<Happening>,
    /// Notes of officers, oldest first.
    pub notes: Vec<Note>,
    /// Who is in charge of it, by name.
    pub in_charge: Option<String>,
    /// Who can be put in charge of it, by name.
    #[serde(skip)]
    pub colleagues: Vec<String>,
    /// Rows of it that cannot be read, a sentence each: what they held is missing here, and nothing is decided on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
}

/// One item of an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryItem {
    /// `M-000123/1`.
    pub number: String,
    /// The call it belongs to.
    pub call: Option<String>,
    /// The docket reference, once filed.
    pub reference: Option<String>,
    /// The states it is registered for, with names.
    pub states: Vec<(Iso3, String)>,
    /// The states it may be of while that is not decided, the likeliest first.
    pub candidates: Vec<(Iso3, String)>,
    /// The states that the program names, whether or not it is filed for them.
    pub named: Vec<(Iso3, String)>,
    /// The matcher's decision.
    pub decision: matching::Decision,
    /// The kind of sender.
    pub kind: Kind,
    /// Why the matcher decided so, in a sentence.
    pub reason: String,
    /// What waits says that sentence, too.
    #[serde(skip)]
    pub reason_is_asked: bool,
    /// What the decision rests on.
    pub evidence: Vec<Evidence>,
    /// What it is for; none where that was not asked.
    pub purpose: Option<EntryPurpose>,
    /// The standing.
    pub standing: Option<Standing>,
    /// The last day it was judged by.
    pub deadline: Option<Date>,
    /// The hour of it that ended the time; none where the whole day counted.
    pub deadline_hour: Option<Time>,
    /// The version of the submission.
    pub version: Option<u32>,
    /// What it comes to beside what else its party has filed; none while it is not filed.
    pub becomes: Option<Becomes>,
    /// Words that count.
    pub words: Option<u64>,
    /// Why it waits for a person; none if it does not.
    pub waiting: Option<String>,
    /// The decision of a person that stands, in words: “assigned to Norway by desk: …”.
    pub decided: Option<String>,
    /// All decisions about it, oldest first, with those that were taken back.
    pub decisions: Vec<Decision>,
}

/// What an item is for, as the program found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPurpose {
    /// What it is for.
    pub kind: purpose::Kind,
    /// A person must confirm it.
    pub proposed: bool,
    /// The day that it names.
    pub day: Option<Date>,
    /// What speaks for that and against it.
    pub evidence: Vec<purpose::Quoted>,
    /// The same in a few words, in the reader’s language.
    pub said: String,
}

/// What a person decided about an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// What, in words: “assigned to Norway”.
    pub what: String,
    /// Who.
    #[serde(serialize_with = "by_name")]
    pub actor: Actor,
    /// Why.
    pub reason: String,
    /// By whom it was taken back, when and why; none if it was not.
    pub undone: Option<Undone>,
}

/// That a decision was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// When.
    pub at: Timestamp,
    /// By whom.
    #[serde(serialize_with = "by_name")]
    pub actor: Actor,
    /// Why.
    pub reason: String,
}

/// One file of an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryFile {
    /// Path in the MIME tree.
    pub path: String,
    /// The sender's name for it.
    pub name: Option<String>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it is.
    pub format: Format,
    /// What it is for.
    pub role: Role,
    /// How far it could be read.
    pub outcome: Outcome,
    /// The engine that read it.
    pub engine: Option<String>,
    /// Pages, where the format has pages.
    pub pages: Option<u32>,
    /// The pages that were read and hold no text.
    pub pages_without_text: Vec<u32>,
    /// The pages that could not be read.
    pub pages_failed: Vec<u32>,
    /// Words that count.
    pub words: Option<u64>,
    /// Words of its notes.
    pub words_in_notes: u64,
    /// Words of its headers and footers.
    pub words_in_running_heads: u64,
    /// Its language by code.
    pub language: Option<String>,
    /// One sentence for a person.
    pub detail: Option<String>,
    /// The engines that were asked too, and why their answers were not taken.
    pub tried: Vec<Tried>,
    /// The text, as far as it is shown (the first 20,000 characters).
    pub text: String,
}

/// One letter of an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryLetter {
    /// The letter's number.
    pub id: i64,
    /// Its kind, such as `acknowledgement`.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// `waiting`, `released`, `sending`, `sent`, `failed`, `held`, `discarded`, in words a person understands.
    pub state: String,
    /// When it left.
    pub sent: Option<Timestamp>,
    /// Why it has not left, or how it failed.
    pub reason: Option<String>,
}

fn by_name<S: Serializer>(actor: &Actor, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(actor.name())
}

/// A decision, and on what it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionOn {
    /// The item, such as `M-000123/1`; or the state, by name.
    pub on: String,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
}

/// One state and everything about it in a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatePage {
    /// Its line in the register.
    pub line: RegisterLine,
    /// What it was told last, in words; empty where that is nothing.
    pub told: String,
    /// The formal name.
    pub formal_name: String,
    /// The zone in which times are shown.
    pub zone: String,
    /// Its entries and those that may be its own.
    pub entries: Vec<LogLine>,
    /// Focal points: name and address.
    pub focal_points: Vec<(String, String)>,
    /// Until when it has time by an extension that stands, in words: “15 October 2020, 12:00”.
    pub extended: Option<String>,
    /// What was decided about it and about its entries, oldest first, with what was taken back.
    pub decisions: Vec<DecisionOn>,
    /// Reminders, in words: “first: sent 16 Sep to …”.
    pub reminders: Vec<String>,
    /// Other letters to it that answer no message, in words: “extension granted: sent 16 Sep to …”.
    pub letters: Vec<String>,
}
