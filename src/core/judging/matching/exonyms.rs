//! What states are called in the languages of each other's authorities: “Latvijos indėlis”, “příspěvek Slovenské republiky”.
//!
//! Promises never to name a state: another's name only speaks against the sender's, and its own says again what its
//! domain says. The table holds nominatives; a word that begins with the stem of one is taken for another case of it.

use std::{ops::Range, sync::LazyLock};

use super::vocabulary as words;
use crate::core::{
    iso3::Iso3,
    text::fold::{Folded, fold},
};

/// A language of authorities, and what they call all states and some territories that are none.
struct Tongue {
    authorities: Vec<Iso3>,
    names: Vec<(Option<Iso3>, Vec<Word>)>,
}

/// A word of a name.
struct Word {
    /// What all its cases begin with.
    stem: String,
    /// How many letters a case of it may add, and how many its adjective.
    case: usize,
    adjective: usize,
}

/// How many letters a stem has at least where its ending gives way.
const STEM: usize = 5;
/// How many letters a case adds: a genitive alone, to a short stem, and to another; and how many an adjective.
const GENITIVE: usize = 2;
const SHORT: usize = 3;
const CASE: usize = 4;
const ADJECTIVE: usize = 8;

/// Endings of the nominative that give way to others.
const ENDINGS: [&str; 9] = ["ija", "ije", "ien", "ia", "ja", "ur", "os", "ος", "en"];
const VOWELS: &str = "aeiouyаеиоуыэюяіїєαεηιουωաეიაო";

static TONGUES: LazyLock<Vec<Tongue>> = LazyLock::new(|| read(include_str!("exonyms.csv")));

fn read(table: &str) -> Vec<Tongue> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes()).into_records();
    let known = "the table comes with the program, and a test reads it";
    let heads = rows.next().expect(known).expect(known);
    rows.map(|row| {
        let row = row.expect(known);
        let authorities = row[1].split_whitespace().map(|code| code.parse().expect(known)).collect();
        let inflects = !UNINFLECTED.contains(&&row[0]);
        let cells = heads.iter().zip(&row).skip(2);
        let names = cells.flat_map(|(head, cell)| {
            let owner = head.parse().ok().filter(|_| !NO_STATES.contains(&head));
            cell.split(';').filter(|name| !name.is_empty()).map(move |name| (owner, name_words(&fold(name), inflects)))
        });
        Tongue { authorities, names: names.collect() }
    })
    .collect()
}

/// Columns of territories that are no member State.
const NO_STATES: [&str; 5] = ["GRL", "FRO", "ALA", "XKX", "GIB"];

/// Languages whose names of states have no cases but for a genitive in s.
const UNINFLECTED: [&str; 10] = ["pt", "it", "ca", "rm", "nl", "da", "nb", "sv", "lb", "mt"];

fn name_words(name: &str, inflects: bool) -> Vec<Word> {
    let least = if name.contains(' ') { 3 } else { STEM };
    name.split(' ').map(|word| stem(word, least, inflects)).collect()
}

fn stem(word: &str, least: usize, inflects: bool) -> Word {
    let letters = word.chars().count();
    if letters <= 3 {
        return Word { stem: word.to_owned(), case: 0, adjective: 0 };
    }
    if !inflects {
        return Word { stem: word.to_owned(), case: GENITIVE, adjective: ADJECTIVE };
    }
    let long_enough = |stem: &&str, least: usize| stem.chars().count() >= least;
    let stem = ENDINGS
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| long_enough(stem, least)))
        .or_else(|| word.strip_suffix(|c| VOWELS.contains(c)).filter(|stem| long_enough(stem, least.min(4))))
        .or_else(|| word.strip_suffix("ος").filter(|stem| long_enough(stem, least.min(4))))
        .unwrap_or(word);
    // A short stem begins many a word: Puola, and puolesta.
    let [case, adjective] = if long_enough(&stem, STEM) { [CASE, ADJECTIVE] } else { [SHORT, SHORT] };
    Word { stem: stem.to_owned(), case, adjective }
}

impl Word {
    fn is(&self, word: &str, adjective: bool) -> bool {
        {
            let most = if adjective { self.adjective } else { self.case };
            word.strip_prefix(self.stem.as_str()).is_some_and(|rest| rest.chars().count() <= most)
        }
    }
}

/// The name of another state, or of a territory that is none, in a line of an authority's that does not bear its own.
pub(super) fn another(sender: Iso3, line: &Folded<'_>) -> Option<(Vec<Iso3>, Range<usize>)> {
    let found = found(sender, line);
    if found.iter().any(|(owner, _)| *owner == Some(sender)) {
        return None;
    }
    let (_, range) = found.first()?;
    Some((found.iter().filter_map(|(owner, _)| *owner).collect(), range.clone()))
}

