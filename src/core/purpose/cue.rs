//! What words of a message can be about, and the words themselves: one table a language.
//!
//! Promises that every language of the tables is searched in every text, since states write in several at once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::phrases::Phrases;

/// What a phrase is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cue {
    /// A word for what a call asks for.
    Input,
    /// A word for a text of any kind.
    Report,
    /// It is sent with this message.
    Attached,
    /// It will be sent.
    Later,
    /// It will not be sent.
    Decline,
    /// More time.
    MoreTime,
    /// Thanks for something.
    Thanks,
    /// An order not to take, or to take back.
    Withdraw,
    /// What was sent before.
    Previous,
    /// In place of what was sent before.
    Correction,
    /// Beside what was sent before.
    Addition,
    /// A translation.
    Translation,
    /// Who takes part in a meeting.
    Nomination,
    /// A question.
    Question,
    /// Any other business of a mission.
    Other,
    /// Not approved yet.
    Draft,
    /// What marks a page as a draft where it stands by itself, and means other things elsewhere.
    Mark,
    /// For information only.
    Information,
    /// An absence.
    Absence,
    /// A program speaks.
    Robot,
    /// The end of a letter.
    Closing,
    /// A footer about secrecy.
    Confidential,
    /// What a template asks to be filled in.
    Blank,
    /// A word for a template.
    Template,
    /// A sentence of our own letters.
    Ours,
    /// It goes back to what we wrote.
    Answer,
    /// A wish to hear that it came.
    Receipt,
    /// It stands in the mail itself.
    Below,
    /// What often follows an input that was sent: its original on paper, names, a note.
    Aside,
    /// An objective of the Compact; a number stands beside it.
    Goal,
    /// A word that denies what stands beside it.
    Not,
    /// The months in their order.
    Months,
    /// A word of the call.
    Call,
    /// A heading of the template of the call.
    Heading,
}

/// A phrase's cue, and its place in the list: of a month, its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// What it is about.
    pub(super) cue: Cue,
    /// Its place in the list of its language, counted from 1.
    pub(super) nth: u16,
    /// The language, by the place of its table.
    pub(super) language: u8,
}

/// The tables by language.
pub(super) const TABLES: &[(&str, &str)] = &[
    ("ar", include_str!("words/ar.toml")),
    ("az", include_str!("words/az.toml")),
    ("be", include_str!("words/be.toml")),
    ("bg", include_str!("words/bg.toml")),
    ("cs", include_str!("words/cs.toml")),
    ("da", include_str!("words/da.toml")),
    ("de", include_str!("words/de.toml")),
    ("el", include_str!("words/el.toml")),
    ("en", include_str!("words/en.toml")),
    ("es", include_str!("words/es.toml")),
    ("et", include_str!("words/et.toml")),
    ("fi", include_str!("words/fi.toml")),
    ("fr", include_str!("words/fr.toml")),
    ("he", include_str!("words/he.toml")),
    ("hu", include_str!("words/hu.toml")),
    ("hy", include_str!("words/hy.toml")),
    ("is", include_str!("words/is.toml")),
    ("it", include_str!("words/it.toml")),
    ("ka", include_str!("words/ka.toml")),
    ("kk", include_str!("words/kk.toml")),
    ("ky", include_str!("words/ky.toml")),
    ("lt", include_str!("words/lt.toml")),
    ("lv", include_str!("words/lv.toml")),
    ("mk", include_str!("words/mk.toml")),
    ("nl", include_str!("words/nl.toml")),
    ("no", include_str!("words/no.toml")),
    ("pl", include_str!("words/pl.toml")),
    ("pt", include_str!("words/pt.toml")),
    ("ro", include_str!("words/ro.toml")),
    ("ru", include_str!("words/ru.toml")),
    ("sk", include_str!("words/sk.toml")),
    ("sl", include_str!("words/sl.toml")),
    ("sq", include_str!("words/sq.toml")),
    ("sr", include_str!("words/sr.toml")),
    ("sv", include_str!("words/sv.toml")),
    ("tg", include_str!("words/tg.toml")),
    ("tk", include_str!("words/tk.toml")),
    ("tr", include_str!("words/tr.toml")),
    ("uk", include_str!("words/uk.toml")),
    ("uz", include_str!("words/uz.toml")),
    ("zh", include_str!("words/zh.toml")),
];

/// The phrases of one language by what they are about.
pub(super) type Table = BTreeMap<Cue, Vec<String>>;

/// The tables as they are read.
pub(super) static WORDS: LazyLock<Vec<(&str, Table)>> = LazyLock::new(|| {
    let read = |text| toml::from_str(text).expect("the words come with the program, and a test reads them");
    TABLES.iter().map(|&(language, text)| (language, read(text))).collect()
});

/// The phrases of all languages, ready to be searched for.
pub(super) static CUES: LazyLock<Phrases<Meaning>> = LazyLock::new(|| {
    let tables = (0..).zip(WORDS.iter());
    let lists = tables.flat_map(|(language, (_, table))| table.iter().map(move |(cue, list)| (language, *cue, list)));
    Phrases::new(lists.flat_map(|(language, cue, list)| {
        (1..).zip(list).map(move |(nth, phrase)| (Meaning { cue, nth, language }, phrase.as_str()))
    }))
});
