//! What an item brings that nobody could look into: a container that may hide documents, a seal, an encrypted text.
//!
//! Promises that nothing is called missing as long as it may be in there, and that who is known gets a letter for it while a
//! stranger gets none.

use super::{
    answer::Fate,
    item::{Item, MainText},
    meant::may_hold_an_input,
    relevance::Relevance,
    settling::Found,
};
use crate::core::{
    file::{File, Format},
    purpose::{Kind, Purpose},
    question::{Question, Questions, Unseen},
};

/// What could not be looked into, by what it is.
pub(super) struct NotSeen {
    /// A container that may hide documents.
    hidden: Option<Unseen>,
    /// Another file that may hold an input, where no main text is there.
    holding: Option<Unseen>,
    /// What is signed or encrypted, where no main text is there: a file, or the mail itself.
    sealed: Option<Unseen>,
}

impl NotSeen {
    /// What an item brings.
    pub(super) fn of(item: &Item, files: &[File], own_words: &str) -> Self {
        let of_item = || item.files.iter().map(|(i, _)| &files[*i]);
        let missing = item.main == MainText::Missing;
        Self {
            hidden: of_item().find(|file| file.may_hide_documents()).map(Unseen::of),
            holding: of_item().find(|file| missing && may_hold_an_input(file)).map(Unseen::of),
            sealed: missing.then(|| sealed(item, files, own_words)).flatten(),
        }
    }

    /// Whether a container among it may hide documents.
    pub(super) fn hides_documents(&self) -> bool {
        self.hidden.is_some()
    }

    /// Whether the document that a mail speaks of may be in it.
    pub(super) fn may_be_the_document(&self) -> bool {
        self.hidden.is_some() || self.sealed.is_some()
    }

    /// What becomes of the item because of it; none where it changes nothing. `known`: something else ties the sender to a
    /// state or to a letter of ours.
    pub(super) fn settle(self, found: Found<'_>, known: bool) -> Option<(Fate, Questions)> {
        let is_sealed = self.sealed.is_some();
        let file = self.hidden.or(self.holding).or(self.sealed)?;
        let fate = match found.relevance {
            // Whoever says that there is no document must have looked. A stranger gets no letter for what nobody knows.
            Relevance::Input if found.item.main == MainText::Missing && known => Fate::Undecided,
            Relevance::Input if found.item.main == MainText::Missing => Fate::Correspondence,
            // It is for nothing else, as long as its words do not say so.
            Relevance::Correspondence if is_sealed && !says_what_for(found.purpose) => Fate::Correspondence,
            _ => return None,
        };
        Some((fate, Question::Hidden { file }.into()))
    }
}

/// What is signed or encrypted, and holds what nobody has seen: a file, or the mail itself.
fn sealed(item: &Item, files: &[File], own_words: &str) -> Option<Unseen> {
    let file = item.files.iter().map(|(i, _)| &files[*i]).find(|f| f.format == Format::Smime && may_hold_an_input(f));
    let inline = || own_words.lines().any(|line| line.trim_end() == "-----BEGIN PGP MESSAGE-----");
    let why = || "The text is encrypted with PGP: only the person whom it is encrypted for can read it.".to_owned();
    file.map(Unseen::of).or_else(|| inline().then(|| Unseen::Unlisted { why: Some(why()) }))
}

/// Whether its words say what it is for, where that is no input.
fn says_what_for(purpose: &Purpose) -> bool {
    !purpose.kind.is_input() && !matches!(purpose.kind, Kind::OtherNote | Kind::Unrelated | Kind::OwnLetter)
}