/// The state's own name in its own language.
pub(super) fn own<'t>(sender: Iso3, line: &Folded<'t>) -> Option<&'t str> {
    let found = found(sender, line);
    let (_, range) = found.iter().find(|(owner, _)| *owner == Some(sender))?;
    found.iter().all(|(owner, _)| *owner == Some(sender)).then(|| line.quote(range.clone()))
}

/// Whether a line names more than one state.
pub(super) fn several(sender: Iso3, line: &Folded<'_>) -> bool {
    let found = found(sender, line);
    found.first().is_some_and(|(first, _)| found.iter().any(|(owner, _)| owner != first))
}

/// Whose names stand in a line, in the languages of a state's authorities.
fn found(sender: Iso3, line: &Folded<'_>) -> Vec<(Option<Iso3>, Range<usize>)> {
    let text = line.text();
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let tongues: Vec<&Tongue> = TONGUES.iter().filter(|tongue| tongue.authorities.contains(&sender)).collect();
    let mut found = Vec::new();
    for start in starts {
        let names = tongues.iter().flat_map(|tongue| &tongue.names);
        // Of two that begin alike the longer is meant.
        let longest = names
            .filter_map(|(owner, name)| Some((*owner, stands(line, start, name)?)))
            .max_by_key(|(owner, (letters, _))| (*letters, *owner == Some(sender)));
        if let Some((owner, (_, end))) = longest {
            found.push((owner, start..end));
        }
    }
    found
}

/// Where a name that begins at a place of a line ends, behind how many letters of it there are.
fn stands(line: &Folded<'_>, start: usize, name: &[Word]) -> Option<(usize, usize)> {
    let text = line.text();
    let written = line.quote(start..text.len()).chars().next()?;
    // Where all letters are alike, none is a capital.
    let line_s = line.quote(0..text.len());
    let alike = !line_s.chars().any(char::is_uppercase) || !line_s.chars().any(char::is_lowercase);
    let (mut at, mut letters) = (start, 0);
    let mut read = text[start..].split(' ');
    for word in name {
        let next = read.next()?;
        if !word.is(next, written.is_lowercase() || alike) {
            return None;
        }
        letters += word.stem.chars().count();
        at += next.len() + 1;
    }
    // Without a capital it is an adjective, and somebody's only beside one who acts.
    let capital = !written.is_lowercase() || alike;
    let mut acts = || read.next().is_some_and(|next| words::authority_word(next) || words::input_word(next));
    (capital || acts()).then_some((letters, at - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(TONGUES.len() > 40, "{} languages", TONGUES.len());
        assert!(TONGUES.iter().all(|tongue| !tongue.authorities.is_empty() && tongue.names.len() > 55));
    }

    #[test]
    fn another_is_known_in_its_cases_and_the_sender_is_not_another() {
        for (sender, line, other) in [
            ("LTU", "Pridedamas Latvijos indėlis", "LVA"),
            ("LVA", "Pielikumā Igaunijas ieguldījums", "EST"),
            ("FIN", "Ohessa Viron panos", "EST"),
            ("EST", "Manuses on Soome sisend", "FIN"),
            ("GRC", "Επισυνάπτεται η συνεισφορά της Κύπρου", "CYP"),
            ("ISL", "Meðfylgjandi er framlag Noregs", "NOR"),
            ("ARM", "Կից ներկայացնում ենք Վրաստանի ներդրումը", "GEO"),
            ("GEO", "გიგზავნით სომხეთის წვლილს", "ARM"),
            ("POL", "w imieniu Rządu Republiki Słowackiej", "SVK"),
            ("HRV", "u ime Crne Gore", "MNE"),
            ("AUT", "Im Auftrag der liechtensteinischen Regierung", "LIE"),
            ("ALB", "kontributin e Malit të Zi", "MNE"),
        ] {
            let named = another(sender.parse().unwrap(), &Folded::new(line)).map(|(states, _)| states);
            assert_eq!(named, Some(vec![other.parse().unwrap()]), "{line}");
        }
        for (sender, line) in [
            ("LTU", "Pridedamas Lietuvos indėlis"),
            ("FIN", "Puolesta ja vastaan"),
            ("FIN", "Suomen panos, jossa Viro mainitaan"),
            ("NOR", "En island i havet"),
        ] {
            assert_eq!(another(sender.parse().unwrap(), &Folded::new(line)), None, "{line}");
        }
    }
}
