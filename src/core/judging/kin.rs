//! How an item relates to what its party has sent before: whether it is a new version, or stands beside, or repeats.
//!
//! Judged by what the mail says and by the words that both texts share. Promises that nothing becomes a version which calls
//! itself an addition, that nothing is hidden as an addition which holds the whole text anew, and that what is not clear
//! is left to a person, with what speaks for each side. A copy that answers our question is only ever proposed.

mod additions;

use jiff::Timestamp;

use self::additions::kind_by_words;
use crate::core::{
    purpose::{Evidence, Kind, Purpose},
    question::Reason,
    submission::{AdditionKind, ItemId, Legible},
    text::shingles::{Shared, Sketch},
};

/// From so many per cent in common on, one text goes back to the other.
const ALIKE: u8 = 60;
/// Below so many they are two texts.
const APART: u8 = 20;
/// What weighs so much stands by itself.
const STANDS: i32 = 3;
/// How many reasons for each side a person is told.
const REASONS: usize = 3;

/// What came.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// What the mail says it is for.
    pub purpose: &'a Purpose,
    /// What it calls itself: the subject, and name and title of the main document.
    pub titles: &'a [&'a str],
    /// Whether its main text can be read.
    pub legible: Legible,
    /// What tells its content from any other.
    pub key: Option<&'a str>,
    /// Its main text.
    pub sketch: &'a Sketch,
    /// The docket reference of the entry whose letter it answers.
    pub answers: Option<&'a str>,
}

/// A version of the same party that stands.
#[derive(Clone, Copy, Debug)]
pub struct Kin<'a> {
    /// The docket reference.
    pub reference: &'a str,
    /// Its number.
    pub version: Option<u32>,
    /// Its item.
    pub item: ItemId,
    /// Whether its main text can be read.
    pub legible: Legible,
    /// What tells its content from any other.
    pub key: Option<&'a str>,
    /// When it was received.
    pub received: Timestamp,
    /// Its main text.
    pub sketch: &'a Sketch,
    /// A letter of ours asked for a readable copy of it.
    pub asked_for: bool,
}

/// How an item relates to what stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing stands.
    Alone {
        /// It calls itself an addition, to what is not there.
        adds: Option<AdditionKind>,
    },
    /// It takes the place of what stands, where it was received later.
    NewVersion,
    /// It may be the readable copy that we asked for: a person confirms it.
    Rendition {
        /// Of this one.
        of: ItemId,
    },
    /// It stands beside.
    Addition {
        /// What it is.
        kind: AdditionKind,
    },
    /// It is the same text.
    Same {
        /// As this one.
        of: ItemId,
    },
    /// A person decides.
    Unclear {
        /// What was found that speaks for one or the other.
        reasons: Vec<Reason>,
    },
}

/// How something that is an input, or belongs to one, relates to the versions of its party that stand.
#[must_use]
pub fn relation(arrived: Arrived<'_>, kin: &[Kin<'_>]) -> Relation {
    let says = Says::of(arrived);
    if kin.is_empty() {
        return Relation::Alone { adds: says.adds };
    }
    if let Some(same) = kin.iter().find(|kin| kin.key.is_some() && kin.key == arrived.key) {
        return Relation::Same { of: same.item };
    }
    let unclear = || Relation::Unclear { reasons: says.reasons.clone() };
    let measure = Measure::of(arrived, kin);
    match (says.corrects, says.adds) {
        (true, Some(_)) => unclear(),
        // What calls itself an addition and holds what stands may be a new text of the whole.
        (false, Some(_)) if measure.is_some_and(|measure| measure.shared.of_other >= ALIKE) => unclear(),
        (false, Some(kind)) => Relation::Addition { kind },
        // A list of corrections is no text of the input.
        (true, None) if measure.is_some_and(|measure| measure.is_apart() && measure.short) => unclear(),
        (true, None) => Relation::NewVersion,
        (false, None) => match (copied(arrived, kin), measure) {
            (Some(of), _) => Relation::Rendition { of },
            (None, Some(measure)) if measure.is_kept() => Relation::NewVersion,
            (None, measure) => match says.titled {
                Some(kind) if measure.is_some_and(|measure| measure.is_beside(kind)) => Relation::Addition { kind },
                // Where one of the two cannot be read there is no measure, and nothing readable is replaced by what is not.
                None if measure.is_none() => Relation::NewVersion,
                _ => unclear(),
            },
        },
    }
}

