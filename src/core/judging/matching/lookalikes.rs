//! Domains made to look like a government's, or like ours: another top-level domain, other letters, a dot left out, a host
//! that is none.
//!
//! Promises the domain that is imitated, for a person to compare; a likeness is a reason to ask, never evidence for the
//! state.

use std::collections::HashSet;

use super::{
    domains::{Domain, Domains, suffixes},
    hosts::{shape, squash},
    punycode,
    register::Register,
};
use crate::core::{iso3::Iso3, mail::address, text::fold::fold};

/// Labels by which governments name their domains.
const OFFICIAL_LABELS: [&str; 9] =
    ["gov", "gouv", "gob", "govt", "government", "mfa", "mofa", "gouvernement", "minister"];

/// Labels of a second level under which governments keep their authorities.
const GOVERNMENT_LABELS: [&str; 6] = ["gov", "gob", "gouv", "govt", "gub", "gv"];

/// Names that authorities bear everywhere.
const AUTHORITIES: [&str; 14] =
    ["mfa", "mofa", "mid", "mae", "moi", "mia", "mvr", "mup", "mvd", "mlsa", "moj", "interior", "foreign", "migration"];

/// How long a name of ours is that another bears by no accident.
const OUR_NAME: usize = 5;

/// Labels of a second level that registries sell names under.
const SECOND_LEVEL: [&str; 6] = ["com", "co", "org", "net", "gov", "int"];

impl Domains {
    /// The government domain that what cannot be a host's name is written around: `598871%mfa.gov.rs`, `[mfa.gov.rs]`.
    pub(super) fn behind_no_host(&self, domain: &str) -> Option<String> {
        let separates = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.');
        domain.split(separates).map(|piece| piece.trim_matches('.')).find_map(|piece| {
            let known = |suffix: &&str| self.known.get(*suffix).is_some_and(|class| class.state().is_some());
            suffixes(piece).find(known).map(|_| piece.to_owned())
        })
    }

    /// The domain of a state's authority whose name a stranger's domain bears: urm.com beside urm.lt.
    pub(super) fn borrowed(&self, domain: &str, state: Iso3) -> Option<String> {
        let stranger = match self.classify(domain) {
            Domain::Unknown => true,
            Domain::National(country) => country != state,
            _ => false,
        };
        let mut labels = domain.rsplit('.').skip(1);
        labels.find_map(|label| self.labels.get(&(label.to_owned(), state))).filter(|_| stranger).cloned()
    }

    /// An authority's own name under another top-level domain: auswaertiges-amt.com, govge.com.
    fn under_another_top_level(&self, domain: &str) -> Option<String> {
        let mut labels = domain.rsplit('.').skip(1);
        let mut label = labels.next()?;
        if SECOND_LEVEL.contains(&label) {
            label = labels.next()?;
        }
        self.named_like(label)
    }

    /// The authority's domain as which one below a government's suffix is made to be misread.
    pub(super) fn misread(&self, domain: &str, suffix: &str) -> Option<String> {
        let known = self.shapes.get(&shape(domain)).filter(|known| *known != domain && known.ends_with(suffix));
        known.cloned().or_else(|| {
            let label = domain.strip_suffix(suffix)?.trim_end_matches('.').rsplit('.').next()?;
            let read =
                OFFICIAL_LABELS.iter().find(|official| shape(official) == shape(label) && **official != label)?;
            Some(format!("{read}.{suffix}"))
        })
    }

    /// The government domain of which a dot is left out, whether or not the tables know the authority: mfagov.rs.
    fn without_a_dot(&self, domain: &str) -> Option<String> {
        let (label, top) = domain.rsplit('.').nth(1).zip(domain.rsplit('.').next())?;
        GOVERNMENT_LABELS.iter().find_map(|second| {
            let suffix = format!("{second}.{top}");
            let state = self.known.get(&suffix)?.state()?;
            let authority = label.strip_suffix(second).or_else(|| label.strip_prefix(second))?.trim_matches('-');
            let named = AUTHORITIES.contains(&authority) || self.labels.contains_key(&(authority.to_owned(), state));
            named.then(|| format!("{authority}.{suffix}"))
        })
    }

