//! How a mail relates to what its party has sent before: whether it brings a new version, or something that stands beside,
//! or the same again, or takes something back, or only speaks of it.
//!
//! Judged by what the mail says in the six languages and by the words that both texts share. Promises that nothing becomes
//! a version which calls itself an addition, that nothing is hidden as an addition which holds the whole text anew, and
//! that what is not clear is left to a person, with what speaks for each side.

mod says;
mod words;

use jiff::{Timestamp, civil::Date};

pub use self::says::Mail;
use self::{
    says::{Announced, Says},
    words::Cue,
};
use crate::core::{
    purpose::{Kind, Purpose},
    question::Reason,
    submission::{AdditionKind, ItemId, Legible},
    text::{
        language::Language,
        shingles::{Shared, Sketch},
    },
};

/// From so many per cent in common on, two texts may be one, as two programs read it.
const EQUAL: u8 = 97;
/// From so many on, one text goes back to the other.
const ALIKE: u8 = 60;
/// Below so many they are two texts.
const APART: u8 = 20;
/// What weighs so much stands by itself.
const STANDS: i32 = 3;
/// How many reasons for each side a person is told.
const REASONS: usize = 2;

/// What came.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// The mail.
    pub mail: Mail<'a>,
    /// What it is for, as far as that was found without looking at what stands.
    pub purpose: &'a Purpose,
    /// Whether it brings a text of its own: a document, or one in the mail itself.
    pub brings: bool,
    /// Whether its main text can be read.
    pub legible: Legible,
    /// What tells its content from any other.
    pub key: Option<&'a str>,
    /// Its main text.
    pub sketch: &'a Sketch,
    /// The language of that, where it is clear.
    pub language: Option<Language>,
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
    /// Its main text; nothing where it cannot be read, or was erased.
    pub sketch: &'a Sketch,
    /// The language of that, where it is clear.
    pub language: Option<Language>,
    /// A letter of ours asked for a readable copy of it.
    pub asked_for: bool,
}

/// How a mail relates to what stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing stands.
    Alone {
        /// It calls itself an addition, to what is not there.
        adds: Option<AdditionKind>,
    },
    /// It takes the place of what stands, where it was received later.
    NewVersion,
    /// It may be the readable copy of a version that could not be read.
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
        /// Letter by letter.
        exactly: bool,
    },
    /// What was sent is taken back.
    Withdrawal,
    /// A program asks for a message to be forgotten.
    Recall,
    /// Thanks, and nothing else.
    Thanks,
    /// It asks or tells something.
    Correspondence,
    /// A text will come.
    Announced {
        /// By this day.
        day: Option<Date>,
    },
    /// None will.
    Declined,
    /// A person decides.
    Unclear,
}

/// What was found about a mail beside what stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How it relates to that.
    pub relation: Relation,
    /// What it says of it.
    pub reasons: Vec<Reason>,
}

/// How a mail relates to the versions of its party that stand, and why.
#[must_use]
pub fn relation(arrived: Arrived<'_>, kin: &[Kin<'_>]) -> Found {
    let says = Says::of(&arrived.mail);
    let relation = if says.recalls() && !arrived.brings {
        Relation::Recall
    } else if arrived.brings || says.holds_text {
        text(arrived, &says, kin)
    } else {
        speech(arrived, &says)
    };
    let told = [
        Cue::Replaces,
        Cue::Errata,
        Cue::NotReplacing,
        Cue::Annex,
        Cue::Translation,
        Cue::CoverLetter,
        Cue::Same,
        Cue::Copy,
        Cue::Withdraw,
        Cue::Recall,
        Cue::Decline,
        Cue::Later,
    ];
    let mut reasons = says.reasons(&told, REASONS);
    for evidence in arrived.purpose.told().into_iter().filter(|evidence| !evidence.observed).take(REASONS) {
        let (speaks_for, place, text) = (evidence.speaks_for, evidence.place, evidence.text.clone());
        if !reasons.iter().any(|reason| reason.text == text) {
            reasons.push(Reason { speaks_for, place, text });
        }
    }
    Found { relation, reasons }
}

/// How a mail that brings no text relates to what stands: what it says.
fn speech(arrived: Arrived<'_>, says: &Says) -> Relation {
    let purpose = |kind: Kind| arrived.purpose.kind == kind;
    let withdraws = says.affirms(Cue::Withdraw);
    let declines = says.affirms(Cue::Decline);
    let later = says.announces();
    if says.affirms(Cue::Absent) && !withdraws && !declines && later.is_none() {
        return Relation::Correspondence;
    }
    match (declines, withdraws, later) {
        (_, true, Some(_)) => Relation::Unclear,
        // The text that is to take the place of the other is missing.
        (_, true, _) if says.affirms(Cue::Replaces) && says.affirms(Cue::Attached) => Relation::Unclear,
        (true, _, Some(Announced { day: day @ Some(_) })) => Relation::Announced { day },
        (true, _, _) if !says.asks() || withdraws => Relation::Declined,
        (false, true, None) => Relation::Withdrawal,
        (_, _, Some(Announced { day })) => Relation::Announced { day },
        _ if says.asks() => Relation::Correspondence,
        _ if says.affirms(Cue::Errata) || says.affirms(Cue::Attached) => Relation::Unclear,
        _ if says.affirms(Cue::Replaces) && !says.denies(Cue::Replaces) => Relation::Unclear,
        _ if says.only_thanks() => Relation::Thanks,
        _ if purpose(Kind::Withdrawal) => Relation::Withdrawal,
        _ if purpose(Kind::Declination) => Relation::Declined,
        _ if purpose(Kind::Announcement) => Relation::Announced { day: arrived.purpose.day },
        _ => Relation::Correspondence,
    }
}

