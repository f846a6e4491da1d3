//! Whose input is it: a case is matched to a member state on evidence, or left to a person.
//!
//! Promises to abstain rather than guess: a state is named only where independent kinds of evidence agree and nothing
//! strong speaks against it. Every answer carries what it rests on, quoted.

mod candidates;
mod claims;
mod domains;
mod evidence;
mod head;
mod inflect;
mod loader;
mod names;
mod note_verbale;
mod quoting;
pub mod register;
mod score;
mod sender;
mod tables;
mod vocabulary;
mod why;

pub use why::Pleading;

pub use register::{Form, Register, State, TableProblem, Tables};

use serde::{Deserialize, Serialize};

use crate::core::{iso3::Iso3, text::fold};

/// What was sent, as far as it can tell whose it is. One line of `docket match --cases`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Names the case in the answer.
    pub id: String,
    /// The sender; of a colleague's forward, the original sender.
    pub from: Sender,
    /// `Reply-To`, where it differs.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text of the message; quoted threads and our own call letter may still be in it.
    pub body: String,
    /// The files in their order.
    pub attachments: Vec<CaseFile>,
    /// The message is a robot's (RFC 3834): whatever it names, it is no state's input.
    pub automatic: bool,
    /// Contacts that a person entered or confirmed, for the sender's address.
    pub contacts: Vec<Contact>,
    /// What stands filed from the sender's address already, by state.
    pub earlier: Vec<Earlier>,
    /// What our relay said, where the sender's domain does not vouch for the message: then no address in it is evidence,
    /// and a person decides.
    pub doubted: Option<String>,
}

/// The sender of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// The display name, or nothing.
    pub display: String,
    /// The address.
    pub address: String,
}

/// A file of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseFile {
    /// The name the sender gave it.
    pub filename: String,
    /// Its first page, or as much text as there is: letterhead first.
    pub first_page_text: String,
}

/// An address that a person tied to a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The address in lower case.
    pub address: String,
    /// The state.
    pub iso3: Iso3,
}

/// Inputs that stand filed for a state from an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// The address in lower case.
    pub address: String,
    /// The state.
    pub iso3: Iso3,
    /// How many.
    pub inputs: u64,
}

/// What the matcher says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Named, left to a person, or surely no state's.
    pub decision: Decision,
    /// What kind of sender it is; of a review, what it would be if the little that speaks is right.
    pub kind: Kind,
    /// The state, where exactly one is named.
    pub iso3: Option<Iso3>,
    /// The states of a joint input; else empty.
    pub iso3s: Vec<Iso3>,
    /// Between 0 and 1; shown, never compared across versions.
    pub score: f64,
    /// Why it came out so, in a sentence for a person.
    #[serde(default)]
    pub reason: String,
    /// What it rests on, the weightiest first; for a review also what speaks for the other candidates.
    pub evidence: Vec<Evidence>,
}

/// What to do with the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The state is named.
    Matched,
    /// A person decides.
    Review,
    /// Surely no state's input.
    None,
}

/// Whose it is, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A state of the call's roster.
    MemberState,
    /// Several states together.
    Joint,
    /// An observer State (Holy See, State of Palestine).
    Observer,
    /// An organisation, an authority below the state, a person, a robot.
    NotAState,
    /// A member of the United Nations outside the roster.
    OutsideRegion,
    /// More than one reading; a person decides.
    Ambiguous,
}

/// One piece of evidence for a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was found.
    pub source: Source,
    /// The words themselves, quoted.
    pub text: String,
    /// The state it speaks for.
    pub iso3: Iso3,
    /// How much it weighs; the scale is the matcher's own.
    pub weight: f64,
}

/// Where evidence was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the places")]
pub enum Source {
    Contact,
    SenderDomain,
    LocalPart,
    DisplayName,
    ReplyTo,
    Authentication,
    Letterhead,
    NoteVerbale,
    Title,
    Subject,
    FileName,
    Signature,
    Body,
    History,
}
