//! What a call is about, as messages speak of it.

use super::{
    cue::{Cue, Meaning},
    phrases::Phrases,
};

/// The words of a call, or of several, in the form in which they are searched for.
pub struct Topic {
    phrases: Phrases<Meaning>,
    /// The local parts of our addresses, in lower case.
    mailboxes: Vec<String>,
}

impl Topic {
    /// From the words and phrases of calls and the headings of their templates, in which `*` lets a word go on, and from our
    /// own addresses, which are no words of a call.
    #[must_use]
    pub fn new<'a>(
        words: impl IntoIterator<Item = &'a str>,
        headings: impl IntoIterator<Item = &'a str>,
        addresses: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let meaning = |cue| Meaning { cue, nth: 0, language: u8::MAX };
        let words = words.into_iter().map(|word| (meaning(Cue::Call), word));
        let headings = headings.into_iter().map(|heading| (meaning(Cue::Heading), heading));
        let mailboxes = addresses
            .into_iter()
            .map(|address| address.split(['@', '+']).next().unwrap_or_default().to_lowercase())
            .filter(|local| local.contains(['-', '.', '_']))
            .collect();
        Self { phrases: Phrases::new(words.chain(headings)), mailboxes }
    }

    /// Whether a word is the name of a mailbox of ours.
    pub(super) fn is_mailbox(&self, word: &str) -> bool {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        self.mailboxes.iter().any(|mailbox| mailbox.eq_ignore_ascii_case(word))
    }

    /// As they are searched for.
    pub(super) fn phrases(&self) -> &Phrases<Meaning> {
        &self.phrases
    }
}

impl std::fmt::Debug for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Topic")
    }
}
