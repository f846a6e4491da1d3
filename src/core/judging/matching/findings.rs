//! What is known of a case: claims, hints, whose mail it is, and what else speaks for or against a state's input.
//!
//! Promises that a quote is short, and that a hint found again grows stronger only up to twice its weight.

use super::{
    claims::Claim,
    domains::Domain,
    evidence::{Evidence, Source},
    objections::Objection,
};
use crate::core::iso3::Iso3;

/// What is known of a case.
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own; none excludes another")]
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Claims that an honest sender of another state would not make.
    pub(super) claims: Vec<Claim>,
    /// What hints, and contradicts nothing: file names, mentions.
    pub(super) hints: Vec<Evidence>,
    /// Whose mail it is.
    pub(super) sender: Sender,
    /// A letterhead has an authority's line.
    pub(super) authority: bool,
    /// The documents or the message speak of an input.
    pub(super) input: bool,
    /// Someone who is no state speaks: where it says who.
    pub(super) private: Option<String>,
    /// A sentence speaks of someone who is no state.
    pub(super) speaks_of_private: Option<String>,
    /// An organisation of states speaks.
    pub(super) organisation: bool,
    /// The sender speaks for an organisation of states.
    pub(super) for_organisation: bool,
    /// An authority below the state speaks: where it says which.
    pub(super) below: Option<String>,
    /// A mail program answers of itself.
    pub(super) automatic: bool,
    /// Answers are to go elsewhere.
    pub(super) reply_elsewhere: bool,
    /// The text asks the program.
    pub(super) to_the_program: Option<String>,
    /// An official speaks for himself, or an honorary consul or a former official speaks.
    pub(super) personal: bool,
    /// Files came.
    pub(super) files: bool,
    /// One file came, and no other.
    pub(super) one_file: bool,
    /// A file came whose text is here.
    pub(super) readable: bool,
    /// A file came whose text nobody could read.
    pub(super) unread: bool,
    /// The subject speaks of several states together.
    pub(super) together: bool,
    /// A ministry, a mission or the Government is named by the sender, whosever it is.
    pub(super) ministry: bool,
    /// The sender may be another than it says.
    pub(super) doubted: bool,
    /// It is another's, and why nobody vouches for that.
    pub(super) passed_on: Option<String>,
    /// What speaks against its being the sender's own.
    pub(super) objections: Vec<Objection>,
    /// The name of the state whose authority the sender is, misspelt.
    pub(super) misspelt: Option<String>,
}

/// Whose mail it is.
#[derive(Debug, Default)]
pub(super) struct Sender {
    /// The class of the domain; of the original sender where a colleague forwards.
    pub(super) domain: Option<Domain>,
    /// A colleague forwarded it.
    pub(super) forwarded: bool,
    /// The domain of a message that someone forwards whom we need not believe.
    pub(super) inner_government: bool,
}

/// Keeps the words that were found first, as a person can read them.
pub(super) fn first_found(known: &mut Option<String>, words: Option<&str>) {
    if known.is_none() {
        *known = words.map(|words| words.trim().chars().take(160).collect());
    }
}

impl Findings {
    /// Adds a claim.
    pub(super) fn claim(&mut self, source: Source, state: Iso3, weight: f64, text: &str) {
        let text = text.chars().take(160).collect();
        self.claims.push(Claim { source, states: vec![state], joint: false, group: false, weight, text });
    }

    /// Adds a hint, or strengthens it.
    pub(super) fn hint(&mut self, source: Source, state: Iso3, weight: f64, text: &str) {
        let text: String = text.chars().take(160).collect();
        match self.hints.iter_mut().find(|h| h.source == source && h.iso3 == state) {
            Some(known) => known.weight = (known.weight + weight / 4.0).min(weight * 2.0),
            None => self.hints.push(Evidence { source, text, iso3: state, weight }),
        }
    }

    /// Whether an authority that the tables know sent it from its own domain.
    pub(super) fn by_government(&self) -> bool {
        matches!(self.sender.domain, Some(Domain::Government(_) | Domain::Agency(_)))
    }

    /// Whether nothing but the sender's address and what it sent before claims a state.
    pub(super) fn claims_by_address_alone(&self) -> bool {
        self.claims.iter().all(|c| matches!(c.source, Source::SenderDomain | Source::LocalPart | Source::History))
    }

    /// Whether a document's own letterhead or title speaks for this state.
    pub(super) fn own_paper(&self, state: Iso3) -> bool {
        [Source::Letterhead, Source::Title].iter().any(|source| self.claimed(*source, state))
    }

    /// Whether a claim from a source names exactly this state.
    pub(super) fn claimed(&self, source: Source, state: Iso3) -> bool {
        self.claims.iter().any(|c| c.source == source && !c.joint && c.single() == Some(state))
    }

    /// Whether a hint from a source names this state.
    pub(super) fn hinted(&self, source: Source, state: Iso3) -> bool {
        self.hints.iter().any(|h| h.source == source && h.iso3 == state)
    }
}
