//! What a mail can say of an earlier input, and the words for it in the six languages of the United Nations.
//!
//! Promises that every language of the tables is searched in every text, since states write in several at once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::core::purpose::phrases::Phrases;

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cue {
    /// This takes the place of what was sent.
    Replaces,
    /// It does not.
    NotReplacing,
    /// It is the same again.
    Same,
    /// It is a copy that can be read, or the other one could not.
    Copy,
    /// It stands beside.
    Annex,
    /// It is in another language.
    Translation,
    /// It is the letter that goes with it.
    CoverLetter,
    /// A part of a text.
    Part,
    /// What is to be mended in a text, without the text.
    Errata,
    /// What was sent is taken back.
    Withdraw,
    /// Nothing will be sent.
    Decline,
    /// Something will be sent.
    Later,
    /// Something is asked.
    Ask,
    /// Thanks.
    Thanks,
    /// What people say beside.
    Courtesy,
    /// There is more in it than thanks.
    Turn,
    /// How a recall notice is called.
    RecallSubject,
    /// What a recall notice says.
    Recall,
    /// Somebody is away.
    Absent,
    /// Something came with the mail.
    Attached,
    /// A word that denies what stands behind it.
    Not,
    /// The end of a letter.
    Closing,
    /// A footer about secrecy, or paper.
    Footer,
    /// A word for a text.
    Text,
    /// How a note verbale begins.
    Compliments,
    /// The months in their order, perhaps more than once.
    Months,
}

/// A phrase's cue, and its place in the list, counted from 1: of a month, its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) cue: Cue,
    pub(super) nth: u16,
}

const TABLES: [&str; 6] = [
    include_str!("words/ar.toml"),
    include_str!("words/en.toml"),
    include_str!("words/es.toml"),
    include_str!("words/fr.toml"),
    include_str!("words/ru.toml"),
    include_str!("words/zh.toml"),
];

/// The phrases of all languages, ready to be searched for.
pub(super) static WORDS: LazyLock<Phrases<Meaning>> = LazyLock::new(|| {
    let read = |text: &&str| -> BTreeMap<Cue, Vec<String>> {
        toml::from_str(text).expect("the words come with the program, and a test reads them")
    };
    let tables: Vec<_> = TABLES.iter().map(read).collect();
    let lists = tables.iter().flatten();
    Phrases::new(lists.flat_map(|(cue, list)| {
        (1..).zip(list).map(move |(nth, phrase)| (Meaning { cue: *cue, nth }, phrase.as_str()))
    }))
});
