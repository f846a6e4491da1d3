//! What a message is to the secretariat: an input, correspondence about a call, or none of its business.
//!
//! Promises `unrelated` only where nothing at all ties the message to a call: no document, no purpose, no state, no answer to
//! us, no word of a call. The mailbox may be a person's; what is unrelated is never answered. Promises, too, that the words of
//! a call alone earn no letter: anyone may write them under anyone's name.

use serde::{Deserialize, Serialize};

use super::matching::{Match, Source};
use crate::core::purpose::Purpose;

/// How many words a document has at least that says more than what it is.
const SUBSTANCE: u64 = 60;

/// What a message is to the secretariat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relevance {
    /// None of its business.
    Unrelated,
    /// About a call, or in doubt.
    Correspondence,
    /// An input, even if its document is missing.
    Input,
}

impl Relevance {
    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unrelated => "unrelated",
            Self::Correspondence => "correspondence",
            Self::Input => "input",
        }
    }
}

/// What ties a message to a call.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign by itself")]
pub struct Signs {
    /// It has a main text: a document, or an input in the mail itself.
    pub text: bool,
    /// It has a document of any kind.
    pub document: bool,
    /// It points to a document elsewhere, or speaks of one that is not there.
    pub missing_document: bool,
    /// By its purpose it is an input, or corrects or adds to one.
    pub input: bool,
    /// It says that an input comes, or does not, or later, or is taken back.
    pub spoken: bool,
    /// Something other than its text speaks for a state.
    pub state: bool,
    /// It uses words of a call.
    pub words: bool,
    /// It answers a letter of ours.
    pub reply: bool,
    /// A robot wrote it.
    pub automatic: bool,
}

impl Signs {
    /// Whether anything ties it to a call, to a state or to a letter of ours.
    #[must_use]
    pub fn tied(self) -> bool {
        self.state || self.words || self.reply
    }
}

/// Judges a message by its signs.
#[must_use]
pub fn relevance(signs: Signs) -> Relevance {
    let sent = signs.text || (signs.missing_document && !signs.reply);
    if signs.tied() && signs.input && sent && !signs.automatic {
        Relevance::Input
    } else if signs.tied() || signs.document || signs.spoken {
        Relevance::Correspondence
    } else {
        Relevance::Unrelated
    }
}

/// Whether an item of a sender whom nobody knows merely names the call: no authority's letterhead or note stands on it, and no
/// text of some length is there that is an input by itself or may be read from a state. `words`: of its main text, where it
/// could be read.
#[must_use]
pub fn merely_names_the_call(purpose: &Purpose, matched: &Match, words: Option<u64>) -> bool {
    let by = |sources: &[Source]| matched.evidence.iter().any(|evidence| sources.contains(&evidence.source));
    let vouched = by(&[Source::Contact, Source::History, Source::Letterhead, Source::NoteVerbale]);
    let speaks = match words {
        Some(words) => {
            words >= SUBSTANCE && (purpose.goes_by_itself() || matched.is_tied() || by(&[Source::SenderDomain]))
        }
        None => matched.is_tied(),
    };
    !(vouched || speaks)
}
