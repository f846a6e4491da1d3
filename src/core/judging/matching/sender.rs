//! Who the sender is, by the addresses: domain, local part, display name, and where answers are to go.
//!
//! Promises that a domain shared by many proves nothing by itself, that an embassy's local part never stands for its
//! host, and that answers sent elsewhere are noticed.

use super::{
    case::Case,
    claims,
    domains::Domain,
    evidence::{COUNTRY_CODE, Source},
    findings::{Findings, first_found},
    names::Reading,
    register::Register,
    vocabulary as words,
};
use crate::core::{
    iso3::Iso3,
    mail::automatic::is_program,
    text::fold::{fold, head_of},
};

/// What the sender's address and display name say.
pub(super) fn sender(register: &Register, findings: &mut Findings, domain: &Domain, display: &str, address: &str) {
    let text = fold(head_of(display, 400));
    first_found(&mut findings.private, words::private(&text).then_some(display));
    findings.organisation |= words::organisation(&text);
    let below = words::below(&text) || register.names_substate(&text);
    first_found(&mut findings.below, below.then_some(display));
    findings.ministry |= words::names_ministry(&text);
    findings.personal |= words::honorary(&text);
    findings.automatic |= is_program(address);
    // A bare name that only repeats the address of an authority is the host of its mission: switzerland@mfa.gov.by.
    let local = address.split('@').next().unwrap_or_default();
    let repeated = domain.state().is_some() && fold(local).replace(' ', "") == text.replace(' ', "");
    let claim = claims::display(register, head_of(display, 400)).filter(|_| !repeated || words::names_authority(&text));
    findings.claims.extend(claim);
    let weight = match domain {
        Domain::Government(_) => 5.0,
        Domain::Agency(_) => 4.0,
        Domain::Suffix(_) => 3.5,
        _ => 1.0,
    };
    match domain {
        Domain::Parliament(state) => findings.hint(Source::SenderDomain, *state, 1.0, domain_part(address)),
        Domain::National(state) => findings.hint(Source::SenderDomain, *state, COUNTRY_CODE, domain_part(address)),
        Domain::Missions | Domain::Isp | Domain::Free => {
            if let Some((state, mission)) = register.local_part(address) {
                if mission || matches!(domain, Domain::Missions) {
                    findings.claim(Source::LocalPart, state, 1.0, address);
                } else {
                    findings.hint(Source::LocalPart, state, 0.5, address);
                }
            }
        }
        other => {
            if let Some(state) = other.state() {
                findings.claim(Source::SenderDomain, state, weight, domain_part(address));
            }
        }
    }
}

/// What the sender has sent before, where all of it is one state's: enough to contradict, never enough by itself. Whether
/// a person or the program said whose it was makes no difference: a person could correct either, and both stand in the
/// register.
pub(super) fn history(findings: &mut Findings, case: &Case, address: &str) {
    let mut own = case.earlier.iter().filter(|earlier| earlier.address.eq_ignore_ascii_case(address));
    if let (Some(earlier), None) = (own.next(), own.next()) {
        let inputs = if earlier.inputs == 1 { "input" } else { "inputs" };
        let text = format!("{} {inputs} from {} before", earlier.inputs, earlier.address);
        findings.claim(Source::History, earlier.iso3, 0.8, &text);
    }
}

/// Whether answers are to go elsewhere.
pub(super) fn reply_to(register: &Register, findings: &mut Findings, case: &Case, domain: &Domain) {
    let Some(reply) = case.reply_to.as_deref().map(str::trim).filter(|r| r.contains('@')) else { return };
    let address = reply.rsplit(['<', ' ']).next().unwrap_or(reply).trim_end_matches('>').to_lowercase();
    if address.eq_ignore_ascii_case(&case.from.address)
        || domain_part(&address) == domain_part(&case.from.address.to_lowercase())
    {
        return;
    }
    let there = register.domain_of(&address);
    match (domain.state(), there.state()) {
        (Some(from), Some(to)) if from == to => {}
        (_, Some(to)) => findings.claim(Source::ReplyTo, to, 1.0, &address),
        (Some(_), None) => findings.reply_elsewhere = true,
        (None, None) => {
            // A mission's second mailbox is common; a third party's is not.
            let here = register.local_part(&case.from.address).map(|(s, _)| s);
            let state = register.local_part(&address).map(|(s, _)| s);
            findings.reply_elsewhere |= matches!(there, Domain::LookAlike(_))
                || !findings.sender.forwarded && (here != state || here.is_none());
        }
    }
}

