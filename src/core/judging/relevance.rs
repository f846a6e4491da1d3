//! What a message is to the secretariat: an input, correspondence about a call, or none of its business.
//!
//! Promises `unrelated` only where nothing at all ties the message to a call: no document, no state, no answer to us, no
//! word of a call. The mailbox may be a person's; what is unrelated is never answered.

use serde::{Deserialize, Serialize};

use crate::core::text;

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
    /// It has a main text: a document, or a long text of its own.
    pub text: bool,
    /// It has a document of any kind.
    pub document: bool,
    /// It points to a document elsewhere, or speaks of one that is not there.
    pub missing_document: bool,
    /// Something other than its text speaks for a state.
    pub state: bool,
    /// It uses words of a call.
    pub words: bool,
    /// It answers a letter of ours.
    pub reply: bool,
    /// A robot wrote it.
    pub automatic: bool,
}

/// Judges a message by its signs.
#[must_use]
pub fn relevance(signs: Signs) -> Relevance {
    let tied = signs.state || signs.words || signs.reply;
    let sent = signs.text || (signs.missing_document && !signs.reply);
    if tied && sent && !signs.automatic {
        Relevance::Input
    } else if tied || signs.document {
        Relevance::Correspondence
    } else {
        Relevance::Unrelated
    }
}

/// How many of a call's words a text uses. Case, spacing and Unicode form do not matter; a word in Latin letters must
/// stand by itself.
#[must_use]
pub fn words_used(words: &[String], text: &str) -> usize {
    let text = plain(text);
    words.iter().map(|word| plain(word)).filter(|word| !word.trim().is_empty() && stands_in(&text, word)).count()
}

fn stands_in(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        let before = is_letter(text[..at].chars().next_back()) && is_letter(word.chars().next());
        let after = is_letter(text[at + word.len()..].chars().next()) && is_letter(word.chars().next_back());
        !before && !after
    })
}

fn plain(text: &str) -> String {
    let folded: String = text::nfkc(text).flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words with which people announce a document that ought to be in the message.
const ANNOUNCED: &[&str] = &[
    "attached",
    "attachment",
    "enclosed",
    "herewith",
    "ci-joint",
    "pièce jointe",
    "adjunt",
    "прилага",
    "вложени",
    "приложен",
    "مرفق",
    "附件",
    "随函",
    "anbei",
    "allegat",
];

/// Whether a text announces a document.
#[must_use]
pub fn announces_document(text: &str) -> bool {
    let text = plain(text);
    ANNOUNCED.iter().any(|word| text.contains(word))
}
