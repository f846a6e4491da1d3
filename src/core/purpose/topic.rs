//! What a call is about, as messages speak of it.

use std::collections::BTreeSet;

use super::{
    addresses,
    cue::{Cue, Meaning},
    phrases::Phrases,
};
use crate::core::text::fold::Folded;

/// The words of a call, or of several, in the form in which they are searched for.
pub struct Topic {
    phrases: Phrases<Meaning>,
    /// How many calls there are.
    calls: usize,
    /// The local parts of our addresses, in lower case.
    mailboxes: Vec<String>,
}

impl Topic {
    /// From the words and phrases of each call with the headings of its template, in which `*` lets a word go on, and from
    /// our own addresses, which are no words of a call.
    #[must_use]
    pub fn new<'a>(
        calls: impl IntoIterator<Item = (&'a [String], &'a [String])>,
        addresses: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let calls: Vec<_> = calls.into_iter().collect();
        let lists = calls.iter().zip(0..).flat_map(|((words, headings), nth)| {
            let meaning = move |cue| Meaning { cue, nth, language: u8::MAX };
            let words = words.iter().map(move |word| (meaning(Cue::Call), word.as_str()));
            words.chain(headings.iter().map(move |heading| (meaning(Cue::Heading), heading.as_str())))
        });
        let mailboxes = addresses
            .into_iter()
            .map(|address| address.split(['@', '+']).next().unwrap_or_default().to_lowercase())
            .filter(|local| local.contains(['-', '.', '_']))
            .collect();
        Self { phrases: Phrases::new(lists), calls: calls.len(), mailboxes }
    }

    /// How many words of each call a text uses, in the order of the calls; addresses are no words.
    #[must_use]
    pub fn used(&self, text: &str) -> Vec<usize> {
        let text = addresses::left_out(text, |word| self.is_mailbox(word));
        let folded = Folded::new(&text);
        let found = self.phrases.find(folded.text(), |_, _| true).into_iter();
        let words: BTreeSet<(u16, &str)> = found
            .filter(|found| found.meaning.cue == Cue::Call)
            .map(|found| (found.meaning.nth, &folded.text()[found.range]))
            .collect();
        (0..self.calls).map(|call| words.iter().filter(|(nth, _)| usize::from(*nth) == call).count()).collect()
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