/// The unreadable version of which a readable copy came, in answer to our letter about it.
fn copied(arrived: Arrived<'_>, kin: &[Kin<'_>]) -> Option<ItemId> {
    let answered =
        |kin: &&Kin<'_>| kin.asked_for && kin.legible == Legible::Unread && arrived.answers == Some(kin.reference);
    let unread = kin.iter().filter(answered).max_by_key(|kin| kin.received);
    unread.filter(|_| arrived.legible != Legible::Unread).map(|kin| kin.item)
}

/// What the mail says.
struct Says {
    corrects: bool,
    /// By its words.
    adds: Option<AdditionKind>,
    /// By its title alone, which an input with annexes may have as well.
    titled: Option<AdditionKind>,
    reasons: Vec<Reason>,
}

impl Says {
    fn of(arrived: Arrived<'_>) -> Self {
        let Arrived { purpose, titles, .. } = arrived;
        let own = |kind: Kind| purpose.evidence.iter().filter(move |evidence| evidence.speaks_for == kind);
        let stands = |kind: Kind| purpose.kind == kind || own(kind).any(|evidence| evidence.weight >= STANDS);
        let quoted = own(Kind::Addition).filter(|evidence| !evidence.observed).map(|evidence| evidence.text.as_str());
        let titled = kind_by_words(titles.iter().copied());
        // A supplement that says no more of itself stands beside like an annex.
        let said = || kind_by_words(quoted).or(titled).unwrap_or(AdditionKind::Annex);
        let corrects = stands(Kind::Correction);
        let adds = stands(Kind::Addition).then(said);
        let reason = |evidence: &Evidence| Reason {
            speaks_for: evidence.speaks_for,
            place: evidence.place,
            text: evidence.text.clone(),
        };
        let sides = [Kind::Correction, Kind::Addition, Kind::Input];
        let told = |kind| own(kind).filter(|evidence| !evidence.observed).take(REASONS).map(reason);
        Self { corrects, adds, titled, reasons: sides.into_iter().flat_map(told).collect() }
    }
}

/// How the text that came compares with the version that is most like it.
#[derive(Clone, Copy)]
struct Measure {
    shared: Shared,
    /// It is less than half as long.
    short: bool,
}

impl Measure {
    /// None where nothing that stands, or nothing that came, can be compared.
    fn of(arrived: Arrived<'_>, kin: &[Kin<'_>]) -> Option<Self> {
        let length = arrived.sketch.length();
        let compared = kin.iter().filter(|kin| length > 0 && kin.sketch.length() > 0);
        let measures = compared
            .map(|kin| Self { shared: arrived.sketch.shared(kin.sketch), short: length * 2 < kin.sketch.length() });
        measures.max_by_key(|measure| (measure.shared.of_other, measure.shared.of_one))
    }

    /// They are two texts.
    fn is_apart(self) -> bool {
        self.shared.most() < APART
    }

    /// It is another text, as an addition of that kind is: a translation may be long, the others are not.
    fn is_beside(self, kind: AdditionKind) -> bool {
        self.is_apart() && (self.short || kind == AdditionKind::Translation)
    }

    /// It goes back to what stands, and is no mere piece of it.
    fn is_kept(self) -> bool {
        self.shared.of_other >= ALIKE || self.shared.of_one >= ALIKE && self.shared.of_other >= APART
    }
}
