//! The judgement of one item: whose it is, what it is for, what becomes of it, and what a person is asked.

use serde::Serialize;

use super::{answer::Fate, item::Item, matching::Match, relevance::Relevance};
use crate::core::{
    file::File,
    purpose::{self, Purpose},
    question::Questions,
};

/// The judgement of one item.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedItem {
    /// The item.
    pub item: Item,
    /// Whose it is.
    pub matched: Match,
    /// What it is for.
    pub purpose: Purpose,
    /// The call it belongs to, by its place.
    pub call: Option<usize>,
    /// What it is to the secretariat.
    pub relevance: Relevance,
    /// What becomes of it.
    pub fate: Fate,
    /// Why a person must look at it, if one must.
    pub waiting: Questions,
}

/// What the program does with an item by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filing {
    /// Nothing: there is nothing to file.
    None,
    /// It keeps silent: a program wrote it.
    Silent,
    /// It asks a person.
    Asked,
    /// It registers it.
    Registered,
}

impl JudgedItem {
    /// What the program does with it by itself.
    #[must_use]
    pub fn filing(&self) -> Filing {
        match self.fate {
            Fate::Registered | Fate::Filed => Filing::Registered,
            _ if !self.waiting.is_empty() => Filing::Asked,
            _ if self.purpose.kind == purpose::Kind::Automatic => Filing::Silent,
            _ => Filing::None,
        }
    }

    /// Whether a person must confirm what it is for.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.filing() == Filing::Asked && self.purpose.is_to_confirm()
    }

    /// What is found for it, in the words of the interface: what stands at the head of a document is its title.
    #[must_use]
    pub fn quoted(&self, files: &[File]) -> Vec<purpose::Quoted> {
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let heads: Vec<String> = self.item.files.iter().map(|(i, _)| spaced(&files[*i].reading.letterhead)).collect();
        let titled = |text: &str| heads.iter().any(|head| head.contains(&spaced(text)));
        let mut quoted = self.purpose.quoted();
        for piece in quoted.iter_mut().filter(|piece| piece.place == "document" && !piece.observed) {
            if titled(&piece.text) {
                piece.place = "title";
            }
        }
        quoted
    }
}
