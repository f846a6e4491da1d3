//! What a mail domain says about its sender.
//!
//! Promises the most specific entry of the tables, by whole labels from the right, so that a council under `gov.uk` is
//! not the Government; and that a domain made to look like a government's is called that. A country's top-level domain
//! alone proves nothing.

use std::collections::HashMap;

use super::hosts::{is_host, shape, squash};
use crate::core::iso3::Iso3;

/// What kind of domain it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// One authority of a Government.
    Government(Iso3),
    /// Under a government's suffix, no authority that the tables know: it may be a council.
    Suffix(Iso3),
    /// A service of the state.
    Agency(Iso3),
    /// A parliament: not the Government.
    Parliament(Iso3),
    /// An authority that is not the member state's Government; the state it belongs to, if to any.
    Substate { entity: String, parent: Option<Iso3> },
    /// Run for the missions of many states.
    Missions,
    /// An internet provider's customers.
    Isp,
    /// Free mail.
    Free,
    /// An intergovernmental or other organisation.
    Organisation(String),
    /// Our own organisation.
    Own,
    /// Made to look like a government's domain, which is named.
    LookAlike(String),
    /// Anyone's, under a country's top-level domain.
    National(Iso3),
    /// Anyone's.
    Unknown,
}

impl Domain {
    /// The state whose organ the sender is, by this domain.
    pub(super) fn state(&self) -> Option<Iso3> {
        match self {
            Self::Government(s) | Self::Suffix(s) | Self::Agency(s) | Self::Parliament(s) => Some(*s),
            _ => None,
        }
    }
}

/// The domains of the tables.
#[derive(Debug, Default)]
pub(super) struct Domains {
    pub(super) known: HashMap<String, Domain>,
    pub(super) country: HashMap<String, Iso3>,
    /// Government domains of two labels and more, by what is left of them without dots and hyphens.
    pub(super) squashed: HashMap<String, String>,
    /// Government domains by the shape of their letters.
    pub(super) shapes: HashMap<String, String>,
    /// Government domains long enough that one wrong letter is no accident.
    pub(super) long: Vec<String>,
    /// Government domains by the label that names the authority, where no other authority would take it for its name.
    pub(super) own_names: HashMap<String, String>,
    /// By the label that names the authority and the state, a domain that has it.
    pub(super) labels: HashMap<(String, Iso3), String>,
}

/// Top-level domains of countries that are sold to anyone.
const SOLD: [&str; 22] = [
    "tv", "co", "fm", "to", "ws", "ag", "la", "ly", "st", "vc", "sc", "mn", "bz", "me", "ml", "ga", "cf", "gq", "cc",
    "io", "ai", "gg",
];

/// How long an authority's label is that is its own name.
const OWN_NAME: usize = 5;

/// Labels that many authorities bear, and others, too.
const COMMON_LABELS: [&str; 28] = [
    "migration",
    "interior",
    "justice",
    "labour",
    "labor",
    "employment",
    "government",
    "state",
    "foreign",
    "office",
    "social",
    "health",
    "education",
    "police",
    "border",
    "customs",
    "asylum",
    "immigration",
    "citizenship",
    "statistics",
    "parliament",
    "presidency",
    "cabinet",
    "mission",
    "embassy",
    "trabajo",
    "migracion",
    "president",
];

impl Domains {
    /// Adds an entry; gives the domain back where it is taken.
    pub(super) fn add(&mut self, domain: &str, class: Domain) -> Option<&Domain> {
        let domain = domain.to_ascii_lowercase();
        if self.known.contains_key(&domain) {
            return self.known.get(&domain);
        }
        if let Domain::Government(state) = class
            && let Some((label, rest)) = domain.split_once('.')
            && label.len() >= 2
            && !rest.is_empty()
        {
            self.labels.entry((label.to_owned(), state)).or_insert_with(|| domain.clone());
            if label.len() >= OWN_NAME && !COMMON_LABELS.contains(&label) {
                self.own_names.entry(label.to_owned()).or_insert_with(|| domain.clone());
            }
        }
        if class.state().is_some() && domain.contains('.') {
            self.squashed.insert(squash(&domain), domain.clone());
            self.shapes.insert(shape(&domain), domain.clone());
            if domain.len() >= 8 {
                self.long.push(domain.clone());
            }
        }
        self.known.insert(domain, class);
        None
    }

    /// Adds a country's top-level domain.
    pub(super) fn add_country(&mut self, tld: &str, state: Iso3) {
        if !SOLD.contains(&tld) {
            self.country.insert(tld.to_owned(), state);
        }
    }

    /// The class of an address's domain.
    pub(super) fn classify(&self, domain: &str) -> Domain {
        let domain = domain.trim().trim_end_matches('.').to_lowercase();
        if domain.is_empty() || domain.len() > 253 {
            return Domain::Unknown;
        }
        if !is_host(&domain) {
            return self.behind_no_host(&domain).map_or(Domain::Unknown, Domain::LookAlike);
        }
        if let Some(original) = self.in_mixed_letters(&domain) {
            return Domain::LookAlike(original);
        }
        for suffix in suffixes(&domain) {
            if let Some(class) = self.known.get(suffix) {
                return match class {
                    // A parliament often sits beside the ministries, under its own label of the suffix.
                    Domain::Suffix(s) if parliamentary(domain.strip_suffix(suffix).unwrap_or("")) => {
                        Domain::Parliament(*s)
                    }
                    // rnfa.gov.kz: a host under the government's own suffix that is made to be misread.
                    Domain::Suffix(_) => self.misread(&domain, suffix).map_or_else(|| class.clone(), Domain::LookAlike),
                    other => other.clone(),
                };
            }
        }
        if let Some(original) = self.imitated(&domain) {
            return Domain::LookAlike(original);
        }
        let tld = domain.rsplit('.').next().unwrap_or("");
        self.country.get(tld).map_or(Domain::Unknown, |s| Domain::National(*s))
    }
}

/// The domain and what remains of it label by label, the longest first.
pub(super) fn suffixes(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |d| d.split_once('.').map(|(_, rest)| rest)).take(12)
}

fn parliamentary(below: &str) -> bool {
    below.split('.').any(|l| {
        matches!(
            l,
            "parliament" | "parlament" | "parlement" | "parlamento" | "assembly" | "senate" | "senado" | "congreso"
        )
    })
}
