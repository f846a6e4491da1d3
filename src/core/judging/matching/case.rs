//! What was sent, as far as it can tell whose it is: what the matcher is given.

use serde::{Deserialize, Serialize};

use crate::core::iso3::Iso3;

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
    /// Who passes it on, where it came inside another's message; nobody where a colleague does.
    pub passed_on_by: Option<Sender>,
    /// The authors of the messages within, of which it has its documents.
    pub within: Vec<Sender>,
    /// Whether the sender is a colleague, who forwards what others sent. Where nobody says so, whoever writes from an
    /// organisation is taken for one.
    pub by_colleague: Option<bool>,
    /// Addresses of our own.
    pub ours: Vec<String>,
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
