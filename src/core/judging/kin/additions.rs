//! Which kind of addition something calls itself: an annex, a translation, a cover letter.
//!
//! Promises that every language of the table is searched in every text, since states write in several at once.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::core::{
    purpose::phrases::Phrases,
    submission::AdditionKind::{self, Annex, CoverLetter, Translation},
    text::fold::fold,
};

/// The words for each kind, by language.
static WORDS: LazyLock<Phrases<AdditionKind>> = LazyLock::new(|| {
    let tables: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(include_str!("additions.toml")).expect("the words come with the program, and a test reads them");
    let of = |kind: AdditionKind| tables.values().filter_map(move |table| table.get(kind.word()));
    let kinds = [Annex, Translation, CoverLetter];
    Phrases::new(kinds.into_iter().flat_map(|kind| of(kind).flatten().map(move |phrase| (kind, phrase.as_str()))))
});

/// The kind that texts speak of: a translation of an annex is a translation, the letter that goes with one a letter.
pub(super) fn kind_by_words<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<AdditionKind> {
    let texts: Vec<String> = texts.into_iter().map(fold).collect();
    let named: Vec<AdditionKind> =
        texts.iter().flat_map(|text| WORDS.find(text, |_, _| true)).map(|found| found.meaning).collect();
    [CoverLetter, Translation, Annex].into_iter().find(|kind| named.contains(kind))
}
