//! What a mail domain says about its sender.
//!
//! Promises the most specific entry of the tables, by whole labels from the right, so that a council under `gov.uk` is
//! not the Government; and that a domain made to look like a government's is called that. A country's top-level domain
//! alone proves nothing.

use std::collections::{HashMap, HashSet};

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
    known: HashMap<String, Domain>,
    country: HashMap<String, Iso3>,
    /// Government domains of two labels and more, by what is left of them without dots and hyphens.
    squashed: HashMap<String, String>,
    /// Government domains by the shape of their letters.
    shapes: HashMap<String, String>,
    /// Government domains long enough that one wrong letter is no accident.
    long: Vec<String>,
    /// By the label that names the authority and the state, a domain that has it.
    labels: HashMap<(String, Iso3), String>,
}

/// Top-level domains of countries that are sold to anyone.
const SOLD: [&str; 22] = [
    "tv", "co", "fm", "to", "ws", "ag", "la", "ly", "st", "vc", "sc", "mn", "bz", "me", "ml", "ga", "cf", "gq", "cc",
    "io", "ai", "gg",
];

/// Labels by which governments name their domains.
const OFFICIAL_LABELS: [&str; 9] =
    ["gov", "gouv", "gob", "govt", "government", "mfa", "mofa", "gouvernement", "minister"];

impl Domains {
    /// Adds an entry; gives the domain back where it is taken.
    pub(super) fn add(&mut self, domain: &str, class: Domain) -> Option<&Domain> {
        let domain = domain.to_ascii_lowercase();
        if self.known.contains_key(&domain) {
            return self.known.get(&domain);
        }
        if let Domain::Government(state) = class
            && let Some((label, rest)) = domain.split_once('.')
            && label.len() >= 3
            && !rest.is_empty()
        {
            self.labels.entry((label.to_owned(), state)).or_insert_with(|| domain.clone());
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
        for suffix in suffixes(&domain) {
            if let Some(class) = self.known.get(suffix) {
                return match class {
                    // A parliament often sits beside the ministries, under its own label of the suffix.
                    Domain::Suffix(s) if parliamentary(domain.strip_suffix(suffix).unwrap_or("")) => {
                        Domain::Parliament(*s)
                    }
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

    /// The government domain that an unknown domain imitates.
    fn imitated(&self, domain: &str) -> Option<String> {
        let dotted = domain.replace('-', ".");
        let known_government = |d: &str| self.known.get(d).is_some_and(|c| c.state().is_some()) && d.contains('.');
        // mfa-gov.ge, mfa.gov.ge.example.com, mfa-gov-ge.example.com
        for candidate in [domain, dotted.as_str()] {
            let labels: Vec<&str> = candidate.split('.').filter(|l| !l.is_empty()).collect();
            for from in 0..labels.len() {
                for to in (from + 2)..=labels.len().min(from + 4) {
                    let inner = labels[from..to].join(".");
                    if known_government(&inner) && (candidate != domain || to < labels.len()) {
                        return Some(inner);
                    }
                }
            }
        }
        for suffix in suffixes(domain) {
            if let Some(original) = self.squashed.get(&squash(suffix)).filter(|_| suffix.contains('.')) {
                return Some(original.clone());
            }
            if let Some(original) = self.shapes.get(&shape(suffix)).filter(|_| suffix.contains('.')) {
                return Some(original.clone());
            }
            if suffix.len() >= 7
                && suffix.contains('.')
                && let Some(original) = self.long.iter().find(|known| one_apart(known, suffix))
            {
                return Some(original.clone());
            }
        }
        // mid-russia.ru: an authority's name with another word, under the top-level domain of its country.
        if let Some(state) = domain.rsplit('.').next().and_then(|tld| self.country.get(tld))
            && let Some(label) = domain.rsplit('.').nth(1).filter(|label| label.contains('-'))
            && let Some(original) = label.split('-').find_map(|word| self.labels.get(&(word.to_owned(), *state)))
        {
            return Some(original.clone());
        }
        // An official label anywhere but right under a country's top-level domain is a costume.
        let labels: Vec<&str> = domain.split('.').collect();
        let under_country = labels.last().is_some_and(|tld| tld.len() == 2 && self.country.contains_key(*tld))
            && labels.iter().rev().nth(1).is_some_and(|l| OFFICIAL_LABELS.contains(l));
        let words: HashSet<&str> = domain.rsplit_once('.').map_or(domain, |(d, _)| d).split(['.', '-']).collect();
        let official = OFFICIAL_LABELS[..6].iter().any(|l| words.contains(l));
        (official && !under_country).then(|| "a government's domain".to_owned())
    }
}

/// The domain and what remains of it label by label, the longest first.
fn suffixes(domain: &str) -> impl Iterator<Item = &str> {
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

fn squash(domain: &str) -> String {
    domain.chars().filter(|c| !matches!(c, '.' | '-')).collect()
}

/// The domain with letters that look alike made one.
fn shape(domain: &str) -> String {
    let plain: String = domain
        .chars()
        .map(|c| match c {
            '0' | 'о' | 'ο' => 'o',
            '1' | 'l' | 'і' | 'í' | 'ı' | 'ӏ' | '|' => 'i',
            '3' | 'е' | 'ё' | 'é' => 'e',
            '5' | 'ѕ' => 's',
            'а' | 'á' | 'à' => 'a',
            'с' => 'c',
            'р' => 'p',
            'х' => 'x',
            'у' => 'y',
            'м' => 'm',
            'т' => 't',
            'к' => 'k',
            'ԁ' => 'd',
            'ɡ' => 'g',
            'ν' | 'ѵ' => 'v',
            other => other,
        })
        .collect();
    plain.replace("rn", "m").replace("vv", "w")
}

/// One letter changed, added, left out, or two neighbours swapped.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a == b || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - end.min(a.len())], &b[..b.len() - end.min(b.len())]);
    match (a.len(), b.len()) {
        (0 | 1, 0 | 1) => true,
        (2, 2) => a[0] == b[1] && a[1] == b[0],
        _ => false,
    }
}