/// How a mail that brings a text relates to what stands: by what it says and by the text.
fn text(arrived: Arrived<'_>, says: &Says, kin: &[Kin<'_>]) -> Relation {
    let claims = Claims::of(arrived, says);
    if kin.is_empty() {
        // Of what stands alone its purpose was weighed without looking for anything beside.
        let adds = (arrived.purpose.kind == Kind::Addition && !claims.replaces)
            .then(|| claims.stated.or(claims.titled).or(claims.noted).unwrap_or(AdditionKind::Annex));
        return Relation::Alone { adds };
    }
    if let Some(same) = kin.iter().find(|kin| kin.key.is_some() && kin.key == arrived.key) {
        return if claims.replaces && says.states(Cue::Replaces) && !claims.same {
            Relation::Unclear
        } else {
            Relation::Same { of: same.item, exactly: true }
        };
    }
    match Measure::of(arrived, kin).filter(|_| !copies(arrived, &claims, kin)) {
        Some(measure) => measured(&claims, measure),
        None => unmeasured(arrived, &claims, kin),
    }
}

/// It may be the readable copy of what came last and could not be read, whatever was read before that.
fn copies(arrived: Arrived<'_>, claims: &Claims, kin: &[Kin<'_>]) -> bool {
    let latest = kin.iter().max_by_key(|kin| kin.received).filter(|kin| kin.legible == Legible::Unread);
    arrived.legible != Legible::Unread && latest.is_some_and(|kin| kin.asked_for || claims.copies)
}

/// Both texts can be compared.
fn measured(claims: &Claims, measure: Measure<'_>) -> Relation {
    let added = claims.stated.or(claims.noted);
    if measure.is_equal() {
        // Nothing in it is new but the words around it.
        let nothing_new = measure.shared.of_one == 100 || claims.in_mail && measure.shared.of_other == 100;
        if claims.replaces && nothing_new {
            return Relation::Unclear;
        }
        if !claims.replaces && (nothing_new || claims.same || claims.denied) {
            return Relation::Same { of: measure.kin.item, exactly: false };
        }
    }
    if measure.is_kept() {
        // Whoever says that nothing was changed, or that it is something else, and sends a changed text.
        let denied = claims.same || claims.denied || claims.stated.is_some() && !claims.replaces;
        return if denied || measure.shared.of_other < ALIKE && !claims.replaces {
            Relation::Unclear
        } else {
            Relation::NewVersion
        };
    }
    if claims.withdraws && !claims.replaces && measure.short {
        return Relation::Withdrawal;
    }
    if let Some(kind) = added.or(claims.titled) {
        let other_language = measure.other_language;
        return match kind {
            // A translation has nothing in common with its original.
            AdditionKind::Translation if measure.is_apart() && (other_language || measure.short) => {
                Relation::Addition { kind }
            }
            AdditionKind::Translation => Relation::Unclear,
            AdditionKind::CoverLetter if measure.short => Relation::Addition { kind },
            AdditionKind::Annex if measure.short && (measure.is_apart() || claims.stated.is_some()) => {
                Relation::Addition { kind }
            }
            AdditionKind::Annex if claims.stated.is_some() && !claims.replaces && measure.is_apart() => {
                Relation::Addition { kind }
            }
            AdditionKind::CoverLetter | AdditionKind::Annex => whole(claims, measure),
        };
    }
    whole(claims, measure)
}

/// A text that is no addition and goes back to nothing.
fn whole(claims: &Claims, measure: Measure<'_>) -> Relation {
    // A list of corrections, or a part, is no text of the input; in another language nothing shows that it is the input.
    let is_whole = !measure.short && !measure.other_language && !claims.denied && !claims.same && !claims.errata;
    if claims.replaces && is_whole { Relation::NewVersion } else { Relation::Unclear }
}

