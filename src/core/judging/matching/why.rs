//! Why a case came out as it did, for a person: what speaks for each state, in its order and in words.

use super::evidence::{Evidence, Source};
use crate::core::iso3::Iso3;

/// What speaks for one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Pleading<'e> {
    /// The state.
    pub iso3: Iso3,
    /// All of it is mentions in the text, which mean nearly nothing.
    pub mentioned_only: bool,
    /// Where it stands and its words, the weightiest first, each once.
    pub pieces: Vec<(Source, &'e str)>,
}

impl<'e> Pleading<'e> {
    /// What speaks for each state: first those that are named, then the others, the weightiest first.
    #[must_use]
    pub fn of(evidence: &'e [Evidence], named: &[Iso3]) -> Vec<Self> {
        let mut all: Vec<(f64, Self)> = Vec::new();
        for piece in evidence {
            let place = all.iter().position(|(_, known)| known.iso3 == piece.iso3).unwrap_or_else(|| {
                all.push((0.0, Self { iso3: piece.iso3, mentioned_only: true, pieces: Vec::new() }));
                all.len() - 1
            });
            let (weight, pleading) = &mut all[place];
            *weight += piece.weight;
            pleading.mentioned_only &= piece.source == Source::Body && piece.weight < 0.5;
            let said = (piece.source, piece.text.trim());
            if !pleading.pieces.contains(&said) {
                pleading.pieces.push(said);
            }
        }
        all.sort_by(|(a, one), (b, other)| {
            let is_named = |pleading: &Self| named.contains(&pleading.iso3);
            is_named(other).cmp(&is_named(one)).then(b.total_cmp(a))
        });
        all.into_iter().map(|(_, pleading)| pleading).collect()
    }
}
