//! Why a state is named, or not, as a person reads it in a terminal of 80 columns.

use super::table::wrapped;
use crate::core::{
    iso3::Iso3,
    judging::matching::{Decision, Evidence, Kind, Pleading},
    purpose::{self, Quoted},
};

/// How many pieces are shown for a state.
const PIECES: usize = 6;

/// Whose an item is, by the matcher: what it decided, and for whom.
#[must_use]
pub fn decided(decision: Decision, kind: Kind, named: &[String]) -> String {
    let kind = self::kind(kind);
    match decision {
        Decision::Matched if named.is_empty() => format!("no state is named ({kind})"),
        Decision::Matched => format!("{}, {kind}: named by the evidence", named.join(", ")),
        Decision::Review => format!("left to a person ({kind})"),
        Decision::None => "no state’s input".to_owned(),
    }
}

/// The kind of a sender, in words.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::MemberState => "a state of the roster",
        Kind::Joint => "a joint input",
        Kind::Observer => "an observer",
        Kind::NotAState => "not a state",
        Kind::OutsideRegion => "outside the region",
        Kind::Ambiguous => "more than one reading",
    }
}

/// What speaks for each state, quoted, each state under a line of its own; those that the text only mentions in one line.
#[must_use]
pub fn pleadings(evidence: &[Evidence], named: &[Iso3], name: &dyn Fn(Iso3) -> String) -> Vec<String> {
    let mut said = Vec::new();
    let mut mentioned = Vec::new();
    for pleading in Pleading::of(evidence, named) {
        if pleading.mentioned_only && !named.contains(&pleading.iso3) {
            mentioned.push(name(pleading.iso3));
            continue;
        }
        let side = if named.is_empty() || named.contains(&pleading.iso3) { "for" } else { "against that, for" };
        said.push(wrapped(&format!("{side} {}", name(pleading.iso3)), "  "));
        for (source, text) in pleading.pieces.iter().take(PIECES) {
            said.push(wrapped(&format!("“{text}”"), &format!("    {:<17} ", source.in_words())));
        }
        if let Some(more) = pleading.pieces.len().checked_sub(PIECES).filter(|more| *more > 0) {
            said.push(format!("    and {more} more"));
        }
    }
    if !mentioned.is_empty() {
        said.push(wrapped(&mentioned.join(", "), "  mentioned only: "));
    }
    said
}

/// What speaks for a purpose and against it: what was written as a quotation, what was observed in plain words.
#[must_use]
pub fn purposes(evidence: &[Quoted], kind: purpose::Kind) -> Vec<String> {
    let of_kind = |own| evidence.iter().filter(move |quoted| (quoted.speaks_for == kind) == own).take(PIECES);
    let said = |quoted: &Quoted| if quoted.observed { quoted.text.clone() } else { format!("“{}”", quoted.text) };
    of_kind(true)
        .map(|quoted| (said(quoted), quoted))
        .chain(of_kind(false).map(|quoted| (format!("{} (for {})", said(quoted), quoted.speaks_for.name()), quoted)))
        .map(|(text, quoted)| wrapped(&text, &format!("    {:<17} ", quoted.place.replace('_', " "))))
        .collect()
}
