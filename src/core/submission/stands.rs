//! What stands of a submission: a fold over its facts, from wherever one looks.
//!
//! Promises that the order of the receipt clock alone decides, whatever was filed first; that of equal texts the one that
//! was received first is the version, and the others repeat it; that what nobody could read is never current; and that an
//! addition, a duplicate, a recall or a letter changes no version.

use jiff::Timestamp;

use super::{
    filed::{Filed, Withdrawal},
    held::{Held, View},
    place::{ItemId, Legible, Place},
};

/// A version, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version<'a> {
    /// The fact.
    pub filed: &'a Filed,
    /// Others with the same text, by receipt.
    pub repeated: Vec<&'a Filed>,
    /// A readable copy, the latest.
    pub rendition: Option<&'a Filed>,
    /// The party took it back.
    pub withdrawn: bool,
}

impl<'a> Version<'a> {
    /// It may be current: it stands, and somebody could read it.
    #[must_use]
    pub fn counts(&self) -> bool {
        let mut all = std::iter::once(self.filed).chain(self.repeated.iter().copied());
        !self.withdrawn && (self.rendition.is_some() || all.any(|filed| filed.legible != Legible::Unread))
    }

    /// Whose words and files it has.
    #[must_use]
    pub fn text(&self) -> &'a Filed {
        self.rendition.unwrap_or(self.filed)
    }

    /// Whether an item is this version, or repeats it, or is its readable copy.
    #[must_use]
    pub fn holds(&self, item: ItemId) -> bool {
        self.filed.item == item || self.repeats(item) || self.rendition.is_some_and(|copy| copy.item == item)
    }

    /// Whether an item repeats this version.
    #[must_use]
    pub fn repeats(&self, item: ItemId) -> bool {
        self.repeated.iter().any(|repeated| repeated.item == item)
    }
}

/// What stands of a submission from where one looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stands<'a> {
    /// The versions in the order of their receipt, those that were taken back among them.
    pub versions: Vec<Version<'a>>,
    /// What stands beside, in the order of its receipt.
    pub beside: Vec<&'a Filed>,
    /// Until when all that had been sent was taken back.
    pub withdrawn: Option<Timestamp>,
}

/// What stands, by the facts.
#[must_use]
pub fn stands<'a>(filed: &'a [Filed], withdrawals: &[Withdrawal], view: View) -> Stands<'a> {
    let seen = |held: Held, at: Timestamp| held.before(view.known_before) && at < view.received_before;
    let withdrawn = withdrawals.iter().filter(|back| seen(back.held, back.at)).map(|back| back.at).max();
    let mut here: Vec<&Filed> = filed.iter().filter(|filed| seen(filed.held, filed.receipt.at)).collect();
    here.sort_by_key(|filed| filed.receipt);
    let mut all = Stands { withdrawn, ..Stands::default() };
    for filed in here.iter().copied().filter(|filed| filed.place == Place::Version) {
        let back = all.took_back(filed);
        let same = |version: &&mut Version<'_>| {
            filed.content_key.is_some() && version.filed.content_key == filed.content_key && version.withdrawn == back
        };
        match all.versions.iter_mut().find(same) {
            Some(version) => version.repeated.push(filed),
            None => all.versions.push(Version { filed, repeated: Vec::new(), rendition: None, withdrawn: back }),
        }
    }
    for filed in here.into_iter().filter(|filed| filed.place != Place::Version) {
        let copied = match filed.place {
            Place::Rendition { of } if filed.legible != Legible::Unread => {
                all.versions.iter_mut().find(|version| version.filed.item == of || version.repeats(of))
            }
            _ => None,
        };
        // Of several copies the latest is read for the version.
        all.beside.extend(match copied {
            Some(version) => version.rendition.replace(filed),
            None => Some(filed),
        });
    }
    all.beside.sort_by_key(|filed| filed.receipt);
    all
}

impl<'a> Stands<'a> {
    /// The latest by the receipt clock that stands and could be read.
    #[must_use]
    pub fn current(&self) -> Option<&Version<'a>> {
        self.versions.iter().rev().find(|version| version.counts())
    }

    /// The first that counts: how the party stands against the deadline.
    #[must_use]
    pub fn first(&self) -> Option<&Version<'a>> {
        self.versions.iter().find(|version| version.counts())
    }

    /// The latest that nobody has read, if it was received after the current one: what stands is under query.
    #[must_use]
    pub fn queried(&self) -> Option<&Version<'a>> {
        self.versions.iter().rev().take_while(|version| !version.counts()).find(|version| !version.withdrawn)
    }

    /// The version that an item is, or repeats, or is the readable copy of.
    #[must_use]
    pub fn version_of(&self, item: ItemId) -> Option<&Version<'a>> {
        self.versions.iter().find(|version| version.holds(item))
    }

    /// The version an addition came for: the one it names, else the latest that was received before it, else the next one.
    /// What was taken back together with the addition, and nothing else, is among those.
    #[must_use]
    pub fn came_for(&self, addition: &Filed) -> Option<&Version<'a>> {
        let named = addition.place.of_item().and_then(|to| self.version_of(to));
        let back = self.took_back(addition);
        let side = || self.versions.iter().filter(|version| version.withdrawn == back);
        let before = || side().rev().find(|version| version.filed.receipt < addition.receipt);
        named.or_else(before).or_else(|| side().next())
    }

    /// Whether the party took back what was received then.
    fn took_back(&self, filed: &Filed) -> bool {
        self.withdrawn.is_some_and(|at| filed.receipt.at < at)
    }
}
