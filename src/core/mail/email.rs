//! An email as the program understands it (RFC 5322): its header fields and its own text. Files travel beside it as
//! [`Part`](super::part::Part)s.
//!
//! Promises that every text here is clean: valid UTF-8 without NUL, control or bidi-override characters, and of bounded
//! length. The raw bytes remain the record; nothing here is ever written back as one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::address::Address;

/// What the `Return-Path` header says (RFC 5321, section 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnPath {
    /// There is none: the message did not come through a final delivery that records it.
    #[default]
    Absent,
    /// `<>`: a report or a robot; it must not be answered (RFC 3834, section 2).
    Null,
    /// An address.
    Address(String),
}

/// A header field, unfolded, decoded and cleaned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The field name as written.
    pub name: String,
    /// The value on one line.
    pub value: String,
}

/// The parsed message: its headers and its own text. Files travel beside it as [`Part`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `Message-ID` without angle brackets. Never a key: it may be missing or used twice.
    pub message_id: Option<String>,
    /// The first author.
    pub from: Option<Address>,
    /// `Sender`, where it stands.
    pub sender: Option<Address>,
    /// Where the author wants answers.
    pub reply_to: Vec<Address>,
    /// All addresses of To, Cc, Bcc and Resent-*, in lower case.
    pub recipients: Vec<String>,
    /// The envelope sender as the final delivery recorded it.
    pub return_path: ReturnPath,
    /// The subject on one line.
    pub subject: Option<String>,
    /// The sender's own date: shown, never used to judge.
    pub date: Option<Timestamp>,
    /// Message-IDs without angle brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs without angle brackets, oldest first.
    pub references: Vec<String>,
    /// The fields of the top level in their order, as far as they fit the limits.
    pub headers: Vec<Header>,
    /// The media type of the top level, such as `multipart/report`, with its `report-type` where it has one.
    pub media_type: String,
    /// `report-type` of a `multipart/report` (RFC 6522), in lower case; else the kind of report among the parts.
    pub report_type: Option<String>,
    /// The method of a calendar part (RFC 5546), in lower case, such as `request` or `reply`.
    pub calendar_method: Option<String>,
    /// The text a reader sees: plain parts, or HTML as text. Quoted threads are still in it.
    pub body: String,
    /// Messages attached as `message/rfc822`, outermost first.
    pub attached: Vec<Attached>,
    /// What is wrong with the message, each a sentence for a person.
    pub defects: Vec<String>,
    /// What a virus scanner found in it, in a sentence; who parses does not know.
    #[serde(default)]
    pub harmful: Option<String>,
}

/// A message that came inside another: a colleague's forward, or a returned original.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its path in the MIME tree, such as `1.2`.
    pub path: String,
    /// Its author.
    pub from: Option<Address>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// Its date.
    pub date: Option<Timestamp>,
    /// Its text.
    pub body: String,
}
