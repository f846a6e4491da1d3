//! What an item comes to beside what stands: whether it is the first, replaces something, or leaves what stands as it is.
//!
//! Promises that only what is current now replaces anything, and that it replaces what was current without it; and that a
//! version is called by its number only where whoever reads of it can know that number.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    place::{AdditionKind, ItemId, Place},
    stands::{Stands, Version},
};

/// A version as others speak of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its number; none where no letter that the reader may know has told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// When it was received.
    pub received: Timestamp,
}

/// What an item comes to beside what stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Becomes {
    /// It is current, and nothing was before.
    First,
    /// It is current, and another was before.
    Replaces {
        /// The other.
        former: Named,
    },
    /// It was received before the current one.
    Earlier {
        /// The current one.
        current: Named,
    },
    /// It could not be read: what stood stands.
    UnderQuery {
        /// What stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        current: Option<Named>,
    },
    /// It says what another said.
    Repeats {
        /// The other.
        version: Named,
    },
    /// It is the readable copy of a version.
    Copy {
        /// The version.
        of: Named,
    },
    /// It stands beside, and replaces nothing.
    Beside {
        /// What it is.
        kind: AdditionKind,
        /// The version it came for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Named>,
    },
    /// It is kept, and changes nothing: what was taken back, a recall, a reply.
    Kept,
}

impl Becomes {
    /// The other version that it is about.
    #[must_use]
    pub fn other(&self) -> Option<&Named> {
        match self {
            Self::First | Self::Kept => None,
            Self::Replaces { former: other }
            | Self::Earlier { current: other }
            | Self::Repeats { version: other }
            | Self::Copy { of: other } => Some(other),
            Self::UnderQuery { current: other } | Self::Beside { to: other, .. } => other.as_ref(),
        }
    }
}

impl Becomes {
    /// Whether who was told the one would say of the other that it is filed in the same way: both as versions, whichever is
    /// current, or both beside in the same way. What was taken back is told by a letter of its own.
    #[must_use]
    pub fn is_filed_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Beside { kind, .. }, Self::Beside { kind: other, .. }) => kind == other,
            (Self::Kept, _)
            | (_, Self::Kept)
            | (Self::Repeats { .. }, Self::Repeats { .. })
            | (Self::Copy { .. }, Self::Copy { .. }) => true,
            (one, other) => one.is_version() && other.is_version(),
        }
    }

    fn is_version(&self) -> bool {
        matches!(self, Self::First | Self::Replaces { .. } | Self::Earlier { .. } | Self::UnderQuery { .. })
    }
}

impl Named {
    /// Whether it names a version.
    #[must_use]
    pub fn is(&self, version: &Version<'_>) -> bool {
        self.received == version.filed.receipt.at && (self.n.is_none() || self.n == version.filed.n)
    }
}

/// What an item comes to. `told`: the numbers that letters about this submission have told, for a letter; all, for staff.
#[must_use]
pub fn becomes(item: ItemId, stands: &Stands<'_>, told: &dyn Fn(u32) -> bool) -> Becomes {
    let named =
        |version: &Version<'_>| Named { n: version.filed.n.filter(|n| told(*n)), received: version.filed.receipt.at };
    if let Some(version) = stands.version_of(item) {
        return if version.repeats(item) {
            Becomes::Repeats { version: named(version) }
        } else if version.filed.item != item {
            Becomes::Copy { of: named(version) }
        } else {
            as_version(version, stands, named)
        };
    }
    let Some(filed) = stands.beside.iter().find(|filed| filed.item == item) else { return Becomes::Kept };
    match filed.place {
        Place::Addition { kind, .. } => Becomes::Beside { kind, to: stands.came_for(filed).map(named) },
        Place::Duplicate { of } => {
            stands.version_of(of).map_or(Becomes::Kept, |version| Becomes::Repeats { version: named(version) })
        }
        // A copy that cannot be read either, or that a later one took the place of.
        Place::Rendition { of } => match stands.version_of(of) {
            Some(version) if version.rendition.is_some() => Becomes::Copy { of: named(version) },
            Some(_) => Becomes::UnderQuery { current: stands.current().map(named) },
            None => Becomes::Kept,
        },
        Place::Version | Place::Withdrawal | Place::Recall | Place::Correspondence => Becomes::Kept,
    }
}

fn as_version(version: &Version<'_>, stands: &Stands<'_>, named: impl Fn(&Version<'_>) -> Named) -> Becomes {
    let current = stands.current();
    if version.withdrawn {
        return Becomes::Kept;
    }
    if !version.counts() {
        return Becomes::UnderQuery { current: current.map(named) };
    }
    if let Some(current) = current.filter(|current| current.filed.item != version.filed.item) {
        return Becomes::Earlier { current: named(current) };
    }
    let mut others = stands.versions.iter().rev().filter(|other| other.filed.item != version.filed.item);
    let former = others.find(|other| other.counts());
    former.map_or(Becomes::First, |former| Becomes::Replaces { former: named(former) })
}