pub(super) fn domain_part(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, d)| d).trim_end_matches('>')
}

/// Words that missions put beside the state's name in their addresses, the longest first.
const MISSION_WORDS: &str = "\
    permanentmission missionpermanente permanentemission missionperm permmission delegation permanente ambassade \
    permanent newyork embassy embajada mission geneva geneve ginebra genf permrep mision missio unog perm repr rep \
    gva emb onu uno the unny un of de ny";

impl Register {
    /// The state whose authority writes from an address, by the address alone, and whether the tables know that authority;
    /// else it may be another under the government's domain.
    #[must_use]
    pub fn whose(&self, address: &str) -> Option<(Iso3, bool)> {
        match self.domain_of(address) {
            Domain::Government(state) | Domain::Agency(state) | Domain::Parliament(state) => Some((state, true)),
            Domain::Suffix(state) => Some((state, false)),
            Domain::Missions => self.local_part(address).map(|(state, _)| (state, true)),
            _ => None,
        }
    }

    /// Whether the tables know whose domain an address is under: an authority's, a territory's, an organisation's, ours.
    /// Anyone has free mail, and what is under a country's top-level domain.
    #[must_use]
    pub fn knows(&self, address: &str) -> bool {
        let anyone_s = matches!(
            self.domain_of(address),
            Domain::Isp | Domain::Free | Domain::LookAlike(_) | Domain::National(_) | Domain::Unknown
        );
        !anyone_s
    }

    /// The government's domain that the domain of an address is made to look like, and whether it is that of an authority
    /// that the tables know.
    #[must_use]
    pub fn imitated_by(&self, address: &str) -> Option<(String, bool)> {
        match self.domain_of(address) {
            Domain::LookAlike(original) => {
                let known = self.domains.classify(&original).state().is_some();
                Some((original, known))
            }
            _ => None,
        }
    }

    pub(super) fn domain_of(&self, address: &str) -> Domain {
        let address = address.trim();
        // mfa.gov.ge@evil.example: what stands before the last sign is a name, and made to be read as the domain.
        let local = address.rsplit_once('@').map_or("", |(local, _)| local).trim_matches('"');
        if local.contains('@') && self.domains.classify(domain_part(local)).state().is_some() {
            return Domain::LookAlike(domain_part(local).to_owned());
        }
        self.domains.classify(domain_part(address))
    }

    /// The state that a local part names, and whether it says “mission” beside it.
    pub(super) fn local_part(&self, address: &str) -> Option<(Iso3, bool)> {
        let local = address.trim().rsplit_once('@')?.0;
        let mut rest: String = fold(head_of(local, 100)).replace(' ', "");
        rest.retain(|c| !c.is_ascii_digit());
        let mut mission = false;
        for _ in 0..6 {
            if let Some(state) = self.squashed.get(&rest) {
                let given =
                    self.names.exact(&rest).is_some_and(|n| n.reading == Reading::GivenName || n.states.len() != 1);
                return (mission || !given).then_some((*state, mission)).filter(|_| self.unambiguous(&rest));
            }
            let shorter = MISSION_WORDS
                .split_whitespace()
                .find_map(|w| rest.strip_prefix(w).or_else(|| rest.strip_suffix(w)).map(|r| (w, r.to_owned())));
            let (word, shorter) = shorter?;
            mission |= !matches!(word, "the" | "of" | "de" | "un" | "uno" | "onu" | "ny" | "rep");
            rest = shorter;
        }
        None
    }

    fn unambiguous(&self, word: &str) -> bool {
        self.names.exact(word).is_none_or(|n| n.states.len() == 1)
    }

    /// Whether a folded text names an authority of `substate_domains.csv`.
    pub(super) fn names_substate(&self, text: &str) -> bool {
        self.substates.find(text).is_some()
    }
}
