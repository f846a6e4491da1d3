//! What a call is about, as messages speak of it.

use super::{
    cue::{Cue, Meaning},
    phrases::Phrases,
};

/// The words of a call, or of several, in the form in which they are searched for.
pub struct Topic {
    phrases: Phrases<Meaning>,
}

impl Topic {
    /// From the words and phrases of calls and the headings of their templates; `*` lets a word go on.
    #[must_use]
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>, headings: impl IntoIterator<Item = &'a str>) -> Self {
        let meaning = |cue| Meaning { cue, nth: 0 };
        let words = words.into_iter().map(|word| (meaning(Cue::Call), word));
        let headings = headings.into_iter().map(|heading| (meaning(Cue::Heading), heading));
        Self { phrases: Phrases::new(words.chain(headings)) }
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