    /// The government domain that a label names.
    fn named_like(&self, label: &str) -> Option<String> {
        let squashed = || self.squashed.get(label).filter(|_| label.len() >= 5);
        self.own_names.get(label).or_else(squashed).cloned()
    }

    /// The government domain that a domain with letters beyond ASCII resembles when they are made plain, or left out.
    fn in_other_letters(&self, domain: &str) -> Option<String> {
        let labels: Vec<String> = domain.split('.').map(written).collect();
        if labels.iter().all(|label| label.is_ascii()) {
            return None;
        }
        let plain = |label: &String| fold(&shape(label)).replace(' ', "-");
        let left_out = |label: &String| label.chars().filter(char::is_ascii).collect::<String>();
        let forms: [Vec<String>; 2] = [labels.iter().map(plain).collect(), labels.iter().map(left_out).collect()];
        forms.iter().find_map(|labels| {
            let whole = labels.join(".");
            let known =
                suffixes(&whole).find(|s| s.contains('.') && self.known.get(*s).is_some_and(|c| c.state().is_some()));
            known.map(str::to_owned).or_else(|| {
                labels.iter().rev().skip(1).find_map(|label| {
                    self.named_like(label).or_else(|| {
                        let near = |name: &&String| name.len() >= 8 && one_apart(name, label);
                        self.own_names.keys().find(near).and_then(|name| self.own_names.get(name)).cloned()
                    })
                })
            })
        })
    }

    /// The government domain that a domain resembles in which a label has letters of two scripts: nobody names a host so.
    pub(super) fn in_mixed_letters(&self, domain: &str) -> Option<String> {
        let mixed = |label: &str| {
            let label = written(label);
            label.chars().any(|c| c.is_ascii_alphabetic())
                && label.chars().any(|c| ('\u{370}'..='\u{5ff}').contains(&c) && c.is_alphabetic())
        };
        domain.split('.').any(mixed).then(|| self.in_other_letters(domain)).flatten()
    }

    /// The government domain that an unknown domain imitates.
    pub(super) fn imitated(&self, domain: &str) -> Option<String> {
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
        if let Some(original) = self
            .without_a_dot(domain)
            .or_else(|| self.under_another_top_level(domain))
            .or_else(|| self.in_other_letters(domain))
        {
            return Some(original);
        }
        // mid-russia.ru: an authority's name with another word, under the top-level domain of its country.
        if let Some(state) = domain.rsplit('.').next().and_then(|tld| self.country.get(tld))
            && let Some(label) = domain.rsplit('.').nth(1).filter(|label| label.contains('-'))
            && let Some(original) = label
                .split('-')
                .filter(|word| word.len() >= 3)
                .find_map(|word| self.labels.get(&(word.to_owned(), *state)))
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

impl Register {
    /// The domain of ours, among `addresses` or in the tables, whose name a stranger's bears under another top-level domain,
    /// or beside another word: ours.email, ours-desk.org.
    #[must_use]
    pub fn bears_our_name(&self, address: &str, addresses: &[String]) -> Option<String> {
        let theirs = address::domain(address);
        if self.knows(address) {
            return None;
        }
        let of_addresses = addresses.iter().map(|own| address::domain(own));
        let of_tables =
            self.domains.known.iter().filter(|(_, class)| **class == Domain::Own).map(|(own, _)| own.clone());
        let mut labels = theirs.rsplit('.').skip(1);
        let first = labels.next()?;
        let label = if SECOND_LEVEL.contains(&first) { labels.next().unwrap_or(first) } else { first };
        let ours: Vec<String> = of_addresses.chain(of_tables).collect();
        if ours.iter().any(|own| theirs == *own || theirs.ends_with(&format!(".{own}"))) {
            return None;
        }
        ours.into_iter().find(|own| {
            let name = own.rsplit('.').nth(1).unwrap_or_default();
            name.len() >= OUR_NAME && label.split('-').any(|word| word == name)
        })
    }
}

/// A label as people read it.
fn written(label: &str) -> String {
    label.strip_prefix("xn--").and_then(punycode::decode).unwrap_or_else(|| label.to_owned())
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
