//! The states that an answer of the matcher keeps in play, so that none of them is reminded while a person decides.

use std::collections::BTreeMap;

use super::{Match, Source};
use crate::core::iso3::Iso3;

impl Match {
    /// The states it names, and those that more than a mention in the text speaks for, the weightiest first. The only state
    /// that it mentions weighs nothing: it is a candidate, and what it was found in may be anybody's all the same.
    #[must_use]
    pub fn candidates(&self) -> Vec<(Iso3, f64)> {
        let mut weights: BTreeMap<Iso3, f64> = self.iso3.iter().chain(&self.iso3s).map(|&iso3| (iso3, 0.0)).collect();
        for evidence in self.evidence.iter().filter(|evidence| evidence.source != Source::Body && evidence.weight > 0.0)
        {
            *weights.entry(evidence.iso3).or_default() += evidence.weight;
        }
        if let Some(mentioned) = self.mentioned {
            weights.entry(mentioned).or_default();
        }
        let mut candidates: Vec<(Iso3, f64)> = weights.into_iter().collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates
    }
}
