//! Whether words are a state's name, misspelt: a letter wrong, missing, doubled or swapped.
//!
//! Promises never to name a state. What the sender's own domain says already may be found again in a misspelt name, and
//! only where no other state's name is as near: Austria is no misspelt Australia, whoever writes it.

use strsim::osa_distance;

use super::{names::Reading, register::Register, vocabulary as words};
use crate::core::iso3::Iso3;

/// How many words of a text are compared.
const WORDS: usize = 60;
/// How many words a name may have to be compared.
const NAME_WORDS: usize = 3;
/// How many bytes a misspelt name has at least.
const SHORTEST: usize = 5;
/// By how many bytes words and a name may differ in length.
const LENGTH: usize = 4;

/// How many letters may be wrong in a word of this length. A short name is a letter away from common words (Chile, while,
/// child), a short word of a longer name is not.
fn allowed(letters: usize, several: bool) -> usize {
    match letters {
        0..=4 => 0,
        5 => usize::from(several),
        6..=9 => 1,
        _ => 2,
    }
}

/// The words of a folded text that are a misspelt name of the state, and of no other.
pub(super) fn misspelt<'t>(register: &Register, state: Iso3, text: &'t str) -> Option<&'t str> {
    windows(text).find(|words| nearest(register, words).is_some_and(|states| states == [state]))
}

/// The other states whose name a folded line may bear, misspelt; nothing where it bears this state's and no other.
pub(super) fn misspelt_other(register: &Register, state: Iso3, line: &str) -> Option<Vec<Iso3>> {
    let found: Vec<Vec<Iso3>> = windows(line).filter_map(|words| nearest(register, words)).collect();
    let own = found.iter().any(|states| states[..] == [state]);
    let others: Vec<Iso3> = found.concat().into_iter().filter(|other| *other != state).collect();
    (!own && !others.is_empty()).then_some(others)
}

/// The states of the names that lie nearest to words, where none is the words themselves.
fn nearest(register: &Register, words: &str) -> Option<Vec<Iso3>> {
    if words.len() < SHORTEST || words::authority_word(words) || words::input_word(words) || words::between_word(words)
    {
        return None;
    }
    let mut least = usize::MAX;
    let mut states: Vec<Iso3> = Vec::new();
    for (name, of) in register.names.beginning_alike(words, LENGTH) {
        if matches!(of.reading, Reading::Abbreviation | Reading::Group) {
            continue;
        }
        if let Some(distance) = distance(words, name).filter(|distance| *distance <= least) {
            if distance < least {
                states.clear();
            }
            least = distance;
            states.extend(&of.states);
        }
    }
    states.sort_unstable();
    states.dedup();
    (least > 0 && !states.is_empty()).then_some(states)
}

/// How many letters lie between words and a name that begins alike, word by word; nothing where they are no spelling of it.
fn distance(words: &str, name: &str) -> Option<usize> {
    if words == name {
        return Some(0);
    }
    let (mut written, mut meant) = (words.split(' '), name.split(' '));
    let mut sum = 0;
    loop {
        match (written.next(), meant.next()) {
            (None, None) => return Some(sum),
            (Some(written), Some(meant)) if written == meant => {}
            (Some(written), Some(meant)) => {
                let allowed = allowed(meant.chars().count(), name.contains(' '));
                // The first letter is rarely wrong, and tells most words apart.
                if allowed == 0 || written.len().abs_diff(meant.len()) > LENGTH || !begins_alike(written, meant) {
                    return None;
                }
                sum += Some(osa_distance(written, meant)).filter(|distance| *distance <= allowed)?;
            }
            _ => return None,
        }
    }
}

fn begins_alike(written: &str, meant: &str) -> bool {
    written.chars().take(2).any(|c| meant.chars().take(2).any(|d| c == d))
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
