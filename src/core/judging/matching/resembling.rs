//! Whether words are a state's name, misspelt: a letter wrong, missing, doubled or swapped.
//!
//! Promises never to name a state. What the sender's own domain says already may be found again in a misspelt name, and
//! only where no other state's name is as near: Austria is no misspelt Australia, whoever writes it.

use strsim::osa_distance;

use super::{names::Reading, register::Register};
use crate::core::iso3::Iso3;

/// How many words of a text are compared.
const WORDS: usize = 60;
/// How many words a name may have to be compared.
const NAME_WORDS: usize = 3;

/// How many letters may be wrong in a name of this length.
fn allowed(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=9 => 1,
        _ => 2,
    }
}

/// The words of a folded text that are a misspelt name of the state, and of no other.
pub(super) fn misspelt<'t>(register: &Register, state: Iso3, text: &'t str) -> Option<&'t str> {
    let own: Vec<&str> = register.names.iter().filter(|(_, name)| is_name_of(name, state)).map(|(s, _)| s).collect();
    windows(text).find(|words| {
        let near = |name: &str| distance(words, name);
        let Some(nearest) = own.iter().filter_map(|name| near(name)).min() else { return false };
        let another = |name: &super::names::Name| name.states != [state] && !name.states.is_empty();
        !register.names.iter().any(|(name, of)| another(of) && near(name).is_some_and(|other| other <= nearest))
    })
}

fn is_name_of(name: &super::names::Name, state: Iso3) -> bool {
    name.states == [state] && !matches!(name.reading, Reading::Abbreviation | Reading::Group)
}

/// How many letters lie between words and a name; nothing where it is the name itself, or another word.
fn distance(words: &str, name: &str) -> Option<usize> {
    let allowed = allowed(name.chars().count());
    let same_length = words.len().abs_diff(name.len()) <= allowed * 4;
    if allowed == 0 || !same_length || words.matches(' ').count() != name.matches(' ').count() {
        return None;
    }
    Some(osa_distance(words, name)).filter(|distance| (1..=allowed).contains(distance))
}

/// One, two and three words beside each other.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).take(WORDS).collect();
    starts.into_iter().flat_map(move |start| {
        (1..=NAME_WORDS).filter_map(move |count| {
            let rest = text.get(start..)?;
            let end = rest.match_indices(' ').nth(count - 1).map_or(rest.len(), |(at, _)| at);
            (rest[..end].split(' ').count() == count).then(|| &rest[..end])
        })
    })
}