/// One of the two texts cannot be read, or not any more.
fn unmeasured(arrived: Arrived<'_>, claims: &Claims, kin: &[Kin<'_>]) -> Relation {
    if let Some(kind) = claims.stated.or(claims.noted) {
        return if claims.replaces && kind != AdditionKind::CoverLetter && arrived.legible == Legible::Unread {
            Relation::Unclear
        } else {
            Relation::Addition { kind }
        };
    }
    let readable = arrived.legible != Legible::Unread;
    let unread = kin.iter().filter(|kin| kin.legible == Legible::Unread).max_by_key(|kin| kin.received);
    match unread {
        Some(unread) if readable => {
            let answers = unread.asked_for && arrived.answers == Some(unread.reference);
            match (claims.copies || claims.same, claims.replaces || claims.errata) {
                (true, false) => Relation::Rendition { of: unread.item },
                // What we asked for comes: if it is another text, a person says so.
                (false, _) if answers && !claims.errata => Relation::Rendition { of: unread.item },
                (false, true) => Relation::NewVersion,
                // A copy and a change in one, or neither: whether it takes the first date must be asked.
                (true, true) | (false, false) => Relation::Unclear,
            }
        }
        // Nothing readable is replaced by what is not: it stands under query.
        _ if !readable && claims.titled.is_none() && !claims.same => Relation::NewVersion,
        _ if claims.replaces && !claims.same && !claims.errata && !claims.denied => Relation::NewVersion,
        _ => Relation::Unclear,
    }
}

/// What a mail claims to bring.
#[expect(clippy::struct_excessive_bools, reason = "each is claimed or not by itself")]
struct Claims {
    /// A text in place of what was sent.
    replaces: bool,
    /// Expressly none.
    denied: bool,
    /// The same again.
    same: bool,
    /// A copy that can be read.
    copies: bool,
    /// What is to be mended.
    errata: bool,
    /// What was sent is taken back.
    withdraws: bool,
    /// The mail itself holds the text, with words around it.
    in_mail: bool,
    /// An addition, by its own words.
    stated: Option<AdditionKind>,
    /// An addition, by the name or the title of the document, which an input with annexes may have as well.
    titled: Option<AdditionKind>,
    /// The document is a note, and nothing else came.
    noted: Option<AdditionKind>,
}

impl Claims {
    fn of(arrived: Arrived<'_>, says: &Says) -> Self {
        let purpose = arrived.purpose;
        let own = |kind: Kind| purpose.evidence.iter().filter(move |e| e.speaks_for == kind && !e.observed);
        let stands = |kind: Kind| purpose.kind == kind || own(kind).any(|evidence| evidence.weight >= STANDS);
        let denied = says.affirms(Cue::NotReplacing) || says.denies(Cue::Replaces);
        let kinds = [
            (Cue::CoverLetter, AdditionKind::CoverLetter),
            (Cue::Translation, AdditionKind::Translation),
            (Cue::Annex, AdditionKind::Annex),
        ];
        let note =
            |kind: AdditionKind| kind != AdditionKind::CoverLetter || says.is_note || says.titles(Cue::CoverLetter);
        let kind = |says_so: &dyn Fn(Cue) -> bool| {
            kinds.into_iter().find(|(cue, kind)| says_so(*cue) && note(*kind)).map(|(_, kind)| kind)
        };
        let stated = kind(&|cue| says.states(cue));
        let titled = kind(&|cue| says.titles(cue));
        let spoken = stated.is_some() || titled.is_some() || denied || says.affirms(Cue::Same);
        // Languages beyond the six.
        let stated = stated.or((!spoken && stands(Kind::Addition)).then_some(AdditionKind::Annex));
        let replaces = says.affirms(Cue::Replaces) || !spoken && stands(Kind::Correction);
        Self {
            replaces,
            denied,
            same: says.affirms(Cue::Same),
            copies: says.states(Cue::Copy),
            errata: says.affirms(Cue::Errata),
            withdraws: says.affirms(Cue::Withdraw),
            in_mail: says.holds_text,
            stated,
            titled,
            noted: says.is_note.then_some(AdditionKind::CoverLetter),
        }
    }
}

/// How the text that came compares with the version that is most like it.
#[derive(Clone, Copy)]
struct Measure<'a> {
    kin: &'a Kin<'a>,
    shared: Shared,
    /// It is less than half as long.
    short: bool,
    other_language: bool,
}

impl<'a> Measure<'a> {
    /// None where nothing that stands, or nothing that came, can be compared.
    fn of(arrived: Arrived<'_>, kin: &'a [Kin<'a>]) -> Option<Self> {
        let length = arrived.sketch.length();
        let compared = kin.iter().filter(|kin| length > 0 && kin.sketch.length() > 0);
        let measures = compared.map(|kin| {
            let shared = arrived.sketch.shared(kin.sketch);
            let other_language = arrived.language.zip(kin.language).is_some_and(|(one, other)| one != other);
            Self { kin, shared, short: length * 2 < kin.sketch.length(), other_language }
        });
        measures.max_by_key(|measure| (measure.shared.of_other, measure.shared.of_one, measure.kin.received))
    }

    /// They may be one text.
    fn is_equal(self) -> bool {
        self.shared.of_one >= EQUAL && self.shared.of_other >= EQUAL
    }

    /// They are two texts.
    fn is_apart(self) -> bool {
        self.shared.most() < APART
    }

    /// It goes back to what stands, and is no mere piece of it.
    fn is_kept(self) -> bool {
        self.shared.of_other >= ALIKE || self.shared.of_one >= ALIKE && self.shared.of_other >= APART
    }
}
